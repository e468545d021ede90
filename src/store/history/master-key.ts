import { z } from "zod";

import { decodeOwnJson } from "../../lib/json.ts";
import type { SealedLeft } from "../../lib/sealed-left.ts";
import type { Queries } from "./queries.ts";

/** How far what is sealed has come over to the master key that the relay works with. */
export interface MasterKeyRecord {
  readonly id: string;
  /** When a run first found it. */
  readonly since: number;
  /** The id of the key before, where the relay has it. */
  readonly previous: string | null;
  /** The round under way: after which channel it goes on; null for none. */
  readonly place: string | null;
  readonly found: SealedLeft | null;
  /** The outcome of the last whole round; null before there was one. */
  readonly left: SealedLeft | null;
  readonly checkedAt: number | null;
}

const Left = z.object({
  keyId: z.string(),
  old: z.int(),
  unreadable: z.int(),
  missing: z.array(z.string()),
  unasked: z.int(),
}) satisfies z.ZodType<SealedLeft>;

interface Row {
  id: string;
  since: number;
  previous: string | null;
  place: string | null;
  found: string | null;
  remains: string | null;
  checked_at: number | null;
}

/** Reads it; null before the first run has written it. */
export async function readMasterKeyRecord(db: Queries): Promise<MasterKeyRecord | null> {
  const row = await db.prepare("SELECT * FROM master_key WHERE one = 1").first<Row>();
  if (row === null) return null;
  const { id, since, previous, place } = row;
  const [found, left] = [parseLeft(row.found), parseLeft(row.remains)];
  return { id, since, previous, place, found, left, checkedAt: row.checked_at };
}

export async function saveMasterKeyRecord(db: Queries, record: MasterKeyRecord): Promise<void> {
  await db
    .prepare(
      `INSERT OR REPLACE INTO master_key
         (one, id, since, previous, place, found, remains, checked_at)
       VALUES (1, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .bind(
      record.id,
      record.since,
      record.previous,
      record.place,
      record.found === null ? null : JSON.stringify(record.found),
      record.left === null ? null : JSON.stringify(record.left),
      record.checkedAt,
    )
    .run();
}

function parseLeft(text: string | null): SealedLeft | null {
  const read = text === null ? null : decodeOwnJson(Left, text);
  return read?.ok === true ? read.value : null;
}
