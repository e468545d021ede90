import { report } from "../../report.ts";
import { pruneBlocks } from "../../store/history/pruning.ts";
import { finishPurge, takePurges, type Purge } from "../../store/history/purges.ts";
import { withdrawChannelKeys } from "../../store/history/webhook-keys.ts";
import { endObject } from "../channel-objects.ts";
import { CHUNK_BLOCKS } from "./budget.ts";
import type { Run } from "./run.ts";

const PURGES_A_RUN = 10;

/** Takes away what deleted channels left behind: in their objects first, then in the database. */
export async function finishPurges(run: Run): Promise<void> {
  const { env, now } = run;
  const purges = await takePurges(env.DB, now, PURGES_A_RUN);
  // Beside one another: an object that is away must not keep the others waiting.
  const ended = await Promise.all(purges.map((purge) => end(env, purge)));
  for (const [index, { channel }] of purges.entries()) {
    try {
      await withdrawChannelKeys(env.DB, channel);
      const isEmpty = await purgeEvents(run, channel);
      // As long as its object goes on, more may come.
      if (isEmpty && ended[index] === true) await finishPurge(env.DB, channel);
    } catch (error) {
      report("purge failed", error, { channel });
    }
  }
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

/** Answers whether there is nothing left. */
async function purgeEvents({ env, budget }: Run, channel: number): Promise<boolean> {
  while (budget.takeChunk()) {
    const blocks = await pruneBlocks(env.DB, channel, Number.MAX_SAFE_INTEGER, CHUNK_BLOCKS);
    budget.spend(blocks);
    if (blocks < CHUNK_BLOCKS) return true;
  }
  return false;
}
