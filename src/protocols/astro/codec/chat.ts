import type { EventDraft } from "../../../event/event.ts";
import { Platform } from "../../../event/ids.ts";
import { splitAtSpans, makeMessage, type Span } from "../../../event/message.ts";
import type { Fragment, Message, Person, User } from "../../../event/shapes.ts";
import { findFirst, omitUndefined } from "../../../lib/given.ts";
import { decode, isRecord } from "../../../lib/json.ts";
import { readChatText, readTwitchFragment, readYouTubeText, spansOf } from "../../chat-text.ts";
import { readUser as readKickUser } from "../../kick-people.ts";
import {
  KickMessage,
  TrovoMessage,
  TwitchFragment,
  TwitchMessage,
  YouTubeMessage,
} from "../wire/chat.ts";
import { readTrovoUser, readTwitchUser, readYouTubeUser } from "./chat-user.ts";
import { setTime, type AstroEnvelope } from "./envelope.ts";
import { HOME } from "./user.ts";
import { draftYouTubeModeration } from "./youtube-moderation.ts";

/** Each platform's mark: the field that only its messages have. */
const MARKS = [
  ["chatter_user_id", "twitch"],
  ["snippet", "youtube"],
  ["sender", "kick"],
  ["data", "trovo"],
] as const;

// Trovo's chat types (https://developer.trovo.live, "Chat message types") that somebody writes: plain,
// and the ones paid for with spells.
const TROVO_WRITTEN: readonly number[] = [0, 6, 7, 8, 9];

/** The platform in whose words a message is; undefined for what is none. */
function findWords(data: unknown): (typeof MARKS)[number][1] | undefined {
  if (!isRecord(data)) return undefined;
  return MARKS.find(([mark]) => isRecord(data[mark]) || typeof data[mark] === "string")?.[1];
}

/** The platform that it was said on. */
export function findChatPlatform(data: unknown): string {
  const words = findWords(data);
  // A relay tells of other platforms in Twitch's words, and names them.
  const isNamed = words === "twitch" && isRecord(data);
  const named = isNamed ? Platform.safeParse(data["provider"]).data : undefined;
  return named ?? words ?? HOME;
}

/** A chat message in the words of any of the four, or what became of one; null for neither. */
export function toChat(envelope: AstroEnvelope, data: unknown): EventDraft | null {
  const draft = { ...envelope, platform: findChatPlatform(data) };
  switch (findWords(data)) {
    case "twitch":
      return draftTwitch(draft, data);
    case "youtube":
      return draftYouTube(draft, data) ?? draftYouTubeModeration(draft, data);
    case "kick":
      return draftKick(draft, data);
    case "trovo":
      return draftTrovo(draft, data);
    case undefined:
      return null;
  }
}

/** Reads the kind of a chat event that nobody wrote. */
export function findChatKind(data: unknown): unknown {
  if (!isRecord(data)) return undefined;
  return isRecord(data["snippet"]) ? data["snippet"]["type"] : data["type"];
}

function draftTwitch(draft: AstroEnvelope, data: unknown): EventDraft | null {
  const decoded = decode(TwitchMessage, data);
  if (!decoded.ok) return null;
  const said = decoded.value;
  const fragments = (said.message.fragments ?? []).flatMap(readTwitchFragments);
  const { platform } = draft;
  const { text } = said.message;
  const id = findFirst(said.message_id);
  const replyTo = findFirst(said.reply?.parent_message_id);
  const message = {
    ...readChatText({ id, text, platform, spans: spansOf(text, fragments) }),
    highlighted: said.message_type === "channel_points_highlighted",
    first: said.message_type === "user_intro",
    ...(replyTo !== undefined && { replyTo }),
  };
  const origin = findFirst(said.source_message_id, id);
  return draftChat(draft, readTwitchUser(said, platform), message, {
    source: readSource(said, platform),
    ...(origin !== undefined && { origin }),
  });
}

function readTwitchFragments(raw: unknown): Fragment[] {
  const decoded = decode(TwitchFragment, raw);
  if (!decoded.ok) return [];
  const { type, text, emote } = decoded.value;
  return [readTwitchFragment(type, text, findFirst(emote?.id))];
}

/** Reads the channel of a shared chat that a message was written in, where it is another one. */
function readSource(said: TwitchMessage, platform: string): Person | undefined {
  const id = findFirst(said.source_broadcaster_user_id);
  if (id === undefined || id === findFirst(said.broadcaster_user_id)) return undefined;
  return omitUndefined({
    key: `${platform}:${id}`,
    id,
    login: findFirst(said.source_broadcaster_user_login),
    name: findFirst(said.source_broadcaster_user_name),
  });
}

function draftYouTube(draft: AstroEnvelope, data: unknown): EventDraft | null {
  const decoded = decode(YouTubeMessage, data);
  if (!decoded.ok) return null;
  const { id, snippet } = decoded.value;
  const text = snippet.textMessageDetails?.messageText ?? snippet.displayMessage;
  if (text == null || (snippet.type ?? "textMessageEvent") !== "textMessageEvent") return null;
  const plain = readYouTubeText(findFirst(id), text);
  return draftChat(setTime(draft, snippet.publishedAt), readYouTubeUser(decoded.value), plain);
}

function draftKick(draft: AstroEnvelope, data: unknown): EventDraft | null {
  const decoded = decode(KickMessage, data);
  if (!decoded.ok) return null;
  const said = decoded.value;
  const id = findFirst(said.message_id);
  const plain = readChatText({ id, text: said.content, platform: "kick" });
  const replyTo = findFirst(said.replies_to?.message_id);
  return draftChat(
    setTime(draft, said.created_at),
    readKickUser(said.sender, findFirst(said.broadcaster?.user_id)),
    {
      ...plain,
      ...(replyTo !== undefined && { replyTo }),
    },
  );
}

function draftTrovo(draft: AstroEnvelope, data: unknown): EventDraft | null {
  const decoded = decode(TrovoMessage, data);
  if (!decoded.ok || !TROVO_WRITTEN.includes(decoded.value.type ?? 0)) return null;
  const { id, created_at, data: said } = decoded.value;
  const emotes = (said.emotes ?? []).flatMap((each) =>
    isRecord(each) && typeof each["id"] === "string" && each["id"] !== "" ? [each["id"]] : [],
  );
  // An emote is written as a colon and its id.
  const spans = [...said.text.matchAll(/:[^\s:]+/g)].flatMap((match): Span[] => {
    const emote = emotes.find((each) => match[0] === `:${each}`);
    return emote === undefined ? [] : [toSpan(match, { type: "emote", id: emote })];
  });
  const plain = makeMessage(findFirst(id), splitAtSpans(said.text, spans));
  return draftChat(setTime(draft, created_at), readTrovoUser(decoded.value), plain);
}

/**
 * A message's id is its platform's own, and outlives the frame it came in. `origin` is its id in the
 * channel where it was written, which all channels of a shared chat have alike.
 */
function draftChat(
  draft: AstroEnvelope,
  user: User,
  message: Message,
  {
    origin = message.id,
    source,
  }: { origin?: string | undefined; source?: Person | undefined } = {},
): EventDraft {
  const key = origin === undefined ? {} : { key: `chat/${draft.platform}/${origin}` };
  const data = { user, message, ...(source !== undefined && { source }) };
  return { ...draft, ...key, type: "chat.message", data };
}

function toSpan(match: RegExpExecArray, fragment: Span["fragment"]): Span {
  return { start: match.index, end: match.index + match[0].length, fragment };
}
