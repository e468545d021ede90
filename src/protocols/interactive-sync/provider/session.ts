import { redactDetail } from "../../../event/redact.ts";
import { decode, parseJson } from "../../../lib/json.ts";
import {
  clearTimer,
  failSend,
  failSession,
  observeConnection,
  observeEvents,
  rejectFrame,
  setTimer,
} from "../../effects.ts";
import { readFrame } from "../../frame.ts";
import {
  startSession,
  type LinkFailure,
  type ProviderEffect,
  type SendFailure,
  type SendRequest,
  type Session,
  type SocketInput,
} from "../../session.ts";
import { toDraft, draftUnknownFrame } from "../codec/to-draft.ts";
import { Channel, Frame } from "../wire/frames.ts";
import { readShown, sending, type Shown } from "../wire/limits.ts";
import { toConnection, toIdentifier } from "./connection.ts";
import {
  abandonAll,
  onAnswered,
  CLOSED,
  onOpened,
  replaceAccepted,
  onRequested,
  onRested,
  type Outbox,
  type Turn,
} from "./outbox.ts";
import {
  classifyConnectionError,
  HANDSHAKE_TIMEOUT,
  isTermination,
  SILENT,
  TERMINATED,
  readAnswer,
  type ServerAnswer,
} from "./refusals.ts";

// The server asks Twitch and others up to four times before its ok.
const OK_WITHIN_MS = 30_000;

/** A link to an Interactive Sync server, as its session needs it. */
export interface SyncLink {
  readonly dialId: string;
  /** The interface that the session before this one showed, as it was handed over, or null. */
  readonly handOver: string | null;
  /** A secret. */
  readonly accessToken: string;
}

interface State {
  /** The id of the token's channel; null until the handshake is done. */
  readonly channelId: string | null;
  readonly displayName: string | null;
  readonly outbox: Outbox;
}

interface Reaction {
  readonly state: State;
  readonly effects: readonly ProviderEffect[];
}

const UNCONFIRMED: SendFailure = { reason: "unconfirmed", retryable: false };

/** Begins a socket's session: it waits for the ok, hears viewers and shows them interfaces. */
export function openSession(link: SyncLink): Session<ProviderEffect> {
  const initial: State = { channelId: null, displayName: null, outbox: CLOSED };
  return startSession((state, input) => step(link, state, input), initial);
}

function step(link: SyncLink, state: State, input: SocketInput): Reaction {
  switch (input.type) {
    case "socket-opened":
      return { state, effects: [setTimer("ok", OK_WITHIN_MS)] };
    case "frame-received":
      return onFrame(link, state, input.frame);
    case "timer-fired":
      return onTimer(link, state, input.timer);
    case "send-requested":
      return onSend(state, input.send);
    default:
      return { state, effects: [] };
  }
}

function onFrame(link: SyncLink, state: State, text: string): Reaction {
  const decoded = readFrame(Frame, text);
  if (!decoded.ok) return { state, effects: [rejectFrame(decoded.problem)] };
  const frame = decoded.value;
  switch (frame.context) {
    case "connection":
      return onConnection(link, state, frame);
    case "message":
      return onAnswer(link, state, frame);
    case "emit":
      return { state, effects: [observeEvents([toDraft(state.channelId, frame)])] };
    default:
      return { state, effects: [keepFrame(state, frame)] };
  }
}

function onConnection(link: SyncLink, state: State, frame: Frame): Reaction {
  if (frame.status === "error")
    return fail(link, state, classifyConnectionError(frame), UNCONFIRMED);
  if (frame.status !== "ok") return { state, effects: [keepFrame(state, frame)] };
  return isTermination(frame) ? onTermination(link, state) : onOk(link, state, frame);
}

function onOk(link: SyncLink, state: State, frame: Frame): Reaction {
  const decoded = decode(Channel, frame.data);
  if (!decoded.ok) return { state, effects: [rejectFrame("an ok without a channel")] };
  if (state.channelId !== null) return { state, effects: [keepFrame(state, frame)] };
  const channel = decoded.value;
  const { outbox, effects } = onOpened(state.outbox, readHandOver(link));
  return {
    state: { channelId: channel.channelId, displayName: channel.displayName ?? null, outbox },
    effects: [
      clearTimer("ok"),
      { type: "session-ready" },
      observeConnection(toConnection(link, channel, null)),
      { type: "session-settled" },
      ...effects,
    ],
  };
}

/** The document promises this before a socket closes; the real server writes it too late. */
function onTermination(link: SyncLink, state: State): Reaction {
  return close(link, state, TERMINATED, UNCONFIRMED, []);
}

/** The server has ended the connection over an error, which stays to be seen until the next ok. */
function onFatal(
  link: SyncLink,
  state: State,
  { end, failure }: Extract<ServerAnswer, { type: "fatal" }>,
): Reaction {
  const { channelId, displayName } = state;
  if (channelId === null) return fail(link, state, end, failure);
  const broken = toConnection(link, { channelId, displayName }, end.reason);
  return close(link, state, end, failure, [observeConnection(broken)]);
}

/** Gives the socket up, and tells that the server has closed the connection. */
function close(
  link: SyncLink,
  state: State,
  end: LinkFailure,
  unanswered: SendFailure,
  afterwards: readonly ProviderEffect[],
): Reaction {
  const reaction = fail(link, state, end, unanswered);
  if (state.channelId === null) return reaction;
  const drop: ProviderEffect = {
    type: "connection-drop",
    uuid: link.dialId,
    reason: end.reason,
    final: false,
  };
  return { ...reaction, effects: [drop, ...afterwards, ...reaction.effects] };
}

function onAnswer(link: SyncLink, state: State, frame: Frame): Reaction {
  const answer = readAnswer(frame);
  if (answer === null) return { state, effects: [keepFrame(state, frame)] };
  const { awaited } = state.outbox;
  if (answer.type === "fatal") return onFatal(link, state, answer);
  // Nobody else is told of an answer that is to no job, unless it is the one hoped for.
  const isTold = awaited !== null && (awaited.job !== null || answer.type === "shown");
  const reaction = withTurn(state, onAnswered(state.outbox, answer));
  return isTold
    ? reaction
    : { ...reaction, effects: [keepFrame(state, frame), ...reaction.effects] };
}

function onTimer(link: SyncLink, state: State, timer: string): Reaction {
  switch (timer) {
    case "pace":
      return withTurn(state, onRested(state.outbox));
    case "replace":
      return { state, effects: replaceAccepted(state.outbox) };
    case "ok":
      return fail(link, state, HANDSHAKE_TIMEOUT, UNCONFIRMED);
    default:
      return fail(link, state, SILENT, UNCONFIRMED);
  }
}

function onSend(state: State, { job, identifier, content }: SendRequest): Reaction {
  if (state.channelId !== null && identifier !== toIdentifier(state.channelId)) {
    return { state, effects: [failSend(job, { reason: "connection_unknown" })] };
  }
  const flaw = sending.check(content);
  if (flaw !== null || content.kind !== "ui") {
    return { state, effects: [failSend(job, { reason: flaw?.reason ?? "unsupported" })] };
  }
  return withTurn(state, onRequested(state.outbox, job, content.interface as Shown));
}

/** Gives the socket up, and tells what becomes of all that was to be sent on it. */
function fail(
  { accessToken }: SyncLink,
  state: State,
  failure: LinkFailure,
  unanswered: SendFailure,
): Reaction {
  const detail = redactDetail(failure.detail, [accessToken]).slice(0, 240);
  return {
    state: { ...state, outbox: CLOSED },
    effects: [...abandonAll(state.outbox, unanswered), failSession({ ...failure, detail })],
  };
}

function readHandOver({ handOver }: SyncLink): Shown | null {
  const parsed = parseJson(handOver ?? "");
  return parsed.ok ? readShown(parsed.value) : null;
}

function withTurn(state: State, { outbox, effects }: Turn): Reaction {
  return { state: { ...state, outbox }, effects };
}

/** Keeps a frame that has no meaning of its own as an event, so that nothing is dropped. */
function keepFrame({ channelId }: State, frame: Frame): ProviderEffect {
  return observeEvents([draftUnknownFrame(channelId, frame)]);
}
