import type { EventDraft } from "../../../event/event.ts";
import { Platform } from "../../../event/ids.ts";
import {
  splitFragments,
  splitAtSpans,
  makeMessage,
  joinFragments,
  type Span,
} from "../../../event/message.ts";
import type { Fragment, Message, User } from "../../../event/shapes.ts";
import { decode, isRecord } from "../../../lib/json.ts";
import {
  KickMessage,
  TrovoMessage,
  TwitchFragment,
  TwitchMessage,
  YouTubeMessage,
} from "../wire/chat.ts";
import { kickUser, readTrovoUser, readTwitchUser, readYouTubeUser } from "./chat-user.ts";
import { setTime, type AstroEnvelope } from "./envelope.ts";
import { findFirst, HOME } from "./user.ts";

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

/** The platform whose words these are. */
export function findChatPlatform(data: unknown): string {
  if (!isRecord(data)) return HOME;
  const marked = MARKS.find(([mark]) => isRecord(data[mark]) || typeof data[mark] === "string");
  // A relay tells of other platforms in Twitch's words, and names them.
  const named = marked?.[1] === "twitch" ? Platform.safeParse(data["provider"]).data : undefined;
  return named ?? marked?.[1] ?? HOME;
}

/** A chat message of any of the four; null for what is none. */
export function toChat(draft: AstroEnvelope, data: unknown): EventDraft | null {
  const platform = findChatPlatform(data);
  switch (platform) {
    case HOME:
      return null;
    case "youtube":
      return draftYouTube({ ...draft, platform }, data);
    case "kick":
      return kick({ ...draft, platform }, data);
    case "trovo":
      return draftTrovo({ ...draft, platform }, data);
    default:
      return draftTwitch({ ...draft, platform }, data);
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
  // The fragments are the text; where they are not, the text is what was said.
  const isWhole = joinFragments(fragments) === said.message.text;
  const plain = makeMessage(
    findFirst(said.message_id) ?? "",
    isWhole ? fragments : splitFragments(said.message.text),
  );
  const replyTo = findFirst(said.reply?.parent_message_id);
  return draftChat(draft, readTwitchUser(said, draft.platform), {
    ...plain,
    highlighted: said.message_type === "channel_points_highlighted",
    first: said.message_type === "user_intro",
    ...(replyTo !== undefined && { replyTo }),
  });
}

function readTwitchFragments(raw: unknown): Fragment[] {
  const decoded = decode(TwitchFragment, raw);
  if (!decoded.ok) return [];
  const { type, text, emote } = decoded.value;
  if (type === "mention" || type === "cheermote") return [{ type, text }];
  if (type !== "emote") return splitFragments(text);
  const id = findFirst(emote?.id);
  if (id === undefined) return [{ type, text }];
  const image = `https://static-cdn.jtvnw.net/emoticons/v2/${makePath(id)}/default/dark/2.0`;
  return [{ type, text, id, image }];
}

function draftYouTube(draft: AstroEnvelope, data: unknown): EventDraft | null {
  const decoded = decode(YouTubeMessage, data);
  if (!decoded.ok) return null;
  const { id, snippet } = decoded.value;
  const text = snippet.textMessageDetails?.messageText ?? snippet.displayMessage;
  if (text == null || (snippet.type ?? "textMessageEvent") !== "textMessageEvent") return null;
  // An emoji of YouTube's own comes as its name between colons.
  const fragments = splitAtSpans(text, toSpans(text, /:[_a-z][\w-]*:/gi));
  const plain = makeMessage(findFirst(id) ?? "", fragments);
  return draftChat(setTime(draft, snippet.publishedAt), readYouTubeUser(decoded.value), plain);
}

function kick(draft: AstroEnvelope, data: unknown): EventDraft | null {
  const decoded = decode(KickMessage, data);
  if (!decoded.ok) return null;
  const said = decoded.value;
  const spans = [...said.content.matchAll(/\[emote:(\d+):[^\]]*\]/g)].map((match): Span => {
    const id = match[1] ?? "";
    const image = `https://files.kick.com/emotes/${id}/fullsize`;
    return toSpan(match, { type: "emote", id, image });
  });
  const plain = makeMessage(findFirst(said.message_id) ?? "", splitAtSpans(said.content, spans));
  const replyTo = findFirst(said.replies_to?.message_id);
  return draftChat(setTime(draft, said.created_at), kickUser(said), {
    ...plain,
    ...(replyTo !== undefined && { replyTo }),
  });
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
  const plain = makeMessage(findFirst(id) ?? "", splitAtSpans(said.text, spans));
  return draftChat(setTime(draft, created_at), readTrovoUser(decoded.value), plain);
}

/** A message's id is its platform's own, and outlives the frame it came in. */
function draftChat(draft: AstroEnvelope, user: User, said: Message): EventDraft {
  const key = said.id === "" ? {} : { key: `chat/${draft.platform}/${said.id}` };
  return { ...draft, ...key, type: "chat.message", data: { user, message: said } };
}

function toSpans(text: string, pattern: RegExp): Span[] {
  return [...text.matchAll(pattern)].map((match) => toSpan(match, { type: "emote" }));
}

function toSpan(match: RegExpExecArray, fragment: Span["fragment"]): Span {
  return { start: match.index, end: match.index + match[0].length, fragment };
}

/** Half a surrogate pair, which no address can hold, is replaced. */
function makePath(id: string): string {
  return encodeURIComponent(id.toWellFormed());
}
