import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, type AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

/**
 * A server between a browser and a relay, with a page of a test's beside what the relay has. The page
 * comes from this machine: browsers keep pages that came from elsewhere, or from nowhere, off sockets
 * to it.
 */
export interface Front {
  readonly url: string;
  /** The sockets that were let through, and those that were not. */
  readonly sockets: { let: number; refused: number };
  /** Ends all sockets, as a network that goes. */
  cut(): void;
  close(): Promise<void>;
}

interface FrontOptions {
  /** The HTML at `/test-page`. */
  readonly page: string;
  /** As something in between that knows no sockets. */
  readonly refusesSockets?: boolean;
}

export async function startFront(
  target: string,
  { page, refusesSockets = false }: FrontOptions,
): Promise<Front> {
  const sockets = { let: 0, refused: 0 };
  const open = new Set<Duplex>();
  const server = createServer((asked, answer) => {
    if (asked.url !== "/test-page") return passOn(target, asked, answer);
    answer.setHeader("content-type", "text/html");
    answer.end(page);
  });
  server.on("upgrade", (asked: IncomingMessage, socket: Duplex) => {
    sockets[refusesSockets ? "refused" : "let"] += 1;
    if (refusesSockets) {
      socket.end("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
      return;
    }
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    letThrough(new URL(target), asked, socket);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const cut = (): void => {
    for (const each of open) each.destroy();
  };
  return {
    url: `http://127.0.0.1:${port}`,
    sockets,
    cut,
    close() {
      server.closeAllConnections();
      cut();
      return new Promise((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

function passOn(target: string, asked: IncomingMessage, answer: ServerResponse): void {
  const { method = "GET", url = "/", headers } = asked;
  const passed = request(new URL(url, target), { method, headers }, (given) => {
    answer.writeHead(given.statusCode ?? 502, given.headers);
    answer.flushHeaders();
    given.pipe(answer);
  });
  passed.on("error", () => answer.destroy());
  // What nobody reads any more is not read on.
  answer.on("close", () => passed.destroy());
  asked.pipe(passed);
}

function letThrough({ hostname, port }: URL, asked: IncomingMessage, socket: Duplex): void {
  const { method, url, rawHeaders } = asked;
  const lines = rawHeaders.flatMap((name, at) =>
    at % 2 === 0 ? [`${name}: ${rawHeaders[at + 1]}`] : [],
  );
  const other = connect(Number(port), hostname);
  other.write([`${method} ${url} HTTP/1.1`, ...lines, "", ""].join("\r\n"));
  other.pipe(socket).pipe(other);
  for (const [each, end] of [[socket, other] as const, [other, socket] as const]) {
    each.on("error", () => end.destroy());
    each.on("close", () => end.destroy());
  }
}
