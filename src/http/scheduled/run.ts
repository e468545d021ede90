import { report } from "../../report.ts";
import { forgetRequests } from "../../store/history/idempotency.ts";
import { forgetRetiredKeys } from "../../store/history/webhook-keys.ts";
import { finishRevocations } from "../revocations.ts";
import { Budget } from "./budget.ts";
import { finishPurges } from "./purges.ts";
import { ensureObjects, tellObjects } from "./waking.ts";

const DAY_MS = 86_400_000;
const FORGET_ROWS = 5_000;
const FORGET_CHUNKS = 20;

/** The context of a run: its time, and how much it may ask of the database. */
export interface Run {
  readonly env: Env;
  readonly now: number;
  readonly budget: Budget;
}

/**
 * The work of every minute, first what is short. Each piece is bounded, and goes on in the next run
 * where it stopped in this one; one that fails keeps none of the others from being done.
 */
const WORK: Readonly<Record<string, (run: Run) => Promise<unknown>>> = {
  revocations: ({ env, now }) => finishRevocations(env, now),
  requests: forgetOldRequests,
  keys: ({ env, now }) => forgetRetiredKeys(env.DB, now - DAY_MS),
  changes: tellObjects,
  purges: finishPurges,
  objects: ensureObjects,
};

/** Forgets requests that ended a day ago, as far as one run goes. */
async function forgetOldRequests({ env, now }: Run): Promise<void> {
  for (let chunk = 0; chunk < FORGET_CHUNKS; chunk++) {
    if ((await forgetRequests(env.DB, now - DAY_MS, FORGET_ROWS)) < FORGET_ROWS) return;
  }
}

/** Every minute: what is too old, what was begun and is not finished, and who should be awake. */
export async function runScheduled(env: Env, now: number): Promise<void> {
  const run: Run = { env, now, budget: new Budget() };
  for (const [work, perform] of Object.entries(WORK)) {
    try {
      await perform(run);
    } catch (error) {
      report("scheduled work failed", error, { work });
    }
  }
}
