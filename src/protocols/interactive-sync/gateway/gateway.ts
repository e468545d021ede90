import { z } from "zod";

import { Principal } from "../../../event/principal.ts";
import { isRecord, type Json } from "../../../lib/json.ts";
import { memoizePer } from "../../../lib/once.ts";
import { closeSocket, sendFrame } from "../../effects.ts";
import type { GatewayEffect, GatewayInput, Opening } from "../../gateway-session.ts";
import { defineGateway } from "../../gateway.ts";
import { encodeEvent } from "../codec/from-event.ts";
import { formatShown } from "../viewer-interface/viewer-interface.ts";
import { answer, texts } from "../wire/frames.ts";
import { admit, ownsPath, refuse, VIEWER } from "./admission.ts";
import { checkFrame, findTwin } from "./messages.ts";

/** The fifth ends the connection. */
const WARNINGS_MAX = 5;

// Where the real server cuts a socket.
const CUT = 1008;

/**
 * Messages may come a second apart, and each is answered at once: when so many wait, the object that
 * was to answer has been lost. More of them, at two bytes a character, is also more than a sleeping
 * socket can remember.
 */
const UNANSWERED_MAX = 3;

const Game = z.object({
  role: z.literal("game"),
  principal: Principal,
  channel: z.string(),
  /** When a message last came that was not too soon. */
  passedAt: z.number().nullable(),
  warnings: z.int(),
  /** How many messages there have been that something was asked for. */
  asks: z.int(),
  /** The interfaces to show that have not been answered yet. */
  asked: z.array(z.object({ requestId: z.string(), interface: z.custom<Json>(() => true) })),
});
type Game = z.infer<typeof Game>;

const Viewer = z.object({ role: z.literal("viewer"), principal: Principal });

const State = z.discriminatedUnion("role", [Game, Viewer]);
type State = z.infer<typeof State>;

type Reaction<S extends State = State> = { state: S; effects: readonly GatewayEffect[] };

/** Speaks as the extension's own backend does: to games, and to viewers' pages that want pushes. */
export const gateway = defineGateway<State>({
  protocol: "interactive-sync",
  seat: "channel",
  // Games and viewers share what is shown: they have to be where it is.
  overflows: false,
  heartbeatMs: null,
  // It parses what comes, whatever its type: game engines send JSON so.
  readsBinary: true,
  needs: "interface:write",
  State,
  ownsPath,
  admit,
  refuse,
  begin,
  step,
  principalsOf: ({ principal }) => [principal],
  closes: { slow: 1013, credential: CUT },
});

function begin({ about, principal, channel }: Opening): Reaction {
  if (principal === null || channel === null) {
    throw new Error("Interactive Sync's socket has a channel");
  }
  if (about === VIEWER) {
    const shown = formatShown(channel.interface ?? null);
    return { state: { role: "viewer", principal }, effects: [sendFrame(JSON.stringify(shown))] };
  }
  const { id, number, name } = channel;
  const data = { displayName: name === "" ? id : name, channelId: String(number) };
  return {
    state: {
      role: "game",
      principal,
      channel: id,
      passedAt: null,
      warnings: 0,
      asks: 0,
      asked: [],
    },
    effects: [
      sendFrame(answer("ok", "connection", texts.connected, data)),
      { type: "viewer-interface-join" },
    ],
  };
}

function step(state: State, input: GatewayInput): Reaction {
  if (state.role === "game") return stepGame(state, input);
  if (input.type !== "peer-told") return { state, effects: [] };
  const { note } = input;
  const frame = isRecord(note) ? toPush(note, null) : JSON.stringify(note);
  return { state, effects: [sendFrame(frame)] };
}

/** Written once, for however many viewers. */
const toPush = memoizePer((note: object, _also: null): string => JSON.stringify(note));

function stepGame(state: Game, input: GatewayInput): Reaction {
  switch (input.type) {
    case "frame-received":
      return onFrame(state, input.frame, input.at);
    case "events-observed": {
      const frames = input.events.map(encodeEvent).filter((frame) => frame !== null);
      return { state, effects: frames.map(sendFrame) };
    }
    case "channel-looked":
      return input.channel === null
        ? { state, effects: cut(texts.channelLost) }
        : onLook(state, input.requestId, input.channel.interface ?? null);
    case "send-answered": {
      const { requestId, answer: outcome } = input;
      const asked = state.asked.filter((each) => each.requestId !== requestId);
      const said = outcome.ok
        ? answer("ok", "message", texts.accepted)
        : answer("error", "message", outcome.detail);
      return { state: { ...state, asked }, effects: [sendFrame(said)] };
    }
    default:
      return { state, effects: [] };
  }
}

function onFrame(state: Game, frame: string | null, at: number): Reaction {
  const check = checkFrame(frame, state.passedAt === null ? null : at - state.passedAt);
  switch (check.type) {
    case "spam":
      return { state, effects: cut(texts.spam) };
    case "warning": {
      const passedAt = check.isPaced ? at : state.passedAt;
      return warn({ ...state, passedAt }, check.text, check.data);
    }
    case "show": {
      if (state.asked.length >= UNANSWERED_MAX) {
        return { state, effects: [closeSocket(1013, "try again later")] };
      }
      const requestId = String(state.asks);
      const asked = [...state.asked, { requestId, interface: check.interface }];
      return {
        state: { ...state, passedAt: at, asks: state.asks + 1, asked },
        effects: [{ type: "channel-look", requestId, channel: state.channel }],
      };
    }
  }
}

/** Checks the last rule, now that the shown interface is known. */
function onLook(state: Game, requestId: string, shown: Json | null): Reaction {
  const wanted = state.asked.find((each) => each.requestId === requestId)?.interface;
  if (wanted === undefined) return { state, effects: [] };
  const twin = findTwin(wanted, shown);
  if (twin !== null) {
    const asked = state.asked.filter((each) => each.requestId !== requestId);
    return warn({ ...state, asked }, texts.identical, twin);
  }
  const content = { kind: "ui" as const, interface: wanted };
  const { principal, channel } = state;
  const asking = { sendId: null, content, to: null, sender: principal.credentialId };
  return { state, effects: [{ type: "send-ask", requestId, channel, principal, send: asking }] };
}

function warn(state: Game, text: string, data: Json): Reaction {
  const warnings = state.warnings + 1;
  const said = sendFrame(answer("warning", "message", text, data));
  return {
    state: { ...state, warnings },
    effects: warnings < WARNINGS_MAX ? [said] : [said, ...cut(texts.exceeded, { limit: 5 })],
  };
}

/** One last message. */
function cut(text: string, data: Json = null): readonly GatewayEffect[] {
  return [sendFrame(answer("error", "message", text, data)), closeSocket(CUT, "")];
}
