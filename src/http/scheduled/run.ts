import { countFailures, type FailingWork } from "../../event/trouble.ts";
import { report } from "../../report.ts";
import { meterDatabases } from "../../store/history/databases.ts";
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
import { resealObjects } from "./resealing.ts";
import { noteWhatIsWrong } from "./troubles.ts";
import { ensureObjects, tellObjects } from "./waking.ts";

const DAY_MS = 86_400_000;
const FORGET_ROWS = 5_000;
const FORGET_CHUNKS = 20;

// D1 answers 1,000 queries an invocation.
const QUERIES_A_RUN = 850;

// For noting how it went, and telling of it.
const QUERIES_A_NOTE = 80;

// D1 does one thing at a time: no run takes all of its time. A block is some six pages.
const BLOCKS_A_RUN = 5_000;

/** The context of a piece of work: its time, and how much it may ask of the database. */
export interface Run {
  /** Its databases are such as take each query from the budget. */
  readonly env: Env & OptionalEnv;
  readonly now: number;
  readonly budget: Budget;
}

/** A piece of work, and what it may take of what a run has. */
interface Work {
  readonly queries: number;
  readonly blocks: number;
  readonly perform: (run: Run) => Promise<unknown>;
}

/**
 * The work of every minute, first what is short. Each piece is bounded, so that something is left for
 * those after it, and goes on in the next run where it stopped in this one; one that fails keeps none
 * of the others from being done.
 */
const WORK: Readonly<Record<string, Work>> = {
  revocations: {
    queries: 200,
    blocks: 0,
    perform: ({ env, now, budget }) =>
      finishRevocations(env, now, (count) => budget.hasQueries(count)),
  },
  people: {
    queries: 150,
    blocks: 0,
    perform: ({ env, now, budget }) =>
      finishPersonErasures(env, now, (count) => budget.hasQueries(count)),
  },
  requests: { queries: FORGET_CHUNKS, blocks: 0, perform: forgetOldRequests },
  keys: {
    queries: 1,
    blocks: 0,
    perform: ({ env, now }) => forgetRetiredKeys(env.DB, now - DAY_MS),
  },
  changes: { queries: 60, blocks: 0, perform: tellObjects },
  purges: { queries: 150, blocks: BLOCKS_A_RUN, perform: finishPurges },
  objects: { queries: 50, blocks: 0, perform: ensureObjects },
  seals: { queries: 60, blocks: 0, perform: resealObjects },
};

/** Forgets requests that ended a day ago, as far as one run goes. */
async function forgetOldRequests({ env, now }: Run): Promise<void> {
  for (let chunk = 0; chunk < FORGET_CHUNKS; chunk++) {
    if ((await forgetRequests(env.DB, now - DAY_MS, FORGET_ROWS)) < FORGET_ROWS) return;
  }
}

/** Every minute: what is too old, what was begun and is not finished, and who should be awake. */
export async function runScheduled(env: Env, now: number): Promise<void> {
  const failed: string[] = [];
  const attempt = async (work: string, perform: () => Promise<unknown>): Promise<void> => {
    try {
      await perform();
    } catch (error) {
      report("scheduled work failed", error, { work });
      failed.push(work);
    }
  };
  const left = new Budget({ queries: QUERIES_A_RUN, blocks: BLOCKS_A_RUN });
  for (const [work, share] of Object.entries(WORK)) {
    await attempt(work, () => performShare({ env, now, budget: left }, share));
  }
  await noteRun(
    { env, now, budget: new Budget({ queries: QUERIES_A_NOTE, blocks: 0 }) },
    failed,
    attempt,
  );
}

/** Performs a piece of work with what it may take of what a run has left. */
async function performShare({ env, now, budget: left }: Run, work: Work): Promise<void> {
  const budget = left.share(work);
  const metered = meterDatabases(env, (count) => budget.take(count));
  await work.perform({ env: metered, now, budget });
}

/** Notes how a run went, and tells of what is wrong by now. */
async function noteRun(
  { env, now, budget }: Run,
  failed: readonly string[],
  attempt: (work: string, perform: () => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const metered = meterDatabases(env, (count) => budget.take(count));
  const { DB } = metered;
  const run: Run = { env: metered, now, budget };
  let before: readonly FailingWork[] = [];
  await attempt("troubles", async () => {
    before = (await readNote(DB, CRON_NOTE, CronNote))?.failing ?? [];
    await noteWhatIsWrong(run, countFailures(before, failed, now));
  });
  await attempt("alarms", () => tellAlarms(run));
  const failing = countFailures(before, failed, now);
  await attempt("note", () =>
    saveNote(DB, CRON_NOTE, { at: now, endedAt: Date.now(), failing } satisfies CronNote),
  );
}
