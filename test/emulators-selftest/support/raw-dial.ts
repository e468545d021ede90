import { once } from "node:events";
import { connect } from "node:net";

/** Dials without a WebSocket client, and answers with every byte after the handshake's head. */
export async function readToTheEnd(url: string): Promise<Buffer> {
  const { hostname, port, pathname, search } = new URL(url);
  const stream = connect(Number(port), hostname);
  const head = [
    `GET ${pathname}${search} HTTP/1.1`,
    `Host: ${hostname}:${port}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGVzdGluZyB0aGUga2V5IQ==",
  ];
  stream.write(`${head.join("\r\n")}\r\n\r\n`);
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  // A cut may come as a reset: what arrived before it counts all the same.
  stream.on("error", () => {});
  await once(stream, "close");
  const bytes = Buffer.concat(chunks);
  return bytes.subarray(bytes.indexOf("\r\n\r\n") + 4);
}

interface Frames {
  readonly whole: string[];
  readonly unfinished: { readonly announced: number; readonly sent: number } | null;
}

/** Server frames, which carry no mask, in the short and the middle length form. */
export function splitFrames(bytes: Buffer): Frames {
  const whole: string[] = [];
  let rest = bytes;
  while (rest.length >= 2) {
    const isShort = rest.readUInt8(1) < 126;
    const announced = isShort ? rest.readUInt8(1) : rest.readUInt16BE(2);
    const payload = rest.subarray(isShort ? 2 : 4);
    if (payload.length < announced) {
      return { whole, unfinished: { announced, sent: payload.length } };
    }
    whole.push(payload.subarray(0, announced).toString());
    rest = payload.subarray(announced);
  }
  return { whole, unfinished: null };
}
