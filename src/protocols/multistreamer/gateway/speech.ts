import { z } from "zod";

import type { EventDraft } from "../../../event/event.ts";
import { splitFragments, makeMessage } from "../../../event/message.ts";
import type { SendAsk } from "../../../event/sending.ts";
import { decode, decodeJson, type Json } from "../../../lib/json.ts";
import { sendFrame } from "../../effects.ts";
import type { ChannelFacts, GatewayEffect } from "../../gateway-session.ts";
import { toAccountNumber } from "../codec/account-number.ts";
import { ROOM, formatSaying } from "../codec/from-event.ts";
import { AccountId, INTERNAL_ACCOUNT, type Uttered } from "../wire/frames.ts";
import { toPerson, type Person, type MultistreamerGatewayState } from "./state.ts";
import { takesWords } from "./status.ts";

/** From which account to which account's chat something is to go, and what; or just the way. */
export const Route = z.object({
  kind: z.enum(["writer", "words"]),
  sender: AccountId,
  target: AccountId,
  type: z.enum(["text", "emote"]).optional(),
  words: z.string().optional(),
});
export type Route = z.infer<typeof Route>;

/**
 * Reads the route in a request's id. The id holds all of it, so that nothing has to be remembered.
 */
export function parseRoute(requestId: string): Route | null {
  const route = decodeJson(Route, requestId);
  return route.ok ? route.value : null;
}

/** Something said by one account to another's chat, or in the room: what follows from it. */
export function speak(
  state: MultistreamerGatewayState,
  uttered: Uttered,
  at: number,
): { state: MultistreamerGatewayState; effects: readonly GatewayEffect[] } {
  const { type, text, account_id: sender, cur_stream_account_id: target } = uttered;
  const [command, ...rest] = text.split(" ");
  const said = { ...state, said: state.said + 1 };
  if (command === "/msg") {
    return {
      state: said,
      effects: [whisper(said, type, rest[0] ?? "", rest.slice(1).join(" "), at)],
    };
  }
  if (command === "/irc") return { state: said, effects: [post(said, type, rest.join(" "), at)] };
  if (sender === INTERNAL_ACCOUNT) return { state: said, effects: [post(said, type, text, at)] };
  if (sender === undefined || target === undefined) return { state, effects: [] };
  const route: Route = { kind: "words", sender, target, type, words: text };
  return { state, effects: [look(state, route)] };
}

/** The channel has to be looked at: only it knows which connections the numbers mean. */
export function look({ channel }: MultistreamerGatewayState, route: Route): GatewayEffect {
  return { type: "channel-look", requestId: JSON.stringify(route), channel };
}

/**
 * Sends a message the way a native send goes. A failure is not told: the protocol has no word for
 * it.
 */
export function send(
  state: MultistreamerGatewayState,
  route: Route,
  { connections }: ChannelFacts,
): GatewayEffect[] {
  const by = (account: string): string | undefined =>
    connections.find(({ identifier }) => String(toAccountNumber(identifier)) === account)
      ?.identifier;
  const [sender, target] = [by(route.sender), by(route.target)];
  if (sender === undefined || target === undefined || route.words === undefined) return [];
  const ask: SendAsk = {
    sendId: null,
    content: {
      kind: "chat",
      style: route.type ?? "text",
      text: route.words,
      ...(sender !== target && { as: sender }),
    },
    to: [target],
    sender: state.principal.credentialId,
  };
  const { channel, principal } = state;
  return [{ type: "send-ask", requestId: JSON.stringify(route), channel, principal, send: ask }];
}

/** A writer is there where both accounts can be written by; that it is not is never said. */
export function grant({ sender, target }: Route, { connections }: ChannelFacts): GatewayEffect[] {
  const isThere = (account: string): boolean =>
    connections.some(
      (each) => String(toAccountNumber(each.identifier)) === account && takesWords(each),
    );
  if (!isThere(sender) || !isThere(target)) return [];
  const frame = JSON.stringify({
    type: "writerresult",
    account_id: Number(sender),
    cur_stream_account_id: Number(target),
  });
  return [sendFrame(frame)];
}

/** Posts a message of the internal room as an event of the channel: all of its clients hear it. */
function post(
  state: MultistreamerGatewayState,
  type: Uttered["type"],
  text: string,
  at: number,
): GatewayEffect {
  const { session, said, channel, principal } = state;
  const { id, name } = toPerson(principal);
  const words = makeMessage(`${session}/${said}`, splitFragments(text));
  const draft: EventDraft = {
    type: "chat.message",
    platform: ROOM,
    time: at,
    data: {
      user: {
        key: `${ROOM}:${id}`,
        id: String(id),
        name,
        roles: [],
        badges: [],
        anonymous: false,
      },
      message: { ...words, action: type === "emote" },
    },
  };
  return { type: "event-post", requestId: null, channel, principal, draft };
}

/*
 * A private message is for two people, and the log is for all who may read the channel: so it goes
 * beside the log. Whoever is meant shows it and says so; the sender shows it then, and not before:
 * what is said to nobody is lost without a word.
 */
const Note = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("whisper"),
    id: z.string(),
    from: z.object({ id: z.int(), name: z.string() }),
    to: z.string(),
    type: z.enum(["text", "emote"]),
    text: z.string(),
    at: z.number(),
  }),
  z.object({
    kind: z.literal("heard"),
    id: z.string(),
    by: z.int(),
    from: z.int(),
    frame: z.string(),
  }),
]);
type Note = z.infer<typeof Note>;

function whisper(
  state: MultistreamerGatewayState,
  type: Uttered["type"],
  to: string,
  text: string,
  at: number,
): GatewayEffect {
  const { session, said, principal } = state;
  const from = toPerson(principal);
  const id = `${session}/${said}`;
  return tell(state, { kind: "whisper", id, from, to, type, text, at });
}

function tell({ channel }: MultistreamerGatewayState, note: Note): GatewayEffect {
  return { type: "peers-tell", channel, note };
}

/** Handles a note of a session of the same channel. */
export function overhear(
  state: MultistreamerGatewayState,
  told: Json,
): { state: MultistreamerGatewayState; effects: readonly GatewayEffect[] } {
  const note = decode(Note, told);
  if (!note.ok) return { state, effects: [] };
  const me = toPerson(state.principal);
  if (note.value.kind === "whisper") {
    if (note.value.to !== me.name) return { state, effects: [] };
    const { id, from } = note.value;
    const frame = formatPrivate(note.value, me);
    const heard: Note = { kind: "heard", id, by: me.id, from: from.id, frame };
    return { state, effects: [sendFrame(frame), tell(state, heard)] };
  }
  const { id, by, from, frame } = note.value;
  // Several sockets of whom it is for say so, and whoever speaks to himself has had it.
  if (from !== me.id || by === me.id || state.heard === id) return { state, effects: [] };
  return { state: { ...state, heard: id }, effects: [sendFrame(frame)] };
}

function formatPrivate(note: Extract<Note, { kind: "whisper" }>, to: Person): string {
  const { type, text, at, from } = note;
  return formatSaying({
    isAction: type === "emote",
    account: Number(INTERNAL_ACCOUNT),
    network: ROOM,
    text,
    fragments: splitFragments(text),
    at,
    from,
    to,
  });
}
