import { z } from "zod";

import { Principal } from "../../../event/principal.ts";
import { decodeJson, lookUp } from "../../../lib/json.ts";
import { readFrame } from "../../frame.ts";
import type { FollowRefusal, GatewayEffect, GatewayInput } from "../../gateway-session.ts";
import { Command, LooseCommand, TOKEN_TYPES } from "../wire/frames.ts";
import { TOPICS } from "../wire/topics.ts";
import { respond, type ErrorCode, type Nonce, type CommandOutcome } from "./frames.ts";
import {
  countFrame,
  dropRoom,
  isDropped,
  findRoom,
  addSubscription,
  type Rooms,
  type AstroGatewayState,
} from "./state.ts";

interface AstroReaction {
  readonly state: AstroGatewayState;
  readonly effects: readonly GatewayEffect[];
}

// Far more than any command has.
const FRAME_MAX_CHARS = 16_384;

const GRANTED = "successfully subscribed to topic";
const GONE = "successfully unsubscribed from topic";

/**
 * A subscription that is looked into: all of it, so that nothing has to be remembered until then.
 */
const Asked = z.object({
  nonce: z.union([z.string(), z.number()]).nullable(),
  topic: z.string(),
  room: z.string(),
  /** Which of the commands it was. */
  at: z.int(),
  principal: Principal.optional(),
});
type Asked = z.infer<typeof Asked>;

type Checked = Extract<GatewayInput, { type: "credential-checked" }>;
type Followed = Extract<GatewayInput, { type: "follow-answered" }>;

/** A client's frame. */
export function hear(before: AstroGatewayState, text: string, at: number): AstroReaction {
  const state = countFrame(before, at);
  if (state === null) return refuse(before, null, "rate_limit_exceeded", "rate limit exceeded", at);
  const short = text.length > FRAME_MAX_CHARS ? "" : text;
  const command = readFrame(Command, short);
  if (!command.ok) return refuseUnread(state, short, at);
  const { type, nonce, data } = command.value;
  const { topic, token, token_type: tokenType } = data;
  if (!TOPICS.includes(topic)) return refuse(state, nonce, "err_bad_request", "unknown topic", at);
  if (type === "unsubscribe")
    return unsubscribe(state, { nonce, topic, room: data.room ?? "" }, at);
  if (tokenType != null && !TOKEN_TYPES.includes(tokenType)) {
    return refuse(state, nonce, "err_bad_request", "unknown token type", at);
  }
  if (token == null || token === "") {
    return refuse(state, nonce, "err_unauthorized", "invalid token", at);
  }
  const asked: Asked = { nonce: nonce ?? null, topic, room: data.room ?? "", at: state.commands };
  const requestId = JSON.stringify(asked);
  return {
    state: { ...state, isOld: state.isOld || tokenType === "oauth" },
    effects: [{ type: "credential-check", requestId, credential: token }],
  };
}

/** Handles a checked token: the room is followed if its bearer may read it. */
export function onCredential(
  state: AstroGatewayState,
  { requestId, principal, at }: Checked,
): AstroReaction {
  const read = decodeJson(Asked, requestId);
  if (!read.ok) return { state, effects: [] };
  const asked = read.value;
  const { nonce } = asked;
  if (principal === null) return refuse(state, nonce, "err_unauthorized", "invalid token", at);
  const room = chooseRoom(principal, asked.room);
  if (room === null) return refuse(state, nonce, "err_bad_request", "missing room", at);
  if (!isFor(principal, room)) {
    return refuse(state, nonce, "err_unauthorized", "invalid token", at);
  }
  const full: Asked = { ...asked, room, principal };
  return {
    state,
    effects: [
      { type: "channel-follow", requestId: JSON.stringify(full), channel: room, principal },
    ],
  };
}

/** A room is followed, or cannot be. */
export function onFollow(
  state: AstroGatewayState,
  { requestId, answer, at }: Followed,
): AstroReaction {
  const read = decodeJson(Asked, requestId);
  if (!read.ok || read.value.principal === undefined) return { state, effects: [] };
  const { nonce, topic, room, principal } = read.value;
  if (!answer.ok) {
    const outcome = REFUSALS[answer.code];
    return respond(state, nonce, outcome, at);
  }
  const done: CommandOutcome = { message: GRANTED, topic, room };
  if (isDropped(state, read.value)) {
    const step = respond(state, nonce, done, at);
    return { ...step, effects: [...leaveRoom(room, state.rooms), ...step.effects] };
  }
  const rooms = addSubscription(state.rooms, { topic, room, principal });
  if (rooms === null) {
    const step = refuse(state, nonce, "err_bad_request", "limit exceeded", at);
    return { ...step, effects: [...leaveRoom(room, state.rooms), ...step.effects] };
  }
  return respond({ ...state, rooms }, nonce, done, at);
}

const REFUSALS: Readonly<Record<FollowRefusal, CommandOutcome>> = {
  unauthorized: { error: "err_unauthorized", message: "invalid token" },
  forbidden: { error: "err_unauthorized", message: "invalid token" },
  channel_not_found: { error: "err_bad_request", message: "unknown room" },
  unavailable: { error: "err_internal_error", message: "internal error" },
};

/** Needs no token, and may be asked of what is not subscribed. */
function unsubscribe(
  state: AstroGatewayState,
  { nonce, topic, room: said }: { nonce: Nonce; topic: string; room: string },
  at: number,
): AstroReaction {
  const room = said === "" ? null : (findId(state.rooms, said) ?? said);
  const after = dropRoom(state, topic, room);
  const step = respond(after, nonce, { message: GONE, topic, room }, at);
  const left = Object.keys(state.rooms).flatMap((each) => leaveRoom(each, after.rooms));
  return { ...step, effects: [...left, ...step.effects] };
}

/** A room that nothing is subscribed in is not followed. */
export function leaveRoom(room: string, rooms: Rooms): GatewayEffect[] {
  return findRoom(rooms, room) === undefined ? [{ type: "channel-unfollow", channel: room }] : [];
}

/** Is the credential one for reading in this room? Whether it is good for it is looked at then. */
function isFor({ channels, scopes }: Principal, room: string): boolean {
  return scopes.includes("events:read") && (channels?.some(({ id }) => id === room) ?? true);
}

/** The room that is meant: by its id or its number, or else the token's own; null for none. */
function chooseRoom({ channels }: Principal, said: string): string | null {
  const [own, ...others] = channels ?? [];
  if (said === "") return own === undefined || others.length > 0 ? null : own.id;
  if (channels?.some(({ id }) => id === said) === true) return said;
  return channels?.find(({ number }) => String(number) === said)?.id ?? said;
}

function findId(rooms: Rooms, said: string): string | undefined {
  return Object.keys(rooms).find((room) =>
    lookUp(rooms, room)?.principals.some(
      ({ channels }) => channels?.some(({ number }) => String(number) === said) ?? false,
    ),
  );
}

/** Refuses a command that is no message, has no known type, or lacks a field. */
function refuseUnread(state: AstroGatewayState, text: string, at: number): AstroReaction {
  const loose = readFrame(LooseCommand, text);
  const { type, nonce } = loose.ok ? loose.value : {};
  if (type === "subscribe" || type === "unsubscribe") {
    return refuse(state, nonce, "err_bad_request", "missing field", at);
  }
  const code = state.isOld
    ? "invalid_message"
    : type === undefined || type === null
      ? "err_bad_request"
      : "invalid_message_type";
  return refuse(
    state,
    nonce,
    code,
    code === "invalid_message_type" ? "invalid message type" : "invalid message",
    at,
  );
}

function refuse(
  state: AstroGatewayState,
  nonce: Nonce,
  error: ErrorCode,
  message: string,
  at: number,
): AstroReaction {
  return respond(state, nonce, { error, message }, at);
}
