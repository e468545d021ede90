import { afterAll, beforeAll, describe, it } from "vitest";

import { Client } from "./support/client.ts";
import { call, startRelay, type StartedRelay } from "./support/relay.ts";
import { readStream } from "./support/stream.ts";

interface Page {
  readonly events: readonly { id: string; provider: string; type: string }[];
}

let relay: StartedRelay;
beforeAll(async () => {
  relay = await startRelay({ demo: true });
});
afterAll(() => relay.kill());

describe("the demo", () => {
  it("has events of all six providers at once, and says the same on socket, stream and history", async ({
    expect,
  }) => {
    const stream = await readStream(relay, "/channels/demo/stream?rewind=500");
    const client = await Client.open(relay, "demo", "?rewind=500");
    await client.until(() => new Set(client.events.map(({ provider }) => provider)).size === 6);
    await client.until(() => client.events.length >= 20);
    const heard = client.events.slice(0, 20);
    const last = heard.at(-1)?.id ?? "";
    const streamed = await stream.take(20);
    const page = await call<Page>(relay, "GET", "/channels/demo/events?order=asc&limit=20");
    expect(heard[0]?.id).toMatch(/-1$/);
    expect(page.events).toEqual(heard);
    expect(streamed.map(({ data }): unknown => JSON.parse(data))).toEqual(heard);
    expect(streamed.at(-1)?.id).toBe(last);
    expect(client.breaks).toBe(0);
    client.close();
    await stream.cancel();
  });

  it("has the emotes of its streamer, of services that are emulated as well", async ({
    expect,
  }) => {
    const { emotes, missing } = await call<{ emotes: object; missing: string[] }>(
      relay,
      "GET",
      "/channels/demo/emotes",
    );
    expect(missing).toEqual([]);
    // Words that the demo's chat says.
    expect(Object.keys(emotes)).toEqual(expect.arrayContaining(["snacks", "ladder", "otter"]));
  });

  it("has all six providers in its connection map", async ({ expect }) => {
    const { data } = await call<{ data: { provider: string; status: string }[] }>(
      relay,
      "GET",
      "/channels/demo/connections",
    );
    const providers = [...new Set(data.map(({ provider }) => provider))].toSorted();
    expect(providers).toEqual([
      "astro",
      "dlive",
      "interactive-sync",
      "multistreamer",
      "restream",
      "twitch-irc",
    ]);
    expect(data.every(({ status }) => status === "connected")).toBe(true);
  });

  it("goes on when it is started again with what it had, though its providers are elsewhere then", async ({
    expect,
  }) => {
    const { data, url } = relay;
    await relay.kill();
    relay = await startRelay({ demo: true, data, port: Number(new URL(url).port) });
    const client = await Client.open(relay, "demo");
    await client.until(() => new Set(client.events.map(({ provider }) => provider)).size >= 5);
    expect(client.breaks).toBe(0);
    client.close();
  });
});
