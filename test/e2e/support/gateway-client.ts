import { WebSocket } from "ws";

import type { StartedRelay } from "./relay.ts";

export type GatewayId = "interactive-sync" | "multistreamer" | "dlive" | "astro" | "restream";

interface Json {
  readonly [key: string]: unknown;
}

/** How a client of each protocol begins, and what it calls what it is told. */
interface Dialect {
  readonly path: (channel: string, token: string) => string;
  readonly offered: string[];
  readonly greeting: (channel: string, token: string) => readonly object[];
  /** The frame from which on it hears everything. */
  readonly isReady: (frame: Json) => boolean;
  /** The words for what has happened that a frame has; none for one that only keeps things going. */
  readonly words: (frame: Json) => readonly string[];
}

const TOPICS = [
  "channel.chat.message",
  "channel.activities",
  "channel.tips",
  "channel.tips.moderation",
  "channel.stream.status",
  "channel.session.update",
] as const;

const dialects: Record<GatewayId, Dialect> = {
  dlive: {
    path: () => "/gateways/dlive/",
    offered: ["graphql-ws"],
    greeting: (channel, token) => [
      { type: "connection_init", payload: { authorization: token } },
      {
        id: "1",
        type: "start",
        payload: {
          query: `subscription { streamMessageReceived(streamer: "${channel}") { __typename } }`,
        },
      },
    ],
    isReady: ({ type }) => type === "connection_ack",
    words({ type, payload }) {
      if (type !== "data") return [];
      const { data } = payload as { data: { streamMessageReceived: readonly { type: string }[] } };
      return data.streamMessageReceived.map((item) => item.type);
    },
  },
  astro: {
    path: () => "/gateways/astro/",
    offered: [],
    greeting: (room, token) =>
      TOPICS.map((topic) => ({
        type: "subscribe",
        nonce: topic,
        data: { topic, room, token, token_type: "jwt" },
      })),
    isReady: ({ nonce }) => nonce === TOPICS.at(-1),
    words({ type, topic, data }) {
      if (type !== "message") return [];
      const { type: kind } = data as { type?: string };
      return [topic === "channel.activities" ? `activity ${kind}` : String(topic)];
    },
  },
  restream: {
    path: (_, token) => `/gateways/restream/ws?accessToken=${token}`,
    offered: [],
    greeting: () => [],
    isReady: ({ action }) => action === "heartbeat",
    words({ action, payload }) {
      if (action === "heartbeat" || action === "connection_info") return [];
      const { eventTypeId } = payload as { eventTypeId?: number };
      return [action === "event" ? `event ${eventTypeId}` : String(action)];
    },
  },
  multistreamer: {
    path: (channel, token) => `/gateways/multistreamer/ws/${channel}?token=${token}`,
    offered: [],
    greeting: () => [{ type: "status" }],
    isReady: ({ type }) => type === "status",
    words: ({ type }) => [String(type)],
  },
  "interactive-sync": {
    path: (_, token) => `/gateways/interactive-sync/?client_id=a-game&access_token=${token}`,
    offered: [],
    greeting: () => [],
    isReady: ({ context }) => context === "connection",
    words: ({ context, data }) =>
      context === "emit" ? [(data as { type?: string }).type ?? "emit"] : [],
  },
};

/** A client that knows one of the protocols that are served and nothing of the relay. */
export class GatewayClient {
  readonly frames: string[] = [];
  readonly #dialect: Dialect;
  readonly #socket: WebSocket;
  readonly #waiting: { isMet: () => boolean; resolve: () => void; reject: (e: Error) => void }[] =
    [];

  private constructor(gateway: GatewayId, socket: WebSocket) {
    this.#dialect = dialects[gateway];
    this.#socket = socket;
    socket.on("message", (data: Buffer) => {
      this.frames.push(data.toString());
      this.#look();
    });
    socket.on("close", (code, reason) => {
      for (const { reject } of this.#waiting.splice(0)) {
        reject(new Error(`${gateway}: closed with ${code} ${reason.toString()}`));
      }
    });
  }

  static async open(
    relay: StartedRelay,
    gateway: GatewayId,
    channel: string,
    token: string,
  ): Promise<GatewayClient> {
    const { path, offered, greeting, isReady } = dialects[gateway];
    const socket = new WebSocket(relay.socketUrl + path(channel, token), offered);
    const client = new GatewayClient(gateway, socket);
    await new Promise((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("error", reject);
    });
    for (const frame of greeting(channel, token)) socket.send(JSON.stringify(frame));
    await client.until(() => client.frames.some((frame) => isReady(JSON.parse(frame) as Json)));
    return client;
  }

  send(frame: object): void {
    this.#socket.send(JSON.stringify(frame));
  }

  /** Resolves as soon as something holds; it is looked at after each frame. */
  until(isMet: () => boolean): Promise<void> {
    if (isMet()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ isMet, resolve, reject });
    });
  }

  /** The words said after `from` frames and before the one with a mark, which is waited for. */
  async wordsUntil(from: number, mark: string): Promise<string[]> {
    const at = (): number => this.frames.findIndex((frame, i) => i >= from && frame.includes(mark));
    await this.until(() => at() !== -1);
    return this.frames
      .slice(from, at())
      .flatMap((frame) => this.#dialect.words(JSON.parse(frame) as Json));
  }

  close(): void {
    this.#socket.terminate();
  }

  #look(): void {
    for (const waiting of this.#waiting.splice(0)) {
      if (waiting.isMet()) waiting.resolve();
      else this.#waiting.push(waiting);
    }
  }
}
