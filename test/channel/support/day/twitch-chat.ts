import activities from "../../../protocols/astro/frames/activities.json";
import astroChat from "../../../protocols/astro/frames/chat.json";
import said from "../../../protocols/twitch-eventsub/frames/chat.json";
import paid from "../../../protocols/twitch-eventsub/frames/money.json";
import chat from "../../../protocols/twitch-irc/frames/chat.json";
import { sayByMultistreamer, sayByRestream } from "./chats.ts";
import { formatTime, isNobody, SECOND, type Happening, type Told } from "./happening.ts";
import { activity, astro, author, chatter, eventSub, idOf, irc, user } from "./twitch-frames.ts";

/*
 * What is told of what somebody says on Twitch, and of the bits that are given with it.
 */

const CHAT = ["chat.message"];
const KAPPA = "Kappa";

/** Another channel that shares its chat with this one. */
const OTHER_ROOM = "66001234";

/** The text as Twitch has it, with the emotes that are in it. */
function write({ deed, text, count }: Happening): { text: string; isAction: boolean } {
  if (deed === "action") return { text, isAction: true };
  if (deed === "reply") return { text: `@Otter1 ${text}`, isAction: false };
  if (deed === "emotes") return { text: `😂 ${KAPPA} ${text}`, isAction: false };
  if (deed === "cheer") return { text: `Cheer${count * 100} ${text}`, isAction: false };
  return { text, isAction: false };
}

/** A line of the chat. */
export function tellLine(happening: Happening): Told[] {
  const { text, isAction } = write(happening);
  const { who, deed, count, at } = happening;
  const wire = isAction ? `\u0001ACTION ${text}\u0001` : text;
  const id = idOf(happening);
  const isCheer = deed === "cheer";
  const tags = {
    ...author(happening),
    id,
    emotes: deed === "emotes" ? "25:2-6" : "",
    ...(isCheer && { bits: String(count * 100) }),
    ...(isNobody(who) && { badges: "anonymous-cheerer/1" }),
    ...(deed === "shared" && { "source-id": `${id}-there`, "source-room-id": OTHER_ROOM }),
    ...(deed === "reply" && { "reply-parent-msg-id": "5f0d6f0c-0000-4f5e-9e5c-000000000001" }),
  };
  const line = { ...irc(chat.PRIVMSG, tags, [wire]), prefix: `${who.login}!${who.login}@twitch` };
  const message = { text: wire, fragments: cut(happening, wire) };
  const more = {
    ...chatter(happening),
    message_id: id,
    message,
    ...(isCheer && { cheer: { bits: count * 100 } }),
    ...(deed === "shared" && {
      source_message_id: `${id}-there`,
      source_broadcaster_user_id: OTHER_ROOM,
    }),
    ...(deed === "reply" && {
      reply: { parent_message_id: "5f0d6f0c-0000-4f5e-9e5c-000000000001" },
    }),
  };
  const passed = {
    ...astroChat.twitch,
    id: `A-${id}`,
    ts: formatTime(at),
    data: { ...said.message.payload.event, ...more },
  };
  const named = isCheer ? [...CHAT, "channel.cheer"] : CHAT;
  return [
    { by: "twitch-irc", frame: line, late: 2 * SECOND, named },
    {
      by: "twitch-eventsub",
      frame: eventSub(said.message, happening, more),
      late: 3 * SECOND,
      named: CHAT,
    },
    { by: "astro", frame: passed, late: 5 * SECOND, named: CHAT },
    sayByRestream(happening, text, isAction),
    sayByMultistreamer(happening, text, isAction),
  ];
}

function cut({ deed }: Happening, text: string): object[] {
  if (deed !== "emotes") return [{ type: "text", text }];
  const end = text.slice(`😂 ${KAPPA}`.length);
  return [
    { type: "text", text: "😂 " },
    { type: "emote", text: KAPPA, emote: { id: "25", emote_set_id: "0" } },
    { type: "text", text: end },
  ];
}

/** A line with bits: it is a cheer as well. */
export function tellCheer(happening: Happening): Told[] {
  const { text } = write(happening);
  const amount = happening.count * 100;
  const message = { text, fragments: [{ type: "text", text }] };
  const nobody = { user_id: null, user_login: null, user_name: null };
  const giver = isNobody(happening.who) ? nobody : user(happening);
  const bits = { ...giver, bits: amount, message };
  const activityOf = activity(happening, { amount, message: text });
  return [
    ...tellLine(happening),
    {
      by: "twitch-eventsub",
      frame: eventSub(paid.cheer, happening, bits, "-bits"),
      late: 3 * SECOND,
      named: [],
    },
    {
      by: "astro",
      frame: astro(activities.cheer, happening, `${idOf(happening)}-bits`, activityOf),
      late: 25 * SECOND,
      named: [],
    },
  ];
}
