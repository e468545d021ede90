import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, it, vi } from "vitest";

import type { EventDraft } from "../../../src/event/event.ts";
import type { ProviderId } from "../../../src/event/ids.ts";
import type { ChannelRuntime } from "../../../src/objects/channel/runtime.ts";
import { call, makeChannel } from "../../support/api.ts";
import { readHistory } from "../../support/history.ts";
import { drained, forgetJournal } from "../../support/objects.ts";
import { hello, samples } from "../../support/samples.ts";

interface Shown {
  readonly id: string;
  readonly seenVia?: readonly string[];
  readonly data: { readonly message?: { readonly text: string } };
}

afterEach(() => {
  vi.restoreAllMocks();
});

/** A provider tells of a line that has its platform's own id. */
async function tell(channel: string, provider: ProviderId, ids: readonly string[]): Promise<void> {
  await tellByKey(
    channel,
    provider,
    ids.map((id) => [id, `chat/twitch/${id}`]),
  );
}

/** A provider tells of the same line, by each id and key. */
async function tellByKey(
  channel: string,
  provider: ProviderId,
  lines: readonly (readonly [id: string, key: string])[],
): Promise<void> {
  const drafts = lines.map(([id, key]): EventDraft => ({
    ...samples["chat.message"],
    platform: "twitch",
    connectionId: `${provider}:room`,
    key,
    data: {
      ...samples["chat.message"].data,
      message: { ...samples["chat.message"].data.message, id },
    },
  }));
  await runInDurableObject(env.CHANNEL.getByName(channel), async (object) => {
    const { runtime } = object as unknown as { readonly runtime: ChannelRuntime | null };
    const input = {
      type: "drafts-observed",
      provider,
      drafts,
      secrets: [],
      at: Date.now(),
    } as const;
    await runtime?.log.submit(input, 100);
  });
}

async function page(channel: string): Promise<readonly Shown[]> {
  const path = `/channels/${channel}/events?order=asc&types=chat.message`;
  return (await call<{ events: Shown[] }>("GET", path)).body.events;
}

const seen = (events: readonly Shown[]) => events.map(({ seenVia }) => seenVia ?? null);

/** What the database itself has. */
async function inBlocks(channel: string): Promise<readonly Shown[]> {
  const { body } = await call<{ number: number }>("GET", `/channels/${channel}`);
  return (await readHistory(body.number)).map(({ text }) => JSON.parse(text) as Shown);
}

function goOn(ms: number): void {
  const at = Date.now() + ms;
  vi.spyOn(Date, "now").mockImplementation(() => at);
}

describe("an event that another provider told of as well", () => {
  it("names the other connection wherever it is read, before history has it and after", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    await tell(channel, "astro", ["m1", "m2"]);
    await tell(channel, "restream", ["m2", "m1"]);
    await tell(channel, "dlive", ["m2"]);
    const expected = [["restream:room"], ["restream:room", "dlive:room"]];
    const before = await page(channel);
    expect(seen(before)).toEqual(expected);
    const [first] = before;
    const one = await call<Shown>("GET", `/channels/${channel}/events/${first?.id}`);
    expect(one.body.seenVia).toEqual(["restream:room"]);
    await drained(channel);
    expect(seen(await inBlocks(channel))).toEqual(expected);
    await forgetJournal(channel);
    expect(seen(await page(channel))).toEqual(expected);
  });

  it("names one that told of it when history had it already, at once and for good", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    await tell(channel, "astro", ["m1", "m2"]);
    await drained(channel);
    await tell(channel, "restream", ["m1"]);
    expect(seen(await page(channel))).toEqual([["restream:room"], null]);
    expect(seen(await inBlocks(channel))).toEqual([null, null]);
    goOn(300_000);
    await tell(channel, "astro", ["m3"]);
    await drained(channel);
    await runDurableObjectAlarm(env.CHANNEL.getByName(channel));
    expect(seen(await inBlocks(channel))).toEqual([["restream:room"], null, null]);
    expect(seen(await page(channel))).toEqual([["restream:room"], null, null]);
    // The block that was written anew goes on as it did.
    vi.restoreAllMocks();
    goOn(600_000);
    await tell(channel, "astro", ["m4"]);
    await drained(channel);
    expect(seen(await inBlocks(channel))).toEqual([["restream:room"], null, null, null]);
  });

  it("is known by those who told of it after the channel slept, and named once", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    await tell(channel, "astro", ["m1"]);
    await tell(channel, "restream", ["m1"]);
    await drained(channel);
    await evictDurableObject(env.CHANNEL.getByName(channel));
    await tell(channel, "restream", ["m1"]);
    await tell(channel, "astro", ["m1"]);
    const events = await page(channel);
    expect(events).toHaveLength(1);
    expect(seen(events)).toEqual([["restream:room"]]);
  });

  it("stays erased where it was erased, and another telling of it brings no words back", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    await tell(channel, "astro", ["m1"]);
    const [first] = await page(channel);
    await call("POST", `/channels/${channel}/events`, {
      type: "chat.message.deleted",
      data: { messageIds: ["m1"] },
      platform: "twitch",
    });
    await tell(channel, "restream", ["m1"]);
    const [after] = await page(channel);
    expect(after?.id).toBe(first?.id);
  });

  it("is counted by its rule in the status", async ({ expect }) => {
    const channel = await makeChannel();
    await tell(channel, "astro", ["m1"]);
    await tell(channel, "restream", ["m1"]);
    await tell(channel, "restream", ["m1"]);
    const { body } = await call<{ counters: object }>("GET", `/channels/${channel}/status`);
    expect(body.counters).toMatchObject({ merged: { exact: 1 }, repeats: 1 });
  });
});

describe("the setting of a channel that says what is one occurrence", () => {
  it("is exact unless it says otherwise, is changed at once, and survives sleep", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const made = await call<{ merge: string }>("GET", `/channels/${channel}`);
    expect(made.body.merge).toBe("exact");
    const patched = await call<{ merge: string }>("PATCH", `/channels/${channel}`, {
      merge: "off",
    });
    expect(patched.body.merge).toBe("off");
    await tell(channel, "astro", ["m1"]);
    await tell(channel, "restream", ["m1"]);
    expect(await page(channel)).toHaveLength(2);
    await evictDurableObject(env.CHANNEL.getByName(channel));
    await tell(channel, "astro", ["m2"]);
    await tell(channel, "restream", ["m2"]);
    expect(await page(channel)).toHaveLength(4);
    expect((await call("PATCH", `/channels/${channel}`, { merge: "sometimes" })).status).toBe(400);
  });

  it("finds what is told alike also after sleep, where it is natural", async ({ expect }) => {
    const channel = await makeChannel();
    await call("PATCH", `/channels/${channel}`, { merge: "natural" });
    await tell(channel, "astro", ["m1"]);
    await evictDurableObject(env.CHANNEL.getByName(channel));
    await runInDurableObject(env.CHANNEL.getByName(channel), async (object) => {
      const { runtime } = object as unknown as { readonly runtime: ChannelRuntime | null };
      const drafts: EventDraft[] = [
        { ...samples["chat.message"], platform: "twitch", connectionId: "multistreamer:14" },
      ];
      const at = Date.now();
      const provider = "multistreamer";
      await runtime?.log.submit({ type: "drafts-observed", provider, drafts, secrets: [], at }, 9);
    });
    expect(seen(await page(channel))).toEqual([["multistreamer:14"]]);
  });

  it("knows after sleep by what every telling was known, and by what a message is deleted", async ({
    expect,
  }) => {
    const channel = await makeChannel({ merge: "natural" });
    const own = [["river", "5/river/1"]] as const;
    await tellByKey(channel, "restream", own);
    await tell(channel, "astro", ["m1"]);
    await tellByKey(channel, "multistreamer", own);
    await evictDurableObject(env.CHANNEL.getByName(channel));
    // They tell of it again, as they do where they were not answered.
    await tellByKey(channel, "multistreamer", own);
    await tell(channel, "astro", ["m1"]);
    await tellByKey(channel, "restream", own);
    // Said once more: another provider is the first to tell of that.
    await tell(channel, "dlive", ["m2"]);
    await tell(channel, "astro", ["m2"]);
    expect(seen(await page(channel))).toEqual([
      ["astro:room", "multistreamer:room"],
      ["astro:room"],
    ]);
    const type = "chat.message.deleted";
    const data = { messageIds: ["m1"] };
    await call("POST", `/channels/${channel}/events`, { type, data, platform: "twitch" });
    const events = await page(channel);
    expect(events.map((each) => each.data.message?.text)).toEqual(["", hello.text]);
  });
});
