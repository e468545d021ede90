import { z } from "zod";

import { Erasure, formatErasureSource } from "../../event/erasure.ts";
import type { Seq } from "../../event/ids.ts";
import { write } from "../object/write.ts";
import type { ErasedMessage } from "./tombstones.ts";

/** An erasure that history has yet to carry out. */
export interface PendingErasure {
  readonly erasure: Erasure;
  /** Places that are known to be reached. */
  readonly places: readonly Seq[];
  /** From here downwards, to 0, history is yet to be looked through. */
  readonly below: Seq;
}

// More places than this are found by a search instead: a row has no room for any number of them.
const PLACES_MAX = 1_000;

/**
 * The work that is left for history, now that the journal has been seen to. Messages that were all
 * found there need no search, and their places are enough; whatever is searched for needs none.
 */
export function makePendingErasures(
  erasures: readonly Erasure[],
  erased: readonly ErasedMessage[],
): PendingErasure[] {
  const found = new Map<string, Seq[]>();
  for (const { seq, source, id } of erased) {
    const places = found.get(`${source} ${id}`) ?? [];
    found.set(`${source} ${id}`, places);
    places.push(seq);
  }
  return erasures.map((erasure) => {
    const { scope, seq } = erasure;
    const search: PendingErasure = { erasure, places: [], below: seq };
    if (scope.kind !== "messages") return search;
    const source = formatErasureSource(erasure);
    const lists = scope.ids.map((id) => found.get(`${source} ${id}`) ?? []);
    const places = [...new Set(lists.flat())].filter((place) => place <= seq);
    const isAll = lists.every((list) => list.length > 0) && places.length <= PLACES_MAX;
    return isAll ? { erasure, places, below: 0 } : search;
  });
}

export function putErasure(sql: SqlStorage, { erasure, places, below }: PendingErasure): void {
  write(
    sql,
    `INSERT INTO erasures (seq, erasure, places, below) VALUES (?1, ?2, ?3, ?4)
     ON CONFLICT (seq) DO UPDATE SET places = ?3, below = ?4`,
    erasure.seq,
    JSON.stringify(erasure),
    JSON.stringify(places),
    below,
  );
}

export function dropErasure(sql: SqlStorage, seq: Seq): void {
  write(sql, "DELETE FROM erasures WHERE seq = ?", seq);
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
  return sql
    .exec<{ erasure: string; places: string; below: number }>(
      "SELECT erasure, places, below FROM erasures ORDER BY seq",
    )
    .toArray()
    .map((row) => ({
      erasure: Erasure.parse(JSON.parse(row.erasure)),
      places: z.array(z.int()).parse(JSON.parse(row.places)),
      below: row.below,
    }));
}
