import type { Seq } from "../../event/ids.ts";
import { listReadings, readBodies } from "./block-bodies.ts";
import { readLeanBlocks } from "./block-rows.ts";
import { packBlock, unpackBlock } from "./block.ts";
import { formatPlace, replaceBlocks, SEQ_MAX } from "./blocks.ts";
import type { Queries } from "./queries.ts";

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
  const [, , deleted] = await db.batch([
    // Where the newest goes as well nothing is left by which a late write could see that it is late.
    db
      .prepare(
        `INSERT INTO history_marks (channel, mark)
         SELECT ?1, 1 FROM (
           SELECT last_at FROM blocks
           WHERE place > ${formatPlace("0")} AND place <= ${formatPlace(String(SEQ_MAX))}
           ORDER BY place DESC LIMIT 1)
         WHERE last_at < ?2
         ON CONFLICT DO UPDATE SET mark = mark + 1`,
      )
      .bind(channel, time),
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
  const whole: { after: Seq; upTo: Seq } = { after: 0, upTo: SEQ_MAX };
  const { blocks } = await readLeanBlocks(db, { channel, ...whole, order: "asc" }, 1);
  const [before] = blocks;
  const [reading] = listReadings(blocks);
  if (before === undefined || reading === undefined) return;
  const body = (await readBodies(db, channel, reading, true)).get(before.first);
  if (body === undefined) return;
  const events = await unpackBlock(before, body);
  // From there on everything stays: a block has no holes, whatever the clock did.
  const from = events.findIndex(({ at }) => at >= time);
  if (from <= 0) return;
  const kept = events.slice(from);
  // As one: a reader finds no event twice, and none missing.
  await replaceBlocks(db, channel, [{ before, block: await packBlock(kept) }]);
}
