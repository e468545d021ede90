import { env } from "cloudflare:workers";
import { beforeAll, describe, it } from "vitest";

import type { ChannelCalls } from "../../src/calls/channel.ts";
import { call, makeChannel, type ShownPage } from "../support/api.ts";
import { drained, forgetJournal } from "../support/objects.ts";

const MOST = 8 * 1024 * 1024;
const COUNT = 150;
const EVERYTHING = { types: [], providers: [], platforms: [], forModerators: true };
const FILTERS = ["", "&types=custom.*", "&platforms=api"];

/** A channel with more than an answer may hold, in its journal, its history, or both. */
async function filled(): Promise<string> {
  const channel = await makeChannel();
  for (let from = 0; from < COUNT; from += 10) {
    const events = Array.from({ length: 10 }, (_, index) => ({
      type: "custom.large",
      data: { n: from + index, text: "字".repeat(21_000) },
    }));
    const { status } = await call("POST", `/channels/${channel}/events`, events);
    if (status !== 201) throw new Error(`not posted: ${status}`);
  }
  return channel;
}

/** Every page there is, one way. */
async function pagesOf(channel: string, order: "asc" | "desc", filter: string) {
  const pages: { numbers: number[]; bytes: number }[] = [];
  for (let at = ""; ;) {
    const path = `/channels/${channel}/events?order=${order}&limit=500${filter}${at}`;
    const { body } = await call<ShownPage>("GET", path);
    const bytes = new TextEncoder().encode(JSON.stringify(body)).length;
    pages.push({ numbers: body.events.map(({ data }) => data["n"] as number), bytes });
    if (!body.hasMore) return pages;
    at = `&${order === "asc" ? "after" : "before"}=${body.next}`;
  }
}

describe("a page", () => {
  let journal = "";
  let history = "";
  beforeAll(async () => {
    journal = await filled();
    history = await filled();
    await drained(history);
    await forgetJournal(history);
  });

  it.for(["asc", "desc"] as const)(
    "is bounded in bytes, and the next one goes on where it ended: %s",
    async (order, { expect }) => {
      const all = Array.from({ length: COUNT }, (_, index) => index);
      for (const channel of [journal, history]) {
        for (const filter of FILTERS) {
          const pages = await pagesOf(channel, order, filter);
          expect(Math.max(...pages.map(({ bytes }) => bytes))).toBeLessThanOrEqual(MOST + 65_536);
          const numbers = pages.flatMap((page) => page.numbers);
          expect(order === "asc" ? numbers : numbers.toReversed()).toEqual(all);
        }
      }
    },
  );

  it("that an object asks another for is bounded as well", async ({ expect }) => {
    for (const channel of [journal, history]) {
      const calls = env.CHANNEL.getByName(channel) as unknown as ChannelCalls;
      const { body } = await call<{ epoch: string }>("GET", `/channels/${channel}`);
      const query = { after: 0, upTo: COUNT, filter: EVERYTHING, raw: true };
      const page = await calls.readLog(body.epoch, query);
      const texts = page.ok ? page.value.events.map(({ text }) => text).join("") : "";
      expect(texts).not.toBe("");
      expect(new TextEncoder().encode(texts).length).toBeLessThanOrEqual(MOST);
      const frontier = await calls.frontier({
        after: 0,
        upTo: COUNT,
        order: "desc",
        filter: EVERYTHING,
        limit: 500,
      });
      expect(frontier.ok && frontier.value.tail.events.length < COUNT).toBe(true);
    }
  });
});
