import type { DraftOf, EventDraft } from "../../../event/event.ts";
import { splitFragments, makeMessage } from "../../../event/message.ts";
import type { Person, Subscription } from "../../../event/shapes.ts";
import { toDecimal } from "../../../lib/decimal.ts";
import { findFirst, omitUndefined } from "../../../lib/given.ts";
import { isRecord } from "../../../lib/json.ts";
import { StreamItem, type ServerFrame } from "../wire/frames.ts";
import { makeEnvelope, type DLiveEnvelope } from "./envelope.ts";
import { isPiece, toWorth } from "./gifts.ts";
import { toMessage } from "./message.ts";
import { isNobody, toPerson, toUser } from "./user.ts";

/**
 * The type of an item whose `type` is missing, from a `__typename` that is not just `Chat<type>`.
 */
const TYPE_OF_TYPENAME: ReadonlyMap<string, string> = new Map([
  ["ChatText", "Message"],
  ["ChatChangeMode", "ChatMode"],
  ["ChatModerator", "Mod"],
  ["ChatEmoteAdd", "Emote"],
]);

/** One element of `streamMessageReceived` in our words. Never throws, never drops. */
export function toDraft(streamer: string, raw: unknown): EventDraft {
  const parsed = StreamItem.safeParse(raw);
  if (!parsed.success) return draftUnknown(streamer, readTypeName(raw), raw);
  const item = parsed.data;
  const type = findFirst(item.type) ?? readItemType(item.__typename);
  return translate(streamer, type, item, raw) ?? draftUnknown(streamer, type, raw, item);
}

/** An answer to something that we have not asked for, kept as it is. */
export function draftUnknownField(streamer: string, name: string, value: unknown): EventDraft {
  return {
    ...makeEnvelope(streamer, name, value),
    type: "provider.event",
    data: { nativeType: name, payload: value },
  };
}

/** A frame of a type that nobody has told us of, kept as it is. */
export function draftUnknownFrame(streamer: string, frame: ServerFrame): EventDraft {
  return {
    ...makeEnvelope(streamer, frame.type, frame),
    type: "provider.event",
    data: { nativeType: frame.type, payload: frame.payload ?? null },
  };
}

function translate(
  streamer: string,
  type: string,
  item: StreamItem,
  raw: unknown,
): EventDraft | null {
  const draft = { ...makeEnvelope(streamer, type, raw, item) };
  const user = toUser(item);
  switch (type) {
    case "Message":
      if (user === null || typeof item.content !== "string") return null;
      return {
        ...draft,
        type: "chat.message",
        data: { user, message: toMessage(item, item.content) },
      };
    case "Gift":
      return toGift(draft, item);
    case "Live":
      return { ...draft, type: "stream.online", data: {} };
    case "Offline":
      return { ...draft, type: "stream.offline", data: {} };
    case "Follow":
      return user && { ...draft, type: "channel.follow", data: { user } };
    case "Subscription":
      return (
        user && {
          ...draft,
          type: "channel.subscription",
          data: { user, subscription: toSubscription(item) },
        }
      );
    case "ExtendSub":
    case "SubStreak":
      return (
        user && {
          ...draft,
          type: "channel.subscription",
          data: { user, subscription: { ...toSubscription(item), kind: "renewal" } },
        }
      );
    case "GiftSub":
      return toGiftSub(draft, item);
    case "GiftSubReceive":
      return (
        user && {
          ...draft,
          type: "channel.subscription",
          data: {
            user,
            subscription: { kind: "new", gift: omitUndefined({ from: toPerson(item.gifter) }) },
          },
        }
      );
    case "Delete":
      if (!Array.isArray(item.ids)) return null;
      return {
        ...draft,
        key: `Delete:${item.ids.join(",")}`,
        type: "chat.message.deleted",
        data: { messageIds: item.ids },
      };
    case "Host": {
      const viewers = item.viewer ?? item.viewers ?? 0;
      return (
        user && {
          ...draft,
          type: "channel.raid",
          data: { user, viewers, kind: "host", direction: "in" },
        }
      );
    }
    case "ChatMode":
    case "CHAT_MODE":
      return item.mode == null
        ? null
        : { ...draft, type: "chat.settings.updated", data: toSettings(item.mode) };
    case "Ban":
      return user && { ...draft, type: "moderation.ban", data: { user, ...by(item) } };
    case "Timeout":
      return (
        user && {
          ...draft,
          type: "moderation.timeout",
          data: { user, ...by(item), ...(item.minute != null && { seconds: item.minute * 60 }) },
        }
      );
    case "Mod":
      if (user === null || item.add == null) return null;
      return {
        ...draft,
        type: item.add ? "moderation.moderator.added" : "moderation.moderator.removed",
        data: { user },
      };
    case "Emote":
      return toEmote(draft, item.emote);
    default:
      return null;
  }
}

function draftUnknown(streamer: string, type: string, raw: unknown, item?: StreamItem): EventDraft {
  return {
    ...makeEnvelope(streamer, type, raw, item),
    type: "provider.event",
    data: { nativeType: `streamMessageReceived.${type}`, payload: raw },
  };
}

function toGift(draft: DLiveEnvelope, item: StreamItem): EventDraft | null {
  const count = toDecimal(item.amount ?? 1);
  if (item.gift == null || count === null) return null;
  const amount = toWorth(item.gift, count);
  if (amount === null) return null;
  const user = toUser(item);
  const gift = isPiece(item.gift) && { gift: { name: item.gift, count: Number(count) } };
  const words = item.message
    ? { message: makeMessage(item.id ?? undefined, splitFragments(item.message)) }
    : {};
  return {
    ...draft,
    type: "channel.cheer",
    data: { ...(user !== null && { user }), amount, ...gift, ...words },
  };
}

function toSubscription(item: StreamItem): Subscription {
  const months = item.month ?? undefined;
  return {
    kind: months !== undefined && months > 1 ? "renewal" : "new",
    ...(months !== undefined && { months }),
    ...(item.length != null && { streak: item.length }),
  };
}

function toGiftSub(draft: DLiveEnvelope, item: StreamItem): EventDraft {
  const user = toUser(item);
  const receiver = toPerson(item.receiver);
  return {
    ...draft,
    type: "channel.subscription.gift",
    data: {
      ...(user !== null && { user }),
      count: item.count ?? 1,
      recipients: receiver === undefined ? [] : [receiver],
    },
  };
}

function toSettings(mode: string): DraftOf<"chat.settings.updated">["data"] {
  return {
    mode,
    followersOnly: mode === "FOLLOW_ONLY",
    subscribersOnly: mode === "SUB_ONLY",
  };
}

function toEmote(draft: DLiveEnvelope, emote: unknown): EventDraft | null {
  const [name, id, image] = isRecord(emote)
    ? [emote["name"], emote["id"] ?? emote["name"], emote["sourceURL"] ?? emote["url"]]
    : [emote, emote, undefined];
  if (typeof name !== "string" || typeof id !== "string" || name === "") return null;
  return {
    ...draft,
    type: "chat.emote.added",
    data: { emote: { id, name, ...(typeof image === "string" && { image }) } },
  };
}

function by(item: StreamItem): { by?: Person } {
  const person = toPerson(item.bannedBy);
  const isKnown = person !== undefined && !isNobody(person);
  return isKnown ? { by: person } : {};
}

function readTypeName(raw: unknown): string {
  if (!isRecord(raw)) return "unreadable";
  if (typeof raw["type"] === "string") return raw["type"];
  return readItemType(typeof raw["__typename"] === "string" ? raw["__typename"] : null);
}

function readItemType(typename: string | null | undefined): string {
  if (typename == null) return "unknown";
  return TYPE_OF_TYPENAME.get(typename) ?? typename.replace(/^Chat/, "");
}
