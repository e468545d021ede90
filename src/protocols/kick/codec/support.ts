import type { EventDraft } from "../../../event/event.ts";
import { decode } from "../../../lib/json.ts";
import { readChatText } from "../../chat-text.ts";
import { readId, readPerson, readText, readUser } from "../../kick-people.ts";
import { Followed, Gifts, Kicks, Subscribed } from "../wire/frames.ts";
import { readOwner } from "./chat.ts";
import { PLATFORM, setKey, setTime, type KickEnvelope } from "./envelope.ts";

const HOUR_MS = 3_600_000;

/** A follow. Nothing says when: the same within an hour of deliveries is the same. */
export function draftFollow(envelope: KickEnvelope, body: unknown): EventDraft | null {
  const decoded = decode(Followed, body);
  if (!decoded.ok) return null;
  const { broadcaster, follower } = decoded.value;
  const owner = readOwner(broadcaster);
  const hour = envelope.time === undefined ? undefined : Math.floor(envelope.time / HOUR_MS);
  return {
    ...setKey(envelope, "follow", owner, readId(follower), hour),
    type: "channel.follow",
    data: { user: readUser(follower, owner) },
  };
}

/** A subscription that somebody pays for. Kick tells for how many months it has been so. */
export function draftSubscription(
  kind: "new" | "renewal",
): (envelope: KickEnvelope, body: unknown) => EventDraft | null {
  return (envelope, body) => {
    const decoded = decode(Subscribed, body);
    if (!decoded.ok) return null;
    const { broadcaster, subscriber, duration, created_at } = decoded.value;
    const owner = readOwner(broadcaster);
    const isCounted = duration != null && Number.isSafeInteger(duration) && duration > 0;
    return {
      ...setKey(
        setTime(envelope, created_at),
        "subscription",
        kind,
        owner,
        readId(subscriber),
        created_at,
      ),
      type: "channel.subscription",
      data: {
        user: readUser(subscriber, owner),
        subscription: { kind, ...(isCounted && { months: duration }) },
      },
    };
  };
}

/**
 * Subscriptions given away. Of two that nobody has put a name to within a second, those who were given
 * them tell them apart.
 */
export function draftGifts(envelope: KickEnvelope, body: unknown): EventDraft | null {
  const decoded = decode(Gifts, body);
  if (!decoded.ok) return null;
  const { broadcaster, gifter, giftees, created_at } = decoded.value;
  const owner = readOwner(broadcaster);
  const giver = gifter == null ? undefined : readId(gifter);
  const first = giftees[0] === undefined ? "nobody" : readId(giftees[0]);
  const from = giver ?? "anonymous";
  return {
    ...setKey(setTime(envelope, created_at), "gifts", owner, from, created_at, first),
    type: "channel.subscription.gift",
    data: {
      ...(gifter != null && giver !== undefined && { user: readUser(gifter, owner) }),
      count: giftees.length,
      recipients: giftees.map(readPerson),
    },
  };
}

/** A gift that is paid for in Kick's own units. */
export function draftKicks(envelope: KickEnvelope, body: unknown): EventDraft | null {
  const decoded = decode(Kicks, body);
  if (!decoded.ok) return null;
  const { broadcaster, sender, gift, created_at } = decoded.value;
  const owner = readOwner(broadcaster);
  const name = readText(gift.name);
  const said = readText(gift.message);
  const giver = readId(sender);
  const isNamed = giver !== undefined || readPerson(sender).name !== undefined;
  const named = ["kicks", owner, giver ?? "anonymous", created_at, gift.amount];
  return {
    ...setKey(setTime(envelope, created_at), ...named),
    type: "channel.cheer",
    data: {
      ...(isNamed && { user: readUser(sender, owner) }),
      amount: { value: String(Number(gift.amount)), currency: "kicks", kind: "virtual" },
      ...(name !== undefined && { gift: { name, count: 1 } }),
      ...(said !== undefined && { message: readChatText({ text: said, platform: PLATFORM }) }),
    },
  };
}
