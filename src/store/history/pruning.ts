import { EVERYTHING } from "../../event/filter.ts";
import type { Seq } from "../../event/ids.ts";
import { readBodies, readLeanBlocks } from "./block-rows.ts";
import { packBlock, unpackBlock } from "./block.ts";
import { formatPlace, preparePut, SEQ_MAX, type Queries } from "./blocks.ts";

/*
 * Taking away what is older than a channel keeps.
 */

/**
 * Takes away whole blocks that were recorded before a time, at most `max` of the oldest. Answers how
 * many.
 */
export async function pruneBlocks(
  db: Queries,
  channel: number,
  time: number,
  max: number,
): Promise<number> {
  const oldest = `SELECT place, last_at FROM blocks
    WHERE place > ${formatPlace("0")} AND place <= ${formatPlace(String(SEQ_MAX))} ORDER BY place LIMIT ?3`;
  const places = `SELECT place FROM (${oldest}) WHERE last_at < ?2`;
  const [, deleted] = await db.batch([
    db
      .prepare(
        `DELETE FROM block_types WHERE channel = ?1 AND (type, first) IN (
           SELECT json_extract(value, '$[0]'), place & ${SEQ_MAX}
           FROM blocks, json_each(idx, '$.kinds') WHERE place IN (${places}))`,
      )
      .bind(channel, time, max),
    db.prepare(`DELETE FROM blocks WHERE place IN (${places})`).bind(channel, time, max),
  ]);
  return deleted?.meta.changes ?? 0;
}

/** Cuts what was recorded before a time off the oldest block, where it has some of both. */
export async function trimOldestBlock(db: Queries, channel: number, time: number): Promise<void> {
  const stretch = { channel, after: 0, upTo: SEQ_MAX, order: "asc", filter: EVERYTHING } as const;
  const { blocks } = await readLeanBlocks(db, stretch, 1);
  const [block] = blocks;
  if (block === undefined) return;
  const body = (await readBodies(db, channel, [block.first], true)).get(block.first);
  if (body === undefined) return;
  const events = await unpackBlock(block, body);
  const kept = events.filter(({ at }) => at >= time);
  if (kept.length === 0 || kept.length === events.length) return;
  const rest = await packBlock(kept);
  // As one: a reader finds no event twice, and none missing.
  await db.batch([...prepareDrop(db, channel, block.first), ...preparePut(db, channel, [rest])]);
}

function prepareDrop(db: Queries, channel: number, first: Seq): D1PreparedStatement[] {
  return [
    db
      .prepare(
        `DELETE FROM block_types WHERE channel = ?1 AND first = ?2 AND type IN (
           SELECT json_extract(value, '$[0]') FROM blocks, json_each(idx, '$.kinds')
           WHERE place = ${formatPlace("?2")})`,
      )
      .bind(channel, first),
    db.prepare(`DELETE FROM blocks WHERE place = ${formatPlace("?2")}`).bind(channel, first),
  ];
}
