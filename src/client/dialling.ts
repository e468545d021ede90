/*
 * The rules by which a connection is made, made again, or not. Pure.
 */
import { failForGood, failLater, type Failure } from "./errors.ts";
import type { Attempt, TimerName, Via } from "./session-state.ts";
import { act, clearTimers, fail, letGo, setTimer, show, type Turn } from "./turn.ts";
import type { AuthReason } from "./types.ts";

// After so long a failure is a new one.
const STEADY_MS = 30_000;
const BACKOFF_MS = 500;
const BACKOFF_MAX_MS = 20_000;
const SLOW_MS = [2_000, 30_000, 60_000];
const SLOW_MAX_MS = 300_000;
const SOON_MS = 1_000;
// One that has run out when it comes is not asked for again without a pause.
const RENEW_MIN_MS = 250;

const CREDENTIAL_WITHIN_MS = 30_000;
const OPEN_WITHIN_MS = 10_000;

// Sockets that were closed before their hello, though the relay gave tickets for them.
const BLOCKED_MAX = 2;

/** The timers of a connection that is there. */
const LINE_TIMERS: readonly TimerName[] = ["ping", "pong", "hand-over", "rewound", "upgrade"];

/** When it is dialled again. */
type Pace = "now" | "spread" | "soon" | "backoff" | "slow";

/** The meaning of a close. */
interface Close {
  readonly code: string;
  /** When to come back; null: not at all. */
  readonly pace: Pace | null;
  /** Why another credential is asked for. */
  readonly why?: AuthReason;
  /** When to come back where it has hardly been open. */
  readonly hastyPace?: Pace;
}

/** The close code, among ourselves, of a connection that does not answer. */
export const SILENT = 4999;

const WENT_AWAY: Close = { code: "connection_lost", pace: "now" };
const WAS_LOST: Close = { code: "connection_lost", pace: "spread" };
const TOO_MUCH: Close = { code: "unavailable", pace: "slow" };
const CLOSES: Readonly<Record<number, Close>> = {
  4001: { code: "unauthorized", pace: "now", why: "revoked", hastyPace: "slow" },
  4003: { code: "forbidden", pace: null },
  4004: { code: "channel_not_found", pace: null },
  4009: { code: "protocol_error", pace: null },
  4100: TOO_MUCH,
  4103: { code: "unauthorized", pace: "now", why: "expired", hastyPace: "backoff" },
  // It was read too slowly.
  4108: { code: "connection_lost", pace: "soon" },
  4129: TOO_MUCH,
  4200: WENT_AWAY,
  4201: WENT_AWAY,
  [SILENT]: WENT_AWAY,
};

/** Makes a connection. One that is there stays until the new one has said hello. */
export function dial(turn: Turn, via: Via = chooseVia(turn)): void {
  const { filter, line, why: reason } = turn;
  dropAttempt(turn);
  clearTimers(turn, "retry");
  const id = ++turn.last;
  turn.attempt = { id, via, step: "credential", filter };
  turn.why = null;
  if (line === null) showConnecting(turn, via);
  setTimer(turn, "attempt", CREDENTIAL_WITHIN_MS);
  act(turn, { type: "credential-ask", id, reason });
}

function chooseVia({ blocked, options: { transport } }: Turn): Via {
  if (transport !== "auto") return transport;
  return blocked < BLOCKED_MAX ? "socket" : "stream";
}

function showConnecting(turn: Turn, via: Via): void {
  show(turn, { name: "connecting", attempt: turn.failures + 1, via });
}

/** Goes on with the credential that is there. */
export function onCredential(turn: Turn, attempt: Attempt, lastsMs: number | null): void {
  // A token of seconds is made anew at its half.
  if (lastsMs !== null)
    setTimer(turn, "renew", Math.max(lastsMs - STEADY_MS, lastsMs / 2, RENEW_MIN_MS));
  if (attempt.via === "stream") return open(turn, attempt);
  const { id } = takeStep(turn, attempt, "ticket");
  act(turn, { type: "ticket-ask", id });
}

/** Opens the socket or the stream, from the place that was reached. */
export function open(turn: Turn, attempt: Attempt): void {
  const { position, filter, options } = turn;
  const { id, via } = takeStep(turn, attempt, "open");
  const rewind = position === null ? options.rewind : null;
  act(turn, { type: "socket-open", id, via, filter, after: position, rewind });
}

function takeStep(turn: Turn, before: Attempt, step: Attempt["step"]): Attempt {
  setTimer(turn, "attempt", OPEN_WITHIN_MS);
  const attempt = { ...before, step, filter: turn.filter };
  turn.attempt = attempt;
  return attempt;
}

/** Decides what follows when a connection could not be made. */
export function onAttemptFailed(turn: Turn, attempt: Attempt, failure: Failure): void {
  const { line, options } = turn;
  const { status, retryable } = failure;
  const isSocket = attempt.via === "socket";
  dropAttempt(turn);
  // A stream that fails too: neither is better than the other.
  if (attempt.step === "open") turn.blocked = isSocket ? turn.blocked + 1 : 0;
  if (status === 401 && options.asks && !turn.isRefused) {
    turn.isRefused = true;
    turn.why = "refused";
    return dial(turn);
  }
  // It is tried again when its time comes.
  if (isSocket && line?.via === "stream") return;
  if (!retryable && line === null) return stop(turn, failure);
  // The one that is there goes on meanwhile, and says by itself when it may not any more.
  const isTold = !retryable || status === 429 || status === 503;
  wait(turn, failure, isTold ? "slow" : "backoff");
}

/** Decides what follows when a connection has ended, by its close code. */
export function onLineLost(turn: Turn, closeCode: number): void {
  const { at, line, attempt, options } = turn;
  if (line === null) return;
  dropLine(turn);
  if (line.liveAt !== null && at - line.liveAt >= STEADY_MS) turn.failures = turn.slow = 0;
  const { code, pace, why, hastyPace = pace } = CLOSES[closeCode] ?? WAS_LOST;
  const message = `${code} (${closeCode})`;
  if (pace === null || (why === "revoked" && !options.asks)) {
    return stop(turn, failForGood(code, message));
  }
  turn.why = why ?? turn.why;
  // Another is being made already.
  if (attempt !== null) {
    turn.why = null;
    return showConnecting(turn, attempt.via);
  }
  wait(turn, failLater(code, message), at - line.openedAt < SOON_MS ? hastyPace : pace);
}

/** Dials later, or at once. */
function wait(turn: Turn, reason: Failure, pace: Pace | null): void {
  const ms = choosePause(turn, reason, pace);
  if (turn.line === null) {
    if (ms === 0) return dial(turn);
    show(turn, { name: "waiting", attempt: turn.failures, nextAt: turn.at + ms, reason });
  }
  setTimer(turn, "retry", ms);
}

function choosePause(turn: Turn, { retryAfterMs }: Failure, pace: Pace | null): number {
  const { failures, random, slow, spreadMs } = turn;
  const longer = 1 + random / 4;
  if (typeof retryAfterMs === "number") return retryAfterMs * longer;
  if (pace === "soon") return random * SOON_MS;
  turn.failures += 1;
  if (pace === "slow") {
    turn.slow += 1;
    return (SLOW_MS[slow] ?? SLOW_MAX_MS) * longer;
  }
  const isFirst = failures === 0;
  if (pace === "now" && (isFirst || turn.why !== null)) return 0;
  if (pace === "spread" && isFirst && spreadMs > 0) return random * spreadMs;
  return random * Math.min(BACKOFF_MAX_MS, BACKOFF_MS * 2 ** failures);
}

/** Ends it for good, until it is wanted again. */
export function stop(turn: Turn, reason: Failure): void {
  end(turn, reason);
  show(turn, { name: "stopped", reason });
}

/** Lets go of all connections and timers, and fails the commands that have no answer. */
export function end(turn: Turn, failure: Failure): void {
  dropAttempt(turn);
  dropLine(turn);
  clearTimers(turn, "retry", "renew", "filter");
  for (const asked of turn.asked) fail(turn, asked, failure);
  turn.failures = turn.slow = turn.blocked = 0;
  turn.isRefused = false;
}

/** Lets go of the connection that is being made. */
function dropAttempt(turn: Turn): void {
  if (turn.attempt !== null) letGo(turn, turn.attempt);
  clearTimers(turn, "attempt");
  turn.attempt = null;
}

/** Lets go of the connection that is there. */
function dropLine(turn: Turn): void {
  if (turn.line !== null) letGo(turn, turn.line);
  clearTimers(turn, ...LINE_TIMERS);
  turn.line = null;
}
