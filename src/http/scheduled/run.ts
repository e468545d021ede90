import { countFailures, type FailingWork } from "../../event/trouble.ts";
import { report } from "../../report.ts";
import { forgetRequests } from "../../store/history/idempotency.ts";
import { readNote, saveNote } from "../../store/history/notes.ts";
import { forgetRetiredKeys } from "../../store/history/webhook-keys.ts";
import type { OptionalEnv } from "../env.ts";
import { finishPersonErasures } from "../person-erasures.ts";
import { finishRevocations } from "../revocations.ts";
import { tellAlarms } from "./alarms.ts";
import { Budget } from "./budget.ts";
import { CRON_NOTE, CronNote } from "./notes.ts";
import { finishPurges } from "./purges.ts";
import { pruneHistory } from "./retention.ts";
import { noteWhatIsWrong } from "./troubles.ts";
import { ensureObjects, tellObjects } from "./waking.ts";

const DAY_MS = 86_400_000;
const FORGET_ROWS = 5_000;
const FORGET_CHUNKS = 20;

/** The context of a run: its time, and how much it may ask of the database. */
export interface Run {
  readonly env: Env & OptionalEnv;
  readonly now: number;
  readonly budget: Budget;
}

/**
 * The work of every minute, first what is short. Each piece is bounded, and goes on in the next run
 * where it stopped in this one; one that fails keeps none of the others from being done.
 */
const WORK: Readonly<Record<string, (run: Run) => Promise<unknown>>> = {
  revocations: ({ env, now }) => finishRevocations(env, now),
  people: ({ env, now, budget }) => finishPersonErasures(env, now, budget),
  requests: forgetOldRequests,
  keys: ({ env, now }) => forgetRetiredKeys(env.DB, now - DAY_MS),
  changes: tellObjects,
  purges: finishPurges,
  objects: ensureObjects,
  retention: pruneHistory,
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
  const failed: string[] = [];
  const attempt = async (work: string, perform: () => Promise<unknown>): Promise<void> => {
    try {
      await perform();
    } catch (error) {
      report("scheduled work failed", error, { work });
      failed.push(work);
    }
  };
  for (const [work, perform] of Object.entries(WORK)) await attempt(work, () => perform(run));
  let before: readonly FailingWork[] = [];
  await attempt("troubles", async () => {
    before = (await readNote(env.DB, CRON_NOTE, CronNote))?.failing ?? [];
    await noteWhatIsWrong(run, countFailures(before, failed, now));
  });
  await attempt("alarms", () => tellAlarms(run));
  const failing = countFailures(before, failed, now);
  await attempt("note", () =>
    saveNote(env.DB, CRON_NOTE, { at: now, endedAt: Date.now(), failing } satisfies CronNote),
  );
}
