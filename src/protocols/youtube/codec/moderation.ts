import type { EventDraft } from "../../../event/event.ts";
import type { Item } from "../wire/items.ts";
import { makeEnvelope, readAuthor, readCount, readText } from "./fields.ts";

/** A message was deleted by a moderator, taken back by its author, or had been deleted before. */
export function draftDeletion(connectionId: string, item: Item): EventDraft | null {
  const { type, messageDeletedDetails, messageRetractedDetails } = item.snippet;
  const messageId =
    type === "tombstone"
      ? item.id
      : (readText(messageDeletedDetails?.deletedMessageId) ??
        readText(messageRetractedDetails?.retractedMessageId));
  if (messageId === undefined) return null;
  return {
    ...makeEnvelope(connectionId, item, "deleted", messageId),
    type: "chat.message.deleted",
    data: { messageIds: [messageId] },
  };
}

/** Somebody was banned, or may not write for a while. A ban of another kind that says how long it is ends. */
export function draftBan(connectionId: string, item: Item): EventDraft | null {
  const details = item.snippet.userBannedDetails;
  const banned = details?.bannedUserDetails;
  if (readText(banned?.channelId) === undefined) return null;
  const user = readAuthor(banned ?? {});
  const seconds = readCount(details?.banDurationSeconds);
  const about = makeEnvelope(connectionId, item, "ban");
  const kind = details?.banType;
  if (kind === "permanent" || (kind !== "temporary" && (seconds ?? 0) === 0)) {
    return { ...about, type: "moderation.ban", data: { user } };
  }
  const data = { user, ...(seconds !== undefined && { seconds }) };
  return { ...about, type: "moderation.timeout", data };
}
