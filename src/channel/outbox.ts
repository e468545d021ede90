import type { SendFailure } from "../event/sending.ts";
import { lookUp } from "../lib/json.ts";
import {
  hasLeft,
  NOT_SENT,
  computeDeadline,
  SUPERSEDED,
  UNKNOWN,
  type Job,
  type SendOutcome,
} from "./job.ts";
import { findFreeAt, giveBackPace, openLine, serveAccounts, type Line } from "./line.ts";

/** All sends that are under way, in the order they were asked for. */
export interface OutboxState {
  readonly jobs: readonly Job[];
  /** By the provider's id. */
  readonly lines: Readonly<Record<string, Line>>;
}

export const EMPTY_OUTBOX: OutboxState = { jobs: [], lines: {} };

/** The inputs of the outbox. `at` is the time, in milliseconds since 1970. */
export type OutboxInput =
  /** `latestOnly`: they take the place of what waits for the same connections. */
  | {
      readonly type: "jobs-asked";
      readonly jobs: readonly Job[];
      readonly latestOnly: boolean;
      readonly at: number;
    }
  /** A session is ready. */
  | {
      readonly type: "line-opened";
      readonly providerId: string;
      readonly paceMs: number;
      readonly at: number;
    }
  | { readonly type: "line-closed"; readonly providerId: string; readonly at: number }
  | {
      readonly type: "job-issued" | "job-asked" | "job-confirmed";
      readonly job: string;
      readonly at: number;
    }
  | {
      readonly type: "job-failed";
      readonly job: string;
      readonly failure: SendFailure;
      readonly at: number;
    }
  /** The object has just begun, with the jobs it had kept. */
  | { readonly type: "jobs-restored"; readonly jobs: readonly Job[]; readonly at: number }
  | { readonly type: "time-passed"; readonly at: number };

/** The effects of a decision, to be performed in this order. */
export type OutboxEffect =
  /** Kept for good before anything that follows. */
  | { readonly type: "job-keep"; readonly job: Job }
  /** Taken on, which is told of before anything else of them is. Told twice it is told once. */
  | { readonly type: "jobs-accept"; readonly jobs: readonly Job[] }
  | { readonly type: "job-offer"; readonly job: Job }
  /** Told of as an event, and then forgotten. */
  | { readonly type: "job-end"; readonly job: Job; readonly outcome: SendOutcome }
  /** Time is to be told of no later than this. */
  | { readonly type: "clock-set"; readonly at: number };

interface Decision {
  readonly state: OutboxState;
  readonly effects: readonly OutboxEffect[];
}

/**
 * The life of sends: each job leaves at most once, and ends exactly once. What has not left by the
 * time its line goes waits for the next one; what has left and was not heard of again has an
 * unknown outcome, and is never sent again.
 */
export function decideOutbox(before: OutboxState, input: OutboxInput): Decision {
  const { state, effects } = react(before, input);
  const timely = expire(state, input.at);
  const offered = offer(timely.state, input.at);
  const after = dropIdleLines(offered.state);
  const next = computeNextLook(after);
  const clock: OutboxEffect[] = next === null ? [] : [{ type: "clock-set", at: next }];
  return {
    state: after,
    effects: [...effects, ...timely.effects, ...offered.effects, ...clock],
  };
}

function react(state: OutboxState, input: OutboxInput): Decision {
  switch (input.type) {
    case "jobs-asked":
      return ask(state, input.jobs, input.latestOnly);
    case "jobs-restored":
      return restore(state, input.jobs);
    case "line-opened": {
      const { providerId, paceMs } = input;
      // A session that takes over knows nothing of what the one before was given.
      const fresh = closeLine(state, providerId);
      const line = openLine(lookUp(state.lines, providerId), paceMs);
      const lines = { ...fresh.state.lines, [providerId]: line };
      return { ...fresh, state: { ...fresh.state, lines } };
    }
    case "line-closed":
      return closeLine(state, input.providerId);
    case "job-issued":
      return change(state, input.job, (job) => ({ ...job, phase: "issued" }), true);
    case "job-asked":
      return change(state, input.job, (job) => ({ ...job, phase: "asked" }), false);
    case "job-confirmed":
      return endSome(state, ({ id }) => id === input.job, { confirmed: true });
    case "job-failed":
      return fail(state, input.job, input.failure);
    case "time-passed":
      return { state, effects: [] };
  }
}

function ask(state: OutboxState, jobs: readonly Job[], latestOnly: boolean): Decision {
  const targets = new Set(jobs.map(({ identifier }) => identifier));
  const isPast = (job: Job): boolean =>
    latestOnly &&
    job.phase === "queued" &&
    targets.has(job.identifier) &&
    jobs.some(({ content }) => content.kind === job.content.kind);
  const { state: left, effects } = endSome(state, isPast, SUPERSEDED);
  return {
    state: { ...left, jobs: [...left.jobs, ...jobs] },
    effects: [
      ...jobs.map((job) => ({ type: "job-keep" as const, job })),
      { type: "jobs-accept", jobs },
      ...effects,
    ],
  };
}

/** Goes on with what was kept. Whether the last instance told that it was taken on is not known. */
function restore(state: OutboxState, jobs: readonly Job[]): Decision {
  const left = endSome({ ...state, jobs }, (job) => job.phase === "issued", UNKNOWN);
  return { ...left, effects: [{ type: "jobs-accept", jobs }, ...left.effects] };
}

/** Ends a job. One that had not left has used up no pace. */
function fail(state: OutboxState, id: string, failure: SendFailure): Decision {
  const job = state.jobs.find((each) => each.id === id);
  if (job === undefined) return { state, effects: [] };
  const { providerId } = job;
  const line = lookUp(state.lines, providerId);
  const isUnsent = !hasLeft(job) && line !== undefined;
  const lines = isUnsent ? { ...state.lines, [providerId]: giveBackPace(line, job) } : state.lines;
  return endSome({ ...state, lines }, (each) => each === job, { confirmed: false, ...failure });
}

/**
 * Makes what its session had and did not send wait again; what it sent is not known of any more,
 * unless it is answered apart.
 */
function closeLine(state: OutboxState, providerId: string): Decision {
  const line = lookUp(state.lines, providerId);
  const lines =
    line === undefined ? state.lines : { ...state.lines, [providerId]: { ...line, isOpen: false } };
  const isOurs = (job: Job): boolean => job.providerId === providerId;
  const jobs = state.jobs.map((job) =>
    isOurs(job) && job.phase === "offered" ? { ...job, phase: "queued" as const } : job,
  );
  return endSome({ jobs, lines }, (job) => isOurs(job) && job.phase === "issued", UNKNOWN);
}

function expire(state: OutboxState, at: number): Decision {
  const unheard = endSome(state, (job) => hasLeft(job) && at >= computeDeadline(job), UNKNOWN);
  const stale = endSome(
    unheard.state,
    (job) => !hasLeft(job) && at >= computeDeadline(job),
    NOT_SENT,
  );
  return { state: stale.state, effects: [...unheard.effects, ...stale.effects] };
}

/** Gives each free account its next job. */
function offer(before: OutboxState, at: number): Decision {
  let state = before;
  const effects: OutboxEffect[] = [];
  for (const [providerId, line] of Object.entries(before.lines)) {
    const waiting = state.jobs.filter(
      (each) => each.providerId === providerId && each.phase === "queued",
    );
    const served = serveAccounts(line, waiting, at);
    if (served.chosen.length === 0) continue;
    const offered = served.chosen.map((job): Job => ({ ...job, phase: "offered" }));
    state = {
      jobs: state.jobs.map((each) => offered.find(({ id }) => id === each.id) ?? each),
      lines: { ...state.lines, [providerId]: served.line },
    };
    effects.push(...offered.map((job) => ({ type: "job-offer" as const, job })));
  }
  return { state, effects };
}

/** Forgets whose turn it is where no session is ready and nothing waits for one. */
function dropIdleLines(state: OutboxState): OutboxState {
  const isIdle = ([id, { isOpen }]: [string, Line]): boolean =>
    !isOpen && !state.jobs.some(({ providerId }) => providerId === id);
  const lines = Object.entries(state.lines);
  if (!lines.some(isIdle)) return state;
  return { ...state, lines: Object.fromEntries(lines.filter((line) => !isIdle(line))) };
}

/** When there is next something to do by the clock alone. */
function computeNextLook(state: OutboxState): number | null {
  const times = state.jobs.flatMap((job) => {
    const freeAt =
      job.phase === "queued"
        ? findFreeAt(lookUp(state.lines, job.providerId), job.identifier)
        : null;
    return freeAt === null ? [computeDeadline(job)] : [computeDeadline(job), freeAt];
  });
  return times.length === 0 ? null : Math.min(...times);
}

function change(
  state: OutboxState,
  id: string,
  edit: (job: Job) => Job,
  isKept: boolean,
): Decision {
  const found = state.jobs.find((job) => job.id === id);
  if (found === undefined) return { state, effects: [] };
  const after = edit(found);
  const jobs = state.jobs.map((job) => (job === found ? after : job));
  return { state: { ...state, jobs }, effects: isKept ? [{ type: "job-keep", job: after }] : [] };
}

function endSome(
  state: OutboxState,
  isOver: (job: Job) => boolean,
  outcome: SendOutcome,
): Decision {
  const over = state.jobs.filter(isOver);
  if (over.length === 0) return { state, effects: [] };
  return {
    state: { ...state, jobs: state.jobs.filter((job) => !isOver(job)) },
    effects: over.map((job) => ({ type: "job-end", job, outcome })),
  };
}
