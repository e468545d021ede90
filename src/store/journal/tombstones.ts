import {
  erase,
  Erasures,
  formatErasureSource,
  listErasureWords,
  type Erasure,
} from "../../event/erasure.ts";
import type { Seq } from "../../event/ids.ts";
import { isRecord } from "../../lib/json.ts";
import { write } from "../object/write.ts";
import { readItems, type Item } from "./items.ts";

/** A message of which a tombstone was made. */
export interface ErasedMessage {
  readonly seq: Seq;
  /** The source that reported it: see `formatErasureSource`. */
  readonly source: string;
  readonly id: string;
}

interface Row extends Record<string, SqlStorageValue> {
  last_seq: number;
  items: string;
}

// A journal may be larger than memory: this much of it is looked at in one go.
const STRETCH_CHARS = 4_000_000;

/**
 * Makes tombstones of what several orders reach, in one pass over the journal, whatever they name.
 * Answers the messages that were erased, unless everything was to be: then nobody asks which.
 */
export function eraseInGroups(
  sql: SqlStorage,
  erasures: readonly Erasure[],
): readonly ErasedMessage[] {
  const erased: ErasedMessage[] = [];
  if (erasures.length === 0) return erased;
  const all = new Erasures(erasures);
  const words = listErasureWords(erasures);
  const isCounted = erasures.some(({ scope }) => scope.kind === "messages");
  for (let rows = readNextRows(sql, 0, words); rows.length > 0;) {
    for (const row of rows) eraseInRow(sql, row, all, isCounted ? erased : null);
    rows = readNextRows(sql, rows.at(-1)?.last_seq ?? 0, words);
  }
  return erased;
}

/** The next rows that may hold one of the words, as JSON writes them, or whatever they hold. */
function readNextRows(sql: SqlStorage, after: Seq, words: readonly string[] | null): Row[] {
  const cursor = sql.exec<Row>(
    `SELECT last_seq, items FROM groups
     WHERE last_seq > ?1 AND (?2 IS NULL OR EXISTS (
       SELECT 1 FROM json_each(?2) AS word WHERE instr(groups.items, word.value) > 0))
     ORDER BY last_seq`,
    after,
    words === null ? null : JSON.stringify(words),
  );
  const rows: Row[] = [];
  let chars = 0;
  for (const row of cursor) {
    rows.push(row);
    chars += row.items.length;
    if (chars > STRETCH_CHARS) break;
  }
  return rows;
}

function eraseInRow(
  sql: SqlStorage,
  row: Row,
  all: Erasures,
  erased: ErasedMessage[] | null,
): void {
  let isChanged = false;
  const items = readItems(row.items).map((item): Item => {
    const [seq, type, provider, platform, at, event] = item;
    if (!all.reach({ seq, provider, platform, data: event.data })) return item;
    isChanged = true;
    const { message } = event.data;
    const id = isRecord(message) ? message["id"] : undefined;
    if (typeof id === "string")
      erased?.push({ seq, source: formatErasureSource({ provider, platform }), id });
    return [seq, type, provider, platform, at, erase(event), null];
  });
  if (!isChanged) return;
  write(sql, "UPDATE groups SET items = ? WHERE last_seq = ?", JSON.stringify(items), row.last_seq);
}
