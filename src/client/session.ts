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
import { onCommand, settle, tellFilter } from "./commands.ts";
import { dial, end, onAttemptFailed, onCredential, onLineLost, open, SILENT } from "./dialling.ts";
import { failLater } from "./errors.ts";
import { onFrame, onHello, onRewound, onWoken, ping } from "./line.ts";
import {
  change,
  setTimer,
  show,
  type Moment,
  type SessionEffect,
  type SessionInput,
  type SessionOptions,
  type SessionState,
  type TimerName,
  type Turn,
} from "./session-state.ts";

// What changes within a moment is told as one change.
const FILTER_PAUSE_MS = 20;

const CLOSED = failLater("closed", "The channel was closed.");

/** Takes one input. */
export function step(
  options: SessionOptions,
  state: SessionState,
  input: SessionInput,
  moment: Moment,
): { readonly state: SessionState; readonly effects: readonly SessionEffect[] } {
  const turn: Turn = { ...moment, options, state, effects: [] };
  take(turn, input);
  return { state: turn.state, effects: turn.effects };
}

function take(turn: Turn, input: SessionInput): void {
  const { attempt, line, shown } = turn.state;
  const isOurs = "id" in input && input.id === attempt?.id;
  switch (input.type) {
    case "wanted":
      if (shown.name !== "idle" && shown.name !== "stopped") return;
      return dial(turn);
    case "unwanted":
      end(turn, CLOSED);
      return show(turn, { name: "idle" });
    case "place-found":
      return turn.state.position === null ? change(turn, { position: input.position }) : undefined;
    case "credential-got":
      return isOurs && attempt?.step === "credential"
        ? onCredential(turn, input.lastsMs)
        : undefined;
    case "credential-failed":
    case "ticket-failed":
      return isOurs ? onAttemptFailed(turn, input.failure) : undefined;
    case "ticket-got":
      if (!isOurs || attempt?.step !== "ticket") return;
      change(turn, { isRefused: false });
      return open(turn);
    case "frame":
      if (isOurs && input.frame.type === "hello") return onHello(turn, input.frame);
      return input.id === line?.id ? onFrame(turn, input.frame) : undefined;
    case "socket-closed":
      return onClosed(turn, input);
    case "timer":
      return onTimer(turn, input.name);
    case "woken":
      return onWoken(turn);
    case "filter-changed":
      change(turn, { filter: input.filter });
      return line === null ? undefined : setTimer(turn, "filter", FILTER_PAUSE_MS);
    case "command-asked":
      return onCommand(turn, { key: input.key, command: input.command });
    case "command-answered":
      return settle(turn, input.key, input.answer);
  }
}

function onClosed(
  turn: Turn,
  { id, code, failure }: Extract<SessionInput, { type: "socket-closed" }>,
): void {
  const { attempt, line } = turn.state;
  if (id === line?.id) return onLineLost(turn, code);
  if (id !== attempt?.id) return;
  onAttemptFailed(turn, failure ?? failLater("connection_lost", "No connection could be opened."));
}

function onTimer(turn: Turn, name: TimerName): void {
  const { attempt, line, shown } = turn.state;
  switch (name) {
    case "attempt":
      if (attempt === null) return;
      return onAttemptFailed(turn, failLater("timeout", "There was no answer in time."));
    case "retry":
      return attempt === null && (line !== null || shown.name === "waiting")
        ? dial(turn)
        : undefined;
    case "ping":
      return ping(turn);
    case "pong":
      return onLineLost(turn, SILENT);
    case "renew":
      change(turn, { why: "expiring" });
      return line !== null && attempt === null ? dial(turn) : undefined;
    case "hand-over":
      return line !== null && attempt === null ? dial(turn) : undefined;
    case "filter":
      return tellFilter(turn);
    case "rewound":
      return onRewound(turn);
    case "upgrade":
      if (line?.via !== "stream") return;
      setTimer(turn, "upgrade", UPGRADE_MS);
      return attempt === null ? dial(turn, "socket") : undefined;
  }
}

const UPGRADE_MS = 300_000;
