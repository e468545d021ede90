import { z } from "zod";

import { addNames, Erasure } from "../../event/erasure.ts";
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

/** Writes down an erasure of which nothing is carried out yet. */
export function addErasure(sql: SqlStorage, erasure: Erasure): void {
  const { scope, seq } = erasure;
  write(
    sql,
    `INSERT INTO erasures (seq, erasure, journal, missing, places, below)
     VALUES (?1, ?2, 0, ?3, '[]', ?1)`,
    seq,
    JSON.stringify(erasure),
    scope.kind === "messages" ? JSON.stringify([...new Set(scope.ids)]) : null,
  );
}

/** Writes down how far an erasure is. */
export function saveErasure(sql: SqlStorage, pending: PendingErasure): void {
  const { number, erasure, journal, missing, places, below } = pending;
  write(
    sql,
    `UPDATE erasures SET erasure = ?2, journal = ?3, missing = ?4, places = ?5, below = ?6
     WHERE number = ?1`,
    number,
    JSON.stringify(erasure),
    journal,
    missing === null ? null : JSON.stringify(missing),
    JSON.stringify(places),
    below,
  );
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

/** An erasure after a stretch of the journal, with what was found there of its messages. */
export function addFound(
  pending: PendingErasure,
  found: { readonly ids: ReadonlySet<string>; readonly places: readonly Seq[] },
): PendingErasure {
  if (pending.missing === null) return pending;
  const places = [...new Set([...pending.places, ...found.places])];
  if (places.length > PLACES_MAX) return { ...pending, missing: null, places: [] };
  return { ...pending, missing: pending.missing.filter((id) => !found.ids.has(id)), places };
}

/**
 * An erasure once the journal has been seen to. Messages that were all found there need no search of
 * history, and their places are enough; whatever is searched for needs none.
 */
export function leaveJournal(pending: PendingErasure): PendingErasure {
  return pending.missing?.length === 0
    ? { ...pending, journal: null, below: 0 }
    : { ...pending, journal: null, missing: null, places: [], below: pending.erasure.seq };
}

export function dropErasure(sql: SqlStorage, number: number): void {
  write(sql, "DELETE FROM erasures WHERE number = ?", number);
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
