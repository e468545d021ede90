import { countBytes } from "../../lib/bytes.ts";
import { readIndex, type PackedBlock } from "./block.ts";

/*
 * The writing of blocks. Only a channel's own object does it, one statement after the other.
 */

/** The database, or a session on it: anything that prepares statements. */
export type Queries = Pick<D1Database, "prepare" | "batch">;

// A statement takes 100 parameters: eight a block, and the channel.
const BLOCKS_A_STATEMENT = 12;

// As much as one row may have, so that no statement is larger than one with a single large event.
const STATEMENT_BYTES = 1_000_000;

/** A place's bounds: a channel's blocks lie between them. The place itself is more than a double holds. */
export const SEQ_MAX = 0xffff_ffff;

const PLACE = "(?1 << 32 | %)";

/** Writes the place of a seq that is given as a parameter, or as an expression. */
export function formatPlace(seq: string): string {
  return PLACE.replace("%", seq);
}

/**
 * Writes blocks, all or none. Answers the rows written, indexes included. See `preparePut`.
 */
export async function putBlocks(
  db: Queries,
  channel: number,
  blocks: readonly PackedBlock[],
): Promise<number> {
  const results = await db.batch(preparePut(db, channel, blocks));
  return results.reduce((sum, { meta }) => sum + meta.rows_written, 0);
}

/**
 * Prepares the writing of blocks: new ones, and longer ones in place of their own beginnings. A block that is there
 * and as long already stays as it is, so that a write that is repeated, or that comes late, changes
 * nothing.
 */
export function preparePut(
  db: Queries,
  channel: number,
  blocks: readonly PackedBlock[],
): D1PreparedStatement[] {
  const statements: D1PreparedStatement[] = [];
  for (const some of listPortions(blocks)) {
    const rows = some.map((_, index) => {
      const at = 2 + index * 8;
      const rest = Array.from({ length: 7 }, (_each, offset) => `?${at + 1 + offset}`);
      return `(${formatPlace(`?${at}`)}, ${rest.join(", ")})`;
    });
    statements.push(
      db
        .prepare(
          `INSERT INTO blocks (place, last, first_at, last_at, idx, ids, text, raw)
           VALUES ${rows.join(", ")}
           ON CONFLICT (place) DO UPDATE SET
             last = excluded.last, last_at = excluded.last_at, idx = excluded.idx,
             ids = excluded.ids, text = excluded.text, raw = excluded.raw
           WHERE excluded.last > last`,
        )
        .bind(channel, ...some.flatMap(listValues)),
    );
  }
  const types = blocks.flatMap((block) => listTypes(block).map((type) => [type, block.first]));
  statements.push(
    db
      .prepare(
        `INSERT OR IGNORE INTO block_types (channel, type, first)
         SELECT ?1, value ->> 0, value ->> 1 FROM json_each(?2)`,
      )
      .bind(channel, JSON.stringify(types)),
  );
  return statements;
}

/** Divides blocks into what one statement takes. */
function listPortions(blocks: readonly PackedBlock[]): PackedBlock[][] {
  const portions: PackedBlock[][] = [];
  let bytes = 0;
  for (const block of blocks) {
    const more = countBlockBytes(block);
    const portion = portions.at(-1);
    const isFull = portion?.length === BLOCKS_A_STATEMENT || bytes + more > STATEMENT_BYTES;
    if (portion === undefined || isFull) {
      portions.push([block]);
      bytes = more;
    } else {
      portion.push(block);
      bytes += more;
    }
  }
  return portions;
}

function countBlockBytes({ index, ids, text, raw }: PackedBlock): number {
  return countBytes(index) + ids.length + text.length + (raw?.length ?? 0);
}

function listValues(block: PackedBlock): (number | string | Uint8Array | null)[] {
  const { first, last, firstAt, lastAt, index, ids, text, raw } = block;
  return [first, last, firstAt, lastAt, index, ids, text, raw];
}

function listTypes({ first, index }: PackedBlock): string[] {
  return [...new Set(readIndex(first, index).map(({ type }) => type))];
}
