/*
 * A step of a session under way, and what it may do. Pure.
 */
import type { Failure } from "./errors.ts";
import type {
  Asked,
  Attempt,
  CommandAnswer,
  Line,
  SessionEffect,
  SessionOptions,
  SessionState,
  Shown,
  TimerName,
} from "./session-state.ts";

/** Moments and chance, as the caller has them. */
export interface Moment {
  readonly at: number;
  /** At least 0, and less than 1. */
  readonly random: number;
}

type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** A connection within a step. */
export type LineDraft = Draft<Line>;

/** A step under way: the state as it becomes, and what is to be done. */
export interface Turn extends Moment, Draft<SessionState> {
  line: LineDraft | null;
  attempt: Draft<Attempt> | null;
  readonly effects: SessionEffect[];
  readonly options: SessionOptions;
}

/** Adds what is to be done. */
export function act(turn: Turn, effect: SessionEffect): void {
  turn.effects.push(effect);
}

/** Has a frame sent on a connection. */
export function send(turn: Turn, { id }: Line, frame: object): void {
  act(turn, { type: "socket-send", id, frame });
}

/** Lets go of a connection, or of one that is being made. */
export function letGo(turn: Turn, { id }: Line | Attempt): void {
  act(turn, { type: "socket-close", id });
}

/** Gives a command its answer, unless it has one. */
export function settle(turn: Turn, key: unknown, answer: CommandAnswer): boolean {
  const asked = turn.asked.find((each) => each.key === key);
  if (asked === undefined) return false;
  turn.asked = turn.asked.filter((each) => each !== asked);
  act(turn, { type: "command-settle", key: asked.key, answer });
  return true;
}

/** Answers a command that nothing will come of. */
export function fail(turn: Turn, { key }: Asked, failure: Failure): void {
  settle(turn, key, { ok: false, failure });
}

/** Sets a timer; one of that name that was set is forgotten. */
export function setTimer(turn: Turn, name: TimerName, ms: number): void {
  act(turn, { type: "timer-set", name, ms });
}

/** Forgets timers. */
export function clearTimers(turn: Turn, ...names: readonly TimerName[]): void {
  for (const name of names) act(turn, { type: "timer-clear", name });
}

/** Shows what it has become; it is told where it is another than before. */
export function show(turn: Turn, shown: Shown): void {
  const isSame = turn.shown.name === shown.name && UNVARIED.has(shown.name);
  turn.shown = shown;
  if (!isSame) act(turn, { type: "state-tell", shown });
}

// One of these after another of the same name is no news.
const UNVARIED: ReadonlySet<string> = new Set(["idle", "live", "replaying"]);
