import { z } from "zod";

import { Erasure } from "../../event/erasure.ts";
import type { Seq } from "../../event/ids.ts";
import { write } from "../object/write.ts";

/** An erasure that history has yet to carry out. */
export interface PendingErasure {
  readonly erasure: Erasure;
  /** Places that are known to be reached. */
  readonly places: readonly Seq[];
  /** From here downwards, to 0, history is yet to be looked through. */
  readonly below: Seq;
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

/** What is pending, oldest first. */
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
