import { z } from "zod";

import type { Erasable } from "../../event/erase-data.ts";
import { formatUserKey, listErasureWords, type UserKey } from "../../event/erasure.ts";
import type { Seq } from "../../event/ids.ts";
import { Erasures } from "../../event/tombstone.ts";
import { write } from "../object/write.ts";
import {
  addFound,
  addFoundNames,
  leaveJournal,
  listJournalErasures,
  saveErasures,
  type PendingErasure,
} from "./erasures.ts";
import { readJournalBounds } from "./groups.ts";
import { readItems, type Item } from "./items.ts";
import { isNamedIn } from "./keys.ts";

interface Row extends Record<string, SqlStorageValue> {
  last_seq: number;
  items: string;
  keys: string;
}

/**
 * A journal may be larger than memory, and nothing else is done while it is looked through: so many
 * bytes in one go, or one row.
 */
export const RANGE_BYTES = 1024 * 1024;

// Two providers tell of one message within seconds. What was told so shortly after the journal's
// beginning may have been told before it as well.
const TOLD_TWICE_MS = 60_000;

/**
 * Makes tombstones of what the pending erasures reach in the next range of the journal, all of them
 * in one pass, and writes down how far they are. Answers whether there is more to look through.
 * Belongs into a transaction.
 */
export function eraseInJournal(sql: SqlStorage): boolean {
  const all = listJournalErasures(sql);
  // Those that have begun are finished first: else they never were, where people are banned all day.
  const begun = all.filter(({ journal }) => journal !== 0);
  const pending = begun.length > 0 ? begun : all;
  if (pending.length === 0) return false;
  const erasures = pending.map(({ erasure }) => erasure);
  const after = Math.min(...pending.map(({ journal }) => journal ?? 0));
  const upTo = Math.max(...erasures.map(({ seq }) => seq));
  const { end, isLast } = findRange(sql, after, upTo);
  const found = new Findings(pending, findSettledFrom(sql));
  const orders = new Erasures(erasures);
  for (const row of readRange(sql, { after, end }, listErasureWords(erasures))) {
    eraseInRow(sql, row, orders, found);
  }
  const left = pending.map((each): PendingErasure => {
    const seen = found.addTo(each);
    const gone = isLast ? leaveJournal(seen) : { ...seen, journal: end };
    return addFoundNames(gone, found.listNames(each));
  });
  saveErasures(sql, left);
  return pending.length < all.length || left.some(({ journal }) => journal !== null);
}

/** The end of the range after a place: as many rows as may be looked at in one go. */
function findRange(sql: SqlStorage, after: Seq, upTo: Seq): { end: Seq; isLast: boolean } {
  const rows = sql.exec<{ last_seq: number; bytes: number }>(
    `SELECT last_seq, octet_length(items) + octet_length(keys) AS bytes FROM groups
     WHERE last_seq > ? AND first_seq <= ? ORDER BY last_seq`,
    after,
    upTo,
  );
  let end = after;
  let bytes = 0;
  for (const row of rows) {
    bytes += row.bytes;
    if (bytes > RANGE_BYTES && end > after) return { end, isLast: false };
    end = row.last_seq;
  }
  return { end, isLast: true };
}

/** The rows of a range that may hold one of the words, as JSON writes them, or all of them. */
function readRange(
  sql: SqlStorage,
  { after, end }: { after: Seq; end: Seq },
  words: readonly string[] | null,
): Row[] {
  return sql
    .exec<Row>(
      `SELECT last_seq, items, keys FROM groups
       WHERE last_seq > ?1 AND last_seq <= ?2 AND (?3 IS NULL OR EXISTS (
         SELECT 1 FROM json_each(?3) AS word
         WHERE instr(groups.items, word.value) > 0 OR instr(groups.keys, word.value) > 0))
       ORDER BY last_seq`,
      after,
      end,
      words === null ? null : JSON.stringify(words),
    )
    .toArray();
}

/** When what was told cannot have been told before the journal's beginning as well. */
function findSettledFrom(sql: SqlStorage): number {
  if ((readJournalBounds(sql)?.oldest ?? 0) === 0) return 0;
  const [row] = sql
    .exec<{ at: number }>("SELECT recorded_at AS at FROM groups ORDER BY last_seq LIMIT 1")
    .toArray();
  return (row?.at ?? 0) + TOLD_TWICE_MS;
}

function eraseInRow(sql: SqlStorage, row: Row, all: Erasures, found: Findings): void {
  let isChanged = false;
  const items = readItems(row.items).map((item): Item => {
    const [seq, type, provider, platform, at, event, raw] = item;
    // It was written down as an event.
    const told = event as unknown as Erasable;
    const left = all.apply(seq, told, raw);
    if (left === null) return item;
    isChanged = true;
    found.note(seq, at, told, all.listMessages(seq, told, raw));
    return [seq, type, provider, platform, at, left.event, left.raw];
  });
  if (isChanged) {
    const query = "UPDATE groups SET items = ? WHERE last_seq = ?";
    write(sql, query, JSON.stringify(items), row.last_seq);
  }
  found.hideKeys(sql, row, items);
}

/** The messages that are found on the way, for the erasures that name them. */
class Findings {
  readonly #settledFrom: number;
  /** By the message, the places that hold something of it. */
  readonly #places = new Map<string, Seq[]>();
  readonly #found = new Set<string>();
  readonly #isCounting: boolean;
  readonly #people: readonly UserKey[];
  readonly #names = new Map<string, string[]>();

  constructor(pending: readonly PendingErasure[], settledFrom: number) {
    this.#settledFrom = settledFrom;
    this.#people = pending.flatMap(({ erasure: { platform, scope } }) =>
      scope.kind === "person" ? [{ platform, userId: scope.userId }] : [],
    );
    this.#isCounting = pending.some(({ erasure }) => erasure.scope.kind === "messages");
  }

  note(seq: Seq, at: number, told: Erasable, messages: readonly string[]): void {
    this.#noteNames(told);
    if (!this.#isCounting) return;
    const { platform, data } = told;
    for (const id of messages) {
      const name = `${platform} ${id}`;
      const places = this.#places.get(name) ?? [];
      this.#places.set(name, places);
      places.push(seq);
      const message = data["message"] as { id?: unknown } | undefined;
      if (message?.id === id && at >= this.#settledFrom) this.#found.add(name);
    }
  }

  #noteNames(told: Erasable): void {
    for (const person of this.#people) {
      const key = formatUserKey(person);
      const names = this.#names.get(key) ?? [];
      this.#names.set(key, names);
      names.push(...Erasures.listNames(told, person));
    }
  }

  /** The names of the person whom an erasure is to forget. */
  listNames({ erasure: { platform, scope } }: PendingErasure): readonly string[] {
    if (scope.kind !== "person") return [];
    return this.#names.get(formatUserKey({ platform, userId: scope.userId })) ?? [];
  }

  /** Takes away the keys of occurrences that name somebody who is forgotten. */
  hideKeys(sql: SqlStorage, { last_seq, keys }: Row, items: readonly Item[]): void {
    const people = this.#people.filter(({ userId }) => keys.includes(userId));
    if (people.length === 0) return;
    const all = z.array(z.string().nullable()).parse(JSON.parse(keys));
    const left = all.map((key, index) => {
      const platform = items[index]?.[3];
      const isTheirs = people.some(
        (each) => each.platform === platform && key !== null && isNamedIn(key, each),
      );
      return isTheirs ? null : key;
    });
    write(sql, "UPDATE groups SET keys = ? WHERE last_seq = ?", JSON.stringify(left), last_seq);
  }

  /** An erasure with what was found of its messages. */
  addTo(pending: PendingErasure): PendingErasure {
    const { platform, scope } = pending.erasure;
    if (scope.kind !== "messages") return pending;
    const ids = new Set(scope.ids);
    const places = [...ids].flatMap((id) => this.#places.get(`${platform} ${id}`) ?? []);
    const found = [...ids].filter((id) => this.#found.has(`${platform} ${id}`));
    return addFound(pending, { ids: new Set(found), places });
  }
}
