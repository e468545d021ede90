import { erase, Erasures, type Erasure } from "../../event/erasure.ts";
import type { Seq } from "../../event/ids.ts";
import { mayHold } from "../../lib/bloom.ts";
import { decodeHex } from "../../lib/hex.ts";
import { isRecord } from "../../lib/json.ts";
import type { RecordedEvent } from "../logged-event.ts";
import { readBodies, type LeanBlock } from "./block-rows.ts";
import { packBlock, readIndex, unpackBlock, type PackedBlock } from "./block.ts";
import { formatPlace, SEQ_MAX, type Queries } from "./blocks.ts";

/*
 * Erasing in history: a block is read, masked and written back. Done by the channel's own object
 * only, between two appends.
 */

// Blocks that one step looks at: a filter of ids is a few hundred bytes of each.
const LOOK_BLOCKS = 256;

// Blocks that one step writes anew: some 5 ms of the object each.
const WRITE_BLOCKS = 16;

/**
 * Makes tombstones of what an erasure reaches, from `below` downwards. Answers from where downwards
 * there is still something to look through; 0 for nothing.
 */
export async function eraseBelow(
  db: Queries,
  channel: number,
  erasure: Erasure,
  below: Seq,
): Promise<Seq> {
  const looked = await readLooked(db, channel, Math.min(below, erasure.seq));
  const reached = looked.filter((block) => mayReach(erasure, block));
  const now = reached.slice(0, WRITE_BLOCKS);
  await eraseInBlocks(db, channel, now, new Erasures([erasure]));
  const last = reached.length > now.length ? now.at(-1) : looked.at(-1);
  const isDone = reached.length === now.length && looked.length < LOOK_BLOCKS;
  return isDone || last === undefined ? 0 : last.first - 1;
}

interface LookedBlock extends LeanBlock {
  readonly ids: Uint8Array;
}

async function readLooked(db: Queries, channel: number, upTo: Seq): Promise<LookedBlock[]> {
  const { results } = await db
    .prepare(
      `SELECT place & ${SEQ_MAX} AS first, last, idx, hex(ids) AS ids FROM blocks
       WHERE place > ${formatPlace("0")} AND place <= ${formatPlace("?2")}
       ORDER BY place DESC LIMIT ${LOOK_BLOCKS}`,
    )
    .bind(channel, Math.min(upTo, SEQ_MAX))
    .all<{ first: number; last: number; idx: string; ids: string }>();
  return results.map(({ first, last, idx, ids }) => ({
    first,
    last,
    index: idx,
    ids: decodeHex(ids),
  }));
}

/** Can a block hold something that an erasure reaches? */
function mayReach(
  { scope, provider, platform }: Erasure,
  { first, index, ids }: LookedBlock,
): boolean {
  const isFrom = readIndex(first, index).some(
    (event) => event.provider === provider && event.platform === platform,
  );
  if (!isFrom) return false;
  if (scope.kind === "all") return true;
  const words = scope.kind === "user" ? [scope.userId] : scope.ids;
  return words.some((word) => mayHold(ids, word));
}

async function eraseInBlocks(
  db: Queries,
  channel: number,
  blocks: readonly LeanBlock[],
  erasures: Erasures,
): Promise<void> {
  const firsts = blocks.map(({ first }) => first);
  const bodies = await readBodies(db, channel, firsts, true);
  const changed: PackedBlock[] = [];
  for (const block of blocks) {
    const body = bodies.get(block.first);
    if (body === undefined) continue;
    const events = await unpackBlock(block, body);
    const masked = events.map((event) => maskEvent(event, erasures));
    if (masked.some((event, place) => event !== events[place]))
      changed.push(await packBlock(masked));
  }
  await replaceBlocks(db, channel, changed);
}

function maskEvent(event: RecordedEvent, erasures: Erasures): RecordedEvent {
  const parsed: unknown = JSON.parse(event.text);
  if (!isRecord(parsed) || !isRecord(parsed["data"])) return event;
  const { seq, provider, platform } = event;
  const whole = { ...parsed, data: parsed["data"] };
  if (!erasures.reach({ seq, provider, platform, data: whole.data })) return event;
  return { ...event, text: JSON.stringify(erase(whole)), raw: null };
}

/** Writes blocks in place of themselves; one that has grown meanwhile stays as it is. */
async function replaceBlocks(
  db: Queries,
  channel: number,
  blocks: readonly PackedBlock[],
): Promise<void> {
  if (blocks.length === 0) return;
  await db.batch(
    blocks.map(({ first, last, ids, text, raw }) =>
      db
        .prepare(
          `UPDATE blocks SET ids = ?4, text = ?5, raw = ?6 WHERE place = ${formatPlace("?2")} AND last = ?3`,
        )
        .bind(channel, first, last, ids, text, raw),
    ),
  );
}
