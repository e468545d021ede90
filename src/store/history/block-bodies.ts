import type { Seq } from "../../event/ids.ts";
import { decodeHex } from "../../lib/hex.ts";
import type { RecordedEvent } from "../logged-event.ts";
import { LEAN, readLeanRow, type LeanBlock, type LeanRow } from "./block-rows.ts";
import { unpackBlock, type BlockBodies } from "./block.ts";
import { formatPlace, SEQ_MAX } from "./blocks.ts";
import type { Queries } from "./queries.ts";

/*
 * The bytes of blocks, from wherever they are.
 */

// As much as is asked for at once: nobody has to hold more, and D1's answers have it twice over, as
// digits.
const AT_ONCE_BYTES = 1024 * 1024;

// D1 writes bytes as numbers with commas where it is not asked for digits.
const TEXT = "hex(text) AS text";
const RAW = "iif(raw IS NULL, NULL, hex(raw)) AS raw";

/** Divides blocks into those whose bodies are read at once: at least one. */
export function listReadings(blocks: readonly LeanBlock[]): LeanBlock[][] {
  const readings: LeanBlock[][] = [];
  let bytes = Infinity;
  for (const block of blocks) {
    if (bytes + block.bytes > AT_ONCE_BYTES) {
      readings.push([]);
      bytes = 0;
    }
    readings.at(-1)?.push(block);
    bytes += block.bytes;
  }
  return readings;
}

/** The bodies of blocks, by their first seq; those that are gone by now are left out. */
export async function readBodies(
  db: Queries,
  channel: number,
  blocks: readonly LeanBlock[],
  hasRaw: boolean,
): Promise<Map<Seq, BlockBodies>> {
  if (blocks.length === 0) return new Map();
  const { results } = await db
    .prepare(
      `SELECT place & ${SEQ_MAX} AS first, ${TEXT}, ${hasRaw ? RAW : "NULL AS raw"}
       FROM blocks WHERE place IN (SELECT ${formatPlace("value")} FROM json_each(?2))`,
    )
    .bind(channel, JSON.stringify(blocks.map(({ first }) => first)))
    .all<{ first: number; text: string; raw: string | null }>();
  return new Map(results.map(({ first, ...row }) => [first, readBodiesRow(row)]));
}

/** A channel's newest block with its events; null where it has no history. */
export async function readNewestBlock(
  db: Queries,
  channel: number,
): Promise<{ block: LeanBlock; events: RecordedEvent[] } | null> {
  const row = await db
    .prepare(
      `SELECT ${LEAN}, ${TEXT}, ${RAW} FROM blocks
       WHERE place > ${formatPlace("0")} AND place <= ${formatPlace(String(SEQ_MAX))}
       ORDER BY place DESC LIMIT 1`,
    )
    .bind(channel)
    .first<LeanRow & { text: string; raw: string | null }>();
  const block = row === null ? null : readLeanRow(row);
  if (row === null || block === null) return null;
  return { block, events: await unpackBlock(block, readBodiesRow(row)) };
}

function readBodiesRow({ text, raw }: { text: string; raw: string | null }): BlockBodies {
  return { text: decodeHex(text), raw: raw === null ? null : decodeHex(raw) };
}
