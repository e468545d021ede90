import type { EventDraft } from "../../../event/event.ts";
import { decode } from "../../../lib/json.ts";
import {
  clearTimer,
  failSend,
  failSession,
  issueSend,
  observeConnection,
  observeEvents,
  rejectFrame,
  sendFrame,
  setTimer,
} from "../../effects.ts";
import { readFrame } from "../../frame.ts";
import {
  startSession,
  type ProviderEffect,
  type SendRequest,
  type Session,
  type SocketInput,
} from "../../session.ts";
import { toChestDrafts } from "../codec/chest.ts";
import { toDraft, draftUnknownField, draftUnknownFrame } from "../codec/to-draft.ts";
import {
  CHEST_OPERATION,
  formatConnectionInit,
  DataPayload,
  ServerFrame,
  startChest,
  startStream,
  STREAM_OPERATION,
  toList,
} from "../wire/frames.ts";
import { toConnection, type DliveLink } from "./connection.ts";
import { describeSilence, readOperationEnd, readRefusal } from "./failures.ts";
import { toExchange, readOutcome } from "./sending.ts";

// gqlgen answers an init at once; a server that has not after this long will not.
const ACK_WITHIN_MS = 15_000;

// `ka` comes every 25 s. Two of them and some slack: one that is late is not a dead socket.
const SILENCE_MS = 55_000;

interface State {
  readonly phase: "connecting" | "initialising" | "subscribed";
  /** It has sent a `ka`: from then on only those count as life. Some servers never send one. */
  readonly beats: boolean;
}

interface Reaction {
  readonly state: State;
  readonly effects: readonly ProviderEffect[];
}

/** Begins a socket's session: it shakes hands, subscribes to chat and chest, and hears them. */
export function openSession(link: DliveLink): Session<ProviderEffect> {
  const initial: State = { phase: "connecting", beats: false };
  return startSession((state, input) => step(link, state, input), initial);
}

function step(link: DliveLink, state: State, input: SocketInput): Reaction {
  switch (input.type) {
    case "socket-opened":
      return {
        state: { ...state, phase: "initialising" },
        effects: [sendFrame(formatConnectionInit(link.appToken)), setTimer("ack", ACK_WITHIN_MS)],
      };
    case "timer-fired":
      return { state, effects: [failSession(describeSilence(input.timer))] };
    case "frame-received":
      return onFrame(link, state, input.frame);
    case "send-requested":
      return { state, effects: onSend(link, input.send) };
    case "request-answered":
      return { state, effects: [readOutcome(input.request, input.status, input.body)] };
    case "request-lost":
      return { state, effects: [failSend(input.request, { reason: "outcome_unknown" })] };
    default:
      // Nothing is asked for here that costs something, is read as it comes, or renews credentials.
      return { state, effects: [] };
  }
}

function onSend(link: DliveLink, { job, identifier, content }: SendRequest): ProviderEffect[] {
  const { url, streamer, appToken } = link;
  const isOther = content.kind !== "chat" || (content.as ?? identifier) !== identifier;
  if (appToken === undefined || isOther) return [failSend(job, { reason: "not_writable" })];
  const exchange = toExchange({ url, streamer, appToken }, content.text);
  return [issueSend(job), { type: "request-issue", request: job, exchange }];
}

function onFrame(link: DliveLink, state: State, text: string): Reaction {
  const decoded = readFrame(ServerFrame, text);
  if (!decoded.ok) return { state, effects: [rejectFrame(decoded.problem)] };
  const frame = decoded.value;
  switch (frame.type) {
    case "connection_ack":
      return onAck(link, state);
    case "ka":
    case "connection_keep_alive":
      return { state: { ...state, beats: true }, effects: onLife(state) };
    case "data":
      return { state, effects: [...(state.beats ? [] : onLife(state)), ...onData(link, frame)] };
    case "error":
    case "complete":
      return { state, effects: [onOperationEnd(link, frame)] };
    case "connection_error": {
      const failure = readRefusal(link.appToken, state.phase === "subscribed", frame.payload);
      return { state, effects: [failSession(failure)] };
    }
    default:
      return { state, effects: [observeEvents([draftUnknownFrame(link.streamer, frame)])] };
  }
}

function onAck(link: DliveLink, state: State): Reaction {
  if (state.phase === "subscribed") return { state, effects: [] };
  return {
    state: { ...state, phase: "subscribed" },
    effects: [
      clearTimer("ack"),
      sendFrame(startStream(link.streamer)),
      sendFrame(startChest(link.streamer)),
      setTimer("silence", SILENCE_MS),
      { type: "session-ready" },
      observeConnection(toConnection(link, null)),
      { type: "session-settled" },
    ],
  };
}

function onLife({ phase }: State): ProviderEffect[] {
  return phase === "subscribed" ? [setTimer("silence", SILENCE_MS)] : [];
}

function onData({ streamer }: DliveLink, frame: ServerFrame): ProviderEffect[] {
  const decoded = decode(DataPayload, frame.payload);
  if (!decoded.ok) return [rejectFrame(decoded.problem)];
  const { data, errors } = decoded.value;
  if (data == null) {
    return [rejectFrame(errors == null ? "data without data" : "errors instead of data")];
  }
  const drafts = Object.entries(data).flatMap(([name, value]) => toDrafts(streamer, name, value));
  return [
    ...(errors == null || errors.length === 0 ? [] : [rejectFrame("errors beside data")]),
    ...(drafts.length === 0 ? [] : [observeEvents(drafts)]),
  ];
}

function toDrafts(streamer: string, field: string, value: unknown): EventDraft[] {
  switch (field) {
    case "streamMessageReceived":
      return toList(value).map((item) => toDraft(streamer, item));
    case "treasureChestMessageReceived":
      return toList(value).flatMap((item) => toChestDrafts(streamer, item));
    case "__typename":
      return [];
    default:
      return value === null ? [] : [draftUnknownField(streamer, field, value)];
  }
}

/** Handles an operation that ends without our asking: without the chest there is still the chat. */
function onOperationEnd(link: DliveLink, { id, type, payload }: ServerFrame): ProviderEffect {
  const operation = String(id ?? "");
  if (operation === CHEST_OPERATION) {
    return observeConnection(toConnection(link, "chest_unavailable"));
  }
  if (operation !== "" && operation !== STREAM_OPERATION) {
    return rejectFrame(`${type} of an operation that is not ours`);
  }
  return failSession(readOperationEnd(link.appToken, type === "error", payload));
}
