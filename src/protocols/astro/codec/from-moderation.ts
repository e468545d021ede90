import type { DataOf } from "../../../event/catalogue.ts";
import type { StreamEvent } from "../../../event/event.ts";
import { listDeletedIds } from "../../../event/message.ts";
import { parseTime } from "../../../lib/time.ts";

/**
 * Deletions and bans as YouTube has them: chat messages that nobody wrote. Of the other platforms'
 * Astro has no word.
 */
export function makeYouTubeModeration(event: StreamEvent): readonly object[] {
  if (event.platform !== "youtube") return [];
  switch (event.type) {
    case "chat.message.deleted": {
      const ids = listDeletedIds(event.data as DataOf<"chat.message.deleted">);
      return ids.map((deletedMessageId) =>
        makeItem(event, "messageDeletedEvent", { messageDeletedDetails: { deletedMessageId } }),
      );
    }
    case "moderation.ban":
    case "moderation.timeout": {
      const { user } = event.data as DataOf<"moderation.ban">;
      const { id, url, name, avatar = "" } = user;
      const channelUrl =
        url ?? `http://www.youtube.com/channel/${encodeURIComponent(id.toWellFormed())}`;
      const bannedUserDetails = {
        channelId: id,
        channelUrl,
        displayName: name,
        profileImageUrl: avatar,
      };
      const length =
        event.type === "moderation.ban"
          ? { banType: "permanent" }
          : { banType: "temporary", banDurationSeconds: String(countSeconds(event)) };
      const userBannedDetails = { bannedUserDetails, ...length };
      return id === "" ? [] : [makeItem(event, "userBannedEvent", { userBannedDetails })];
    }
    default:
      return [];
  }
}

function makeItem(event: StreamEvent, type: string, details: object): object {
  return {
    etag: "",
    id: event.id,
    kind: "youtube#liveChatMessage",
    snippet: {
      type,
      liveChatId: "",
      hasDisplayContent: false,
      publishedAt: event.time ?? event.recordedtime,
      ...details,
    },
  };
}

/** How long a timeout is, in seconds; 0 where nobody says. */
export function countSeconds(event: StreamEvent): number {
  const { seconds, until } = event.data as DataOf<"moderation.timeout">;
  const end = until === undefined ? null : parseTime(until);
  const begin = parseTime(event.time ?? event.recordedtime) ?? 0;
  return seconds ?? (end === null ? 0 : Math.max(0, Math.round((end - begin) / 1000)));
}
