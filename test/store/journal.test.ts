import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it } from "vitest";

import { toEvent, type EventDraft } from "../../src/event/event.ts";
import type { Group, NumberedEvent } from "../../src/event/group.ts";
import { readKeysSince } from "../../src/store/journal/group-keys.ts";
import {
  appendGroup,
  findFirstRecordedFrom,
  readJournalBounds,
  readJournalEvents,
  readNextEvents,
  pruneGroups,
} from "../../src/store/journal/groups.ts";
import { migrateJournal } from "../../src/store/journal/schema.ts";
import { dropTicket, findTicket, putTicket } from "../../src/store/journal/tickets.ts";

function numbered(seq: number, at: number): NumberedEvent {
  const draft: EventDraft = { type: "custom.note", data: { n: seq }, platform: "api" };
  const place = {
    channel: "c",
    epoch: "aaaaaaaaaa",
    seq,
    recordedAt: at,
    provider: "api" as const,
  };
  const event = toEvent(draft, place);
  return {
    seq,
    event,
    text: JSON.stringify(event),
    key: seq % 2 === 0 ? `k${seq}` : null,
    raw: null,
  };
}

function group(from: number, to: number, at: number): Group {
  const events = Array.from({ length: to - from }, (_, index) => numbered(from + index + 1, at));
  return { from, to, events };
}

let objects = 0;

/** Runs with the empty tables of an object that nobody else uses. */
function withJournal<T>(work: (sql: SqlStorage) => T): Promise<T> {
  objects += 1;
  return runInDurableObject(env.CHANNEL.getByName(`journal-${objects}`), (_, { storage }) => {
    migrateJournal(storage.sql);
    return work(storage.sql);
  });
}

const seqs = (events: Iterable<{ seq: number }>): number[] => Array.from(events, ({ seq }) => seq);

/** Appends a group as a row of its own. */
function appendRow(sql: SqlStorage, from: number, to: number, at: number): void {
  appendGroup(sql, group(from, to, at), at, 1);
}

describe("the journal", () => {
  it("gives its events back in either order, between any two places", ({ expect }) =>
    withJournal((sql) => {
      for (const [from, to] of [
        [0, 3],
        [3, 4],
        [4, 9],
      ] as const)
        appendGroup(sql, group(from, to, 5), 5);
      const read = (after: number, upTo: number, order: "asc" | "desc") =>
        seqs(readJournalEvents(sql, { after, upTo, order }));
      expect(read(0, 9, "asc")).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
      expect(read(2, 6, "asc")).toEqual([3, 4, 5, 6]);
      expect(read(2, 6, "desc")).toEqual([6, 5, 4, 3]);
      expect(read(9, 20, "asc")).toEqual([]);
      expect(readJournalBounds(sql)).toEqual({ oldest: 0, head: 9, at: 5 });
    }));

  it("gives an event's text back as it was written", ({ expect }) =>
    withJournal((sql) => {
      const written = group(0, 2, 5);
      appendGroup(sql, written, 5);
      const read = [...readJournalEvents(sql, { after: 0, upTo: 2, order: "asc" })];
      expect(read.map(({ text }) => text)).toEqual(written.events.map(({ text }) => text));
    }));

  it("hands history whole groups, as many as fit", ({ expect }) =>
    withJournal((sql) => {
      for (let from = 0; from < 1000; from += 50) appendGroup(sql, group(from, from + 50, 5), 5);
      const next = (after: number, events: number, bytes = 1_000_000) =>
        readNextEvents(sql, after, { events, bytes }).map(({ seq }) => seq);
      expect([next(0, 500).at(0), next(0, 500).at(-1)]).toEqual([1, 500]);
      expect(next(970, 500)).toHaveLength(30);
      expect(next(1000, 500)).toEqual([]);
      expect(next(30, 500, 1)).toHaveLength(20);
    }));

  it("forgets what is old and fed, but never the newest group", ({ expect }) =>
    withJournal((sql) => {
      for (const [from, to, at] of [
        [0, 3, 10],
        [3, 6, 20],
        [6, 9, 30],
      ] as const) {
        appendRow(sql, from, to, at);
      }
      pruneGroups(sql, 3, 25);
      expect(readJournalBounds(sql)).toMatchObject({ oldest: 3, head: 9 });
      pruneGroups(sql, 9, 100);
      expect(readJournalBounds(sql)).toMatchObject({ oldest: 6, head: 9 });
    }));

  it("remembers keys for as long as it is told to, the oldest first", ({ expect }) =>
    withJournal((sql) => {
      for (const [from, to, at] of [
        [0, 2, 10],
        [2, 4, 20],
        [4, 6, 30],
      ] as const) {
        appendRow(sql, from, to, at);
      }
      const lasts = (since: number, atLeast: number, atMost = 100) =>
        readKeysSince(sql, since, { atLeast, atMost }).map(({ last }) => last);
      expect(lasts(25, 0)).toEqual([6]);
      expect(lasts(25, 3)).toEqual([4, 6]);
      expect(lasts(0, 0)).toEqual([2, 4, 6]);
      expect(lasts(0, 0, 2)).toEqual([6]);
      expect(readKeysSince(sql, 25, { atLeast: 0, atMost: 9 })[0]?.keys).toEqual([null, "k6"]);
    }));

  it("knows the last occurrences longer than their events, and no more of them than it is to", ({
    expect,
  }) =>
    withJournal((sql) => {
      for (let seq = 0; seq < 20; seq += 2) appendRow(sql, seq, seq + 2, seq);
      const known = () =>
        readKeysSince(sql, 1_000, { atLeast: 100, atMost: 1_000 })
          .flatMap(({ last, keys }) =>
            keys.map((key, index) => [last - keys.length + 1 + index, key]),
          )
          .filter(([, key]) => key !== null);
      const all = known();
      expect(all.map(([, key]) => key)).toEqual(
        [2, 4, 6, 8, 10, 12, 14, 16, 18, 20].map((seq) => `k${seq}`),
      );
      const keeping = { keys: 6, ahead: 1_000, events: 0 };
      pruneGroups(sql, 8, 1_000, keeping);
      expect(known()).toEqual(all.slice(4));
      pruneGroups(sql, 20, 1_000, keeping);
      expect(readJournalBounds(sql)?.oldest).toBe(18);
      expect(known()).toEqual(all.slice(4));
    }));

  it("does not keep for ever what was recorded by a clock that was far ahead", ({ expect }) =>
    withJournal((sql) => {
      for (let seq = 0; seq < 20; seq += 2) appendRow(sql, seq, seq + 2, 9_000);
      pruneGroups(sql, 20, 1_000, { keys: 0, ahead: 2_000, events: 6 });
      expect(readJournalBounds(sql)?.oldest).toBe(14);
    }));

  it("finds the first event that was recorded from a time on", ({ expect }) =>
    withJournal((sql) => {
      for (const [from, to, at] of [
        [0, 2, 10],
        [2, 4, 20],
      ] as const)
        appendGroup(sql, group(from, to, at), at);
      expect([5, 10, 11, 20, 21].map((time) => findFirstRecordedFrom(sql, time))).toEqual([
        1,
        1,
        3,
        3,
        null,
      ]);
    }));
});

describe("a ticket", () => {
  it("is taken once, in time", ({ expect }) =>
    withJournal((sql) => {
      const ticket = { digest: "d", principal: { who: "me" }, expiresAt: 100 };
      putTicket(sql, ticket, 0);
      expect(findTicket(sql, "d", 99)).toEqual({ who: "me" });
      dropTicket(sql, "d");
      expect(findTicket(sql, "d", 99)).toBe(null);
      putTicket(sql, ticket, 0);
      expect(findTicket(sql, "d", 100)).toBe(null);
      expect(findTicket(sql, "other", 0)).toBe(null);
    }));
});
