/*
 * A connection that is there: what its frames come to. Pure.
 */
import { ask, nameCommand, settle, tellFilter, toFailure } from "./commands.ts";
import { dial, onLineLost, SILENT } from "./dialling.ts";
import type { Position } from "./event-types.ts";
import type { Frame } from "./frames.ts";
import { epochOf, isAfter, seqOf } from "./place.ts";
import {
  act,
  change,
  clearTimers,
  setTimer,
  show,
  type CommandAnswer,
  type Line,
  type Turn,
} from "./session-state.ts";
import type { Gap } from "./types.ts";

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
export function onHello(turn: Turn, hello: FrameOf<"hello">): void {
  const { attempt, line: old, position } = turn.state;
  if (attempt === null) return;
  const { id, via, filter } = attempt;
  // What one that was live hands over has no break: all that comes is new.
  const isSeamless = old !== null && isLive(turn, old);
  if (old !== null) act(turn, { type: "socket-close", id: old.id });
  clearTimers(turn, "attempt", "pong", "hand-over", "retry");
  const line: Line = {
    id,
    via,
    head: isSeamless ? old.head : hello.position,
    openedAt: turn.at,
    liveAt: isSeamless ? old.liveAt : null,
    heardAt: turn.at,
    pingMs: via === "stream" ? STREAM_SILENT_MS : (hello.pingIntervalMs ?? PING_MS),
    pingSetAt: turn.at,
    filter,
    skips: null,
    isEmpty: false,
  };
  const spreadMs = hello.limits?.reconnectWithinMs ?? turn.state.spreadMs;
  const blocked = via === "socket" ? 0 : turn.state.blocked;
  change(turn, { line, attempt: null, spreadMs, blocked, isRefused: false });
  setTimer(turn, "ping", line.pingMs);
  if (via === "stream" && turn.options.transport === "auto") setTimer(turn, "upgrade", UPGRADE_MS);
  const { connections = [], time = null } = hello;
  act(turn, { type: "welcome-give", connections, time });
  if (position === null && hello.position !== null) {
    if (turn.options.rewind === null) reach(turn, hello.position);
    // Where there is nothing to rewind over nothing is sent.
    else setTimer(turn, "rewound", seqOf(hello.position) === 0 ? 0 : REWOUND_MS);
  }
  tellProgress(turn);
  tellFilter(turn);
  for (const each of turn.state.asked) ask(turn, each);
}

/** Does what a frame of the connection comes to. */
export function onFrame(turn: Turn, frame: Frame): void {
  hear(turn);
  const { line } = turn.state;
  if (line === null) return;
  switch (frame.type) {
    case "events":
      return line.skips === null ? onEvents(turn, frame) : undefined;
    case "gap":
      return line.skips === null ? onGap(turn, frame) : undefined;
    case "result":
      return onResult(turn, frame);
    case "reconnect":
      return setTimer(turn, "hand-over", turn.random * frame.afterMs);
    case "closing":
      return onLineLost(turn, frame.code);
    default:
  }
}

function hear(turn: Turn): void {
  const { line } = turn.state;
  if (line === null) return;
  const isDue = turn.at - line.pingSetAt >= PING_GRAIN_MS;
  change(turn, {
    line: { ...line, heardAt: turn.at, ...(isDue && { pingSetAt: turn.at }) },
  });
  if (isDue) {
    clearTimers(turn, "pong");
    setTimer(turn, "ping", line.pingMs);
  }
}

function onEvents(turn: Turn, { from, to, events }: FrameOf<"events">): void {
  const { position, line } = turn.state;
  const at = position ?? from;
  const fresh = events.filter((event) => isAfter(event.id, at));
  if (position !== null && !isAfter(to, position)) return;
  const head = line?.head ?? null;
  change(turn, { position: to });
  act(turn, { type: "events-give", events: fresh, from: at, to, head });
  tellProgress(turn);
}

function onGap(turn: Turn, { from, to, cause, shed }: FrameOf<"gap">): void {
  const { position, line } = turn.state;
  // An old socket's: a newer one has given it.
  if (cause !== "unknown_position" && !isAfter(to, position)) return;
  const filled = cause === "slow" && turn.options.gaps === "fill" && position !== null;
  const gap: Gap = { from, to, cause, shed, filled };
  act(turn, { type: "gap-give", gap });
  if (filled && line !== null) return beginAnew(turn, line, position);
  // The frame after it has the events of the same stretch that were not left out.
  if (cause !== "slow") reach(turn, to);
  tellProgress(turn);
}

/** Has everything after a place sent again, as fast as it is read. */
function beginAnew(turn: Turn, line: Line, after: Position): void {
  const { filter } = turn.state;
  if (line.via === "stream") return onLineLost(turn, SILENT);
  const id = nameCommand(turn);
  act(turn, {
    type: "socket-send",
    id: line.id,
    frame: { type: "subscribe", id, ...filter, after },
  });
  change(turn, { line: { ...line, filter, skips: id } });
}

function onResult(turn: Turn, frame: FrameOf<"result">): void {
  const { line, asked } = turn.state;
  const { id } = frame;
  if (typeof id === "string" && asked.some(({ key }) => key === id)) {
    const answer: CommandAnswer = frame.ok
      ? { ok: true, data: frame.data }
      : { ok: false, failure: toFailure(frame.error) };
    return settle(turn, id, answer);
  }
  if (line !== null && line.skips === id) {
    const head = frame.ok ? (frame.data as { position?: Position } | null)?.position : null;
    change(turn, { line: { ...line, skips: null, head: head ?? line.head } });
    tellProgress(turn);
  }
  if (!frame.ok) act(turn, { type: "error-tell", failure: toFailure(frame.error) });
}

/** Notes a place as reached, without events. */
function reach(turn: Turn, to: Position): void {
  const { position, line } = turn.state;
  change(turn, { position: to });
  const head = line?.head ?? null;
  act(turn, { type: "events-give", events: [], from: position ?? to, to, head });
}

function isLive({ state }: Turn, { head, skips, isEmpty }: Line): boolean {
  if (skips !== null) return false;
  if (head === null || isEmpty) return true;
  return state.position !== null && !isAfter(head, state.position);
}

/** Shows how far it is behind, or that it is live. */
function tellProgress(turn: Turn): void {
  const { line, position } = turn.state;
  if (line === null) return;
  if (isLive(turn, line)) {
    if (line.liveAt === null) change(turn, { line: { ...line, liveAt: turn.at } });
    return show(turn, { name: "live" });
  }
  const { head } = line;
  const isCounted = head !== null && position !== null && epochOf(head) === epochOf(position);
  const behind = isCounted ? Math.max(0, seqOf(head) - seqOf(position)) : null;
  show(turn, { name: "replaying", behind });
}

/** Asks the connection whether it is still there. */
export function ping(turn: Turn, withinMs: number = ANSWER_WITHIN_MS): void {
  const { line } = turn.state;
  if (line === null) return;
  if (line.via === "stream") {
    if (turn.at - line.heardAt >= STREAM_SILENT_MS / 2) onLineLost(turn, SILENT);
    return;
  }
  act(turn, { type: "socket-send", id: line.id, frame: { type: "ping" } });
  setTimer(turn, "pong", withinMs);
}

/** Looks at the connection again, after the machine may have slept. */
export function onWoken(turn: Turn): void {
  const { line, attempt, shown, wokenAt } = turn.state;
  if (line !== null) return ping(turn, WOKEN_ANSWER_WITHIN_MS);
  if (attempt !== null || shown.name !== "waiting" || turn.at - wokenAt < WOKEN_PAUSE_MS) return;
  change(turn, { wokenAt: turn.at });
  dial(turn);
}

/** Takes it that there was nothing to rewind over. */
export function onRewound(turn: Turn): void {
  const { line, position } = turn.state;
  if (line === null || position !== null) return;
  change(turn, { line: { ...line, isEmpty: true } });
  tellProgress(turn);
}
