import type { EventDraft } from "../../../event/event.ts";
import { computeFingerprint } from "../../../lib/fingerprint.ts";
import { decode, isRecord, type Json } from "../../../lib/json.ts";
import { parseTime, formatTime } from "../../../lib/time.ts";
import { readYouTubeText } from "../../chat-text.ts";
import { Item } from "../wire/items.ts";
import { makeEnvelope, makeKey, PLATFORM, readUser } from "./fields.ts";
import { draftGifting, draftMilestone, draftNewMember, draftReceived } from "./membership.ts";
import { draftBan, draftDeletion } from "./moderation.ts";
import { draftGift, draftTip } from "./money.ts";
import { draftPoll } from "./poll.ts";

/** The link that items come by. */
export interface ItemContext {
  readonly connectionId: string;
  /** The broadcast whose chat it is: its end is told once, by whatever tells of it. */
  readonly videoId: string;
}

/** Reads an item of a chat. One that we have no word for is kept as it is; null for what is none. */
export function toDraft(context: ItemContext, raw: unknown): EventDraft | null {
  if (!isRecord(raw)) return null;
  const item = decode(Item, raw);
  const known = item.ok ? draftKnown(context, item.value) : null;
  return known === null ? draftUnknown(context, raw) : { ...known, raw: raw as Json };
}

function draftKnown(context: ItemContext, item: Item): EventDraft | null {
  const { connectionId } = context;
  switch (item.snippet.type) {
    case "textMessageEvent":
      return draftChat(connectionId, item);
    case "superChatEvent":
      return draftTip(connectionId, item, "superchat");
    case "superStickerEvent":
      return draftTip(connectionId, item, "supersticker");
    case "fanFundingEvent":
      return draftTip(connectionId, item, "tip");
    case "giftEvent":
      return draftGift(connectionId, item);
    case "newSponsorEvent":
      return draftNewMember(connectionId, item);
    case "memberMilestoneChatEvent":
      return draftMilestone(connectionId, item);
    case "membershipGiftingEvent":
      return draftGifting(connectionId, item);
    case "giftMembershipReceivedEvent":
      return draftReceived(connectionId, item);
    case "messageDeletedEvent":
    case "messageRetractedEvent":
    case "tombstone":
      return draftDeletion(connectionId, item);
    case "userBannedEvent":
      return draftBan(connectionId, item);
    case "sponsorOnlyModeStartedEvent":
      return draftMembersOnly(connectionId, item, true);
    case "sponsorOnlyModeEndedEvent":
      return draftMembersOnly(connectionId, item, false);
    case "pollEvent":
      return draftPoll(connectionId, item);
    case "chatEndedEvent":
      return draftChatEnded(context, item);
    default:
      return null;
  }
}

/** Does an item say that the chat is over? */
export function isChatEnd(raw: unknown): boolean {
  return isRecord(raw) && isRecord(raw["snippet"]) && raw["snippet"]["type"] === "chatEndedEvent";
}

function draftChat(connectionId: string, item: Item): EventDraft | null {
  const { textMessageDetails, displayMessage } = item.snippet;
  const text = textMessageDetails?.messageText ?? displayMessage;
  if (text == null) return null;
  return {
    ...makeEnvelope(connectionId, item, "chat"),
    type: "chat.message",
    data: { user: readUser(item), message: readYouTubeText(item.id, text) },
  };
}

function draftMembersOnly(connectionId: string, item: Item, subscribersOnly: boolean): EventDraft {
  const about = makeEnvelope(connectionId, item, "settings");
  return { ...about, type: "chat.settings.updated", data: { subscribersOnly } };
}

function draftChatEnded({ connectionId, videoId }: ItemContext, item: Item): EventDraft {
  const about = makeEnvelope(connectionId, item, "offline", videoId);
  const endedAt = about.time === undefined ? {} : { endedAt: formatTime(about.time) };
  return { ...about, type: "stream.offline", data: { ...endedAt, url: makeWatchUrl(videoId) } };
}

/** A field of the answer itself says since when the stream is over. */
export function draftOffline(
  { connectionId, videoId }: ItemContext,
  offlineAt: string,
): EventDraft {
  const time = parseTime(offlineAt);
  return {
    platform: PLATFORM,
    connectionId,
    ...(time !== null && { time }),
    key: makeKey("offline", videoId),
    raw: offlineAt,
    type: "stream.offline",
    data: { ...(time !== null && { endedAt: formatTime(time) }), url: makeWatchUrl(videoId) },
  };
}

export function makeWatchUrl(videoId: string): string {
  return `https://www.youtube.com/watch?v=${encodeURIComponent(videoId.toWellFormed())}`;
}

function draftUnknown({ connectionId }: ItemContext, raw: Record<string, unknown>): EventDraft {
  const { id, snippet } = raw;
  const about = isRecord(snippet) ? snippet : {};
  const { type, publishedAt } = about;
  const time = typeof publishedAt === "string" ? parseTime(publishedAt) : null;
  const name = typeof id === "string" && id !== "" ? id : computeFingerprint(JSON.stringify(raw));
  return {
    platform: PLATFORM,
    connectionId,
    ...(time !== null && { time }),
    key: makeKey("item", name),
    raw: raw as Json,
    type: "provider.event",
    data: {
      nativeType: typeof type === "string" && type !== "" ? type : "liveChatMessage",
      payload: raw,
    },
  };
}
