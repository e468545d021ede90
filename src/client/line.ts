/*
 * A connection that is there: what its frames come to. Pure.
 */
import { ask, subscribe, tellFilter, toFailure } from "./commands.ts";
import { dial, onLineLost, SILENT } from "./dialling.ts";
import type { Position, StreamEvent } from "./event-types.ts";
import type { Frame } from "./frames.ts";
import { epochOf, isAfter, seqOf } from "./place.ts";
import type { Attempt, Line } from "./session-state.ts";
import {
  act,
  clearTimers,
  letGo,
  send,
  setTimer,
  show,
  type LineDraft,
  type Turn,
  settle,
} from "./turn.ts";

type FrameOf<T extends Frame["type"]> = Extract<Frame, { type: T }>;

const PING_MS = 25_000;
const ANSWER_WITHIN_MS = 10_000;
const WOKEN_PAUSE_MS = 1_000;
const WOKEN_ANSWER_WITHIN_MS = 3_000;
// A stream's beats come every 15 s.
const STREAM_SILENT_MS = 35_000;
// A ping is not set anew for every frame.
const PING_GRAIN_MS = 1_000;
const REWOUND_MS = 1_000;
const UPGRADE_MS = 300_000;

/** Takes over the connection that was being made: it has said hello. */
export function onHello(turn: Turn, attempt: Attempt, hello: FrameOf<"hello">): void {
  const { at, line: old, options, position } = turn;
  const { id, via, filter } = attempt;
  const isStream = via === "stream";
  const { connections = [], limits, pingIntervalMs = PING_MS, position: head, time = null } = hello;
  // What one that was live hands over has no break: all that comes is new.
  const seamless = old !== null && isLive(turn, old) ? old : null;
  if (old !== null) letGo(turn, old);
  clearTimers(turn, "attempt", "pong", "hand-over", "retry");
  const pingMs = isStream ? STREAM_SILENT_MS : pingIntervalMs;
  const { head: oldHead = head, liveAt = null } = seamless ?? {};
  turn.line = {
    id,
    via,
    head: oldHead,
    openedAt: at,
    liveAt,
    pingMs,
    pingSetAt: at,
    filter,
    skips: null,
    isEmpty: false,
  };
  turn.attempt = null;
  turn.spreadMs = limits?.reconnectWithinMs ?? turn.spreadMs;
  turn.isRefused = false;
  setTimer(turn, "ping", pingMs);
  if (!isStream) turn.blocked = 0;
  else if (options.transport === "auto") setTimer(turn, "upgrade", UPGRADE_MS);
  act(turn, { type: "welcome-give", connections, time });
  if (position === null && head !== null) {
    if (options.rewind === null) reach(turn, head);
    // Where there is nothing to rewind over nothing is sent.
    else setTimer(turn, "rewound", seqOf(head) === 0 ? 0 : REWOUND_MS);
  }
  tellProgress(turn);
  tellFilter(turn);
  for (const each of turn.asked) ask(turn, each);
}

/** Does what a frame of the connection comes to. */
export function onFrame(turn: Turn, line: LineDraft, frame: Frame): void {
  if (turn.at - line.pingSetAt >= PING_GRAIN_MS) {
    line.pingSetAt = turn.at;
    clearTimers(turn, "pong");
    setTimer(turn, "ping", line.pingMs);
  }
  switch (frame.type) {
    case "events":
      if (line.skips === null) onEvents(turn, frame);
      break;
    case "gap":
      if (line.skips === null) onGap(turn, line, frame);
      break;
    case "result":
      return onResult(turn, line, frame);
    case "reconnect":
      return setTimer(turn, "hand-over", turn.random * frame.afterMs);
    case "closing":
      return onLineLost(turn, frame.code);
    default:
  }
}

function onEvents(turn: Turn, { from, to, events }: FrameOf<"events">): void {
  const { position } = turn;
  const at = position ?? from;
  const fresh = events.filter(({ id }) => isAfter(id, at));
  if (isAfter(to, position)) reach(turn, to, at, fresh);
}

function onGap(turn: Turn, line: LineDraft, { from, to, cause, shed }: FrameOf<"gap">): void {
  const { position, options } = turn;
  const isSlow = cause === "slow";
  // An old socket's: a newer one has given it.
  if (cause !== "unknown_position" && !isAfter(to, position)) return;
  const filled = isSlow && options.gaps === "fill" && position !== null;
  act(turn, { type: "gap-give", gap: { from, to, cause, shed, filled } });
  if (filled) {
    // All after the place is sent again, as fast as it is read.
    if (line.via === "stream") return onLineLost(turn, SILENT);
    line.filter = turn.filter;
    line.skips = subscribe(turn, line, { after: position });
  }
  // The frame after it has the events of the same range that were not left out.
  else if (isSlow) tellProgress(turn);
  else reach(turn, to);
}

function onResult(turn: Turn, line: LineDraft, frame: FrameOf<"result">): void {
  const { id } = frame;
  const failure = frame.ok ? null : toFailure(frame.error);
  const data = frame.ok ? frame.data : null;
  if (settle(turn, id, failure === null ? { ok: true, data } : { ok: false, failure })) return;
  if (line.skips === id) {
    line.skips = null;
    line.head = (data as { position?: Position } | null)?.position ?? line.head;
    tellProgress(turn);
  }
  if (failure !== null) act(turn, { type: "error-tell", failure });
}

/** Notes a place as reached, with the events before it. */
function reach(
  turn: Turn,
  to: Position,
  from = turn.position ?? to,
  events: readonly StreamEvent[] = [],
): void {
  turn.position = to;
  act(turn, { type: "events-give", events, from, to, head: turn.line?.head ?? null });
  tellProgress(turn);
}

function isLive({ position }: Turn, { head, skips, isEmpty }: Line): boolean {
  if (skips !== null) return false;
  return head === null || isEmpty || (position !== null && !isAfter(head, position));
}

/** Shows how far it is behind, or that it is live. */
function tellProgress(turn: Turn): void {
  const { at, line, position } = turn;
  if (line === null) return;
  if (isLive(turn, line)) {
    line.liveAt ??= at;
    return show(turn, { name: "live" });
  }
  const { head } = line;
  const isCounted = head !== null && position !== null && epochOf(head) === epochOf(position);
  const behind = isCounted ? Math.max(0, seqOf(head) - seqOf(position)) : null;
  show(turn, { name: "replaying", behind });
}

/** Asks the connection whether it is still there. */
export function ping(turn: Turn, withinMs: number = ANSWER_WITHIN_MS): void {
  const { at, line } = turn;
  if (line?.via === "stream") {
    if (at - line.pingSetAt >= STREAM_SILENT_MS / 2) onLineLost(turn, SILENT);
  } else if (line !== null) {
    send(turn, line, { type: "ping" });
    setTimer(turn, "pong", withinMs);
  }
}

/** Looks at the connection again, after the machine may have slept. */
export function onWoken(turn: Turn): void {
  const { at, attempt, line, shown, wokenAt } = turn;
  if (line !== null) return ping(turn, WOKEN_ANSWER_WITHIN_MS);
  if (attempt !== null || shown.name !== "waiting" || at - wokenAt < WOKEN_PAUSE_MS) return;
  turn.wokenAt = at;
  dial(turn);
}

/** Takes it that there was nothing to rewind over. */
export function onRewound(turn: Turn): void {
  const { line, position } = turn;
  if (line === null || position !== null) return;
  line.isEmpty = true;
  tellProgress(turn);
}

/** Tries a socket in a stream's place, again and again. */
export function onUpgrade(turn: Turn): void {
  if (turn.line?.via !== "stream") return;
  setTimer(turn, "upgrade", UPGRADE_MS);
  if (turn.attempt === null) dial(turn, "socket");
}
