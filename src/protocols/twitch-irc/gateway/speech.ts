import { z } from "zod";

import type { DataOf } from "../../../event/catalogue.ts";
import type { StreamEvent } from "../../../event/event.ts";
import type { SendRefusal } from "../../../event/sending.ts";
import { computeFingerprint } from "../../../lib/fingerprint.ts";
import { decodeJson } from "../../../lib/json.ts";
import { dropUnseen, readAction } from "../../chat-text.ts";
import type { GatewayInput } from "../../gateway-session.ts";
import { ASKS, takeTurn } from "../../pace.ts";
import type { Line } from "../wire/line.ts";
import { tell, type Told } from "../wire/served.ts";
import { describeSelfIn, readRooms } from "./rooms.ts";
import {
  findRoom,
  keepState,
  nameRoom,
  say,
  type Reaction,
  type Said,
  type State,
} from "./state.ts";

/** A text comes back within this time, or not any more. */
const ECHO_MS = 60_000;

// What a sleeping socket can remember of what it said.
const SAID_WEIGHT_MAX = 2_500;

const NONCE_MAX = 64;

/** The commands of Twitch's chat, which are gone from IRC since 2023: no text of anybody's. */
const COMMANDS =
  /^(?:announce\w*|ban|block|clear|color|commercial|delete|disconnect|emoteonly\w*|followers\w*|gift|goal|help|host|marker|mod|mods|monitor|pin|poll\w*|prediction\w*|raid|requests|restrict|shield\w*|shoutout|slow\w*|subscribers\w*|timeout|unban|unblock|unhost|uniquechat\w*|unmod|unmonitor|unraid|unrestrict|untimeout|unvip|user|vip|vips|vote|w|warn|whisper)$/;

/** A send that is under way: all of it that the answer is read with. */
const Asked = z.object({ request: z.int(), room: z.string(), nonce: z.string().optional() });

type Answered = Extract<GatewayInput, { type: "send-answered" }>;

/** A client's words for a room, to all that its channel is linked to. */
export function speak(state: State, { params, tags }: Line, at: number): Reaction {
  const [to = "", words = ""] = params;
  const [named] = readRooms(to);
  const { principal } = state;
  if (named === undefined || words.trim() === "") return keepState(state);
  const { channel } = named;
  const room = `#${named.name}`;
  const joined = findRoom(state, channel);
  if (principal?.scopes.includes("chat:write") !== true || joined?.id == null) {
    return notify(
      state,
      room,
      "no_permission",
      "You don't have permission to perform that action.",
    );
  }
  const read = readWords(words);
  if ("command" in read) {
    const { command, isKnown } = read;
    return isKnown
      ? notify(state, room, "unavailable_command", `/${command} is not available here.`)
      : notify(state, room, "unrecognized_cmd", `Unrecognized command: /${command}`);
  }
  const paceAt = takeTurn(state.paceAt, at, ASKS);
  if (paceAt === null) return notify(state, room, ...TOO_FAST);
  const request = state.requests + 1;
  const replyTo = tags["reply-parent-msg-id"] ?? "";
  const nonce = tags["client-nonce"]?.slice(0, NONCE_MAX);
  const mark = markWords(channel, read.text);
  const said: Said = { request, at, mark, room: channel, sendId: null, to: null, had: [] };
  const asked: z.infer<typeof Asked> = { request, room: channel, ...(nonce && { nonce }) };
  const { style, text } = read;
  const content = { kind: "chat" as const, style, text, ...(replyTo !== "" && { replyTo }) };
  return {
    state: remember({ ...state, paceAt, requests: request }, [...state.said, said], at),
    effects: [
      {
        type: "send-ask",
        requestId: JSON.stringify(asked),
        channel,
        principal,
        send: { sendId: null, content, to: null, sender: principal.credentialId },
      },
    ],
  };
}

type Words =
  | { readonly style: "text" | "emote"; readonly text: string }
  | { readonly command: string; readonly isKnown: boolean };

/** Reads a text: an action in both its forms, or a command. A dot begins one that is known only. */
function readWords(words: string): Words {
  const said = readAction(words);
  if (said.isAction) return { style: "emote", text: said.text.trim() };
  const [, sign, name = "", rest = ""] = /^([/.])([a-z]\w*)(?:\s+([^]*))?$/i.exec(words) ?? [];
  const command = name.toLowerCase();
  if (command === "me" && rest.trim() !== "") return { style: "emote", text: rest.trim() };
  const isKnown = COMMANDS.test(command);
  return isKnown || sign === "/"
    ? { command: command.slice(0, 40), isKnown }
    : { style: "text", text: words.trim() };
}

/** A send was taken on, or was not. A client waits for its own state in the room. */
export function onSent(state: State, { requestId, answer, at }: Answered): Reaction {
  const read = decodeJson(Asked, requestId);
  if (!read.ok) return keepState(state);
  const { request, room, nonce } = read.value;
  if (!answer.ok) {
    const said = state.said.filter((each) => each.request !== request);
    return notify({ ...state, said }, nameRoom(state, room), ...REFUSALS[answer.code]);
  }
  const { sendId, targets } = answer.value;
  const said = state.said.map((each) =>
    each.request === request ? { ...each, sendId, to: targets } : each,
  );
  const next = remember(state, said, at);
  const isHere = findRoom(next, room)?.id != null;
  return {
    state: next,
    effects: isHere ? say(next, [describeSelfIn(next, nameRoom(next, room), nonce)]) : [],
  };
}

type Notice = readonly [id: string, words: string];

const TOO_FAST: Notice = [
  "msg_ratelimit",
  "Your message was not sent because you are sending messages too quickly.",
];
const NOT_HERE: Notice = [
  "msg_rejected_mandatory",
  "Your message was not sent: nothing is linked here that takes messages.",
];
const NOT_ALLOWED: Notice = ["no_permission", "You don't have permission to perform that action."];
const REJECTED: Notice = ["msg_rejected_mandatory", "Your message wasn't posted: it was refused."];

const REFUSALS: Readonly<Record<SendRefusal, Notice>> = {
  unauthorized: NOT_ALLOWED,
  forbidden: NOT_ALLOWED,
  channel_not_found: ["msg_room_not_found", "This channel is not there any more."],
  connection_not_found: NOT_HERE,
  not_writable: NOT_HERE,
  invalid_input: ["msg_bad_characters", "Your message can't be sent as it is."],
  send_conflict: REJECTED,
  send_queue_full: TOO_FAST,
};

/** Why a provider did not say it, in Twitch's names. */
const FAILURES: ReadonlyMap<string, Notice> = new Map<string, Notice>([
  ["rate_limited", TOO_FAST],
  [
    "duplicate",
    [
      "msg_duplicate",
      "Your message was not sent because it is identical to the previous one you sent, less than 30 seconds ago.",
    ],
  ],
  ["timed_out", ["msg_timedout", "You may not talk in this room for a while."]],
  ["banned", ["msg_banned", "You are permanently banned from talking in this room."]],
  ["held", ["msg_rejected", "Your message is being checked by mods and has not been sent."]],
  ["room_mode", ["msg_followersonly", "This room is in a mode in which you may not talk."]],
  ["account_unverified", ["msg_verified_email", "This room requires a verified account to chat."]],
  ["warned", ["msg_warned", "You must acknowledge a warning before you may talk."]],
]);

/** Tells a client that something it said did not arrive; nothing of what others said. */
export function describeFailure(state: State, { data }: StreamEvent): Told[] {
  const { sendId, reason = "" } = data as DataOf<"send.failed">;
  const said = state.said.find((each) => each.sendId === sendId);
  if (said === undefined) return [];
  return [tellNotice(nameRoom(state, said.room), ...(FAILURES.get(reason) ?? REJECTED))];
}

/**
 * The state once a message is known to be what this client said, come back by a connection that it
 * went to, or by another that tells of the same platform; null for one of somebody else.
 */
export function takeEcho(
  state: State,
  channel: string,
  event: StreamEvent,
  at: number,
): State | null {
  if (state.said.length === 0) return null;
  const { connectionid: by, platform } = event;
  const { message } = event.data as DataOf<"chat.message">;
  if (by === undefined) return null;
  // An answer comes back with the name of who is answered before it.
  const texts = [message.text, ...(message.replyTo ? [message.text.replace(/^@\S+ /, "")] : [])];
  const marks = texts.map((text) => markWords(channel, text));
  const own = state.said.find(
    (each) =>
      marks.includes(each.mark) &&
      at - each.at < ECHO_MS &&
      !each.had.includes(by) &&
      (each.to?.some((to) => to === by || to.split(/[:-]/).includes(platform)) ?? true),
  );
  if (own === undefined) return null;
  const had = [...own.had, by];
  return remember(
    state,
    state.said.map((each) => (each === own ? { ...own, had } : each)),
    at,
  );
}

/** The state with what was said and may still come back: the newest of it. */
function remember(state: State, all: readonly Said[], at: number): State {
  const said = all.filter((each) => at - each.at < ECHO_MS);
  while (said.length > 0 && weighSaid(said) > SAID_WEIGHT_MAX) said.shift();
  return { ...state, said };
}

/** Weighs a list, with two bytes for each character of a connection beyond Latin-1. */
function weighSaid(said: readonly Said[]): number {
  const text = JSON.stringify(said);
  return text.length * (/[^\0-\xff]/.test(text) ? 2 : 1);
}

function markWords(channel: string, words: string): string {
  return computeFingerprint(`${channel}\n${dropUnseen(words).trim().replaceAll(/\s+/g, " ")}`);
}

function notify(state: State, room: string, id: string, words: string): Reaction {
  return { state, effects: say(state, [tellNotice(room, id, words)]) };
}

function tellNotice(room: string, id: string, words: string): Told {
  return tell("NOTICE", [room, words], { "msg-id": id });
}
