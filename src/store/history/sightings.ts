import type { Sighting } from "../../event/sighting.ts";
import { addSeen } from "../seen.ts";
import { listReadings, readBodies } from "./block-bodies.ts";
import { LEAN, readLeanRow, type LeanBlock, type LeanRow } from "./block-rows.ts";
import { packBlock, unpackBlock } from "./block.ts";
import { formatPlace, replaceBlocks } from "./blocks.ts";
import type { Queries } from "./queries.ts";

/*
 * Adding to history who else told of an event. Done by the channel's own object only, between two
 * appends.
 */

/**
 * Adds sightings to the blocks that have their events; those whose blocks have gone are passed over.
 * Doing it again changes nothing.
 */
export async function addSightings(
  db: Queries,
  channel: number,
  sightings: readonly Sighting[],
): Promise<void> {
  const { results } = await db
    .prepare(
      `SELECT ${LEAN} FROM blocks WHERE place IN (
         SELECT (SELECT max(place) FROM blocks
                 WHERE place > ${formatPlace("0")} AND place <= ${formatPlace("value")})
         FROM json_each(?2))`,
    )
    .bind(channel, JSON.stringify([...new Set(sightings.map(({ seq }) => seq))]))
    .all<LeanRow>();
  const blocks = results.flatMap((row) => readLeanRow(row) ?? []);
  for (const some of listReadings(blocks)) await addTo(db, channel, some, sightings);
}

/** Adds sightings to so many blocks as are read and written at once. */
async function addTo(
  db: Queries,
  channel: number,
  blocks: readonly LeanBlock[],
  sightings: readonly Sighting[],
): Promise<void> {
  const bodies = await readBodies(db, channel, blocks, true);
  const changed = [];
  for (const before of blocks) {
    const body = bodies.get(before.first);
    // Nobody else takes blocks away: it is looked for again.
    if (body === undefined) throw new Error("a block is gone");
    const events = await unpackBlock(before, body);
    const seen = addSeen(events, sightings);
    if (seen.every((event, place) => event === events[place])) continue;
    changed.push({ before, block: await packBlock(seen) });
  }
  await replaceBlocks(db, channel, changed);
}
