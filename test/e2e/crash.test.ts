import { afterAll, beforeAll, describe, it } from "vitest";

import { Client, type HeardEvent } from "./support/client.ts";
import { linkDlive, startDlive, type Dlive } from "./support/provider.ts";
import { call, startRelay, type StartedRelay } from "./support/relay.ts";
import { readStream } from "./support/stream.ts";

let relay: StartedRelay;
let dlive: Dlive;

beforeAll(async () => {
  dlive = await startDlive();
  relay = await startRelay();
  await linkDlive(relay, dlive, "crash");
});

afterAll(async () => {
  await relay.kill();
  await dlive.close();
});

/** The whole history, oldest first. */
async function history(): Promise<HeardEvent[]> {
  const response = await fetch(`${relay.url}/v1/channels/crash/events?order=asc`, {
    headers: { accept: "application/jsonl" },
  });
  return (await response.text())
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as HeardEvent);
}

async function restart(): Promise<void> {
  const { data, url } = relay;
  await relay.kill();
  relay = await startRelay({ data, port: Number(new URL(url).port) });
}

describe("kill -9 of the whole process group, in the middle of a burst", () => {
  it("loses nothing that was seen, uses no position twice, and leaves no hole untold", async ({
    expect,
  }) => {
    const client = await Client.open(relay, "crash");
    const stream = await readStream(relay, "/channels/crash/stream");
    const burst = dlive.do({ action: "burst", count: 20_000, perSecond: 4_000, prefix: "a" });
    // Read together: a stream that nobody reads meanwhile is slow, and is closed.
    await Promise.all([client.until(() => client.events.length >= 4_000), stream.take(2_000)]);
    await restart();
    await dlive.do({ action: "stopScript" });
    await burst.catch(() => {});
    await client.until(() => client.closed !== null);
    const seen = client.events;
    expect(client.breaks).toBe(0);

    // Whoever was there goes on from where it was, by socket and by stream.
    const resumed = await Client.open(relay, "crash", `?after=${client.position}`);
    const restreamed = await readStream(relay, "/channels/crash/stream", {
      "last-event-id": stream.lastId(),
    });
    await dlive.waitFor("subscriptions>=2");
    await dlive.do({ action: "burst", count: 500, perSecond: 1_000, prefix: "b" });
    await resumed.until(() => resumed.last === "b500");
    const kept = await history();

    const all = [...seen, ...resumed.events];
    expect(all.map(({ id }) => id)).toEqual(kept.slice(-all.length).map(({ id }) => id));
    expect(all).toEqual(kept.slice(-all.length));
    const seqs = kept.map(({ id }) => Number(id.split("-")[1]));
    expect(seqs).toEqual(Array.from({ length: kept.length }, (_, index) => index + 1));
    const from = kept.findIndex(({ id }) => id === stream.lastId());
    const rest = await restreamed.take(kept.length - from - 1);
    expect(rest.map(({ id }) => id)).toEqual(kept.slice(from + 1).map(({ id }) => id));

    // What the provider said meanwhile is lost with it, and that is told of, once.
    const gaps = kept.filter(({ type }) => type === "connection.gap");
    expect(gaps.map(({ data }) => [data["identifier"], data["cause"]])).toEqual([
      ["dlive:crash", "relay_restarted"],
    ]);
    const before = kept.findIndex(({ type }) => type === "connection.gap");
    const texts = kept.flatMap(({ data }) =>
      data.message === undefined ? [] : [data.message.text],
    );
    const told = texts.filter((text) => text.startsWith("a")).map((text) => Number(text.slice(1)));
    expect(told).toEqual(Array.from({ length: told.length }, (_, index) => index + 1));
    expect(before).toBeGreaterThan(told.length);
    resumed.close();
    await restreamed.cancel();
  });

  it("resumes history page by page from any position", async ({ expect }) => {
    const kept = await history();
    const start = kept[Math.floor(kept.length / 3)]?.id ?? "";
    const paged: string[] = [];
    let after: string | null = start;
    for (;;) {
      const page: { events: HeardEvent[]; next: string | null; hasMore: boolean } = await call(
        relay,
        "GET",
        `/channels/crash/events?order=asc&limit=500&after=${after}`,
      );
      paged.push(...page.events.map(({ id }) => id));
      after = page.next;
      if (!page.hasMore) break;
    }
    const from = kept.findIndex(({ id }) => id === start);
    expect(paged).toEqual(kept.slice(from + 1).map(({ id }) => id));
  });
});
