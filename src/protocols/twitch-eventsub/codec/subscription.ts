import type { EventDraft } from "../../../event/event.ts";
import type { Person, Subscription } from "../../../event/shapes.ts";
import { omitUndefined } from "../../../lib/given.ts";
import { dropUnseen, readAction } from "../../chat-text.ts";
import { isSet, readCount, readText, readWritten, type Fields } from "../wire/fields.ts";
import type { Envelope, Reader } from "./envelope.ts";
import { isAnonymous, readNamed, readPerson, readUser } from "./user.ts";

const CHATTER = "chatter_user";

/** Somebody announced in the chat that they subscribed, or go on. */
export function draftAnnounced(
  envelope: Envelope,
  event: Fields,
  kind: Subscription["kind"],
  sub: Fields,
): EventDraft {
  const subscription = omitUndefined({
    kind,
    tier: readTier(sub),
    months: readMonths(sub, "cumulative_months"),
    streak: readMonths(sub, "streak_months"),
    gift: isSet(sub, "is_gift") ? readGift(sub) : undefined,
    message: readWords(event),
  });
  const data = { user: readUser(event, CHATTER), subscription };
  return { ...envelope, type: "channel.subscription", data };
}

/** A gift is kept by whoever was given it, or Prime is. */
export function draftUpgrade(envelope: Envelope, event: Fields, sub: Fields): EventDraft {
  const { from } = readGift(sub);
  const subscription = omitUndefined({
    kind: "upgrade" as const,
    tier: readTier(sub),
    gift: from === undefined ? undefined : { from },
  });
  const data = { user: readUser(event, CHATTER), subscription };
  return { ...envelope, type: "channel.subscription", data };
}

/** Several gifts at once. Each of them is told of by itself, afterwards. */
export function draftPurchase(envelope: Envelope, event: Fields, sub: Fields): EventDraft {
  const id = readText(sub, "id");
  const data = omitUndefined({
    user: isAnonymous(event, CHATTER) ? undefined : readUser(event, CHATTER),
    count: readCount(sub, "total") ?? 1,
    tier: readTier(sub),
    recipients: [],
    gift: id === undefined ? undefined : { id },
  });
  return { ...envelope, type: "channel.subscription.gift", data };
}

/** One gift: by itself, or of several that were bought at once. */
export function draftGiven(envelope: Envelope, event: Fields, sub: Fields): EventDraft {
  const isUnnamed = isAnonymous(event, CHATTER);
  const id = readText(sub, "community_gift_id");
  const recipient = readPerson(sub, "recipient_user");
  if (id === undefined || recipient?.id === undefined) {
    const data = omitUndefined({
      user: isUnnamed ? undefined : readUser(event, CHATTER),
      count: 1,
      tier: readTier(sub),
      recipients: recipient === undefined ? [] : [recipient],
    });
    return { ...envelope, type: "channel.subscription.gift", data };
  }
  const from = isUnnamed ? undefined : readPerson(event, CHATTER);
  const subscription = omitUndefined({
    kind: "new" as const,
    tier: readTier(sub),
    gift: omitUndefined({ id, from }),
  });
  const data = { user: readNamed(sub, "recipient_user"), subscription };
  return { ...envelope, type: "channel.subscription", data };
}

/** The type that tells of a subscription at its payment, and not of who gave it. */
export const draftSubscribed: Reader = (envelope, event) => {
  if (readText(event, "user_id") === undefined) return null;
  const subscription = omitUndefined({
    kind: "new" as const,
    tier: readTier(event),
    gift: isSet(event, "is_gift") ? {} : undefined,
  });
  const data = { user: readNamed(event), subscription };
  return { ...envelope, type: "channel.subscription", data };
};

/** The type that tells of a renewal with its words. */
export const draftRenewed: Reader = (envelope, event) => {
  if (readText(event, "user_id") === undefined) return null;
  const subscription = omitUndefined({
    kind: "renewal" as const,
    tier: readTier(event),
    months: readMonths(event, "cumulative_months"),
    streak: readMonths(event, "streak_months"),
    message: readWords(event),
  });
  const data = { user: readNamed(event), subscription };
  return { ...envelope, type: "channel.subscription", data };
};

/** The type that tells of gifts by their number. */
export const draftGifts: Reader = (envelope, event) => {
  const count = readCount(event, "total");
  if (count === undefined) return null;
  const data = omitUndefined({
    user: isAnonymous(event) ? undefined : readNamed(event),
    count,
    tier: readTier(event),
    recipients: [],
  });
  return { ...envelope, type: "channel.subscription.gift", data };
};

export const draftSubscriptionEnd: Reader = (envelope, event) =>
  readText(event, "user_id") === undefined
    ? null
    : { ...envelope, type: "channel.subscription.ended", data: { user: readNamed(event) } };

/** The giver of a subscription that is told of now. */
function readGift(sub: Fields): { from?: Person } {
  if (isSet(sub, "gifter_is_anonymous")) return {};
  return omitUndefined({ from: readPerson(sub, "gifter_user") });
}

/** The words that StreamElements has for it as well. */
function readTier(sub: Fields): string | undefined {
  return isSet(sub, "is_prime") ? "prime" : readText(sub, "sub_tier", "tier");
}

/** None is told of as 0, which is not said. */
function readMonths(sub: Fields, name: string): number | undefined {
  const months = readCount(sub, name);
  return months === 0 ? undefined : months;
}

function readWords(event: Fields): string | undefined {
  const said = readAction(dropUnseen(readWritten(event) ?? "")).text;
  return said === "" ? undefined : said;
}
