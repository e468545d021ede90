import type { CatalogueType, DataOf } from "../../../event/catalogue.ts";
import type { StreamEvent } from "../../../event/event.ts";
import { chooseMessageId, listDeletedIds } from "../../../event/message.ts";
import type { Message, Subscription, User } from "../../../event/shapes.ts";
import { parseTime } from "../../../lib/time.ts";
import { makeBanner, toDisplayName, toSender } from "./from-user.ts";
import { chooseGift } from "./gifts.ts";

/** Modes of the chat that every client knows. */
const MODES = ["DEFAULT", "SUB_ONLY", "FOLLOW_ONLY"];

/**
 * An event as an item of `streamMessageReceived`, with every field that its type has; null where
 * DLive has no word for it.
 */
export function toItem(event: StreamEvent, at: number): object | null {
  const item = (typename: string, type: string, own: object = {}, sender: object = {}): object => ({
    __typename: typename,
    type,
    id: event.id,
    ...sender,
    createdAt: formatNanoseconds(at),
    ...own,
  });
  const from = (user: User | undefined, typename: string, type: string, own: object = {}): object =>
    item(typename, type, own, toSender(user));
  switch (event.type as CatalogueType) {
    case "chat.message":
      return makeItem(event, at);
    case "channel.cheer": {
      const { user, amount, gift, message } = readData<"channel.cheer">(event);
      return from(user, "ChatGift", "Gift", makeGift(chooseGift(amount, gift?.name), message));
    }
    case "channel.tip": {
      const { user, amount, message, moderation } = readData<"channel.tip">(event);
      if (moderation === "rejected") return null;
      const words = moderation === "pending" ? undefined : message;
      return from(user, "ChatGift", "Gift", makeGift(chooseGift(amount, undefined), words));
    }
    case "stream.online":
      return item("ChatLive", "Live");
    case "stream.offline":
      return item("ChatOffline", "Offline");
    case "channel.follow":
      return from(readData<"channel.follow">(event).user, "ChatFollow", "Follow");
    case "channel.subscription": {
      const { user, subscription } = readData<"channel.subscription">(event);
      const { typename, type, own } = makeSubscription(subscription);
      return from(user, typename, type, own);
    }
    case "channel.subscription.gift": {
      const { user, count, recipients } = readData<"channel.subscription.gift">(event);
      const own = { count, receiver: toDisplayName(recipients[0]) };
      return from(user, "ChatGiftSub", "GiftSub", own);
    }
    case "chat.message.deleted": {
      const deleted = readData<"chat.message.deleted">(event);
      // Of an event that is no message of a platform's DLive's clients have nothing.
      const isOther = deleted.messageIds.length === 0 && (deleted.eventIds ?? []).length > 0;
      return isOther ? null : item("ChatDelete", "Delete", { ids: listDeletedIds(deleted) });
    }
    case "channel.raid": {
      const { user, viewers, direction } = readData<"channel.raid">(event);
      return direction === "in" ? from(user, "ChatHost", "Host", { viewer: viewers }) : null;
    }
    case "chat.settings.updated": {
      const mode = toMode(event);
      return mode === null ? null : item("ChatChangeMode", "ChatMode", { mode });
    }
    case "moderation.ban": {
      const { user, by } = readData<"moderation.ban">(event);
      return from(user, "ChatBan", "Ban", makeBanner(by, event.connectionid));
    }
    case "moderation.timeout": {
      const { user, by, ...length } = readData<"moderation.timeout">(event);
      const minute = toMinutes(length, at);
      return from(user, "ChatTimeout", "Timeout", {
        minute,
        ...makeBanner(by, event.connectionid),
      });
    }
    case "moderation.moderator.added":
    case "moderation.moderator.removed": {
      const add = event.type === "moderation.moderator.added";
      const { user } = readData<"moderation.moderator.added">(event);
      // As what they have just become: clients tell by the role, and not by `add`.
      const sender = { ...toSender(user), roomRole: add ? "Moderator" : "Member" };
      return item("ChatModerator", "Mod", { add }, sender);
    }
    case "chat.emote.added": {
      const { emote } = readData<"chat.emote.added">(event);
      return from(undefined, "ChatEmoteAdd", "Emote", { emote: emote.name });
    }
    default:
      return null;
  }
}

/** The fields stand in the order of the documented example. */
function makeItem(event: StreamEvent, at: number): object | null {
  const { user, message } = readData<"chat.message">(event);
  // A tombstone says nothing, and DLive has no word for what is meant for one person only.
  if (message.deleted === true || message.to !== undefined) return null;
  return {
    __typename: "ChatText",
    type: "Message",
    id: chooseMessageId(event, message),
    content: message.text,
    createdAt: formatNanoseconds(at),
    ...toSender(user),
    subLength: 0,
    emojis: toEmojis(message),
  };
}

/** Pairs of the first and the last character. */
function toEmojis({ fragments }: Message): number[] {
  const pairs: number[] = [];
  let from = 0;
  for (const { type, text } of fragments) {
    if (type === "emoji" && text !== "") pairs.push(from, from + text.length - 1);
    from += text.length;
  }
  return pairs;
}

function makeGift(
  what: { readonly gift: string; readonly amount: string },
  message: Message | undefined,
): object {
  return { ...what, recentCount: 1, expireDuration: 0, message: message?.text ?? "" };
}

function makeSubscription({ kind, months, streak, gift }: Subscription): {
  typename: string;
  type: string;
  own: object;
} {
  if (gift !== undefined) {
    const own = { gifter: toDisplayName(gift.from) };
    return { typename: "ChatGiftSubReceive", type: "GiftSubReceive", own };
  }
  if (kind !== "new" && months === undefined && streak !== undefined) {
    return { typename: "ChatSubStreak", type: "SubStreak", own: { length: streak } };
  }
  return { typename: "ChatSubscription", type: "Subscription", own: { month: months ?? 1 } };
}

/** Null for a change that is not one of who may write. */
function toMode(event: StreamEvent): string | null {
  const { mode, subscribersOnly, followersOnly } = readData<"chat.settings.updated">(event);
  if (mode !== undefined && (MODES.includes(mode) || event.platform === "dlive")) return mode;
  if (subscribersOnly === true) return "SUB_ONLY";
  if (followersOnly === true) return "FOLLOW_ONLY";
  return subscribersOnly === false || followersOnly === false ? "DEFAULT" : null;
}

/** Whole minutes, none lost; 0 where nobody said how long. */
function toMinutes(
  { seconds, until }: Pick<DataOf<"moderation.timeout">, "seconds" | "until">,
  at: number,
): number {
  const end = until === undefined ? null : parseTime(until);
  const length = seconds ?? (end === null ? 0 : (end - at) / 1000);
  return Math.max(0, Math.ceil(length / 60));
}

/** Milliseconds as DLive writes a time: past what a number holds. */
export function formatNanoseconds(at: number): string {
  return `${at}000000`;
}

function readData<T extends CatalogueType>(event: StreamEvent): DataOf<T> {
  return event.data as DataOf<T>;
}
