import type { CatalogueType } from "../../../event/catalogue.ts";
import type { StreamEvent } from "../../../event/event.ts";
import type { Connection, Message } from "../../../event/shapes.ts";
import { omitUndefined } from "../../../lib/given.ts";
import { lookUp } from "../../../lib/json.ts";
import { memoizePer } from "../../../lib/once.ts";
import {
  DLIVE_STICKER,
  KICK_SUBSCRIPTION,
  MEMBER_MILESTONE,
  MEMBERSHIP,
  MEMBERSHIP_GIFT,
  OTHER_TEXT,
  SUPER_CHAT,
  SUPER_STICKER,
  TEXT_TYPE_OF,
} from "../wire/frames.ts";
import { formatFrame, readData, toSource, toTime } from "./frame.ts";
import { toAuthor } from "./from-author.ts";
import { encodeSend } from "./from-send.ts";
import { encodeTarget } from "./from-target.ts";
import { toIdentifier, toEventIdentifier } from "./identifier.ts";

export function formatConnectionInfo(user: number, connection: Connection, at: number): string {
  const { identifier, uuid, platform, status, reason } = connection;
  const payload = {
    connectionIdentifier: toIdentifier(user, platform, identifier),
    connectionUuid: uuid,
    eventSourceId: toSource(platform),
    reason: status === "error" ? (reason ?? "internal") : null,
    status,
    target: encodeTarget(connection),
    userId: user,
  };
  return formatFrame("connection_info", payload, at);
}

/** An event in Restream's words, for one user; none where it has no word for it. */
export const fromEvent = memoizePer((event: StreamEvent, user: number): readonly string[] => {
  const at = toTime(event);
  switch (event.type as CatalogueType) {
    case "chat.message":
      return encodeChat(event, user, at);
    case "channel.tip":
      return encodeDonation(event, user, at);
    case "channel.subscription":
      return encodeSubscription(event, user, at);
    case "channel.subscription.gift": {
      const { user: giver, count } = readData<"channel.subscription.gift">(event);
      if (event.platform !== "youtube") return [];
      const author = toAuthor(event.platform, giver);
      return [encodeAs(event, user, at, MEMBERSHIP_GIFT, { author, giftMemberships: { count } })];
    }
    case "connection.updated":
      return [formatConnectionInfo(user, readData<"connection.updated">(event), at)];
    case "connection.closed": {
      const { uuid, reason, replaced } = readData<"connection.closed">(event);
      const why = replaced === true ? "replaced" : toClosing(reason);
      return [formatFrame("connection_closed", { connectionUuid: uuid, reason: why }, at)];
    }
    case "send.accepted":
    case "send.confirmed":
    case "send.failed":
      return encodeSend(event, user, at);
    default:
      return [];
  }
});

function encodeChat(event: StreamEvent, user: number, at: number): string[] {
  const { user: writer, message } = readData<"chat.message">(event);
  if (message.deleted === true) return [];
  const { platform } = event;
  const id = chooseId(event, message.id);
  const author = toAuthor(platform, writer);
  const bot = writer.roles.includes("bot");
  const [only] = message.fragments;
  if (platform === "dlive" && message.fragments.length === 1 && only?.type === "sticker") {
    const words = { author, bot, link: only.image ?? "", text: only.text };
    return [encodeAs(event, user, at, DLIVE_STICKER, words, id)];
  }
  const words = {
    author,
    bot,
    contentModifiers: { me: message.action, whisper: message.to !== undefined },
    replaces: toReplaces(message),
    text: message.text,
  };
  return [encodeAs(event, user, at, lookUp(TEXT_TYPE_OF, platform) ?? OTHER_TEXT, words, id)];
}

/** Only what Restream has a word for: YouTube's two. */
function encodeDonation(event: StreamEvent, user: number, at: number): string[] {
  const { user: giver, amount, kind, message, tipId } = readData<"channel.tip">(event);
  if (kind !== "superchat" && kind !== "supersticker") return [];
  const id = chooseId(event, message?.id, tipId);
  const donation = omitUndefined({
    amount: amount.value,
    currencyString: amount.currency,
    tier: 1,
    stickerId: kind === "supersticker" ? id : undefined,
  });
  const author = toAuthor(event.platform, giver);
  const words = { author, bot: false, text: message?.text ?? "", donation };
  const type = kind === "superchat" ? SUPER_CHAT : SUPER_STICKER;
  return [encodeAs(event, user, at, type, words, id)];
}

function encodeSubscription(event: StreamEvent, user: number, at: number): string[] {
  const { user: member, subscription } = readData<"channel.subscription">(event);
  const author = toAuthor(event.platform, member);
  const { kind, months, message } = subscription;
  if (event.platform === "kick") {
    return [encodeAs(event, user, at, KICK_SUBSCRIPTION, { author })];
  }
  if (event.platform !== "youtube") return [];
  if (kind !== "renewal") {
    return [encodeAs(event, user, at, MEMBERSHIP, { author, membership: {} })];
  }
  const memberMilestone = omitUndefined({ memberMonth: months });
  const words = omitUndefined({ author, memberMilestone, text: message });
  return [encodeAs(event, user, at, MEMBER_MILESTONE, words)];
}

function encodeAs(
  event: StreamEvent,
  user: number,
  at: number,
  eventTypeId: number,
  eventPayload: object,
  id: string = event.id,
): string {
  const payload = {
    connectionIdentifier: toEventIdentifier(event, user),
    eventId: event.id,
    eventIdentifier: id,
    eventPayload,
    eventSourceId: toSource(event.platform),
    eventTypeId,
    userId: user,
  };
  return formatFrame("event", payload, at);
}

/** The first name that was given; where none was, as multistreamer gives none, the event's own. */
function chooseId(event: StreamEvent, ...given: readonly (string | undefined)[]): string {
  return given.find((id) => id !== undefined && id !== "") ?? event.id;
}

/** The pictures in a text, from the last to the first, as Restream has them. */
function toReplaces({ fragments }: Message): object[] {
  const replaces: object[] = [];
  let from = 0;
  for (const { text, image } of fragments) {
    const to = from + text.length - 1;
    if (image !== undefined && to >= from) {
      replaces.unshift({ from, to, type: "imageUrl", payload: { url: image } });
    }
    from += text.length;
  }
  return replaces;
}

const CLOSINGS = [
  "removed",
  "replaced",
  "expired",
  "superseded",
  "shutdown",
  "connection_establish_too_long",
  "internal",
];

/** Restream's own reasons as they are. Ours all mean that the link was taken away. */
function toClosing(reason: string | undefined): string {
  return reason !== undefined && CLOSINGS.includes(reason) ? reason : "removed";
}
