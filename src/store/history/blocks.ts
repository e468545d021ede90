import type { Seq } from "../../event/ids.ts";
import { countBlockBytes, readIndex, type PackedBlock } from "./block.ts";
import { MARK } from "./marks.ts";
import type { Queries } from "./queries.ts";

/*
 * The writing of blocks. Only a channel's own object does it, one statement after the other. A
 * statement of an earlier life of the object may still be on its way, though: each says what it
 * found, and does nothing where that is so no longer.
 */

// A statement takes 100 parameters: eight a block, the channel, and what was found.
const BLOCKS_A_STATEMENT = 12;

// A statement is no larger than one with a single large event may have to be.
const STATEMENT_BYTES = 1_000_000;

/** How many bytes D1 takes as a row; a little is left for what it counts and we do not. */
export const ROW_BYTES = 1_950_000;

/** A place's bounds: a channel's blocks lie between them. The place itself is more than a double holds. */
export const SEQ_MAX = 0xffff_ffff;

const PLACE = "(?1 << 32 | %)";

/** Writes the place of a seq that is given as a parameter, or as an expression. */
export function formatPlace(seq: string): string {
  return PLACE.replace("%", seq);
}

/** The end of a channel's history: its newest event, and how often that block was changed. */
export interface End {
  /** 0 where there is no history: its edition is the history's mark then. */
  readonly last: Seq;
  readonly edition: number;
}

/** The blocks that are written at the end of a channel's history. */
export interface Writing {
  /** As it was found: where it is another by now, nothing is written. */
  readonly end: End;
  readonly blocks: readonly PackedBlock[];
  /** Types that the first of them is known to have there. */
  readonly known: ReadonlySet<string>;
}

// The end as one text. A history of which all was taken away is another one than before it began.
const END = `coalesce((SELECT last || '.' || edition FROM blocks
  WHERE place > ${formatPlace("0")} AND place <= ${formatPlace(String(SEQ_MAX))}
  ORDER BY place DESC LIMIT 1), '0.' || ${MARK})`;

/** Finds where a channel's history ends. */
export async function findEnd(db: Queries, channel: number): Promise<End> {
  const row = await db.prepare(`SELECT ${END} AS found`).bind(channel).first<{ found: string }>();
  const [last = 0, edition = 0] = (row?.found ?? "0.0").split(".").map(Number);
  return { last, edition };
}

/** Another statement came first: what was found is to be looked at again. */
class ChangedError extends Error {
  constructor() {
    super("history has changed since it was read");
  }
}

/** Does it fit in a row of the database? */
export function fitsRow(block: PackedBlock): boolean {
  return countBlockBytes(block) <= ROW_BYTES;
}

/**
 * Writes blocks: new ones, and longer ones in place of their own beginnings. All or none: whoever is
 * told that history has changed has written nothing. Answers the rows written, indexes included.
 */
export async function putBlocks(db: Queries, channel: number, writing: Writing): Promise<number> {
  const results = await db.batch(preparePut(db, channel, writing));
  if ((results[0]?.meta.changes ?? 0) === 0) throw new ChangedError();
  return results.reduce((sum, { meta }) => sum + meta.rows_written, 0);
}

function preparePut(
  db: Queries,
  channel: number,
  { end, blocks, known }: Writing,
): D1PreparedStatement[] {
  const statements: D1PreparedStatement[] = [];
  let found = formatEnd(end);
  for (const some of listPortions(blocks)) {
    statements.push(prepareInsert(db, channel, found, some));
    const last = some.at(-1);
    // The statements of one batch follow one another: where the first does nothing, none does.
    if (last !== undefined) found = formatEnd({ last: last.last, edition: editionOf(last, end) });
  }
  const types = listNewTypes(blocks, known);
  if (types.length > 0) statements.push(prepareTypes(db, channel, found, types));
  return statements;
}

/** A block that is there already goes on in its edition; any other is in its first. */
function editionOf(block: PackedBlock, end: End): number {
  return block.first <= end.last ? end.edition : 0;
}

function formatEnd({ last, edition }: End): string {
  return `${last}.${edition}`;
}

function prepareInsert(
  db: Queries,
  channel: number,
  found: string,
  blocks: readonly PackedBlock[],
): D1PreparedStatement {
  const rows = blocks.map((_, index) => {
    const at = 3 + index * 8;
    const rest = Array.from({ length: 7 }, (_each, offset) => `?${at + 1 + offset}`);
    return `(${formatPlace(`?${at}`)}, ${rest.join(", ")})`;
  });
  return db
    .prepare(
      `INSERT INTO blocks (place, last, first_at, last_at, idx, words, text, raw)
       SELECT * FROM (VALUES ${rows.join(", ")}) WHERE ${END} IS ?2
       ON CONFLICT (place) DO UPDATE SET
         last = excluded.last, last_at = excluded.last_at, idx = excluded.idx,
         words = excluded.words, text = excluded.text, raw = excluded.raw
       WHERE excluded.last > last`,
    )
    .bind(channel, found, ...blocks.flatMap(listValues));
}

function prepareTypes(
  db: Queries,
  channel: number,
  found: string,
  types: readonly (readonly [string, Seq])[],
): D1PreparedStatement {
  return db
    .prepare(
      `INSERT OR IGNORE INTO block_types (channel, type, first)
       SELECT ?1, value ->> 0, value ->> 1 FROM json_each(?3) WHERE ${END} IS ?2`,
    )
    .bind(channel, found, JSON.stringify(types));
}

/**
 * Writes a block in place of one that is there, from which it was made: fewer events, or less of
 * them. Belongs into a batch; each of its statements does nothing where that block has changed.
 */
export function prepareReplace(
  db: Queries,
  channel: number,
  { first, last, edition }: { readonly first: Seq } & End,
  block: PackedBlock,
): D1PreparedStatement[] {
  const isThere = `place = ${formatPlace("?2")} AND last = ?3 AND edition = ?4`;
  const values = [channel, first, last, edition];
  const set = "place = %, first_at = ?6, idx = ?7, words = ?8, text = ?9, raw = ?10";
  const update = db
    .prepare(
      `UPDATE blocks SET edition = edition + 1, ${set.replace("%", formatPlace("?5"))}
       WHERE ${isThere}`,
    )
    .bind(...values, block.first, block.firstAt, block.index, block.words, block.text, block.raw);
  if (block.first === first) return [update];
  return [
    db
      .prepare(
        `DELETE FROM block_types WHERE channel = ?1 AND first = ?2 AND type IN (
           SELECT json_extract(value, '$[0]') FROM blocks, json_each(idx, '$.kinds')
           WHERE ${isThere})`,
      )
      .bind(...values),
    db
      .prepare(
        `INSERT OR IGNORE INTO block_types (channel, type, first)
         SELECT ?1, each.value, ?6 FROM json_each(?5) AS each
         WHERE EXISTS (SELECT 1 FROM blocks WHERE ${isThere})`,
      )
      .bind(...values, JSON.stringify(listTypes(block)), block.first),
    update,
  ];
}

/** Writes blocks in place of those that they were made of; see `prepareReplace`. */
export async function replaceBlocks(
  db: Queries,
  channel: number,
  replaced: readonly {
    readonly before: { readonly first: Seq } & End;
    readonly block: PackedBlock;
  }[],
): Promise<number> {
  const parts = replaced.map(({ before, block }) => prepareReplace(db, channel, before, block));
  const statements = parts.flat();
  if (statements.length === 0) return 0;
  const results = await db.batch(statements);
  let at = -1;
  for (const part of parts) {
    at += part.length;
    if ((results[at]?.meta.changes ?? 0) === 0) throw new ChangedError();
  }
  return statements.length;
}

/** Divides blocks into what one statement takes. */
function listPortions(blocks: readonly PackedBlock[]): PackedBlock[][] {
  const portions: PackedBlock[][] = [];
  let bytes = 0;
  for (const block of blocks) {
    const more = countBlockBytes(block);
    const portion = portions.at(-1);
    const isAtEnd = portion?.length === BLOCKS_A_STATEMENT || bytes + more > STATEMENT_BYTES;
    if (portion === undefined || isAtEnd) {
      portions.push([block]);
      bytes = more;
    } else {
      portion.push(block);
      bytes += more;
    }
  }
  return portions;
}

function listValues(block: PackedBlock): (number | string | Uint8Array | null)[] {
  const { first, last, firstAt, lastAt, index, words, text, raw } = block;
  return [first, last, firstAt, lastAt, index, words, text, raw];
}

function listNewTypes(
  blocks: readonly PackedBlock[],
  known: ReadonlySet<string>,
): (readonly [string, Seq])[] {
  return blocks.flatMap((block, place) =>
    listTypes(block)
      .filter((type) => place > 0 || !known.has(type))
      .map((type) => [type, block.first] as const),
  );
}

function listTypes({ first, index }: PackedBlock): string[] {
  return [...new Set(readIndex(first, index).map(({ type }) => type))];
}
