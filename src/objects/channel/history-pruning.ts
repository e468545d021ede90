import { within } from "../../deadline.ts";
import { pruneBlocks, trimOldestBlock } from "../../store/history/pruning.ts";
import type { Queries } from "../../store/history/queries.ts";
import { STATEMENT_MS } from "./history-statement.ts";

// D1 does one thing at a time: blocks go in steps, and no channel takes all of its time at once.
const BLOCKS_A_STEP = 500;
const STEPS = 20;

/**
 * Takes away what a channel's history has from before a time: whole blocks, and then what is too old
 * in the oldest that is left. Answers whether nothing is left to do: what is more than a run's work is
 * for the next.
 */
export async function pruneHistory(db: Queries, channel: number, before: number): Promise<boolean> {
  for (let step = 0; step < STEPS; step++) {
    const gone = await within(STATEMENT_MS, pruneBlocks(db, channel, before, BLOCKS_A_STEP));
    if (gone === BLOCKS_A_STEP) continue;
    await within(STATEMENT_MS, trimOldestBlock(db, channel, before));
    return true;
  }
  return false;
}
