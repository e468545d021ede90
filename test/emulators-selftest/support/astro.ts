import { test } from "vitest";

import { type AstroTruth, type EmulatorOf, startEmulator } from "../../emulators/index.ts";
import { Client } from "./client.ts";

export type Astro = EmulatorOf<"astro">;

/** Any frame of the server, as far as tests look into it. */
export interface Frame {
  readonly id: string;
  readonly ts: string;
  readonly type: string;
  readonly nonce?: string;
  readonly error?: string;
  readonly topic?: string;
  readonly room?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export const chatTopic = "channel.chat.message";

/** Each test has its own emulator, on a port of its own, closed when it is over. */
export const it = test.extend<{ readonly astro: Astro }>({
  // oxlint-disable-next-line no-empty-pattern -- the runner reads a fixture's needs from this pattern.
  astro: async ({}, use) => {
    const emulator = await startEmulator("astro");
    await use(emulator);
    await emulator.close();
  },
});

export function subscribe(topic: string, more: Readonly<Record<string, unknown>> = {}) {
  const { nonce = topic, ...data } = more;
  return {
    type: "subscribe",
    nonce,
    data: { topic, token: "good-token", token_type: "jwt", ...data },
  };
}

/** A client past the welcome, subscribed to these topics and answered. */
export async function followAstro(astro: Astro, ...topics: string[]): Promise<Client> {
  const wanted = topics.length === 0 ? [chatTopic] : topics;
  const client = new Client(astro.url);
  await client.take(1);
  for (const topic of wanted) {
    client.send(subscribe(topic));
  }
  await client.take(wanted.length);
  return client;
}

/** Sends one command and takes its answer. */
export async function ask(client: Client, command: unknown): Promise<Frame> {
  client.send(command);
  return (await client.next()) as Frame;
}

export async function takeFrames(client: Client, count: number): Promise<Frame[]> {
  return (await client.take(count)).map((frame) => JSON.parse(frame) as Frame);
}

/** All frames up to the one with this text, which is left out. */
export async function takeUntil(client: Client, text: string): Promise<Frame[]> {
  const frames: Frame[] = [];
  for (;;) {
    const frame = (await client.next()) as Frame;
    if (JSON.stringify(frame).includes(text)) {
      return frames;
    }
    frames.push(frame);
  }
}

/** Dials in the place of the socket that was told last to go. */
export async function takeOver(astro: Astro): Promise<Client> {
  const client = new Client(astro.url + reconnectQuery(astro.truth()));
  await client.take(1);
  return client;
}

export function reconnectQuery({ reconnects }: AstroTruth): string {
  return `?reconnect_token=${reconnects.at(-1)?.token ?? "none"}`;
}
