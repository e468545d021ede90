import { env } from "cloudflare:workers";
import { array, assert, asyncProperty, constantFrom, integer, tuple } from "fast-check";
import { beforeAll, describe, it } from "vitest";

import type { Erasure } from "../../src/event/erasure.ts";
import { EVERYTHING, matches, parseFilter, type Filter } from "../../src/event/filter.ts";
import { Erasures } from "../../src/event/tombstone.ts";
import { readNewestBlock } from "../../src/store/history/block-bodies.ts";
import { packBlock } from "../../src/store/history/block.ts";
import { findEnd, putBlocks } from "../../src/store/history/blocks.ts";
import { eraseInHistory, type Reach } from "../../src/store/history/erasing.ts";
import { readPage, type PageQuery } from "../../src/store/history/pages.ts";
import {
  findEventAt,
  findNewest,
  findSeqBefore,
  listStates,
  readHistoryBounds,
} from "../../src/store/history/places.ts";
import { pruneBlocks, trimOldestBlock } from "../../src/store/history/pruning.ts";
import type { RecordedEvent } from "../../src/store/logged-event.ts";
import { putHistory, readHistory } from "../support/history.ts";

const TYPES = ["chat.message", "channel.tip", "custom.a", "custom.b.c", "stream.viewers"];
const PLATFORMS = ["twitch", "kick"];
const COUNT = 300;
let channels = 9_000;

interface Row {
  readonly seq: number;
  readonly type: string;
  readonly provider: string;
  readonly platform: string;
  readonly at: number;
}

/** Rows whose types and platforms come and go, and of which several share a time. */
const ROWS: readonly Row[] = Array.from({ length: COUNT }, (_, index) => ({
  seq: index + 1,
  type: TYPES[(index * 7 + (index % 3)) % TYPES.length] ?? "",
  provider: index % 4 === 0 ? "dlive" : "restream",
  platform: PLATFORMS[index % 2] ?? "",
  at: 1_000_000 + Math.floor(index / 3) * 10,
}));

const bodyOf = ({ seq, type }: Row): string =>
  JSON.stringify({
    id: `e-${seq}`,
    type,
    data: { text: `n${seq} "ü" \\ \u2028`, n: 1.5e300 },
  });

const eventOf = (row: Row): RecordedEvent => ({
  ...row,
  text: bodyOf(row),
  raw: row.seq % 5 === 0 ? '{"raw":true}' : null,
});

const EVENTS = ROWS.map(eventOf);

/** Blocks of all lengths, as a channel makes them whose end is written again and again. */
async function fill(): Promise<number> {
  channels += 1;
  for (let from = 0, size = 1; from < COUNT; from += size, size = (size * 7) % 53) {
    await putHistory(channels, EVENTS.slice(from, from + size));
  }
  return channels;
}

const filterOf = (words: Parameters<typeof parseFilter>[0]): Filter => {
  const parsed = parseFilter(words);
  if (!parsed.ok) throw new Error("a filter that is none");
  return parsed.filter;
};

describe("writing blocks", () => {
  it("keeps an event's text as it was, and says when there is no raw", async ({ expect }) => {
    const channel = await fill();
    for (const event of EVENTS.slice(3, 6)) {
      const { seq, type, provider, platform, text, raw } = event;
      const kept = { seq, type, provider, platform, text, raw };
      expect(await findEventAt(env.DB, channel, seq)).toEqual(kept);
    }
  });

  const write = async (
    upTo: number,
    {
      found = null,
      ...more
    }: { found?: Awaited<ReturnType<typeof findEnd>> | null; text?: string } = {},
  ): Promise<number> => {
    const blocks = [await packBlock(EVENTS.slice(0, upTo).map((event) => ({ ...event, ...more })))];
    const end = found ?? (await findEnd(env.DB, channels));
    return putBlocks(env.DB, channels, { end, blocks, known: new Set(TYPES) });
  };

  it("puts a longer block in the place of its beginning, and never a shorter or another", async ({
    expect,
  }) => {
    channels += 1;
    await write(20);
    await write(50);
    await expect(write(20)).rejects.toThrow("has changed");
    await expect(write(50, { text: '{"data":{}}' })).rejects.toThrow("has changed");
    expect(await readHistory(channels)).toEqual(EVENTS.slice(0, 50));
    expect((await readNewestBlock(env.DB, channels))?.events).toEqual(EVENTS.slice(0, 50));
    expect(await readHistoryBounds(env.DB, channels)).toEqual({ oldest: 0, newest: 50 });
    expect(await findNewest(env.DB, channels)).toEqual({ seq: 50, at: EVENTS[49]?.at });
    expect(await findNewest(env.DB, channels + 1)).toBe(null);
    expect(await listStates(env.DB, [channels + 1, channels])).toEqual([
      { newest: 0, mark: 0 },
      { newest: 50, mark: 0 },
    ]);
  });

  it("that comes late writes nothing: neither where more was written, nor where something was erased", async ({
    expect,
  }) => {
    channels += 1;
    await write(20);
    const found = await findEnd(env.DB, channels);
    await write(50);
    await expect(write(60, { found })).rejects.toThrow("has changed");
    const later = await findEnd(env.DB, channels);
    await trimOldestBlock(env.DB, channels, EVENTS[10]?.at ?? 0);
    await expect(write(60, { found: later })).rejects.toThrow("has changed");
    expect(await readHistory(channels)).toEqual(EVENTS.slice(9, 50));
  });

  it("that comes late writes nothing after all was taken away, though nothing is there as at the beginning", async ({
    expect,
  }) => {
    channels += 1;
    const first = await findEnd(env.DB, channels);
    await write(20);
    await pruneBlocks(env.DB, channels, Number.MAX_SAFE_INTEGER, 100);
    await expect(write(20, { found: first })).rejects.toThrow("has changed");
    expect(await readHistory(channels)).toEqual([]);
    await write(50);
    expect(await readHistory(channels)).toEqual(EVENTS.slice(0, 50));
  });

  it("costs a row a block and a row a type in it", async ({ expect }) => {
    channels += 1;
    const put = async (upTo: number, known: readonly string[]): Promise<number> => {
      const end = await findEnd(env.DB, channels);
      const blocks = [await packBlock(EVENTS.slice(0, upTo))];
      return putBlocks(env.DB, channels, { end, blocks, known: new Set(known) });
    };
    expect(await put(128, [])).toBe(1 + TYPES.length);
    expect(await put(200, TYPES)).toBe(1);
  });
});

describe("a page of history", () => {
  let channel = 0;
  beforeAll(async () => {
    channel = await fill();
  });

  const filters = [
    EVERYTHING,
    filterOf({ types: "chat.message" }),
    filterOf({ types: "custom.*,channel.tip" }),
    filterOf({ types: "moderation.*" }),
    filterOf({ platforms: "kick" }),
    filterOf({ types: "custom.*", providers: "dlive" }),
  ];

  it("is what a scan of everything would find, one way and the other", async ({ expect }) => {
    await assert(
      asyncProperty(
        constantFrom(...filters),
        constantFrom("asc" as const, "desc" as const),
        integer({ min: 0, max: COUNT }),
        integer({ min: 0, max: COUNT + 5 }),
        integer({ min: 1, max: 60 }),
        async (filter, order, after, upTo, limit) => {
          const query: PageQuery = { channel, after, upTo, order, limit, filter };
          const page = await readPage(env.DB, query);
          const range = ROWS.filter(
            (row) => row.seq > after && row.seq <= upTo && matches(filter, row),
          );
          const expected = order === "asc" ? range : range.toReversed();
          expect(page.events.map(({ seq }) => seq)).toEqual(
            expected.slice(0, limit).map(({ seq }) => seq),
          );
          const end = order === "asc" ? page.seenTo : after;
          const begin = order === "asc" ? after : page.seenTo;
          const seen = expected.filter(
            ({ seq }) => seq > begin && seq <= (order === "asc" ? end : upTo),
          );
          expect(page.events).toHaveLength(seen.length);
          if (!page.hasMore) expect(expected.length).toBeLessThanOrEqual(limit);
        },
      ),
      { numRuns: 150 },
    );
  });

  it("reads an index for its types, and the key for all else: never the whole table", async ({
    expect,
  }) => {
    const plans = await plansOf(async (db) => {
      for (const filter of filters) {
        for (const order of ["asc", "desc"] as const) {
          await readPage(db, { channel, after: 3, upTo: 200, order, limit: 10, filter });
        }
      }
    });
    expect(plans.length).toBeGreaterThan(10);
    for (const plan of plans) {
      expect(plan.filter((step) => WALKS_A_CHANNEL.test(step))).toEqual([]);
    }
    const points = await plansOf(async (db) => {
      await findSeqBefore(db, channel, 1_000_500);
      await findEventAt(db, channel, 7);
      await readHistoryBounds(db, channel);
    });
    for (const plan of [...plans, ...points]) {
      expect(plan.filter((step) => /^SCAN (block|volume)/.test(step))).toEqual([]);
      expect(plan.join("\n")).toMatch(
        /SEARCH ((blocks|volumes) USING INTEGER|(block|volume)_types USING) PRIMARY KEY/,
      );
    }
  });
});

describe("a time bound", () => {
  it("becomes the place of the last event before it", async ({ expect }) => {
    const channel = await fill();
    for (let time = 999_995; time < 1_001_020; time += 5) {
      const expected = ROWS.filter(({ at }) => at < time).length;
      expect([time, await findSeqBefore(env.DB, channel, time)]).toEqual([time, expected]);
    }
    channels += 1;
    expect(await findSeqBefore(env.DB, channels, 5)).toBe(0);
  });

  it("is found where the oldest are gone", async ({ expect }) => {
    const channel = await fill();
    await pruneBlocks(env.DB, channel, 1_000_100, 1000);
    await trimOldestBlock(env.DB, channel, 1_000_100);
    expect(await findSeqBefore(env.DB, channel, 1_000_105)).toBe(33);
    expect(await findSeqBefore(env.DB, channel, 1)).toBe(30);
  });
});

describe("taking events away", () => {
  it("goes block by block, the oldest first, and then within the oldest", async ({ expect }) => {
    const channel = await fill();
    const before = 1_000_400;
    while ((await pruneBlocks(env.DB, channel, before, 2)) === 2);
    const kept = EVENTS.filter(({ at }) => at >= before);
    const left = await readHistory(channel);
    expect(left.slice(-kept.length)).toEqual(kept);
    await trimOldestBlock(env.DB, channel, before);
    expect(await readHistory(channel)).toEqual(kept);
    await trimOldestBlock(env.DB, channel, before);
    expect(await readHistory(channel)).toEqual(kept);
    const types = await env.DB.prepare(
      `SELECT count(*) AS n FROM block_types WHERE channel = ?1
       AND (?1 << 32 | first) NOT IN (SELECT place FROM blocks)`,
    )
      .bind(channel)
      .first<{ n: number }>();
    expect(types?.n).toBe(0);
  });
});

describe("a block in which a clock went back", () => {
  it("is cut where the first event is young enough, and its events stay in their places", async ({
    expect,
  }) => {
    channels += 1;
    const times = [10, 50, 20, 60];
    const events = EVENTS.slice(0, 4).map((event, index) => ({ ...event, at: times[index] ?? 0 }));
    await putHistory(channels, events);
    await trimOldestBlock(env.DB, channels, 40);
    expect(await readHistory(channels)).toEqual(events.slice(1));
  });
});

describe("a tombstone", () => {
  const said = (seq: number, id: string, user: string) => ({
    id: `e-${seq}`,
    type: "chat.message",
    platform: "dlive",
    data: {
      user: { id: user },
      message: { id, text: "words", fragments: [{ type: "text", text: "words" }], action: false },
    },
  });

  const keep = async (...events: ReturnType<typeof said>[]): Promise<number> => {
    channels += 1;
    const kinds = { type: "chat.message", provider: "dlive", at: 5 };
    await putHistory(
      channels,
      events.map((event, index) => ({
        seq: index + 1,
        ...kinds,
        platform: event.platform,
        text: JSON.stringify(event),
        raw: '{"words":true}',
      })),
    );
    return channels;
  };

  it("is written here as it is anywhere else", async ({ expect }) => {
    const event = said(1, "m1", "u1");
    const channel = await keep(event);
    const order: Erasure = { seq: 4, platform: "dlive", scope: { kind: "messages", ids: ["m1"] } };
    await eraseInHistory(env.DB, channel, [order], { seqs: [1] });
    expect(await findEventAt(env.DB, channel, 1)).toMatchObject({
      text: JSON.stringify(new Erasures([order]).apply(1, event)?.event),
      raw: null,
    });
  });

  it("is made of what an erasure reaches, and of nothing else", async ({ expect }) => {
    const order = { seq: 4, platform: "dlive" };
    const erased = async (scope: Erasure["scope"], more = {}) => {
      const channel = await keep(
        said(1, "m1", "a"),
        said(2, "m2", "b"),
        said(3, "m3", "a"),
        said(4, "m4", "b"),
        said(5, "m5", "a"),
      );
      await eraseInHistory(env.DB, channel, [{ ...order, scope, ...more }], { upTo: 100 });
      const events = await readHistory(channel);
      return events.filter(({ raw }) => raw === null).map(({ seq }) => seq);
    };
    expect(await erased({ kind: "messages", ids: ["m2", "m5"] })).toEqual([2]);
    expect(await erased({ kind: "user", userId: "a", names: [] })).toEqual([1, 3]);
    expect(await erased({ kind: "all" })).toEqual([1, 2, 3, 4]);
    expect(await erased({ kind: "all" }, { platform: "kick" })).toEqual([]);
  });

  it("is made of the same events as by masking, whatever platforms they and their people are of", async ({
    expect,
  }) => {
    const platforms = constantFrom("dlive", "kick", "twitch");
    const Someone = tuple(platforms, platforms, constantFrom("a", "b"), constantFrom("m1", "m2"));
    const scopes = constantFrom<Erasure["scope"]>(
      { kind: "messages", ids: ["m1"] },
      { kind: "user", userId: "a", names: [] },
      { kind: "user", userId: "", names: ["a"] },
      { kind: "person", userId: "b", names: [] },
      { kind: "all" },
    );
    const people = array(Someone, { minLength: 1, maxLength: 5 });
    await assert(
      asyncProperty(people, platforms, scopes, async (told, platform, scope) => {
        const events = told.map(([of, home, id, message], index) => ({
          ...said(index + 1, message, id),
          platform: of,
          data: {
            user: { key: `${home}:${id}`, id, login: id },
            message: { id: message, text: "words", fragments: [], action: false },
          },
        }));
        const channel = await keep(...events);
        const order: Erasure = { seq: events.length, platform, scope };
        await eraseInHistory(env.DB, channel, [order], { upTo: events.length });
        const right = events.map(
          (event, index) => new Erasures([order]).apply(index + 1, event)?.event ?? event,
        );
        const left = (await readHistory(channel)).map(({ text }): unknown => JSON.parse(text));
        expect(left).toMatchObject(right.map(({ data }) => ({ data })));
      }),
    );
  });
});

describe("a search for what is to be erased", () => {
  const said = (seq: number, userId: string, text: string): RecordedEvent => {
    const data = { user: { id: userId }, message: { id: `m${seq}`, text, fragments: [] } };
    const kinds = { type: "chat.message", platform: "dlive" };
    return {
      seq,
      ...kinds,
      provider: "dlive",
      at: 5,
      text: JSON.stringify({ ...kinds, data }),
      raw: null,
    };
  };

  /** Looks from a place downwards until there is no more to look at; answers how far each look got. */
  const search = async (scope: Erasure["scope"], from: number): Promise<number[]> => {
    const order: Erasure = { seq: from, platform: "dlive", scope };
    const seen: number[] = [];
    for (let upTo = from; upTo > 0;) {
      upTo = (await eraseInHistory(env.DB, channels, [order], { upTo })).after;
      seen.push(upTo);
    }
    return seen;
  };

  it("reads no more at once than there is room for, and says how far it got", async ({
    expect,
  }) => {
    channels += 1;
    // What is hard to compress: four of them are more than a look may read.
    const noise = (): string =>
      Array.from({ length: 450_000 }, () => String.fromCharCode(32 + Math.random() * 60))
        .join("")
        .replaceAll(/["\\]/g, "-");
    const events = Array.from({ length: 6 }, (_, index) => said(index + 1, "a", noise()));
    for (const event of events) await putHistory(channels, [event]);
    expect(await search({ kind: "all" }, 6)).toEqual([3, 0]);
    const left = await readHistory(channels);
    expect(left.filter(({ text }) => text.includes('"text":""'))).toHaveLength(6);
  });

  it("passes over blocks that have nothing of it, in bounded steps", async ({ expect }) => {
    channels += 1;
    // A hole after every other: blocks of two.
    const events = Array.from({ length: 600 }, (_, index) =>
      said(index + 1 + (index >> 1), index % 50 === 0 ? "alice-1" : "bob-22", "words"),
    );
    await putHistory(channels, events);
    const steps = await search({ kind: "user", userId: "alice-1", names: [] }, 900);
    expect(steps.length).toBeLessThan(8);
    const left = (await readHistory(channels)).filter(({ text }) => text.includes("words"));
    expect(left).toHaveLength(600 - 12);
  });

  it("walks the places of one channel, and no others", async ({ expect }) => {
    const order: Erasure = { seq: 8, platform: "dlive", scope: { kind: "all" } };
    const reaches: readonly Reach[] = [{ upTo: 8 }, { seqs: [1, 2] }];
    for (const reach of reaches) {
      const plans = await plansOf(async (db) => {
        await eraseInHistory(db, channels, [order], reach);
      });
      expect(plans.flat().filter((step) => WALKS_A_CHANNEL.test(step))).toEqual([]);
      expect(plans.join()).toContain("SEARCH blocks USING INTEGER PRIMARY KEY (rowid");
    }
  });
});

/** The whole table: it does not end before the log does. */
const WALKS_A_CHANNEL = /^SCAN block/;

/** The query plans of every statement that some work prepares, bound as it binds them. */
async function plansOf(work: (db: Pick<D1Database, "prepare" | "batch">) => Promise<void>) {
  const plans: string[][] = [];
  const explained: Pick<D1Database, "prepare" | "batch"> = {
    async batch<T>(statements: D1PreparedStatement[]) {
      const answers: D1Result<T>[] = [];
      for (const statement of statements) answers.push(await statement.all<T>());
      return answers;
    },
    prepare(sql) {
      const real = env.DB.prepare(sql);
      const plan = env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`);
      return new Proxy(real, {
        get(target, name) {
          if (name !== "bind") return Reflect.get(target, name) as unknown;
          return (...values: unknown[]) => {
            const bound = target.bind(...values);
            return new Proxy(bound, {
              get(inner, key) {
                const method: unknown = Reflect.get(inner, key);
                if (key !== "all" && key !== "first") return method;
                return async (...rest: unknown[]) => {
                  const { results } = await plan.bind(...values).all<{ detail: string }>();
                  plans.push(results.map(({ detail }) => detail));
                  return (method as (...given: unknown[]) => unknown).apply(inner, rest);
                };
              },
            });
          };
        },
      });
    },
  };
  await work(explained);
  return plans;
}
