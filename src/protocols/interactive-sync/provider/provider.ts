import { z } from "zod";

import { connectionId } from "../../../event/ids.ts";
import { redactText } from "../../../event/redact.ts";
import { given } from "../../../lib/given.ts";
import { decode, parseJson } from "../../../lib/json.ts";
import { readFrame } from "../../frame.ts";
import { commonRefusal, type ProviderAdapter, type ProviderLink } from "../../provider.ts";
import {
  startSession,
  type Failure,
  type ObservedConnection,
  type ProviderEffect,
  type SendFailure,
  type SendRequest,
  type Step,
} from "../../session.ts";
import { PLATFORM, toDraft, unknownFrame } from "../codec/to-draft.ts";
import { Channel, Frame, Secret } from "../wire/frames.ts";
import { readShown, sending, type Shown } from "../wire/limits.ts";
import {
  abandoned,
  answered,
  CLOSED,
  opened,
  replacement,
  requested,
  rested,
  type Outbox,
  type Turn,
} from "./outbox.ts";
import {
  closed,
  connectionFailure,
  HANDSHAKE_TIMEOUT,
  isTermination,
  SILENT,
  TERMINATED,
  verdictOf,
} from "./refusals.ts";

// The server asks Twitch and others up to four times before its ok.
const OK_WITHIN_MS = 30_000;

const Target = z.strictObject({}).describe("`{}`");
const Credentials = z
  .strictObject({ clientId: Secret, accessToken: Secret })
  .describe("`{clientId, accessToken}`");

/** Dials an Interactive Sync server: hears what viewers do, and tells it what to show them. */
export const provider: ProviderAdapter = {
  protocol: "interactive-sync",
  Target,
  Credentials,
  // Everybody runs a server of their own.
  defaultUrl: null,
  // Whose channel it is, the server reads from the token.
  claims: () => [],
  secrets: (credentials) => [Credentials.parse(credentials).accessToken],
  dial(link) {
    const { clientId, accessToken } = Credentials.parse(link.credentials);
    const url = new URL(z.string().parse(link.url));
    url.searchParams.set("client_id", clientId);
    url.searchParams.set("access_token", accessToken);
    return { url: url.toString(), protocols: [] };
  },
  open: (link) =>
    startSession<State, ProviderEffect>(stepFor(link), { channelId: null, outbox: CLOSED }),
  refused: commonRefusal,
  closed,
  sending,
};

interface State {
  /** Whose channel it is; null until the handshake is done. */
  readonly channelId: string | null;
  readonly outbox: Outbox;
}

type Reaction = ReturnType<Step<State, ProviderEffect>>;

const UNCONFIRMED: SendFailure = { reason: "unconfirmed", retryable: false };

function stepFor(link: ProviderLink): Step<State, ProviderEffect> {
  const { accessToken } = Credentials.parse(link.credentials);

  return (state, input) => {
    switch (input.type) {
      case "socket-opened":
        return { state, effects: [{ type: "timer-set", timer: "ok", afterMs: OK_WITHIN_MS }] };
      case "frame-received":
        return onFrame(state, input.frame);
      case "timer-fired":
        return onTimer(state, input.timer);
      case "send-requested":
        return onSend(state, input.send);
      default:
        return { state, effects: [] };
    }
  };

  function onFrame(state: State, text: string): Reaction {
    const decoded = readFrame(Frame, text);
    if (!decoded.ok) return { state, effects: [reject(decoded.problem)] };
    const frame = decoded.value;
    switch (frame.context) {
      case "connection":
        return onConnection(state, frame);
      case "message":
        return onAnswer(state, frame);
      case "emit":
        return {
          state,
          effects: [{ type: "events-observe", drafts: [toDraft(state.channelId, frame)] }],
        };
      default:
        return { state, effects: [keep(state, frame)] };
    }
  }

  function onConnection(state: State, frame: Frame): Reaction {
    if (frame.status === "error") return fail(state, connectionFailure(frame), UNCONFIRMED);
    if (frame.status !== "ok") return { state, effects: [keep(state, frame)] };
    return isTermination(frame) ? onTermination(state) : onOk(state, frame);
  }

  function onOk(state: State, frame: Frame): Reaction {
    const decoded = decode(Channel, frame.data);
    if (!decoded.ok) return { state, effects: [reject("an ok without a channel")] };
    if (state.channelId !== null) return { state, effects: [keep(state, frame)] };
    const channel = decoded.value;
    const { outbox, effects } = opened(state.outbox, handedOver(link));
    return {
      state: { channelId: channel.channelId, outbox },
      effects: [
        { type: "timer-clear", timer: "ok" },
        { type: "session-ready" },
        { type: "connection-observe", connection: connectionOf(channel) },
        { type: "session-settled" },
        ...effects,
      ],
    };
  }

  /** The document promises this before a socket closes; the real server writes it too late. */
  function onTermination(state: State): Reaction {
    const reaction = fail(state, TERMINATED, UNCONFIRMED);
    if (state.channelId === null) return reaction;
    const drop: ProviderEffect = {
      type: "connection-drop",
      uuid: link.dialId,
      reason: "terminated",
      final: false,
    };
    return { ...reaction, effects: [drop, ...reaction.effects] };
  }

  function onAnswer(state: State, frame: Frame): Reaction {
    const verdict = verdictOf(frame);
    if (verdict === null) return { state, effects: [keep(state, frame)] };
    const { awaited } = state.outbox;
    if (verdict.type === "fatal") return fail(state, verdict.end, verdict.failure);
    // Nobody else is told of an answer that is to no job, unless it is the one hoped for.
    const isTold = awaited !== null && (awaited.job !== null || verdict.type === "shown");
    const reaction = turn(state, answered(state.outbox, verdict));
    return isTold ? reaction : { ...reaction, effects: [keep(state, frame), ...reaction.effects] };
  }

  function onTimer(state: State, timer: string): Reaction {
    switch (timer) {
      case "pace":
        return turn(state, rested(state.outbox));
      case "replace":
        return { state, effects: replacement(state.outbox) };
      case "ok":
        return fail(state, HANDSHAKE_TIMEOUT, UNCONFIRMED);
      default:
        return fail(state, SILENT, UNCONFIRMED);
    }
  }

  function onSend(state: State, { job, identifier, content }: SendRequest): Reaction {
    const refuse = (reason: string): Reaction => ({
      state,
      effects: [{ type: "send-fail", job, failure: { reason, retryable: false } }],
    });
    if (state.channelId !== null && identifier !== identifierOf(state.channelId)) {
      return refuse("connection_unknown");
    }
    const flaw = sending.check(content);
    if (flaw !== null || content.kind !== "ui") return refuse(flaw?.reason ?? "unsupported");
    return turn(state, requested(state.outbox, job, content.interface as Shown));
  }

  /** Gives the socket up, and tells what becomes of all that was to be sent on it. */
  function fail(state: State, failure: Failure, unanswered: SendFailure): Reaction {
    const detail = redactText(failure.detail, [accessToken]).slice(0, 240);
    return {
      state: { ...state, outbox: CLOSED },
      effects: [
        ...abandoned(state.outbox, unanswered),
        { type: "session-fail", failure: { ...failure, detail } },
      ],
    };
  }

  function connectionOf({ channelId, displayName }: Channel): ObservedConnection {
    return {
      identifier: identifierOf(channelId),
      uuid: link.dialId,
      platform: PLATFORM,
      status: "connected",
      reason: null,
      target: given({
        platform: PLATFORM,
        id: channelId,
        name: displayName ?? undefined,
        channelId,
        displayName: displayName ?? undefined,
      }),
      writable: true,
      ready: true,
      live: null,
    };
  }
}

/** What the session before this one showed. */
function handedOver({ handOver }: ProviderLink): Shown | null {
  const parsed = parseJson(handOver ?? "");
  return parsed.ok ? readShown(parsed.value) : null;
}

function identifierOf(channelId: string): string {
  return connectionId("interactive-sync", channelId);
}

function turn(state: State, { outbox, effects }: Turn): Reaction {
  return { state: { ...state, outbox }, effects };
}

function keep({ channelId }: State, frame: Frame): ProviderEffect {
  return { type: "events-observe", drafts: [unknownFrame(channelId, frame)] };
}

function reject(problem: string): ProviderEffect {
  return { type: "frame-reject", problem };
}
