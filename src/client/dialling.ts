/*
 * The rules by which a connection is made, made again, or not. Pure.
 */
import { failForGood, failLater, type Failure } from "./errors.ts";
import { act, change, clearTimers, setTimer, show, type Turn, type Via } from "./session-state.ts";

// After so long a failure is a new one.
const STEADY_MS = 30_000;
const BACKOFF_MS = 500;
const BACKOFF_MAX_MS = 20_000;
const SLOW_MS = [2_000, 30_000, 60_000, 300_000];
const SOON_MS = 1_000;
// One that has run out when it comes is not asked for again without a pause.
const RENEW_MIN_MS = 250;

const CREDENTIAL_WITHIN_MS = 30_000;
const OPEN_WITHIN_MS = 10_000;

// Sockets that were closed before their hello, though the relay gave tickets for them.
const BLOCKED_MAX = 2;

const ALL_TIMERS = [
  "attempt",
  "retry",
  "ping",
  "pong",
  "renew",
  "hand-over",
  "filter",
  "rewound",
  "upgrade",
] as const;

/** When it is dialled again. */
type Pace = "now" | "spread" | "soon" | "backoff" | "slow";

/** Makes a connection. One that is there stays until the new one has said hello. */
export function dial(turn: Turn, via: Via = chooseVia(turn)): void {
  const { state } = turn;
  const id = state.last + 1;
  dropAttempt(turn);
  clearTimers(turn, "retry");
  const attempt = { id, via, step: "credential" as const, filter: state.filter };
  change(turn, { last: id, attempt, why: null });
  if (state.line === null) {
    show(turn, { name: "connecting", attempt: state.failures + 1, via });
  }
  setTimer(turn, "attempt", CREDENTIAL_WITHIN_MS);
  act(turn, { type: "credential-ask", id, reason: state.why });
}

function chooseVia({ state, options }: Turn): Via {
  if (options.transport !== "auto") return options.transport;
  return state.blocked < BLOCKED_MAX ? "socket" : "stream";
}

/** Goes on with the credential that is there. */
export function onCredential(turn: Turn, lastsMs: number | null): void {
  const { attempt } = turn.state;
  if (attempt === null) return;
  // A token of seconds is made anew at its half.
  if (lastsMs !== null)
    setTimer(turn, "renew", Math.max(lastsMs - STEADY_MS, lastsMs / 2, RENEW_MIN_MS));
  setTimer(turn, "attempt", OPEN_WITHIN_MS);
  change(turn, { attempt: { ...attempt, step: "ticket" } });
  if (attempt.via === "stream") open(turn);
  else act(turn, { type: "ticket-ask", id: attempt.id });
}

/** Opens the socket or the stream, from the place that was reached. */
export function open(turn: Turn): void {
  const { attempt, position, filter } = turn.state;
  if (attempt === null) return;
  const { id, via } = attempt;
  setTimer(turn, "attempt", OPEN_WITHIN_MS);
  change(turn, { attempt: { ...attempt, step: "open", filter } });
  const rewind = position === null ? turn.options.rewind : null;
  act(turn, { type: "socket-open", id, via, filter, after: position, rewind });
}

/** Decides what follows when a connection could not be made. */
export function onAttemptFailed(turn: Turn, failure: Failure): void {
  const { state, options } = turn;
  const isSocket = state.attempt?.via === "socket";
  const isBlocked = state.attempt?.step === "open";
  const isUpgrade = isSocket && state.line?.via === "stream";
  dropAttempt(turn);
  // A stream that fails too: neither is better than the other.
  if (isBlocked) change(turn, { blocked: isSocket ? state.blocked + 1 : 0 });
  if (failure.status === 401 && options.asks && !state.isRefused) {
    change(turn, { isRefused: true, why: "refused" });
    return dial(turn);
  }
  // It is tried again when its time comes.
  if (isUpgrade) return;
  const { status, retryable } = failure;
  if (!retryable && state.line === null) return stop(turn, failure);
  // The one that is there goes on meanwhile, and says by itself when it may not any more.
  const isTold = !retryable || status === 429 || status === 503;
  wait(turn, failure, isTold ? "slow" : "backoff");
}

/** Decides what follows when a connection has ended, by its close code. */
export function onLineLost(turn: Turn, code: number): void {
  const { line, attempt, failures } = turn.state;
  if (line === null) return;
  act(turn, { type: "socket-close", id: line.id });
  clearTimers(turn, "ping", "pong", "hand-over", "rewound", "upgrade");
  const wasSteady = line.liveAt !== null && turn.at - line.liveAt >= STEADY_MS;
  change(turn, { line: null, ...(wasSteady && { failures: 0, slow: 0 }) });
  const [failure, pace] = judgeClose(turn, code, turn.at - line.openedAt < SOON_MS);
  if (!failure.retryable) return stop(turn, failure);
  // Another is being made already.
  if (attempt !== null) {
    change(turn, { why: null });
    return show(turn, { name: "connecting", attempt: failures + 1, via: attempt.via });
  }
  wait(turn, failure, pace);
}

/** The meaning of a close code, and when to come back. `isHasty`: it has hardly been open. */
function judgeClose(turn: Turn, code: number, isHasty: boolean): [Failure, Pace] {
  const asks = turn.options.asks;
  switch (code) {
    case 4001:
      if (!asks) return [failForGood("unauthorized", "The credential was revoked."), "slow"];
      change(turn, { why: "revoked" });
      return [failLater("unauthorized", "The credential was revoked."), isHasty ? "slow" : "now"];
    case 4003:
      return [failForGood("forbidden", "The credential does not allow this."), "slow"];
    case 4004:
      return [failForGood("channel_not_found", "There is no such channel."), "slow"];
    case 4009:
      return [failForGood("protocol_error", "The relay could not read what was sent."), "slow"];
    case 4100:
    case 4129:
      return [failLater("unavailable", "The relay has too much to do."), "slow"];
    case 4103:
      change(turn, { why: "expired" });
      return [failLater("unauthorized", "The credential ran out."), isHasty ? "backoff" : "now"];
    case 4108:
      return [failLater("connection_lost", "It was read too slowly."), "soon"];
    case 4200:
    case 4201:
    case SILENT:
      return [failLater("connection_lost", "The connection went away."), "now"];
    default:
      return [failLater("connection_lost", "The connection was lost."), "spread"];
  }
}

/** The close code, among ourselves, of a connection that does not answer. */
export const SILENT = 4999;

/** Dials later, or at once. */
function wait(turn: Turn, reason: Failure, pace: Pace): void {
  const ms = choosePause(turn, reason, pace);
  if (turn.state.line === null) {
    if (ms === 0) return dial(turn);
    const nextAt = turn.at + ms;
    show(turn, { name: "waiting", attempt: turn.state.failures, nextAt, reason });
  }
  setTimer(turn, "retry", ms);
}

function choosePause(turn: Turn, { retryAfterMs = null }: Failure, pace: Pace): number {
  const { failures, slow, spreadMs } = turn.state;
  const { random } = turn;
  if (retryAfterMs !== null) return retryAfterMs * (1 + random / 4);
  if (pace === "slow") {
    change(turn, { slow: slow + 1, failures: failures + 1 });
    return (SLOW_MS[Math.min(slow, SLOW_MS.length - 1)] ?? 0) * (1 + random / 4);
  }
  if (pace === "soon") return random * SOON_MS;
  const isFirst = failures === 0;
  change(turn, { failures: failures + 1 });
  if (pace === "now" && (isFirst || turn.state.why !== null)) return 0;
  if (pace === "spread" && isFirst && spreadMs > 0) return random * spreadMs;
  return random * Math.min(BACKOFF_MAX_MS, BACKOFF_MS * 2 ** Math.min(failures, 16));
}

/** Ends it for good, until it is wanted again. */
export function stop(turn: Turn, reason: Failure): void {
  end(turn, reason);
  show(turn, { name: "stopped", reason });
}

/** Lets go of all connections and timers, and fails the commands that have no answer. */
export function end(turn: Turn, failure: Failure): void {
  const { line, asked } = turn.state;
  dropAttempt(turn);
  clearTimers(turn, ...ALL_TIMERS);
  if (line !== null) act(turn, { type: "socket-close", id: line.id });
  const answer = { ok: false, failure } as const;
  act(turn, ...asked.map(({ key }) => ({ type: "command-settle" as const, key, answer })));
  change(turn, { line: null, asked: [], failures: 0, slow: 0, blocked: 0, isRefused: false });
}

/** Lets go of the connection that is being made. */
function dropAttempt(turn: Turn): void {
  const { attempt } = turn.state;
  if (attempt === null) return;
  act(turn, { type: "socket-close", id: attempt.id });
  clearTimers(turn, "attempt");
  change(turn, { attempt: null });
}
