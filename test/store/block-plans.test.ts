import { env } from "cloudflare:workers";
import { beforeAll, describe, it } from "vitest";

import type { Erasure } from "../../src/event/erasure.ts";
import { EVERYTHING } from "../../src/event/filter.ts";
import { readNewestBlock } from "../../src/store/history/block-bodies.ts";
import { findKeptAfter } from "../../src/store/history/block-rows.ts";
import { packBlock } from "../../src/store/history/block.ts";
import { findEnd, putBlocks, replaceBlocks } from "../../src/store/history/blocks.ts";
import { eraseInHistory } from "../../src/store/history/erasing.ts";
import { readPage } from "../../src/store/history/pages.ts";
import {
  findEventAt,
  findNewest,
  findSeqBefore,
  listStates,
  readHistoryBounds,
} from "../../src/store/history/places.ts";
import { pruneBlocks, trimOldestBlock } from "../../src/store/history/pruning.ts";
import type { Queries } from "../../src/store/history/queries.ts";
import type { RecordedEvent } from "../../src/store/logged-event.ts";
import { putHistory } from "../support/history.ts";

const CHANNELS = [7_001, 7_002, 7_003];
const CHANNEL = 7_002;
const BLOCKS = 300;

const eventOf = (seq: number): RecordedEvent => {
  const kinds = { type: `custom.t${seq % 3}`, platform: "dlive" };
  const data = { user: { id: `user-${seq % 7}` }, message: { id: `m-${seq}`, text: "words" } };
  const text = JSON.stringify({ ...kinds, data });
  return { seq, ...kinds, provider: "dlive", at: 1_000 + seq, text, raw: '{"raw":true}' };
};

/** Everything that asks the database about blocks, each as a channel's object or a request does it. */
const ASKING: Record<string, (db: Queries) => Promise<unknown>> = {
  ...Object.fromEntries(
    (["asc", "desc"] as const).flatMap((order) =>
      [[], ["custom.t1"], ["custom.*", "custom.t2"]].flatMap((types) =>
        [[], ["dlive"]].map((providers) => [
          `a page, ${order}, of types ${types.join()} and providers ${providers.join()}`,
          (db: Queries) => {
            const filter = { ...EVERYTHING, types, providers };
            const query = { after: 50, upTo: 400, limit: 10, raw: true } as const;
            return readPage(db, { channel: CHANNEL, order, filter, ...query });
          },
        ]),
      ),
    ),
  ),
  "the bounds": (db) => readHistoryBounds(db, CHANNEL),
  "the newest event": (db) => findNewest(db, CHANNEL),
  "the newest events of channels": (db) => listStates(db, CHANNELS),
  "the newest block": (db) => readNewestBlock(db, CHANNEL),
  "the end": (db) => findEnd(db, CHANNEL),
  "one event": (db) => findEventAt(db, CHANNEL, 100),
  "what was before a time": (db) => findSeqBefore(db, CHANNEL, 1_200),
  "what is kept of a range": (db) => findKeptAfter(db, CHANNEL, { after: 3, upTo: 300 }),
  async "writing at the end"(db) {
    const end = await findEnd(env.DB, CHANNEL);
    const blocks = [await packBlock([eventOf(end.last + 2)])];
    await putBlocks(db, CHANNEL, { end, blocks, known: new Set() });
  },
  async "writing anew"(db) {
    const newest = await readNewestBlock(env.DB, CHANNEL);
    if (newest === null) throw new Error("no block");
    const block = await packBlock(newest.events);
    await replaceBlocks(db, CHANNEL, [{ before: newest.block, block }]);
  },
  "erasing up to a place": (db) => eraseInHistory(db, CHANNEL, [makeOrder()], { upTo: 500 }),
  "erasing at places": (db) => eraseInHistory(db, CHANNEL, [makeOrder()], { seqs: [101, 205] }),
  "taking away the oldest": (db) => pruneBlocks(db, CHANNEL, 1_010, 16),
  "cutting the oldest": (db) => trimOldestBlock(db, CHANNEL, 1_014),
};

function makeOrder(): Erasure {
  return { seq: 500, platform: "dlive", scope: { kind: "user", userId: "user-3", names: [] } };
}

/** The database, which keeps every statement that is bound; `explain` answers their plans. */
function listen(): { db: Queries; explain: () => Promise<string[][]> } {
  const bound: D1PreparedStatement[] = [];
  return {
    db: {
      batch: (statements) => env.DB.batch(statements),
      prepare(sql) {
        const statement = env.DB.prepare(sql);
        const explained = env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`);
        return new Proxy(statement, {
          get(target, name) {
            if (name !== "bind") throw new Error("a statement about blocks is of one channel");
            return (...values: unknown[]) => {
              bound.push(explained.bind(...values));
              return target.bind(...values);
            };
          },
        });
      },
    },
    explain: () =>
      Promise.all(
        bound.map(async (statement) => {
          const { results } = await statement.all<{ detail: string }>();
          return results.map(({ detail }) => detail);
        }),
      ),
  };
}

/** Steps that pass over more and more the longer histories are: of the tables, not of what was found. */
function listWalks(plan: readonly string[]): string[] {
  return plan.filter(
    (step) =>
      /^SCAN (blocks|block_types)\b/.test(step) ||
      // One place, or between two: never from one on, where the channels after it are.
      (/^SEARCH blocks\b/.test(step) && !/\(rowid=\?\)|\(rowid>\? AND rowid<\?\)/.test(step)) ||
      (/^SEARCH block_types\b/.test(step) && !step.includes("(channel=?")),
  );
}

describe("a statement about blocks, in a large table", () => {
  beforeAll(async () => {
    // A hole after each: a block of its own.
    const events = Array.from({ length: BLOCKS }, (_, index) => eventOf(2 * index + 1));
    for (const channel of CHANNELS) await putHistory(channel, events);
    // As the planner knows a table that has been measured.
    await env.DB.prepare("PRAGMA optimize").run();
  });

  for (const [name, ask] of Object.entries(ASKING)) {
    it(`walks a range of one channel's places, and never the table: ${name}`, async ({
      expect,
    }) => {
      const { db, explain } = listen();
      await ask(db);
      const plans = await explain();
      expect(plans.length).toBeGreaterThan(0);
      expect(plans.flatMap(listWalks)).toEqual([]);
      expect(plans.join("\n")).toMatch(/SEARCH (blocks|block_types) USING/);
    });
  }
});
