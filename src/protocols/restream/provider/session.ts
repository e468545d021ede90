import { formatConnectionId } from "../../../event/ids.ts";
import { decode, lookUp } from "../../../lib/json.ts";
import {
  failSession,
  observeConnection,
  observeEvents,
  rejectFrame,
  setTimer,
} from "../../effects.ts";
import { readFrame } from "../../frame.ts";
import {
  startSession,
  type ProviderEffect,
  type Session,
  type SocketInput,
} from "../../session.ts";
import { toPlatform } from "../codec/envelope.ts";
import { isOutcome, toOutcome } from "../codec/outcomes.ts";
import { toTarget } from "../codec/target.ts";
import { toDraft, draftUnknownAction } from "../codec/to-draft.ts";
import { ConnectionClosed, ConnectionInfo, Frame } from "../wire/frames.ts";

// Restream's own advice: heartbeats come about every 45 s, and 60 s without one is a dead socket.
const SILENCE_MS = 60_000;

// Restream tells of every connection right after the socket opens and does not say when it is done.
const SETTLED_AFTER_MS = 10_000;

// The new connection is announced before the old is closed, so a successor that is not there yet
// when its predecessor closes is late; one that is not there after this long will not come.
const SUCCESSOR_WITHIN_MS = 30_000;

const SUCCESSOR = "successor:";

/** Closed for good, by somebody's will: nothing follows. All other reasons promise a successor. */
const FINAL_REASONS: readonly string[] = ["removed", "expired"];

/** Nothing to connect to: nothing is missed while it lasts. */
const IDLE_REASONS: readonly string[] = [
  "youtube_livechat_ended",
  "youtube_broadcast_completed",
  "facebook_event_not_live",
  "event_not_started",
];

interface State {
  /** The connections this socket has told of: identifier to uuid. */
  readonly held: Readonly<Record<string, string>>;
  /** Identifiers whose connection was closed with a successor promised that has not come. */
  readonly awaited: readonly string[];
  readonly ready: boolean;
}

interface Reaction {
  readonly state: State;
  readonly effects: readonly ProviderEffect[];
}

/** Begins a socket's session: it hears what Restream tells, and sends nothing. */
export function openSession(): Session<ProviderEffect> {
  return startSession(step, { held: {}, awaited: [], ready: false });
}

function step(state: State, input: SocketInput): Reaction {
  switch (input.type) {
    case "socket-opened":
      return { state, effects: [setTimer("silence", SILENCE_MS)] };
    case "timer-fired":
      return { state, effects: onTimer(state, input.timer) };
    case "frame-received": {
      const decoded = readFrame(Frame, input.frame);
      if (!decoded.ok) {
        return { state, effects: [rejectFrame(decoded.problem)] };
      }
      const reaction = onFrame(state, decoded.value);
      const effects = [
        ...(state.ready ? [] : GREETED),
        setTimer("silence", SILENCE_MS),
        ...reaction.effects,
      ];
      return { state: { ...reaction.state, ready: true }, effects };
    }
    default:
      return { state, effects: [] };
  }
}

/** The first frame proves that the token was taken: a bad one may be refused after the upgrade. */
const GREETED: readonly ProviderEffect[] = [
  { type: "session-ready" },
  setTimer("settled", SETTLED_AFTER_MS),
];

function onTimer(state: State, timer: string): ProviderEffect[] {
  if (timer === "settled") return [{ type: "session-settled" }];
  if (timer.startsWith(SUCCESSOR)) {
    return state.awaited.includes(timer.slice(SUCCESSOR.length))
      ? [{ type: "session-replace", reason: "connection_without_successor" }]
      : [];
  }
  return [
    failSession({ remedy: "retry", reason: "silent", detail: "Restream was silent for 60 s." }),
  ];
}

function onFrame(state: State, frame: Frame): Reaction {
  const { action } = frame;
  switch (action) {
    case "heartbeat":
      return { state, effects: [] };
    case "connection_info":
      return onConnectionInfo(state, frame);
    case "connection_closed":
      return onConnectionClosed(state, frame);
    case "event": {
      const draft = toDraft(frame);
      return draft === null
        ? { state, effects: [reportUnreadable(action)] }
        : { state, effects: [observeEvents([draft])] };
    }
    default: {
      const draft = isOutcome(action) ? toOutcome(action, frame) : draftUnknownAction(frame);
      return draft === null
        ? { state, effects: [reportUnreadable(action)] }
        : { state, effects: [observeEvents([draft])] };
    }
  }
}

function onConnectionInfo(state: State, frame: Frame): Reaction {
  const decoded = decode(ConnectionInfo, frame.payload);
  if (!decoded.ok) return { state, effects: [reportUnreadable(frame.action)] };
  const info = decoded.value;
  const identifier = info.connectionIdentifier;
  const platform = toPlatform(identifier, info.eventSourceId);
  return {
    state: {
      ...state,
      held: { ...state.held, [identifier]: info.connectionUuid },
      awaited: state.awaited.filter((each) => each !== identifier),
    },
    effects: [
      observeConnection({
        identifier: formatConnectionId("restream", identifier),
        uuid: info.connectionUuid,
        platform,
        status: info.status,
        reason: info.reason ?? null,
        target: toTarget(platform, info.target),
        writable: false,
        ready: false,
        live: null,
        idle: IDLE_REASONS.includes(info.reason ?? ""),
      }),
    ],
  };
}

function onConnectionClosed(state: State, frame: Frame): Reaction {
  const decoded = decode(ConnectionClosed, frame.payload);
  if (!decoded.ok) return { state, effects: [reportUnreadable(frame.action)] };
  const { connectionUuid: uuid, reason } = decoded.value;
  const final = FINAL_REASONS.includes(reason ?? "");
  const effects: ProviderEffect[] = [
    { type: "connection-drop", uuid, reason: reason ?? "unknown", final },
  ];
  const identifier = Object.keys(state.held).find((each) => lookUp(state.held, each) === uuid);
  if (identifier === undefined) return { state, effects };
  const { [identifier]: _gone, ...held } = state.held;
  if (final) return { state: { ...state, held }, effects };
  effects.push(setTimer(SUCCESSOR + identifier, SUCCESSOR_WITHIN_MS));
  return { state: { ...state, held, awaited: [...state.awaited, identifier] }, effects };
}

function reportUnreadable(action: string): ProviderEffect {
  return rejectFrame(`unreadable ${action}`);
}
