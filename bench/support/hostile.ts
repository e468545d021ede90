/*
 * Strangers who want to be in the way, in a process of their own: sockets that are not read from, that
 * say nothing, that ask for channels which do not exist, or requests without end from one address.
 */
import { WebSocket } from "ws";

const [kind = "", base = "", position = ""] = process.argv.slice(2);

const SOCKETS = 1_000;
const PER_SECOND = 100;

// The runtime takes a client's word for its address where nothing stands before it.
const FROM = { "cf-connecting-ip": "198.51.100.66" };

const socketBase = base.replace("http:", "ws:");
let refused = 0;
let opened = 0;

/** A socket; what becomes of it does not matter. */
function open(path: string, begin: (socket: WebSocket) => void): Promise<void> {
  const socket = new WebSocket(socketBase + path, { headers: FROM, perMessageDeflate: false });
  return new Promise((resolve) => {
    socket.on("open", () => {
      opened += 1;
      begin(socket);
      resolve();
    });
    socket.on("error", () => {
      refused += 1;
      resolve();
    });
  });
}

async function openAll(path: string, begin: (socket: WebSocket) => void): Promise<void> {
  for (let count = 0; count < SOCKETS; count += 50) {
    await Promise.all(Array.from({ length: 50 }, () => open(path, begin)));
  }
}

/** Does something so often a second, on and on. */
function onAndOn(perSecond: number, work: (index: number) => void): void {
  const began = performance.now();
  let done = 0;
  setInterval(() => {
    const due = ((performance.now() - began) * perSecond) / 1_000;
    for (; done < due; done++) work(done);
  }, 10);
}

function ask(path: string, headers: Record<string, string> = {}): void {
  fetch(base + path, { headers: { ...FROM, ...headers } })
    .then((response) => {
      if (response.status === 429) refused += 1;
      return response.arrayBuffer();
    })
    .catch(() => (refused += 1));
}

const kinds: Record<string, () => Promise<void> | void> = {
  nobody() {},
  unread: () => openAll(`/v1/channels/bench/socket?after=${position}`, (socket) => socket.pause()),
  silent: () => openAll("/gateways/dlive/", () => {}),
  async inventing() {
    const sockets: WebSocket[] = [];
    await openAll("/gateways/dlive/", (socket) => {
      sockets.push(socket);
      socket.send('{"type":"connection_init"}');
    });
    onAndOn(SOCKETS, (index) => {
      const query = `subscription{streamMessageReceived(streamer:"no-${index}"){type}}`;
      const frame = JSON.stringify({ id: String(index), type: "start", payload: { query } });
      const socket = sockets[index % sockets.length];
      if (socket?.readyState === WebSocket.OPEN) socket.send(frame);
    });
  },
  requests() {
    const asks = [
      () => ask("/readyz"),
      () => ask("/.well-known/jwks.json"),
      (index: number) => ask("/v1/channels", { authorization: `Bearer made-up-${index}` }),
      () =>
        void open("/v1/channels/bench/socket?rewind=500&types=custom.never", (socket) =>
          setTimeout(() => socket.terminate(), 1_000),
        ),
    ];
    onAndOn(PER_SECOND, (index) => asks[index % asks.length]?.(index));
  },
};

await kinds[kind]?.();
process.send?.("ready");
process.on("message", () => process.send?.({ opened, refused }));
