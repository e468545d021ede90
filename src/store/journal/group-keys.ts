import { z } from "zod";

import type { Seq } from "../../event/ids.ts";
import { readKeptKeys, type KeyAt } from "./keys.ts";

/*
 * The keys of the journal's events, by which repeats are known. Those of groups that have gone are in
 * a table of their own: see `keys.ts`.
 */

/**
 * The keys of what was recorded since a time and at least so many, at most about `atMost`, oldest
 * first. What is kept of each while they are read is up to `as`: together they may be more than
 * memory has room for.
 */
export function readKeysSince(
  sql: SqlStorage,
  since: number,
  {
    atLeast,
    atMost,
    as = (key) => key,
  }: { atLeast: number; atMost: number; as?: (key: string) => string },
): { at: number; last: Seq; keys: readonly (string | null)[] }[] {
  const groups = [];
  let count = 0;
  const isEnough = (at: number): boolean => (at < since && count >= atLeast) || count >= atMost;
  for (const { at, last, keys } of listKeyedGroups(sql)) {
    if (isEnough(at)) return groups.toReversed();
    groups.push({ at, last, keys: keys.map((key) => (key === null ? null : as(key))) });
    // A group of nothing but what has no key is no occurrence that could come again.
    if (keys.some((key) => key !== null)) count += keys.length;
  }
  for (const { at, keys } of readKeptKeys(sql)) {
    if (isEnough(at)) break;
    for (const [seq, key] of keys.toReversed()) groups.push({ at, last: seq, keys: [as(key)] });
    count += keys.length;
  }
  return groups.toReversed();
}

/**
 * The keys of groups up to a place, as far as they are among the journal's newest; oldest first.
 */
export function listStayingKeys(sql: SqlStorage, upTo: Seq, atLeast: number): KeyAt[] {
  const stay: KeyAt[] = [];
  let count = 0;
  for (const { last, keys } of listKeyedGroups(sql)) {
    if (count >= atLeast) break;
    for (let index = keys.length - 1; index >= 0; index--) {
      const key = keys[index] ?? null;
      if (key === null) continue;
      count += 1;
      if (last <= upTo) stay.push([last - keys.length + 1 + index, key]);
    }
  }
  return stay.toReversed();
}

/** The journal's groups by their keys alone, newest first. */
function* listKeyedGroups(
  sql: SqlStorage,
): Generator<{ at: number; last: Seq; keys: (string | null)[] }, void> {
  const rows = sql.exec<{ last_seq: number; recorded_at: number; keys: string }>(
    "SELECT last_seq, recorded_at, keys FROM groups ORDER BY last_seq DESC",
  );
  for (const row of rows) {
    const keys = z.array(z.string().nullable()).parse(JSON.parse(row.keys));
    yield { at: row.recorded_at, last: row.last_seq, keys };
  }
}
