import { report } from "../../report.ts";
import { forgetRequests } from "../../store/history/idempotency.ts";
import { meterDatabase } from "../../store/history/metered.ts";
import { forgetRetiredKeys } from "../../store/history/webhook-keys.ts";
import { finishRevocations } from "../revocations.ts";
import { Budget } from "./budget.ts";
import { finishPurges } from "./purges.ts";
import { pruneHistory } from "./retention.ts";
import { ensureObjects, tellObjects } from "./waking.ts";

const DAY_MS = 86_400_000;
const FORGET_ROWS = 5_000;
const FORGET_CHUNKS = 20;

// D1 answers 1,000 queries an invocation.
const QUERIES_A_RUN = 900;

// D1 does one thing at a time: no run takes all of its time.
const ROWS_A_RUN = 100_000;

/** The context of a piece of work: its time, and how much it may ask of the database. */
export interface Run {
  /** Its database is one that takes each query from the budget. */
  readonly env: Env;
  readonly now: number;
  readonly budget: Budget;
}

/** A piece of work, and what it may take of what a run has. */
interface Work {
  readonly queries: number;
  readonly rows: number;
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
    rows: 0,
    perform: ({ env, now, budget }) =>
      finishRevocations(env, now, (count) => budget.hasQueries(count)),
  },
  requests: { queries: FORGET_CHUNKS, rows: 0, perform: forgetOldRequests },
  keys: {
    queries: 1,
    rows: 0,
    perform: ({ env, now }) => forgetRetiredKeys(env.DB, now - DAY_MS),
  },
  changes: { queries: 60, rows: 0, perform: tellObjects },
  purges: { queries: 150, rows: ROWS_A_RUN / 2, perform: finishPurges },
  objects: { queries: 20, rows: 0, perform: ensureObjects },
  // Whatever the others have left.
  retention: { queries: QUERIES_A_RUN, rows: ROWS_A_RUN, perform: pruneHistory },
};

/** Forgets requests that ended a day ago, as far as one run goes. */
async function forgetOldRequests({ env, now }: Run): Promise<void> {
  for (let chunk = 0; chunk < FORGET_CHUNKS; chunk++) {
    if ((await forgetRequests(env.DB, now - DAY_MS, FORGET_ROWS)) < FORGET_ROWS) return;
  }
}

/** Every minute: what is too old, what was begun and is not finished, and who should be awake. */
export async function runScheduled(env: Env, now: number): Promise<void> {
  const left = new Budget({ queries: QUERIES_A_RUN, rows: ROWS_A_RUN });
  for (const [work, { queries, rows, perform }] of Object.entries(WORK)) {
    const budget = new Budget({
      queries: Math.min(queries, left.queries),
      rows: Math.min(rows, left.rows),
    });
    const DB = meterDatabase(env.DB, (count) => {
      budget.take(count);
      left.take(count);
    });
    const before = budget.rows;
    try {
      await perform({ env: { ...env, DB }, now, budget });
    } catch (error) {
      report("scheduled work failed", error, { work });
    }
    left.spend(before - budget.rows);
  }
}
