import { inject } from "vitest";

import { call } from "./api.ts";

/** What a test needs of an emulator's truth. */
export interface Truth {
  readonly dials: number;
  readonly sockets: number;
  readonly said: readonly { key: string | null; text?: string; kind: string }[];
  readonly repeats: number;
  readonly received: readonly { text: string }[];
  readonly queries: readonly { query: Record<string, string>; offered: string[] }[];
  readonly connections: Record<string, { uuid: string; status: string; reason: string | null }>;
}

/** An emulated provider outside the runtime, by its control plane. */
export class Emulated {
  readonly protocol: "dlive" | "restream";
  readonly url: string;
  readonly #control: string;

  constructor(protocol: "dlive" | "restream") {
    this.protocol = protocol;
    this.url = inject("emulators")[protocol];
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
    const query = new URLSearchParams({ for: condition, timeoutMs: "20000" });
    const response = await fetch(`${this.#control}/wait?${query.toString()}`);
    if (!response.ok) throw new Error(`emulator: ${condition} was not met`);
    return response.json();
  }

  reset(): Promise<Response> {
    return fetch(`${this.#control}/reset`, { method: "POST" });
  }

  /** Links it to a channel; answers the provider's id. */
  async link(channel: string, settings: Record<string, unknown> = {}): Promise<string> {
    const defaults =
      this.protocol === "dlive"
        ? { target: { streamer: "streamer" }, credentials: {} }
        : { target: {}, credentials: { accessToken: "an-access-token" } };
    const link = { protocol: this.protocol, url: this.url, ...defaults, ...settings };
    const { status, body } = await call<{ id: string }>(
      "POST",
      `/channels/${channel}/providers`,
      link,
    );
    if (status !== 201) throw new Error(`not linked: ${JSON.stringify(body)}`);
    return body.id;
  }
}
