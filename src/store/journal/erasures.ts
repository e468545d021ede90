import { z } from "zod";

import { addNames, Erasure, listErasedPlaces } from "../../event/erasure.ts";
import type { Seq } from "../../event/ids.ts";
import { write } from "../object/write.ts";

/** An erasure that is not carried out everywhere yet. */
export interface PendingErasure {
  readonly number: number;
  readonly erasure: Erasure;
  /** The journal is yet to be looked through after this place; null once it has been. */
  readonly journal: Seq | null;
  /**
   * Of its messages, those that the journal was not found to have; null where history is searched
   * whatever the journal has.
   */
  readonly missing: readonly string[] | null;
  /** Places of history that are known to be reached. */
  readonly places: readonly Seq[];
  /** From here downwards, to 0, history is yet to be looked through. */
  readonly below: Seq;
}

interface Row extends Record<string, SqlStorageValue> {
  number: number;
  erasure: string;
  journal: number | null;
  missing: string | null;
  places: string;
  below: number;
}

// More places than this are found by a search instead: a row has no room for any number of them.
const PLACES_MAX = 1_000;

// A statement takes values of 2,000,000 bytes; a character is three of them at most.
const STATEMENT_CHARS = 500_000;

/** Writes down erasures of which nothing is carried out yet. */
export function addErasures(sql: SqlStorage, erasures: readonly Erasure[]): void {
  const rows = erasures.map((erasure) => {
    const { scope, seq } = erasure;
    const missing = scope.kind === "messages" ? JSON.stringify([...new Set(scope.ids)]) : null;
    return [seq, JSON.stringify(erasure), missing, JSON.stringify(listErasedPlaces(erasure))];
  });
  for (const part of splitRows(rows)) {
    write(
      sql,
      `INSERT INTO erasures (seq, erasure, journal, missing, places, below)
       SELECT value ->> 0, value ->> 1, 0, value ->> 2, value ->> 3, value ->> 0 FROM json_each(?)`,
      part,
    );
  }
}

/** Writes down how far erasures are. */
export function saveErasures(sql: SqlStorage, pending: readonly PendingErasure[]): void {
  const rows = pending.map(({ number, erasure, journal, missing, places, below }) => [
    number,
    JSON.stringify(erasure),
    journal,
    missing === null ? null : JSON.stringify(missing),
    JSON.stringify(places),
    below,
  ]);
  for (const part of splitRows(rows)) {
    write(
      sql,
      `UPDATE erasures
       SET erasure = row.value ->> 1, journal = row.value ->> 2, missing = row.value ->> 3,
           places = row.value ->> 4, below = row.value ->> 5
       FROM json_each(?) AS row WHERE number = row.value ->> 0`,
      part,
    );
  }
}

/** Rows as JSON, as many at once as a statement takes: there may be hundreds of them. */
function splitRows(rows: readonly (readonly unknown[])[]): string[] {
  const parts: string[] = [];
  let part: string[] = [];
  let chars = 0;
  for (const row of rows.map((each) => JSON.stringify(each))) {
    if (part.length > 0 && chars + row.length > STATEMENT_CHARS) {
      parts.push(`[${part.join(",")}]`);
      part = [];
      chars = 0;
    }
    part.push(row);
    chars += row.length;
  }
  if (part.length > 0) parts.push(`[${part.join(",")}]`);
  return parts;
}

/** Is there anything of it left to look for? Others may still have to be told of it. */
export function isAtWork({ journal, places, below }: PendingErasure): boolean {
  return journal !== null || places.length > 0 || below > 0;
}

/**
 * An erasure of somebody who turned out to have more names: what is told of them by name alone was
 * passed over, and it begins anew.
 */
export function addFoundNames(pending: PendingErasure, names: readonly string[]): PendingErasure {
  const erasure = addNames(pending.erasure, names);
  return erasure === null ? pending : { ...pending, erasure, journal: 0, below: erasure.seq };
}

/** An erasure after a range of the journal, with what was found there of its messages. */
export function addFound(
  pending: PendingErasure,
  found: { readonly ids: ReadonlySet<string>; readonly places: readonly Seq[] },
): PendingErasure {
  if (pending.missing === null) return pending;
  const places = [...new Set([...pending.places, ...found.places])];
  if (places.length > PLACES_MAX) return { ...pending, ...leavePlaces(pending) };
  return { ...pending, missing: pending.missing.filter((id) => !found.ids.has(id)), places };
}

/**
 * An erasure once the journal has been seen to. Messages that were all found there need no search of
 * history, and their places are enough; whatever is searched for needs none.
 */
export function leaveJournal(pending: PendingErasure): PendingErasure {
  return pending.missing?.length === 0
    ? { ...pending, journal: null, below: 0 }
    : { ...pending, journal: null, ...leavePlaces(pending), below: pending.erasure.seq };
}

/** All of history is searched for its messages; of its places those that it names stay. */
function leavePlaces({ erasure }: PendingErasure): Pick<PendingErasure, "missing" | "places"> {
  return { missing: null, places: listErasedPlaces(erasure) };
}

export function dropErasures(sql: SqlStorage, numbers: readonly number[]): void {
  if (numbers.length === 0) return;
  const query = "DELETE FROM erasures WHERE number IN (SELECT value FROM json_each(?))";
  write(sql, query, JSON.stringify(numbers));
}

/** Counts the bytes of the pending erasures. */
export function countErasureBytes(sql: SqlStorage): number {
  const [row] = sql
    .exec<{ bytes: number | null }>(
      "SELECT sum(length(CAST(erasure AS BLOB))) AS bytes FROM erasures",
    )
    .toArray();
  return row?.bytes ?? 0;
}

/** Lists the pending erasures, oldest first. */
export function listErasures(sql: SqlStorage): PendingErasure[] {
  return sql.exec<Row>("SELECT * FROM erasures ORDER BY number").toArray().map(parseRow);
}

/** May the journal still hold words that were erased? */
export function isJournalPending(sql: SqlStorage): boolean {
  return sql.exec("SELECT 1 FROM erasures WHERE journal IS NOT NULL LIMIT 1").toArray().length > 0;
}

/** Lists those of which the journal may still hold words. */
export function listJournalErasures(sql: SqlStorage): PendingErasure[] {
  return sql
    .exec<Row>("SELECT * FROM erasures WHERE journal IS NOT NULL ORDER BY number")
    .toArray()
    .map(parseRow);
}

function parseRow({ number, erasure, journal, missing, places, below }: Row): PendingErasure {
  return {
    number,
    erasure: Erasure.parse(JSON.parse(erasure)),
    journal,
    missing: missing === null ? null : z.array(z.string()).parse(JSON.parse(missing)),
    places: z.array(z.int()).parse(JSON.parse(places)),
    below,
  };
}
