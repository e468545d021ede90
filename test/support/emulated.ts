import { call } from "./api.ts";
import type { Emulable } from "./emulable.ts";
import { ownSlot } from "./slot.ts";

/** What a test needs of an emulator's truth. */
export interface Truth {
  readonly dials: number;
  readonly sockets: number;
  readonly said: readonly { key: string | null; text?: string; kind: string }[];
  readonly repeats: number;
  readonly unheard: number;
  readonly received: readonly { text: string }[];
  readonly queries: readonly { query: Record<string, string>; offered: string[] }[];
  readonly connections: Record<string, { uuid: string; status: string; reason: string | null }>;
  /** What came in to be said: multistreamer's own word for it, and DLive's. */
  readonly posted: readonly { text: string; fate: string; accountId: number }[];
  readonly mutations: readonly { variables: { input: { message: string } } }[];
  readonly interfaces: readonly { interface: { id?: string } }[];
  readonly counts: Record<string, number>;
  /** Astro's canonical room, and who is subscribed to what. */
  readonly channel: string;
  readonly subscriptions: readonly { topic: string }[];
  /** Interactive Sync's, by their ids. */
  readonly channels: Record<string, unknown>;
  /** multistreamer's, by their numbers. */
  readonly accounts: Record<string, { live: boolean; writable: boolean }>;
}

const LINKS: Record<Emulable, { target: object; credentials: object }> = {
  dlive: { target: { streamer: "streamer" }, credentials: {} },
  restream: { target: {}, credentials: { accessToken: "an-access-token" } },
  astro: {
    target: { topics: ["channel.chat.message", "channel.activities", "channel.tips"] },
    credentials: { token: "an-astro-token", tokenType: "jwt" },
  },
  multistreamer: { target: { streamId: "31" }, credentials: { token: "a-multistreamer-token" } },
  "interactive-sync": {
    target: {},
    credentials: { clientId: "a-game", accessToken: "a-user-token" },
  },
  "twitch-irc": { target: { channel: "streamer" }, credentials: {} },
  "twitch-eventsub": {
    target: { channel: "rivermoss" },
    credentials: {
      clientId: "a-client",
      accessToken: "an-access-token",
      refreshToken: "first-refresh-token",
    },
  },
};

/** An emulated provider outside the runtime, by its control plane. */
export class Emulated {
  readonly protocol: Emulable;
  readonly url: string;
  readonly #control: string;

  constructor(protocol: Emulable) {
    this.protocol = protocol;
    const url = ownSlot().emulators[protocol];
    // Its links are to the host: the stream is in their target.
    this.url = protocol === "multistreamer" ? new URL("/", url).href : url;
    this.#control = `http://${new URL(this.url).host}/__emulator`;
  }

  async do(...actions: Record<string, unknown>[]): Promise<unknown> {
    const response = await fetch(`${this.#control}/do`, {
      method: "POST",
      body: JSON.stringify(actions),
    });
    if (!response.ok) throw new Error(`emulator: ${await response.text()}`);
    return response.json();
  }

  async truth(): Promise<Truth> {
    return (await fetch(`${this.#control}/truth`)).json();
  }

  /** Resolves with the truth once a condition holds. */
  async until(condition: string): Promise<Truth> {
    const query = new URLSearchParams({ for: condition, timeoutMs: "100000" });
    const response = await fetch(`${this.#control}/wait?${query.toString()}`);
    if (!response.ok) throw new Error(`emulator: ${condition} was not met`);
    return response.json();
  }

  reset(): Promise<Response> {
    return fetch(`${this.#control}/reset`, { method: "POST" });
  }

  /** Links it to a channel; answers the provider's id. */
  async link(channel: string, settings: Record<string, unknown> = {}): Promise<string> {
    const link = { protocol: this.protocol, url: this.url, ...LINKS[this.protocol], ...settings };
    const { status, body } = await call<{ id: string }>(
      "POST",
      `/channels/${channel}/providers`,
      link,
    );
    if (status !== 201) throw new Error(`not linked: ${JSON.stringify(body)}`);
    return body.id;
  }
}
