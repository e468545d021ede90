import type { EventDraft } from "../../../event/event.ts";
import { omitUndefined } from "../../../lib/given.ts";
import { lookUp } from "../../../lib/json.ts";
import { parseTime } from "../../../lib/time.ts";
import { isSet, readCount, readFields, readFlag, readText, type Fields } from "../wire/fields.ts";
import {
  draftUnknown,
  makeKey,
  readTime,
  type Envelope,
  type Reader,
  type Told,
} from "./envelope.ts";
import { readModerator, readNamed } from "./user.ts";

/** Somebody was banned, for good or for a while. */
export const draftBan: Reader = (envelope, event) => {
  if (readText(event, "user_id") === undefined) return null;
  const about = describe(event, event);
  const isForGood = readFlag(event, "is_permanent") ?? readText(event, "ends_at") === undefined;
  if (isForGood) return { ...envelope, type: "moderation.ban", data: about };
  const length = { seconds: countSeconds(event, "banned_at"), until: readTime(event, "ends_at") };
  const data = omitUndefined({ ...about, ...length });
  return { ...envelope, type: "moderation.timeout", data };
};

/** A deed of a moderator, by the type that tells of nothing else. */
export const draftDeed: Reader = (envelope, event, { type }) =>
  draftDone(envelope, event, event, lookUp(DEED_OF_TYPE, type));

type Deed =
  | "moderation.unban"
  | "moderation.warning"
  | "moderation.moderator.added"
  | "moderation.moderator.removed"
  | "moderation.vip.added"
  | "moderation.vip.removed";

const DEED_OF_TYPE: Readonly<Record<string, Deed>> = {
  "channel.unban": "moderation.unban",
  "channel.warning.send": "moderation.warning",
  "channel.moderator.add": "moderation.moderator.added",
  "channel.moderator.remove": "moderation.moderator.removed",
  "channel.vip.add": "moderation.vip.added",
  "channel.vip.remove": "moderation.vip.removed",
};

/** Anything that a moderator did: the fields of its own are under its action's name. */
export const draftModerated: Reader = (envelope, event, told) => {
  const action = readText(event, "action");
  if (action === undefined) return null;
  return (
    draftAction(envelope, event, action, told) ??
    draftUnknown(envelope, `channel.moderate.${action}`)
  );
};

function draftAction(
  envelope: Envelope,
  event: Fields,
  action: string,
  told: Told,
): EventDraft | null {
  const own = readFields(event, action) ?? {};
  switch (action) {
    case "ban":
      return draftDone(envelope, event, own, "moderation.ban");
    case "timeout":
      return draftTimeout(envelope, event, own, told);
    case "unban":
    case "untimeout":
      return draftDone(envelope, event, own, "moderation.unban");
    case "approve_unban_request":
      return draftDone(envelope, event, readFields(event, "unban_request"), "moderation.unban");
    case "mod":
      return draftDone(envelope, event, own, "moderation.moderator.added");
    case "unmod":
      return draftDone(envelope, event, own, "moderation.moderator.removed");
    case "vip":
      return draftDone(envelope, event, own, "moderation.vip.added");
    case "unvip":
      return draftDone(envelope, event, own, "moderation.vip.removed");
    case "warn":
      return draftDone(envelope, event, own, "moderation.warning");
    case "delete":
    case "shared_chat_delete":
      return draftDeleted(envelope, event, own);
    case "clear": {
      const data = omitUndefined({ scope: "all" as const, by: readModerator(event) });
      return { ...envelope, type: "chat.cleared", data };
    }
    case "raid":
      return draftRaid(envelope, own);
    default:
      return draftMode(envelope, action, own);
  }
}

/** Somebody to whom something was done; null where it is not said to whom. */
function draftDone(
  envelope: Envelope,
  event: Fields,
  own: Fields | undefined,
  type: Deed | "moderation.ban" | undefined,
): EventDraft | null {
  if (own === undefined || type === undefined) return null;
  if (readText(own, "user_id") === undefined) return null;
  const { user, by, reason } = describe(event, own);
  const about = omitUndefined({ user, by });
  switch (type) {
    case "moderation.ban":
    case "moderation.unban":
    case "moderation.warning":
      return { ...envelope, type, data: omitUndefined({ ...about, reason }) };
    default:
      return { ...envelope, type, data: about };
  }
}

function describe(event: Fields, own: Fields) {
  return omitUndefined({
    user: readNamed(own),
    by: readModerator(event),
    reason: readText(own, "reason", "moderator_message"),
  });
}

function draftTimeout(
  envelope: Envelope,
  event: Fields,
  own: Fields,
  { sentAt }: Told,
): EventDraft | null {
  if (readText(own, "user_id") === undefined) return null;
  const end = parseTime(readText(own, "expires_at") ?? "");
  // Only the end is told, and it is told of within a second of the beginning.
  const left = end === null || sentAt === undefined ? 0 : Math.ceil((end - sentAt) / 1000);
  const data = omitUndefined({
    ...describe(event, own),
    seconds: left > 0 ? left : undefined,
    until: readTime(own, "expires_at"),
  });
  return { ...envelope, type: "moderation.timeout", data };
}

/** The frame quotes what was deleted: nothing of that is kept. */
function draftDeleted(envelope: Envelope, event: Fields, own: Fields): EventDraft | null {
  const id = readText(own, "message_id");
  if (id === undefined) return null;
  const by = readModerator(event);
  const { key: personKey, id: personId, login, name } = readNamed(own);
  const user =
    readText(own, "user_id") === undefined
      ? undefined
      : omitUndefined({ key: personKey, id: personId, login, name });
  const data = omitUndefined({ messageIds: [id], user, by });
  const raw = readQuoteless(envelope);
  return { ...envelope, raw, ...makeKey("deleted", id), type: "chat.message.deleted", data };
}

function readQuoteless({ raw }: Envelope): NonNullable<Envelope["raw"]> {
  const { metadata = {} } = raw as { metadata?: NonNullable<Envelope["raw"]> };
  return metadata;
}

function draftRaid(envelope: Envelope, own: Fields): EventDraft | null {
  if (readText(own, "user_id") === undefined) return null;
  const viewers = readCount(own, "viewer_count") ?? 0;
  const data = { user: readNamed(own), viewers, kind: "raid", direction: "out" } as const;
  return { ...envelope, type: "channel.raid", data };
}

/** The modes of a chat that a moderator changes one at a time. */
export const MODES: readonly string[] = [
  "emoteonly",
  "followers",
  "slow",
  "subscribers",
  "uniquechat",
].flatMap((mode) => [mode, `${mode}off`]);

function draftMode(envelope: Envelope, action: string, own: Fields): EventDraft | null {
  if (!MODES.includes(action)) return null;
  const isOn = !action.endsWith("off");
  const seconds = isOn ? readCount(own, "wait_time_seconds") : 0;
  const changes: Record<string, object> = {
    emoteonly: { emoteOnly: isOn },
    followers: { followersOnly: isOn },
    slow: seconds === undefined ? {} : { slowSeconds: seconds },
    subscribers: { subscribersOnly: isOn },
    uniquechat: { unique: isOn },
  };
  const data = lookUp(changes, action.replace(/off$/, "")) ?? {};
  return { ...envelope, type: "chat.settings.updated", data };
}

/** The whole state of a chat's modes. */
export const draftSettings: Reader = (envelope, event) => {
  const isSlow = readFlag(event, "slow_mode");
  const seconds = readCount(event, "slow_mode_wait_time_seconds");
  const data = omitUndefined({
    emoteOnly: readFlag(event, "emote_mode"),
    followersOnly: readFlag(event, "follower_mode"),
    subscribersOnly: readFlag(event, "subscriber_mode"),
    slowSeconds: isSlow === false ? 0 : isSet(event, "slow_mode") ? seconds : undefined,
    unique: readFlag(event, "unique_chat_mode"),
  });
  return Object.keys(data).length === 0
    ? null
    : { ...envelope, type: "chat.settings.updated", data };
};

/** The length of a ban that ends, in whole seconds. */
function countSeconds(event: Fields, begin: string): number | undefined {
  const from = parseTime(readText(event, begin) ?? "");
  const to = parseTime(readText(event, "ends_at") ?? "");
  return from === null || to === null || to < from ? undefined : Math.round((to - from) / 1000);
}
