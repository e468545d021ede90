import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, it, vi } from "vitest";

import { MINUTE_MS, NOTHING_COUNTED, type Minute } from "../../../src/channel/minutes.ts";
import type { Group } from "../../../src/event/group.ts";
import { formatTime } from "../../../src/lib/time.ts";
import { MinuteBook } from "../../../src/objects/channel/minute-book.ts";
import { PACE } from "../../../src/objects/channel/pace.ts";
import { appendGroup } from "../../../src/store/journal/groups.ts";
import { migrateJournal } from "../../../src/store/journal/schema.ts";
import { countRowsWritten } from "../../../src/store/object/write.ts";

const NOON = Date.parse("2026-11-28T12:00:00Z");

/** A channel's object as its minutes see it, which may be lost at any time. */
class ChannelObject {
  readonly storage: DurableObjectStorage;
  book: MinuteBook;
  delivered = 0;
  #head = 0;

  constructor(storage: DurableObjectStorage) {
    this.storage = storage;
    this.book = this.#open();
  }

  /** Writes events and gives each to three sockets. `isCut`: it is lost in between. */
  say(count: number, isCut = false): void {
    const from = this.#head;
    this.#head += count;
    const at = formatTime(Date.now());
    const events = Array.from({ length: count }, (_, index) => {
      const seq = from + index + 1;
      const event = {
        id: `e-${seq}`,
        type: "custom.n",
        provider: "api",
        platform: "api",
        data: {},
      };
      const told = { ...event, recordedtime: at, time: at };
      return { seq, event: told as never, text: JSON.stringify(told), key: null, raw: null };
    });
    const group: Group = { from, to: this.#head, events };
    appendGroup(this.storage.sql, group, Date.now());
    if (isCut) return this.lose();
    this.book.count(group, Date.now());
    this.delivered += 3 * count;
  }

  /** It goes from memory, with all that was counted there. */
  lose(): void {
    this.book.stop();
    this.delivered = 0;
    this.book = this.#open();
  }

  #open(): MinuteBook {
    const figures = () => ({
      ...NOTHING_COUNTED,
      delivered: this.delivered,
      viewers: null,
      sockets: 3,
      historyLagMs: 0,
    });
    return new MinuteBook({ storage: this.storage, channel: { id: "demo" }, pace: PACE, figures });
  }
}

function tally(minutes: readonly Minute[]): [at: number, events: number, delivered: number][] {
  return minutes.map(({ at, providers, delivered }) => [
    (at - NOON) / MINUTE_MS,
    providers["api"]?.events ?? 0,
    delivered,
  ]);
}

async function inObject(work: (object: ChannelObject) => void | Promise<void>): Promise<void> {
  const stub = env.CHANNEL.getByName(`minutes-${crypto.randomUUID()}`);
  await runInDurableObject(stub, async (_, { storage }) => {
    vi.useFakeTimers({ now: NOON });
    migrateJournal(storage.sql);
    await work(new ChannelObject(storage));
  });
}

beforeEach(() => {
  vi.useRealTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a channel's minutes", () => {
  it("are counted once each, with the one under way", ({ expect }) =>
    inObject((object) => {
      object.say(2);
      vi.advanceTimersByTime(MINUTE_MS);
      object.say(3);
      expect(tally(object.book.list(0))).toEqual([
        [0, 2, 6],
        [1, 3, 9],
      ]);
      expect(tally(object.book.list(NOON + MINUTE_MS))).toEqual([[1, 3, 9]]);
    }));

  it("have every event once, whenever the object was lost", ({ expect }) =>
    inObject((object) => {
      for (let round = 0; round < 60; round += 1) {
        object.say(2, round % 7 === 3);
        if (round % 5 === 4) object.lose();
        vi.advanceTimersByTime(7_000 + 1_000 * (round % 4));
      }
      const minutes = tally(object.book.list(0));
      expect(minutes.reduce((sum, [, events]) => sum + events, 0)).toBe(120);
      object.lose();
      expect(tally(object.book.list(0)).map(([at, events]) => [at, events])).toEqual(
        minutes.map(([at, events]) => [at, events]),
      );
    }));

  it("have what was given out before the object is left alone for as long as it takes to sleep", ({
    expect,
  }) =>
    inObject((object) => {
      object.say(2);
      vi.advanceTimersByTime(6_000);
      object.lose();
      object.say(1);
      vi.advanceTimersByTime(6_000);
      object.lose();
      expect(tally(object.book.list(0))).toEqual([[0, 3, 9]]);
    }));

  it("have what hubs gave out", ({ expect }) =>
    inObject((object) => {
      object.say(1);
      object.book.add({ delivered: 5, shed: 2 }, Date.now());
      vi.advanceTimersByTime(5_000);
      object.lose();
      expect(object.book.list(0)).toMatchObject([{ delivered: 8, shed: 2 }]);
    }));

  it("cost a row each while the channel is busy, and none while nobody listens", ({ expect }) =>
    inObject((object) => {
      const { sql } = object.storage;
      const rowsOf = (work: () => void): number => {
        const before = countRowsWritten(sql);
        work();
        return countRowsWritten(sql) - before;
      };
      const busy = rowsOf(() => {
        for (let second = 0; second < 240; second += 1) {
          object.delivered += 1;
          object.book.add({ delivered: 1, shed: 0 }, Date.now());
          vi.advanceTimersByTime(1_000);
        }
      });
      expect(busy).toBeLessThanOrEqual(4);
      vi.advanceTimersByTime(MINUTE_MS);
      expect(vi.getTimerCount()).toBe(0);
    }));

  it("are those of a day, in as many rows", ({ expect }) =>
    inObject((object) => {
      for (let minute = 0; minute < 1_500; minute += 1) {
        object.book.add({ delivered: 1, shed: 0 }, Date.now());
        vi.setSystemTime(Date.now() + MINUTE_MS);
      }
      const [row] = object.storage.sql
        .exec<{ count: number }>("SELECT count(*) AS count FROM minutes")
        .toArray();
      expect(row?.count).toBe(1_440);
      const minutes = object.book.list(0);
      expect(new Set(minutes.map(({ at }) => at)).size).toBe(minutes.length);
    }));
});
