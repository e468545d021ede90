import {
  Tributary,
  type Channel,
  type ChannelOptions,
  type TributaryOptions,
} from "../../../src/client/index.ts";
import { at } from "./session.ts";

type Json = Record<string, unknown>;

/** A socket that the test is the other end of. */
class FakeSocket extends EventTarget {
  readonly url: string;
  readonly sent: Json[] = [];
  readyState = 1;

  constructor(url: string) {
    super();
    this.url = url;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Json);
  }

  close(): void {
    this.readyState = 3;
  }

  say(frame: Json | string): void {
    const data = typeof frame === "string" ? frame : JSON.stringify(frame);
    this.dispatchEvent(new MessageEvent("message", { data }));
  }
}

/** A relay that does as the test says, and a clock that the test moves. */
export class FakeRelay {
  readonly sockets: FakeSocket[] = [];
  readonly requests: {
    readonly path: string;
    readonly method: string;
    readonly headers: Headers;
  }[] = [];
  /** Answers requests that are not for tickets. */
  answer: (url: URL) => Json = () => ({});
  now = 1_000_000_000_000;
  #timers: { at: number; run: () => void }[] = [];
  #opened: (() => void)[] = [];

  connect(options: TributaryOptions = {}): Tributary {
    const opened = (socket: FakeSocket): void => {
      this.sockets.push(socket);
      for (const tell of this.#opened.splice(0)) tell();
    };
    return new Tributary({
      url: "https://relay.example",
      auth: "trb_key",
      fetch: async (input, init) => this.#respond(input as URL, init),
      WebSocket: class extends FakeSocket {
        constructor(url: string | URL) {
          super(String(url));
          opened(this);
        }
      } as unknown as NonNullable<TributaryOptions["WebSocket"]>,
      clock: {
        now: () => this.now,
        random: () => 0.5,
        setTimer: (ms, run) => {
          const timer = { at: this.now + ms, run };
          this.#timers.push(timer);
          return () => {
            this.#timers = this.#timers.filter((each) => each !== timer);
          };
        },
      },
      ...options,
    });
  }

  #respond(url: URL, init: RequestInit | undefined): Response {
    const { pathname, search } = url;
    const method = init?.method ?? "GET";
    this.requests.push({ path: pathname + search, method, headers: new Headers(init?.headers) });
    const expiresAt = new Date(this.now + 60_000).toISOString();
    return Response.json(
      pathname.endsWith("/tickets") ? { ticket: "t1", expiresAt } : this.answer(url),
    );
  }

  /** Moves the clock, and fires what is due. */
  pass(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const [next] = this.#timers.filter((each) => each.at <= end).toSorted((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#timers = this.#timers.filter((each) => each !== next);
      this.now = next.at;
      next.run();
    }
    this.now = end;
  }

  /** The newest socket, once there are so many. */
  async socket(count = 1): Promise<FakeSocket> {
    while (this.sockets.length < count) {
      await new Promise<void>((resolve) => {
        this.#opened.push(resolve);
      });
    }
    const socket = this.sockets[count - 1];
    if (socket === undefined) throw new Error("no socket");
    return socket;
  }

  /** A channel that is live at a place, and its socket. */
  async live(
    seq = 0,
    options: ChannelOptions = {},
  ): Promise<{ channel: Channel; socket: FakeSocket }> {
    const channel = this.connect().channel("mine", options);
    channel.connect();
    const socket = await this.socket(this.sockets.length + 1);
    const time = new Date(this.now).toISOString();
    socket.say({ type: "hello", position: at(seq), connections: [], time });
    return { channel, socket };
  }
}
