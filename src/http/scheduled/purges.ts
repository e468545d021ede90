import { report } from "../../report.ts";
import { deleteVolumes, listVolumes, openArchive } from "../../store/history/bucket.ts";
import { openHistory } from "../../store/history/databases.ts";
import { dropMarks } from "../../store/history/marks.ts";
import { pruneBlocks } from "../../store/history/pruning.ts";
import { finishPurge, takePurges, type Purge } from "../../store/history/purges.ts";
import type { Queries } from "../../store/history/queries.ts";
import { findOldestVolume } from "../../store/history/volume-rows.ts";
import { dropVolumes } from "../../store/history/volumes.ts";
import { withdrawChannelKeys } from "../../store/history/webhook-keys.ts";
import { endObject } from "../channel-objects.ts";
import { CHUNK_BLOCKS } from "./budget.ts";
import type { Run } from "./run.ts";

const PURGES_A_RUN = 10;

// To take away one chunk of a channel's events, its marks, its keys, and the note that it is to be purged.
const TURN_QUERIES = 12;

// D1 carries out what an object has sent for up to 30 s, whether or not that has gone since: a write that
// was under way when the object ended may come after all has been taken away, and is found by a look that
// is later than that.
const LATE_MS = 60_000;

// Volumes of the archive that go at a time: as many as R2 lists and deletes at once.
const CHUNK_VOLUMES = 1_000;

/**
 * Takes away what deleted channels left behind: in their objects first, then in the database. They
 * take turns, a chunk each: one with much to take away does not stand before the others.
 */
export async function finishPurges(run: Run): Promise<void> {
  const { env, now } = run;
  const purges = await takePurges(env.DB, now, PURGES_A_RUN);
  // Beside one another: an object that is away must not keep the others waiting.
  const ended = await Promise.all(purges.map((purge) => end(env, purge)));
  const left = new Set(
    purges.map((purge, index) => ({
      ...purge,
      // One that has just ended is seen to again.
      isEnded: purge.isEnded && ended[index] === true && now - purge.endedAt >= LATE_MS,
    })),
  );
  for (;;) {
    for (const purge of left) {
      if (!run.budget.hasChunk() || !run.budget.hasQueries(TURN_QUERIES)) return;
      if (await takeTurn(run, purge)) left.delete(purge);
    }
    if (left.size === 0) return;
  }
}

/** Takes away one chunk; answers whether there is no more to do for it in this run. */
async function takeTurn({ env, budget }: Run, purge: Purge): Promise<boolean> {
  const { channel, isEnded } = purge;
  const history = openHistory(env, purge);
  try {
    const blocks = await pruneBlocks(history, channel, Number.MAX_SAFE_INTEGER, CHUNK_BLOCKS);
    budget.spend(blocks);
    if (blocks === CHUNK_BLOCKS) return false;
    const volumes = await takeVolumes(history, channel);
    if (volumes === CHUNK_VOLUMES) return false;
    // A write that an object had under way when it was lost may be carried out yet: where something
    // was in the bucket, the next run looks once more.
    if (volumes > 0) return true;
    await withdrawChannelKeys(env.DB, channel);
    if (isEnded) await dropMarks(history, channel);
    // As long as its object goes on, and for a moment longer, more may come.
    if (isEnded) await finishPurge(env.DB, channel);
  } catch (error) {
    report("purge failed", error, { channel });
  }
  return true;
}

/** Takes away a chunk of the archive, the volumes before their rows; answers how many there were. */
async function takeVolumes(history: Queries, channel: number): Promise<number> {
  const { archive } = history;
  if (archive === undefined && (await findOldestVolume(history, channel)) === null) return 0;
  const bucket = openArchive({ archive });
  const { volumes } = await listVolumes(bucket, channel, null, CHUNK_VOLUMES);
  await deleteVolumes(
    bucket,
    volumes.map(({ name }) => name),
  );
  return Math.max(volumes.length, await dropVolumes(history, channel, CHUNK_VOLUMES));
}

async function end(env: Env, purge: Purge): Promise<boolean> {
  try {
    await endObject(env, purge);
    return true;
  } catch (error) {
    report("channel could not be ended", error, { channel: purge.channel });
    return false;
  }
}
