import { formatTime } from "../../../lib/time.ts";
import { sendFrame } from "../../effects.ts";
import type { GatewayEffect } from "../../gateway-session.ts";
import { formatSeconds, makeUlid } from "../codec/ids.ts";
import type { AstroGatewayState } from "./state.ts";

/** The outcome of a command. */
export type CommandOutcome =
  | { readonly message: string; readonly topic: string; readonly room: string | null }
  | { readonly error: ErrorCode; readonly message: string };

/** The published words; of the document's own, those that they took the place of. */
export type ErrorCode =
  | "err_bad_request"
  | "err_internal_error"
  | "err_unauthorized"
  | "invalid_message"
  | "invalid_message_type"
  | "rate_limit_exceeded";

export type Nonce = string | number | null | undefined;

interface AstroReaction {
  readonly state: AstroGatewayState;
  readonly effects: readonly GatewayEffect[];
}

/** The first frame. */
export function welcome(state: AstroGatewayState, at: number): AstroReaction {
  const { id, ts } = mark(state, at);
  const data = {
    message: "You are in a maze of dank memes, all alike.",
    client_id: makeUlid(at, state.session),
  };
  return react(state, { id, ts, type: "welcome", data });
}

/** The answer to a command. A refusal over the rate names none. */
export function respond(
  state: AstroGatewayState,
  nonce: Nonce,
  outcome: CommandOutcome,
  at: number,
): AstroReaction {
  const { id, ts } = mark(state, at);
  const isNamed = nonce != null && !("error" in outcome && outcome.error === "rate_limit_exceeded");
  const named = isNamed ? { nonce } : {};
  if ("error" in outcome) {
    const { error, message } = outcome;
    return react(state, { id, ts, type: "response", ...named, error, data: { message } });
  }
  const { message, topic, room } = outcome;
  const data = { message, topic, ...(room !== null && { room }) };
  return react(state, { id, ts, type: "response", ...named, data });
}

export function reconnect(state: AstroGatewayState, token: string): AstroReaction {
  const data = { message: "The server is shutting down.", reconnect_token: token };
  return react(state, { type: "reconnect", data });
}

function mark({ session, frames }: AstroGatewayState, at: number): { id: string; ts: string } {
  return { id: makeUlid(at, `${session} ${frames}`), ts: formatSeconds(formatTime(at)) };
}

function react(state: AstroGatewayState, frame: object): AstroReaction {
  return {
    state: { ...state, frames: state.frames + 1 },
    effects: [sendFrame(JSON.stringify(frame))],
  };
}
