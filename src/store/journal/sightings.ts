import { z } from "zod";

import type { Seq } from "../../event/ids.ts";
import { addSeenVia, ALSO, type Sighted, type Sighting } from "../../event/sighting.ts";
import { write } from "../object/write.ts";

/*
 * Who else told of an event: added to the event where the journal has it, and written down for history
 * where that has it by now.
 */

/** Sightings that history has not got yet, the oldest first. */
export interface LateSightings {
  /** The row up to which they were read. */
  readonly upTo: number;
  /** When the oldest was noted. */
  readonly since: number;
  readonly sightings: readonly Sighting[];
}

const Pairs = z.array(z.tuple([z.int(), z.string()]));

interface Row extends Record<string, SqlStorageValue> {
  last_seq: number;
  items: string;
  keys: string;
}

/**
 * Adds sightings to the journal's events. `fed`: up to which place history has everything. Belongs
 * into a transaction.
 */
export function noteSightings(
  sql: SqlStorage,
  sightings: readonly Sighting[],
  { fed, now }: { readonly fed: Seq; readonly now: number },
): void {
  for (const [row, some] of groupByRow(sql, sightings)) addToRow(sql, row, some);
  const late = sightings.filter(({ seq }) => seq <= fed);
  if (late.length === 0) return;
  const pairs = late.map(({ seq, connection }) => [seq, connection]);
  const query = "INSERT INTO sightings (noted_at, sightings) VALUES (?, ?)";
  write(sql, query, now, JSON.stringify(pairs));
}

/** The journal's rows that hold these events; those that have gone are left out. */
function groupByRow(sql: SqlStorage, sightings: readonly Sighting[]): [Row, Sighting[]][] {
  const byRow: [Row, Sighting[]][] = [];
  let left = sightings.toSorted((one, other) => one.seq - other.seq);
  while (left[0] !== undefined) {
    const { seq } = left[0];
    const [row] = sql
      .exec<Row>(
        "SELECT last_seq, items, keys FROM groups WHERE last_seq >= ? ORDER BY last_seq LIMIT 1",
        seq,
      )
      .toArray();
    if (row === undefined) return byRow;
    byRow.push([row, left.filter((each) => each.seq <= row.last_seq)]);
    left = left.filter((each) => each.seq > row.last_seq);
  }
  return byRow;
}

function addToRow(sql: SqlStorage, row: Row, sightings: readonly Sighting[]): void {
  // As the journal wrote it: each item has its place first, and its event sixth.
  const items = JSON.parse(row.items) as [Seq, string, string, string, number, Sighted, unknown][];
  const keys = JSON.parse(row.keys) as (string | null)[];
  let isChanged = false;
  for (const [index, item] of items.entries()) {
    for (const { connection, key } of sightings.filter(({ seq }) => seq === item[0])) {
      const seen = addSeenVia(item[5], connection);
      if (seen === null) continue;
      item[5] = seen;
      if (key !== undefined) keys[index] = [keys[index] ?? [], key].flat().join(ALSO);
      isChanged = true;
    }
  }
  if (!isChanged) return;
  const texts = [JSON.stringify(items), JSON.stringify(keys)];
  write(sql, "UPDATE groups SET items = ?, keys = ? WHERE last_seq = ?", ...texts, row.last_seq);
}

/** The oldest sightings that history has not got; null for none. */
export function readLateSightings(sql: SqlStorage, atMost: number): LateSightings | null {
  const sightings: Sighting[] = [];
  let first: number | null = null;
  let upTo = 0;
  const rows = sql.exec<{ number: number; at: number; sightings: string }>(
    "SELECT number, noted_at AS at, sightings FROM sightings ORDER BY number",
  );
  for (const row of rows) {
    const pairs = Pairs.parse(JSON.parse(row.sightings));
    if (sightings.length > 0 && sightings.length + pairs.length > atMost) break;
    first ??= row.at;
    upTo = row.number;
    sightings.push(...pairs.map(([seq, connection]) => ({ seq, connection })));
  }
  return first === null ? null : { upTo, since: first, sightings };
}

/** History has got those up to a row. */
export function dropLateSightings(sql: SqlStorage, upTo: number): void {
  write(sql, "DELETE FROM sightings WHERE number <= ?", upTo);
}
