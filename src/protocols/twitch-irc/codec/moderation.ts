import type { EventDraft } from "../../../event/event.ts";
import { omitUndefined } from "../../../lib/given.ts";
import type { Line } from "../wire/line.ts";
import { PLATFORM, readCount, readTag, type IrcEnvelope } from "./fields.ts";
import { makeUser } from "./user.ts";

/** A chat that was cleared: of all, or of one who is banned or may not write for a while. */
export function toClearing(envelope: IrcEnvelope, line: Line): EventDraft[] {
  const [room, login] = line.params;
  if (room === undefined) return [];
  const id = readTag(line, "target-user-id");
  const sentAt = readTag(line, "tmi-sent-ts");
  const where = readTag(line, "room-id") ?? room;
  const isAll = id === undefined && (login ?? "") === "";
  // A time is somebody's: of whom it is not said, nothing is cleared.
  if (isAll && readTag(line, "ban-duration") !== undefined) return [];
  const whom = isAll ? "all" : (id ?? login ?? "");
  const key = sentAt === undefined ? {} : { key: `cleared/${PLATFORM}/${where}/${whom}/${sentAt}` };
  if (isAll) return [{ ...envelope, ...key, type: "chat.cleared", data: { scope: "all" } }];
  const seconds = readCount(line, "ban-duration");
  const reason = readTag(line, "ban-reason");
  const user = makeUser(id, login);
  return [
    seconds === undefined
      ? { ...envelope, ...key, type: "moderation.ban", data: omitUndefined({ user, reason }) }
      : {
          ...envelope,
          ...key,
          type: "moderation.timeout",
          data: omitUndefined({ user, reason, seconds }),
        },
  ];
}

/** A message that was deleted. The line quotes it: nothing of that is kept. */
export function toDeletion(envelope: IrcEnvelope, line: Line): EventDraft[] {
  const id = readTag(line, "target-msg-id");
  if (id === undefined) return [];
  const login = readTag(line, "login");
  return [
    {
      ...envelope,
      raw: line.tags,
      key: `deleted/${PLATFORM}/${id}`,
      type: "chat.message.deleted",
      data: { messageIds: [id], ...(login !== undefined && { user: { login } }) },
    },
  ];
}

/** A room's state: whole after the JOIN, and afterwards what changed. None for one of other things. */
export function toSettings(envelope: IrcEnvelope, line: Line): EventDraft[] {
  const flag = (name: string): boolean | undefined => {
    const value = readTag(line, name);
    return value === "0" || value === "1" ? value === "1" : undefined;
  };
  const followers = readTag(line, "followers-only");
  const data = omitUndefined({
    emoteOnly: flag("emote-only"),
    // Minutes for which somebody must have followed; 0 is any follower.
    followersOnly:
      followers !== undefined && /^-?\d+$/.test(followers) ? !followers.startsWith("-") : undefined,
    subscribersOnly: flag("subs-only"),
    slowSeconds: readCount(line, "slow"),
    unique: flag("r9k"),
  });
  if (Object.keys(data).length === 0) return [];
  return [{ ...envelope, type: "chat.settings.updated", data }];
}
