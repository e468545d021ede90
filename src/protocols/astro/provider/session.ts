import { formatConnectionId } from "../../../event/ids.ts";
import { decode, type Json } from "../../../lib/json.ts";
import { clearTimer, failSession, observeEvents, rejectFrame, setTimer } from "../../effects.ts";
import { readFrame } from "../../frame.ts";
import {
  startSession,
  type LinkFailure,
  type ProviderEffect,
  type Session,
  type SocketInput,
} from "../../session.ts";
import { toDraft } from "../codec/to-draft.ts";
import { Frame, RawFrame, ReconnectData } from "../wire/frames.ts";
import { onNoAnswer, onResponse } from "./answers.ts";
import type { ReconnectToken } from "./reconnect-token.ts";
import { RATE_LIMITED } from "./refusal.ts";
import {
  ANSWER,
  ANSWER_WITHIN_MS,
  ask,
  askNext,
  begin,
  setPredecessor,
  report,
  RETRY,
  type AstroLink,
  type AstroReaction,
  type AstroSessionState,
} from "./state.ts";
import { giveUp, listNames, findTopic } from "./subscriptions.ts";

// Time for a lost answer and another try, or for two windows of the rate.
const READY_WITHIN_MS = 30_000;

// A welcome comes at once, and a bad token ends the socket.
const WELCOME_WITHIN_MS = 10_000;

// The server pings every 30 s, which is not seen here, and there may be nothing to tell for hours:
// after four pings' time a topic is asked for again, and its answer has the usual time to come.
const PROBE_AFTER_MS = 120_000;
const SILENCE_MS = PROBE_AFTER_MS + ANSWER_WITHIN_MS;

/** Begins a socket's session: it asks for its topics one by one, and hears what they tell. */
export function openSession(link: AstroLink): Session<ProviderEffect> {
  return startSession((state, input) => step(link, state, input), begin(link));
}

function step(link: AstroLink, state: AstroSessionState, input: SocketInput): AstroReaction {
  switch (input.type) {
    case "socket-opened":
      return onOpen(link, state);
    case "frame-received":
      return onFrame(link, state, input.frame);
    case "timer-fired":
      return onTimer(link, state, input.timer);
    default:
      return { state, effects: [] };
  }
}

// Nobody waits for the welcome: real clients ask at once, and one generation sends none.
function onOpen(link: AstroLink, state: AstroSessionState): AstroReaction {
  const ready = setTimer("ready", READY_WITHIN_MS);
  return state.isRestoring
    ? { state, effects: [ready, setTimer("welcome", WELCOME_WITHIN_MS)] }
    : setPredecessor([ready], askNext(link, state));
}

function onFrame(link: AstroLink, state: AstroSessionState, text: string): AstroReaction {
  const read = readFrame(RawFrame, text);
  if (!read.ok) return { state, effects: [rejectFrame(read.problem)] };
  const decoded = decode(Frame, read.value);
  if (!decoded.ok) return { state, effects: [rejectFrame(decoded.problem)] };
  const alive = [setTimer("probe", PROBE_AFTER_MS), setTimer("silence", SILENCE_MS)];
  return setPredecessor(alive, onReadable(link, state, decoded.value, read.value as Json));
}

function onReadable(
  link: AstroLink,
  state: AstroSessionState,
  frame: Frame,
  raw: Json,
): AstroReaction {
  switch (frame.type.toLowerCase()) {
    case "welcome":
      return onWelcome(link, state);
    case "response":
      return onResponse(link, state, frame);
    case "reconnect":
      return { state, effects: [openReplacement(link, state, frame)] };
    default: {
      const place = state.room === null ? null : formatConnectionId("astro", state.room);
      return { state, effects: [observeEvents([toDraft(frame, raw, place)])] };
    }
  }
}

/** The subscriptions are back; what was not subscribed before is asked for now. */
function onWelcome(link: AstroLink, state: AstroSessionState): AstroReaction {
  const { handOver } = link;
  if (!state.isRestoring || handOver === null) return { state, effects: [] };
  const isReady = listNames(state.subscriptions, "subscribed").length > 0;
  const back = report(link, state, { ...state, isRestoring: false, isReady }, [
    clearTimer("welcome"),
  ]);
  const over: ProviderEffect[] = [
    { type: "connection-drop", uuid: handOver.uuid, reason: "replaced", final: true },
  ];
  return setPredecessor([...back.effects, ...over], askNext(link, back.state));
}

function openReplacement(
  { dialId }: AstroLink,
  { subscriptions, room }: AstroSessionState,
  frame: Frame,
): ProviderEffect {
  const reason = "provider_restarting";
  const { reconnect_token: token } = ReconnectData.parse(frame.data);
  const isWorthIt = room !== null && listNames(subscriptions, "subscribed").length > 0;
  if (!token || !isWorthIt) return { type: "session-replace", reason };
  const left: ReconnectToken = { token, room, uuid: dialId, topics: [...subscriptions.topics] };
  return { type: "session-replace", reason, handOver: JSON.stringify(left) };
}

function onTimer(link: AstroLink, state: AstroSessionState, name: string): AstroReaction {
  if (name.startsWith(ANSWER)) return onNoAnswer(link, state, name.slice(ANSWER.length));
  if (name.startsWith(RETRY)) return onRetry(link, state, name.slice(RETRY.length));
  switch (name) {
    case "pace":
      return askNext(link, state);
    case "probe":
      return ask(link, state, listNames(state.subscriptions, "subscribed").slice(0, 1));
    case "ready":
      return onLate(link, state);
    case "welcome":
      return state.isRestoring
        ? { state, effects: [failSession(NO_WELCOME)] }
        : { state, effects: [] };
    default:
      return { state, effects: [failSession(SILENT)] };
  }
}

/** Goes on with the topics that are subscribed by now, and keeps asking for the others. */
function onLate(link: AstroLink, state: AstroSessionState): AstroReaction {
  if (state.isSettled) return { state, effects: [] };
  const isSome = listNames(state.subscriptions, "subscribed").length > 0;
  return isSome
    ? report(link, state, { ...state, subscriptions: giveUp(state.subscriptions) })
    : { state, effects: [failSession(describeLateness(state))] };
}

function onRetry(link: AstroLink, state: AstroSessionState, name: string): AstroReaction {
  const { subscriptions } = state;
  const isPending = findTopic(subscriptions, name)?.status === "pending";
  const isAsked = subscriptions.awaiting.includes(name);
  return isPending && !isAsked ? ask(link, state, [name]) : { state, effects: [] };
}

/**
 * Why nothing is subscribed yet: what was said last of the first topic that anything was said of.
 */
function describeLateness({ subscriptions }: AstroSessionState): LinkFailure {
  const said = subscriptions.topics.find(({ status, known }) => status === "pending" && known);
  if (said?.reason === RATE_LIMITED) {
    return { remedy: "slow", reason: RATE_LIMITED, detail: "StreamElements wants us to ask less." };
  }
  return said?.reason === "provider_error"
    ? { remedy: "retry", reason: said.reason, detail: said.detail ?? "StreamElements has trouble." }
    : {
        remedy: "retry",
        reason: "handshake_timeout",
        detail: "StreamElements granted no topic within 30 s.",
      };
}

const NO_WELCOME: LinkFailure = {
  remedy: "retry",
  reason: "hand_over_failed",
  detail: "StreamElements did not give the subscriptions back.",
};

const SILENT: LinkFailure = {
  remedy: "retry",
  reason: "silent",
  detail: "StreamElements said nothing for 120 s, and did not answer when asked.",
};
