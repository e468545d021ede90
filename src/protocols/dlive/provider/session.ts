import type { EventDraft } from "../../../event/event.ts";
import { connectionId } from "../../../event/ids.ts";
import { redactText } from "../../../event/redact.ts";
import { decode } from "../../../lib/json.ts";
import { readFrame } from "../../frame.ts";
import type {
  Failure,
  ObservedConnection,
  ProviderEffect,
  SendRequest,
  Step,
} from "../../session.ts";
import { toChestDrafts } from "../codec/chest.ts";
import { toDraft, unknownField, unknownFrame } from "../codec/to-draft.ts";
import { pageOf, PLATFORM } from "../codec/user.ts";
import {
  CHEST_OPERATION,
  connectionInit,
  DataPayload,
  ErrorWords,
  ServerFrame,
  startChest,
  startStream,
  STREAM_OPERATION,
} from "../wire/frames.ts";
import { fail, reject, silence } from "./faults.ts";
import { exchangeFor, outcomeOf } from "./sending.ts";

// gqlgen answers an init at once; a server that has not after this long will not.
const ACK_WITHIN_MS = 15_000;

// `ka` comes every 25 s. Two of them and some slack: one that is late is not a dead socket.
const SILENCE_MS = 55_000;

/** What a session remembers of its socket. */
interface State {
  readonly phase: "connecting" | "initialising" | "subscribed";
  /** It has sent a `ka`: from then on only those count as life. Some servers never send one. */
  readonly beats: boolean;
}

export const INITIAL: State = { phase: "connecting", beats: false };

/** What a session is about. */
interface About {
  readonly dialId: string;
  /** The address set by hand, or null for DLive's own. */
  readonly url: string | null;
  readonly streamer: string;
  readonly appToken: string | undefined;
}

type Reaction = ReturnType<Step<State, ProviderEffect>>;

/** The rule of one socket to DLive: shakes hands, subscribes to chat and chest, and hears them. */
export function stepFor({ dialId, url, streamer, appToken }: About): Step<State, ProviderEffect> {
  return (state, input) => {
    switch (input.type) {
      case "socket-opened":
        return {
          state: { ...state, phase: "initialising" },
          effects: [
            { type: "frame-send", frame: connectionInit(appToken) },
            { type: "timer-set", timer: "ack", afterMs: ACK_WITHIN_MS },
          ],
        };
      case "timer-fired":
        return { state, effects: [fail(silence(input.timer))] };
      case "frame-received":
        return onFrame(state, input.frame);
      case "send-requested":
        return { state, effects: onSend(input.send) };
      case "request-answered":
        return { state, effects: [outcomeOf(input.request, input.status, input.body)] };
      case "request-lost": {
        const failure = { reason: "outcome_unknown", retryable: false };
        return { state, effects: [{ type: "send-fail", job: input.request, failure }] };
      }
    }
  };

  function onSend({ job, identifier, content }: SendRequest): ProviderEffect[] {
    const isOther = content.kind !== "chat" || (content.as ?? identifier) !== identifier;
    if (appToken === undefined || isOther) {
      return [{ type: "send-fail", job, failure: { reason: "not_writable", retryable: false } }];
    }
    const exchange = exchangeFor({ url, streamer, appToken }, content.text);
    return [
      { type: "send-issue", job },
      { type: "request-issue", request: job, exchange },
    ];
  }

  function onFrame(state: State, text: string): Reaction {
    const decoded = readFrame(ServerFrame, text);
    if (!decoded.ok) return { state, effects: [reject(decoded.problem)] };
    const frame = decoded.value;
    switch (frame.type) {
      case "connection_ack":
        return onAck(state);
      case "ka":
      case "connection_keep_alive":
        return { state: { ...state, beats: true }, effects: onLife(state) };
      case "data":
        return { state, effects: [...(state.beats ? [] : onLife(state)), ...onData(frame)] };
      case "error":
      case "complete":
        return { state, effects: onOperationEnd(frame) };
      case "connection_error":
        return { state, effects: [fail(refusal(state, frame.payload))] };
      default:
        return {
          state,
          effects: [{ type: "events-observe", drafts: [unknownFrame(streamer, frame)] }],
        };
    }
  }

  function onAck(state: State): Reaction {
    if (state.phase === "subscribed") return { state, effects: [] };
    return {
      state: { ...state, phase: "subscribed" },
      effects: [
        { type: "timer-clear", timer: "ack" },
        { type: "frame-send", frame: startStream(streamer) },
        { type: "frame-send", frame: startChest(streamer) },
        { type: "timer-set", timer: "silence", afterMs: SILENCE_MS },
        { type: "session-ready" },
        { type: "connection-observe", connection: connection("connected", null) },
        { type: "session-settled" },
      ],
    };
  }

  function onLife(state: State): ProviderEffect[] {
    return state.phase === "subscribed"
      ? [{ type: "timer-set", timer: "silence", afterMs: SILENCE_MS }]
      : [];
  }

  function onData(frame: ServerFrame): ProviderEffect[] {
    const decoded = decode(DataPayload, frame.payload);
    if (!decoded.ok) return [reject(decoded.problem)];
    const { data, errors } = decoded.value;
    if (data == null) {
      return [reject(errors == null ? "data without data" : "errors instead of data")];
    }
    const drafts = Object.entries(data).flatMap(([name, value]) => onAnswer(name, value));
    return [
      ...(errors == null || errors.length === 0 ? [] : [reject("errors beside data")]),
      ...(drafts.length === 0 ? [] : [{ type: "events-observe" as const, drafts }]),
    ];
  }

  function onAnswer(name: string, value: unknown): EventDraft[] {
    switch (name) {
      case "streamMessageReceived":
        return listOf(value).map((item) => toDraft(streamer, item));
      case "treasureChestMessageReceived":
        return listOf(value).flatMap((item) => toChestDrafts(streamer, item));
      case "__typename":
        return [];
      default:
        return value === null ? [] : [unknownField(streamer, name, value)];
    }
  }

  /** An operation that ends without our asking: without the chest there is still the chat. */
  function onOperationEnd(frame: ServerFrame): ProviderEffect[] {
    const id = String(frame.id ?? "");
    if (id === CHEST_OPERATION) {
      const partial = connection("connected", "chest_unavailable");
      return [{ type: "connection-observe", connection: partial }];
    }
    if (id !== "" && id !== STREAM_OPERATION) {
      return [reject(`${frame.type} of an operation that is not ours`)];
    }
    const words = wordsOf(frame.payload);
    const why = words === null ? "." : `: ${words}`;
    return frame.type === "error"
      ? [
          fail({
            remedy: "slow",
            reason: "subscription_refused",
            detail: `DLive refused the subscription${why}`,
          }),
        ]
      : [
          fail({
            remedy: "retry",
            reason: "subscription_ended",
            detail: "DLive ended the subscription.",
          }),
        ];
  }

  function refusal(state: State, payload: unknown): Failure {
    const said = wordsOf(payload) ?? "no reason given";
    const detail = `DLive refused the connection: ${said}`;
    // Before the ack the only thing that can be wrong with us is the token.
    if (state.phase !== "subscribed" && appToken !== undefined) {
      return { remedy: "stop", reason: "token_invalid", detail };
    }
    return /auth|token|permission/i.test(said)
      ? {
          remedy: "stop",
          reason: appToken === undefined ? "token_missing" : "token_invalid",
          detail,
        }
      : { remedy: "retry", reason: "connection_refused", detail };
  }

  /** What a failure says of itself, without the token should it repeat it. */
  function wordsOf(payload: unknown): string | null {
    const decoded = decode(ErrorWords, listOf(payload)[0]);
    if (!decoded.ok || !decoded.value) return null;
    return redactText(decoded.value, appToken === undefined ? [] : [appToken]).slice(0, 200);
  }

  function connection(
    status: ObservedConnection["status"],
    reason: string | null,
  ): ObservedConnection {
    return {
      identifier: connectionId("dlive", streamer),
      uuid: dialId,
      platform: PLATFORM,
      status,
      reason,
      target: {
        platform: PLATFORM,
        id: streamer,
        name: streamer,
        url: pageOf(streamer),
      },
      writable: appToken !== undefined,
      ready: appToken !== undefined && status === "connected",
      live: null,
    };
  }
}

/** An array, one object, or null: all are in the wild. */
function listOf(value: unknown): readonly unknown[] {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
