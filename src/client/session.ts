/*
 * One channel's connection. Decides and performs nothing: the same state, input, time and chance give
 * the same state and effects. `channel.ts` performs them, in the order in which they are given.
 *
 * - never two connections that are both wanted: a new one's hello ends the old one
 * - every event once and in the log's order, whatever a connection sends twice
 * - the place never goes back, but where the log itself is another
 * - nothing is dialled after it has stopped
 * - each command is answered once
 */
import { onCommand, tellFilter } from "./commands.ts";
import { dial, end, onAttemptFailed, onCredential, onLineLost, open, SILENT } from "./dialling.ts";
import { failLater } from "./errors.ts";
import { onFrame, onHello, onRewound, onUpgrade, onWoken, ping } from "./line.ts";
import type {
  Attempt,
  SessionEffect,
  SessionInput,
  SessionOptions,
  SessionState,
  TimerName,
} from "./session-state.ts";
import { setTimer, settle, show, type Moment, type Turn } from "./turn.ts";

// What changes within a moment is told as one change.
const FILTER_PAUSE_MS = 20;

/** Takes one input. */
export function step(
  options: SessionOptions,
  before: SessionState,
  input: SessionInput,
  moment: Moment,
): { readonly state: SessionState; readonly effects: readonly SessionEffect[] } {
  const { line, attempt } = before;
  const turn: Turn = {
    ...moment,
    ...before,
    line: line && { ...line },
    attempt: attempt && { ...attempt },
    options,
    effects: [],
  };
  take(turn, input);
  const { at: _at, random: _random, options: _options, effects, ...state } = turn;
  return { state, effects };
}

function take(turn: Turn, input: SessionInput): void {
  const { attempt, line, shown } = turn;
  switch (input.type) {
    case "wanted":
      if (shown.name === "idle" || shown.name === "stopped") dial(turn);
      break;
    case "unwanted":
      end(turn, failLater("closed"));
      return show(turn, { name: "idle" });
    case "place-found":
      turn.position ??= input.position;
      break;
    case "frame":
      if (input.id === line?.id) return onFrame(turn, line, input.frame);
      break;
    case "socket-closed":
      if (input.id === line?.id) return onLineLost(turn, input.code);
      break;
    case "timer":
      return onTimer(turn, input.name);
    case "woken":
      return onWoken(turn);
    case "filter-changed":
      turn.filter = input.filter;
      if (line !== null) setTimer(turn, "filter", FILTER_PAUSE_MS);
      break;
    case "command-asked":
      return onCommand(turn, input);
    case "command-answered":
      settle(turn, input.key, input.answer);
      break;
    default:
  }
  if ("id" in input && input.id === attempt?.id) onAttempt(turn, attempt, input);
}

/** Goes on with the connection that is being made. */
function onAttempt(turn: Turn, attempt: Attempt, input: SessionInput): void {
  const { step } = attempt;
  switch (input.type) {
    case "credential-got":
      return step === "credential" ? onCredential(turn, attempt, input.lastsMs) : undefined;
    case "ticket-got":
      if (step !== "ticket") return;
      turn.isRefused = false;
      return open(turn, attempt);
    case "frame":
      return input.frame.type === "hello" ? onHello(turn, attempt, input.frame) : undefined;
    case "credential-failed":
    case "ticket-failed":
      return onAttemptFailed(turn, attempt, input.failure);
    case "socket-closed":
      return onAttemptFailed(turn, attempt, input.failure ?? failLater("connection_lost"));
    default:
  }
}

function onTimer(turn: Turn, name: TimerName): void {
  const { attempt, line, shown } = turn;
  switch (name) {
    case "attempt":
      return attempt === null ? undefined : onAttemptFailed(turn, attempt, failLater("timeout"));
    case "ping":
      return ping(turn);
    case "pong":
      return onLineLost(turn, SILENT);
    case "filter":
      return tellFilter(turn);
    case "rewound":
      return onRewound(turn);
    case "upgrade":
      return onUpgrade(turn);
    case "renew":
      turn.why = "expiring";
      break;
    default:
  }
  // Another connection: to try again, to renew the credential, or to hand over.
  const isDue = line !== null || (name === "retry" && shown.name === "waiting");
  if (isDue && attempt === null) dial(turn);
}
