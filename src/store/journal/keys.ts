import { z } from "zod";

import type { UserKey } from "../../event/erasure.ts";
import type { Seq } from "../../event/ids.ts";
import { write } from "../object/write.ts";

/** An occurrence that was told of, and the place of its event. */
export type KeyAt = readonly [seq: Seq, key: string];

const Keys = z.array(z.tuple([z.int(), z.string()]));

/** Some of them, the newest recorded at `at`. */
export interface KeyRow {
  readonly last: Seq;
  readonly at: number;
  readonly keys: readonly KeyAt[];
}

// Well below what a value may hold, however large the keys are.
const ROW_MAX_CHARS = 200_000;

/** Keeps the occurrences of groups that go, oldest first; `at`: when the newest was recorded. */
export function putKeys(sql: SqlStorage, keys: readonly KeyAt[], at: number): void {
  let row: KeyAt[] = [];
  let chars = 0;
  const close = (): void => {
    const last = row.at(-1)?.[0];
    if (last === undefined) return;
    const query = "INSERT OR REPLACE INTO keys (last_seq, recorded_at, keys) VALUES (?, ?, ?)";
    write(sql, query, last, at, JSON.stringify(row));
    row = [];
    chars = 0;
  };
  for (const each of keys) {
    if (chars + each[1].length > ROW_MAX_CHARS) close();
    row.push(each);
    chars += each[1].length;
  }
  close();
}

/**
 * The occurrences that were kept, newest row first. To be used up or left before anything is
 * awaited.
 */
export function* readKeptKeys(sql: SqlStorage): Generator<KeyRow, void> {
  const rows = sql.exec<{ last_seq: number; recorded_at: number; keys: string }>(
    "SELECT last_seq, recorded_at, keys FROM keys ORDER BY last_seq DESC",
  );
  for (const row of rows) {
    const keys = Keys.parse(JSON.parse(row.keys));
    yield { last: row.last_seq, at: row.recorded_at, keys };
  }
}

/** Does the key of an occurrence name somebody, by themselves or among others? */
export function isNamedIn(key: string, { userId }: UserKey): boolean {
  const at = key.indexOf(userId);
  if (at < 0) return false;
  const isPart = (character: string): boolean => /\w/.test(character);
  return !isPart(key.charAt(at - 1)) && !isPart(key.charAt(at + userId.length));
}

/** Takes away the kept occurrences that name somebody up to a place; nobody is shown them. */
export function forgetKeysOf(sql: SqlStorage, person: UserKey, upTo: Seq): void {
  const rows = [...readKeptKeys(sql)].filter(({ keys }) =>
    keys.some(([, key]) => isNamedIn(key, person)),
  );
  for (const { last, keys } of rows) {
    const left = keys.filter(([seq, key]) => seq > upTo || !isNamedIn(key, person));
    write(sql, "UPDATE keys SET keys = ? WHERE last_seq = ?", JSON.stringify(left), last);
  }
}

/** Forgets all but the newest rows that together have at least so many. */
export function pruneKeys(sql: SqlStorage, atLeast: number): void {
  let count = 0;
  for (const { last, keys } of readKeptKeys(sql)) {
    if (count >= atLeast) {
      write(sql, "DELETE FROM keys WHERE last_seq <= ?", last);
      return;
    }
    count += keys.length;
  }
}
