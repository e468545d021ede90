import { env } from "cloudflare:workers";
import { assert, asyncProperty, constantFrom, integer } from "fast-check";
import { beforeAll, describe, it } from "vitest";

import type { Erasure } from "../../src/event/erasure.ts";
import { EVERYTHING, matches, parseFilter, type Filter } from "../../src/event/filter.ts";
import { Erasures } from "../../src/event/tombstone.ts";
import {
  appendEvents,
  findEventAt,
  readHistoryBounds,
  pruneEvents,
  findSeqBefore,
} from "../../src/store/history/events.ts";
import { readPage, type PageQuery } from "../../src/store/history/pages.ts";
import { eraseInHistory } from "../../src/store/history/tombstones.ts";

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

const itemsOf = (rows: readonly Row[]): string =>
  `[${rows
    .map((row) => {
      const head = JSON.stringify([row.seq, row.type, row.provider, row.platform, row.at]);
      const raw = row.seq % 5 === 0 ? '{"raw":true}' : "null";
      return `${head.slice(0, -1)},${bodyOf(row)},${raw}]`;
    })
    .join(",")}]`;

async function fill(): Promise<number> {
  channels += 1;
  await appendEvents(env.DB, channels, itemsOf(ROWS));
  return channels;
}

const filterOf = (words: Parameters<typeof parseFilter>[0]): Filter => {
  const parsed = parseFilter(words);
  if (!parsed.ok) throw new Error("a filter that is none");
  return parsed.filter;
};

describe("feeding history", () => {
  it("keeps an event's text as it was, and says when there is no raw", async ({ expect }) => {
    const channel = await fill();
    for (const row of [ROWS[4], ROWS[5]]) {
      if (row === undefined) throw new Error("no row");
      const { body, raw } = (await findEventAt(env.DB, channel, row.seq)) ?? {};
      expect([body, raw]).toEqual([bodyOf(row), row.seq % 5 === 0 ? '{"raw":true}' : null]);
    }
  });

  it("writes two rows an event, and none for one that it has", async ({ expect }) => {
    channels += 1;
    expect(await appendEvents(env.DB, channels, itemsOf(ROWS.slice(0, 100)))).toBe(200);
    expect(await appendEvents(env.DB, channels, itemsOf(ROWS.slice(0, 100)))).toBe(0);
    expect(await appendEvents(env.DB, channels, itemsOf(ROWS.slice(50, 150)))).toBe(100);
    expect(await readHistoryBounds(env.DB, channels)).toEqual({ oldest: 0, newest: 150 });
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
          const stretch = ROWS.filter(
            (row) => row.seq > after && row.seq <= upTo && matches(filter, row),
          );
          const expected = order === "asc" ? stretch : stretch.toReversed();
          expect(page.events.map(({ seq }) => seq)).toEqual(
            expected.slice(0, limit).map(({ seq }) => seq),
          );
          expect(page.hasMore).toBe(expected.length > limit);
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
      expect(plan.filter((step) => step.startsWith("SCAN events"))).toEqual([]);
      expect(plan.join("\n")).toMatch(
        /SEARCH events USING (PRIMARY KEY|(COVERING )?INDEX events_by_type)/,
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
    expect(await pruneEvents(env.DB, channel, 1_000_100, 1000)).toBe(30);
    expect(await findSeqBefore(env.DB, channel, 1_000_105)).toBe(33);
    expect(await findSeqBefore(env.DB, channel, 1)).toBe(30);
  });
});

describe("taking events away", () => {
  it("goes in chunks, the oldest first", async ({ expect }) => {
    const channel = await fill();
    expect(await pruneEvents(env.DB, channel, 1_000_400, 100)).toBe(100);
    expect(await readHistoryBounds(env.DB, channel)).toEqual({ oldest: 100, newest: COUNT });
    expect(await pruneEvents(env.DB, channel, 1_000_400, 100)).toBe(20);
    expect(await pruneEvents(env.DB, channel, 1_000_400, 100)).toBe(0);
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
    const items = events.map((event, index) => [
      index + 1,
      "chat.message",
      "dlive",
      "dlive",
      5,
      event,
      { words: true },
    ]);
    await appendEvents(env.DB, channels, JSON.stringify(items));
    return channels;
  };

  it("is written here as it is anywhere else", async ({ expect }) => {
    const event = said(1, "m1", "u1");
    const channel = await keep(event);
    const order: Erasure = { seq: 4, platform: "dlive", scope: { kind: "messages", ids: ["m1"] } };
    await eraseInHistory(env.DB, channel, [order], { seqs: [1] });
    expect(await findEventAt(env.DB, channel, 1)).toEqual({
      body: JSON.stringify(new Erasures([order]).apply(1, event)?.event),
      raw: null,
    });
  });

  it("is made of what an erasure reaches, and of nothing else", async ({ expect }) => {
    const order = { seq: 4, platform: "dlive" };
    const stretch = { after: 0, upTo: 100 };
    const erased = async (scope: Erasure["scope"], more = {}) => {
      const channel = await keep(
        said(1, "m1", "a"),
        said(2, "m2", "b"),
        said(3, "m3", "a"),
        said(4, "m4", "b"),
        said(5, "m5", "a"),
      );
      await eraseInHistory(env.DB, channel, [{ ...order, scope, ...more }], stretch);
      const { results } = await env.DB.prepare(
        "SELECT seq FROM events WHERE channel = ? AND raw IS NULL ORDER BY seq",
      )
        .bind(channel)
        .all<{ seq: number }>();
      return results.map(({ seq }) => seq);
    };
    expect(await erased({ kind: "messages", ids: ["m2", "m5"] })).toEqual([2]);
    expect(await erased({ kind: "user", userId: "a", names: [] })).toEqual([1, 3]);
    expect(await erased({ kind: "all" })).toEqual([1, 2, 3, 4]);
    expect(await erased({ kind: "all" }, { platform: "kick" })).toEqual([]);
  });
});

describe("a search for what is to be erased", () => {
  it("reads no more at once than there is room for, and says how far it got", async ({
    expect,
  }) => {
    channels += 1;
    const text = "x".repeat(300_000);
    const items = Array.from({ length: 8 }, (_, index) => {
      const data = { user: { id: "a" }, message: { id: `m${index}`, text, fragments: [] } };
      const event = { type: "chat.message", platform: "dlive", data };
      return [index + 1, "chat.message", "dlive", "dlive", 5, event, null];
    });
    for (const item of items) await appendEvents(env.DB, channels, JSON.stringify([item]));
    const order: Erasure = { seq: 8, platform: "dlive", scope: { kind: "all" } };
    const seen: number[] = [];
    for (let upTo = 8; upTo > 0;) {
      const look = await eraseInHistory(env.DB, channels, [order], { after: 0, upTo });
      upTo = look.after;
      seen.push(upTo);
    }
    expect(seen).toEqual([5, 2, 0]);
    const { results } = await env.DB.prepare("SELECT body FROM events WHERE channel = ?")
      .bind(channels)
      .all<{ body: string }>();
    expect(results.filter(({ body }) => body.includes("xxx"))).toEqual([]);
  });

  it("walks the places of one channel, and no others", async ({ expect }) => {
    const order: Erasure = { seq: 8, platform: "dlive", scope: { kind: "all" } };
    const plans = await plansOf(async (db) => {
      await eraseInHistory(db, channels, [order], { after: 5, upTo: 8 });
      await eraseInHistory(db, channels, [order], { seqs: [1, 2] });
    });
    expect(plans).toHaveLength(2);
    for (const plan of plans) {
      expect(plan.filter((step) => WALKS_A_CHANNEL.test(step))).toEqual([]);
      expect(plan.join()).toContain("SEARCH events USING PRIMARY KEY (channel=? AND seq");
    }
  });
});

/** The whole table, or all that a channel has: neither ends before the log does. */
const WALKS_A_CHANNEL = /^SCAN events|^SEARCH events USING PRIMARY KEY \(channel=\?\)/;

/** The query plans of every statement that some work prepares, bound as it binds them. */
async function plansOf(work: (db: Pick<D1Database, "prepare" | "batch">) => Promise<void>) {
  const plans: string[][] = [];
  const explained: Pick<D1Database, "prepare" | "batch"> = {
    batch: (statements) => env.DB.batch(statements),
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
