import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it } from "vitest";

import type { Erasure } from "../../src/event/erasure.ts";
import {
  addErasures,
  listErasures,
  listJournalErasures,
} from "../../src/store/journal/erasures.ts";
import { appendGroup } from "../../src/store/journal/groups.ts";
import { migrateJournal } from "../../src/store/journal/schema.ts";
import { eraseInJournal, RANGE_BYTES } from "../../src/store/journal/tombstones.ts";
import { ada, numbered, said } from "../support/samples.ts";

const ROWS = 60;
const ROW_BYTES = 100_000;

const CLEARED: Erasure = { seq: ROWS, platform: "twitch", scope: { kind: "all" } };
const BANNED: Erasure = { ...CLEARED, scope: { kind: "user", userId: ada.id, names: [] } };
const DELETED: Erasure = { ...CLEARED, scope: { kind: "messages", ids: ["m1", "m60"] } };

/** Does something with a journal of some megabytes. */
function withJournal<T>(work: (sql: SqlStorage) => T): Promise<T> {
  const object = env.CHANNEL.getByName(`journal-${crypto.randomUUID()}`);
  return runInDurableObject(object, (_, { storage }) => {
    migrateJournal(storage.sql);
    for (let seq = 1; seq <= ROWS; seq++) {
      const event = numbered(said(`m${seq}`, "x".repeat(ROW_BYTES / 2)), seq);
      appendGroup(storage.sql, { from: seq - 1, to: seq, events: [event] }, seq);
    }
    return work(storage.sql);
  });
}

/** The same storage, counting the bytes of texts that are read into memory. */
function counting(sql: SqlStorage): { sql: SqlStorage; take(): number } {
  let bytes = 0;
  const counted = {
    exec(query: string, ...values: SqlStorageValue[]) {
      const rows = sql.exec(query, ...values).toArray();
      for (const row of rows) bytes += JSON.stringify(row).length;
      return {
        toArray: () => rows,
        [Symbol.iterator]: () => rows[Symbol.iterator](),
        rowsWritten: 0,
      };
    },
  };
  return {
    sql: counted as unknown as SqlStorage,
    take: () => {
      const taken = bytes;
      bytes = 0;
      return taken;
    },
  };
}

const textOf = (sql: SqlStorage): string =>
  JSON.stringify(sql.exec("SELECT items FROM groups").toArray());

describe("an erasure over a journal", () => {
  it.for([
    ["everything", CLEARED],
    ["somebody", BANNED],
    ["messages", DELETED],
  ] as const)(
    "of %s never has more of it in memory than a range",
    async ([, erasure], { expect }) => {
      const reads = await withJournal((sql) => {
        addErasures(sql, [erasure]);
        const counter = counting(sql);
        const ranges: number[] = [];
        for (let isMore = true; isMore;) {
          isMore = eraseInJournal(counter.sql);
          ranges.push(counter.take());
        }
        return ranges;
      });
      expect(reads.length).toBeGreaterThan(4);
      // A range as JSON within JSON, and what is looked at to find it.
      expect(Math.max(...reads)).toBeLessThan(1.5 * RANGE_BYTES);
    },
  );

  it("is finished though others come all the while, and each is carried out", async ({
    expect,
  }) => {
    const { steps, text, left } = await withJournal((sql) => {
      addErasures(sql, [BANNED]);
      let ranges = 0;
      for (let isMore = true; isMore; ranges++) {
        if (ranges < 20) addErasures(sql, [{ ...DELETED, seq: ROWS - ranges }]);
        isMore = eraseInJournal(sql);
      }
      return { steps: ranges, text: textOf(sql), left: listJournalErasures(sql) };
    });
    expect(text).not.toContain("xxx");
    expect(left).toEqual([]);
    // Twenty that come one by one are done in a few rounds, not in twenty.
    expect(steps).toBeLessThan(40);
  });

  it("of messages that the journal has leaves history their places, and no search", async ({
    expect,
  }) => {
    const [found, lost] = await withJournal((sql) => {
      addErasures(sql, [DELETED]);
      addErasures(sql, [{ ...DELETED, scope: { kind: "messages", ids: ["m2", "m0"] } }]);
      while (eraseInJournal(sql)) continue;
      return listErasures(sql);
    });
    expect(found).toMatchObject({ places: [1, 60], below: 0 });
    expect(lost).toMatchObject({ places: [], below: ROWS });
  });
});
