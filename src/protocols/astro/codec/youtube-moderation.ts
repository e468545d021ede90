import type { EventDraft } from "../../../event/event.ts";
import type { User } from "../../../event/shapes.ts";
import { findFirst } from "../../../lib/given.ts";
import { decode } from "../../../lib/json.ts";
import { YouTubeModeration } from "../wire/chat.ts";
import { setTime, type AstroEnvelope } from "./envelope.ts";
import { readUser } from "./user.ts";

/**
 * Reads news of YouTube's chat in the form of a chat message: that one was deleted, or somebody
 * banned. Null for what is none of it. Whose it is said to be means nothing: not who did it.
 */
export function draftYouTubeModeration(draft: AstroEnvelope, data: unknown): EventDraft | null {
  const decoded = decode(YouTubeModeration, data);
  if (!decoded.ok) return null;
  const { id, snippet } = decoded.value;
  const timed = setTime(draft, snippet.publishedAt);
  switch (snippet.type) {
    case "messageDeletedEvent":
      return draftDeletion(timed, findFirst(snippet.messageDeletedDetails?.deletedMessageId));
    case "messageRetractedEvent":
      return draftDeletion(timed, findFirst(snippet.messageRetractedDetails?.retractedMessageId));
    case "tombstone":
      return draftDeletion(timed, findFirst(id));
    case "userBannedEvent":
      return draftBan(timed, decoded.value);
    default:
      return null;
  }
}

function draftDeletion(draft: AstroEnvelope, messageId: string | undefined): EventDraft | null {
  if (messageId === undefined) return null;
  const key = `deleted/youtube/${messageId}`;
  return { ...draft, key, type: "chat.message.deleted", data: { messageIds: [messageId] } };
}

function draftBan(draft: AstroEnvelope, { id, snippet }: YouTubeModeration): EventDraft | null {
  const details = snippet.userBannedDetails;
  const user = details == null ? null : readBanned(details.bannedUserDetails);
  if (details == null || user === null) return null;
  const said = findFirst(id);
  const about = { ...draft, ...(said !== undefined && { key: `ban/youtube/${said}` }) };
  const length = Number(findFirst(details.banDurationSeconds));
  const seconds = Number.isFinite(length) && length >= 0 ? length : undefined;
  // A ban that says how long it is ends, whatever it calls itself.
  const isTemporary = details.banType === "temporary" || (seconds !== undefined && seconds > 0);
  if (!isTemporary) return { ...about, type: "moderation.ban", data: { user } };
  const data = { user, ...(seconds !== undefined && { seconds }) };
  return { ...about, type: "moderation.timeout", data };
}

function readBanned(
  said: NonNullable<YouTubeModeration["snippet"]["userBannedDetails"]>["bannedUserDetails"],
): User | null {
  const id = findFirst(said?.channelId);
  if (id === undefined) return null;
  return readUser("youtube", id, {
    name: said?.displayName ?? null,
    avatar: said?.profileImageUrl ?? null,
    url: said?.channelUrl ?? null,
  });
}
