import { z } from "zod";

import { connectionId } from "../../../event/ids.ts";
import { decode } from "../../../lib/json.ts";
import { readFrame } from "../../frame.ts";
import { commonRefusal, type ProviderAdapter } from "../../provider.ts";
import {
  startSession,
  type Failure,
  type ProviderEffect,
  type SocketInput,
} from "../../session.ts";
import { platformOf } from "../codec/envelope.ts";
import { isOutcome, toOutcome } from "../codec/outcomes.ts";
import { targetOf } from "../codec/target.ts";
import { toDraft, unknownAction } from "../codec/to-draft.ts";
import { ConnectionClosed, ConnectionInfo, DEFAULT_URL, Frame } from "../wire/frames.ts";
import { Credentials, renewal } from "./renewal.ts";

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

const Target = z.strictObject({}).describe("`{}`");

/** Dials Restream Chat and hears all the channels that its account has linked. */
export const provider: ProviderAdapter = {
  protocol: "restream",
  Target,
  Credentials,
  defaultUrl: DEFAULT_URL,
  // Which connections there are, Restream tells after we connect.
  claims: () => [],
  secrets(credentials) {
    const known = Credentials.parse(credentials);
    return "refreshToken" in known
      ? [known.clientSecret, known.refreshToken, ...(known.accessToken ? [known.accessToken] : [])]
      : [known.accessToken];
  },
  dial(link) {
    const url = new URL(link.url ?? DEFAULT_URL);
    const { accessToken } = Credentials.parse(link.credentials);
    if (accessToken !== undefined) url.searchParams.set("accessToken", accessToken);
    return { url: url.toString(), protocols: [] };
  },
  open: () => startSession<State, ProviderEffect>(step, { held: {}, awaited: [], ready: false }),
  refused(refusal) {
    const failure = commonRefusal(refusal);
    return failure.reason === "token_invalid" ? { ...failure, remedy: "renew" } : failure;
  },
  closed({ code, reason }) {
    if (code === 1008 || code === 4001 || /auth/i.test(reason)) {
      return {
        remedy: "renew",
        reason: "token_invalid",
        detail: `Restream closed the socket over its token (${code}).`,
      };
    }
    return {
      remedy: "retry",
      reason: "socket_closed",
      detail: `Restream closed the socket (${code}).`,
    };
  },
  renewal,
};

interface State {
  /** The connections this socket has told of: identifier to uuid. */
  readonly held: Readonly<Record<string, string>>;
  /** Identifiers whose connection was closed with a successor promised that has not come. */
  readonly awaited: readonly string[];
  readonly ready: boolean;
}

interface Reaction {
  state: State;
  effects: ProviderEffect[];
}

function step(state: State, input: SocketInput): Reaction {
  switch (input.type) {
    case "socket-opened":
      return { state, effects: [{ type: "timer-set", timer: "silence", afterMs: SILENCE_MS }] };
    case "timer-fired":
      return { state, effects: onTimer(state, input.timer) };
    case "frame-received": {
      const decoded = readFrame(Frame, input.frame);
      if (!decoded.ok) {
        return { state, effects: [{ type: "frame-reject", problem: decoded.problem }] };
      }
      const reaction = onFrame(state, decoded.value);
      const effects = [...(state.ready ? [] : greeting), alive, ...reaction.effects];
      return { state: { ...reaction.state, ready: true }, effects };
    }
    default:
      return { state, effects: [] };
  }
}

const alive: ProviderEffect = { type: "timer-set", timer: "silence", afterMs: SILENCE_MS };

/** The first frame proves that the token was taken: a bad one may be refused after the upgrade. */
const greeting: ProviderEffect[] = [
  { type: "session-ready" },
  { type: "timer-set", timer: "settled", afterMs: SETTLED_AFTER_MS },
];

function onTimer(state: State, timer: string): ProviderEffect[] {
  if (timer === "settled") return [{ type: "session-settled" }];
  if (timer.startsWith(SUCCESSOR)) {
    return state.awaited.includes(timer.slice(SUCCESSOR.length))
      ? [{ type: "session-replace", reason: "connection_without_successor" }]
      : [];
  }
  return [fail({ remedy: "retry", reason: "silent", detail: "Restream was silent for 60 s." })];
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
        ? { state, effects: [unreadable(action)] }
        : { state, effects: [{ type: "events-observe", drafts: [draft] }] };
    }
    default: {
      const draft = isOutcome(action) ? toOutcome(action, frame) : unknownAction(frame);
      return draft === null
        ? { state, effects: [unreadable(action)] }
        : { state, effects: [{ type: "events-observe", drafts: [draft] }] };
    }
  }
}

function onConnectionInfo(state: State, frame: Frame): Reaction {
  const decoded = decode(ConnectionInfo, frame.payload);
  if (!decoded.ok) return { state, effects: [unreadable(frame.action)] };
  const info = decoded.value;
  const identifier = info.connectionIdentifier;
  const platform = platformOf(identifier, info.eventSourceId);
  return {
    state: {
      ...state,
      held: { ...state.held, [identifier]: info.connectionUuid },
      awaited: state.awaited.filter((each) => each !== identifier),
    },
    effects: [
      {
        type: "connection-observe",
        connection: {
          identifier: connectionId("restream", identifier),
          uuid: info.connectionUuid,
          platform,
          status: info.status,
          reason: info.reason ?? null,
          target: targetOf(platform, info.target),
          writable: false,
          ready: false,
          live: null,
          idle: IDLE_REASONS.includes(info.reason ?? ""),
        },
      },
    ],
  };
}

function onConnectionClosed(state: State, frame: Frame): Reaction {
  const decoded = decode(ConnectionClosed, frame.payload);
  if (!decoded.ok) return { state, effects: [unreadable(frame.action)] };
  const { connectionUuid: uuid, reason } = decoded.value;
  const final = FINAL_REASONS.includes(reason ?? "");
  const effects: ProviderEffect[] = [
    { type: "connection-drop", uuid, reason: reason ?? "unknown", final },
  ];
  const identifier = Object.keys(state.held).find((each) => state.held[each] === uuid);
  if (identifier === undefined) return { state, effects };
  const { [identifier]: _gone, ...held } = state.held;
  if (final) return { state: { ...state, held }, effects };
  effects.push({
    type: "timer-set",
    timer: SUCCESSOR + identifier,
    afterMs: SUCCESSOR_WITHIN_MS,
  });
  return { state: { ...state, held, awaited: [...state.awaited, identifier] }, effects };
}

function unreadable(action: string): ProviderEffect {
  return { type: "frame-reject", problem: `unreadable ${action}` };
}

function fail(failure: Failure): ProviderEffect {
  return { type: "session-fail", failure };
}
