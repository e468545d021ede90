import type { DraftOf, EventDraft } from "../../../event/event.ts";
import { isStandIn } from "../../../event/nobody.ts";
import type { Amount, Subscription, User } from "../../../event/shapes.ts";
import { toDecimal } from "../../../lib/decimal.ts";
import { findFirst, omitUndefined } from "../../../lib/given.ts";
import { decode, isRecord, lookUp } from "../../../lib/json.ts";
import { Activity } from "../wire/frames.ts";
import { setTime, type AstroEnvelope } from "./envelope.ts";
import { toMoney, makeTipKey, readLine, readWords } from "./tips.ts";
import { HOME, readGiver, readUser, toPlatform } from "./user.ts";

/** The fields that an activity may have in its `data`. */
type Said = NonNullable<Activity["data"]>;

/** The unit of a gift that a platform has of its own, by the activity or by the platform. */
const UNITS: Readonly<Record<string, string>> = {
  stars: "facebook:star",
  elixir: "trovo:elixir",
  kick: "kicks",
  twitch: "bits",
};

/** The kind of a tip, by the activity. */
const TIPS = {
  tip: "tip",
  superchat: "superchat",
  charityCampaignDonation: "charity",
  merch: "merch",
  purchase: "merch",
  stars: "tip",
} as const satisfies Record<string, DraftOf<"channel.tip">["data"]["kind"]>;

/**
 * An activity in our words; null for one that lacks what makes it one, or that we have no word for.
 */
export function toActivity(envelope: AstroEnvelope, data: unknown): EventDraft | null {
  const decoded = decode(Activity, data);
  if (!decoded.ok) return null;
  const activity = decoded.value;
  const said = activity.data ?? {};
  const type = activity.type ?? "";
  const draft = {
    ...setTime(envelope, activity.createdAt),
    ...toKey(activity),
    platform: findActivityPlatform(activity),
  };
  const user = toUser(activity);
  const giftId = findFirst(activity.activityGroup);
  switch (type) {
    case "follow":
    case "follower":
    case "fan":
      return user && { ...draft, type: "channel.follow", data: { user } };
    case "subscriber":
      if (draft.platform === "youtube") {
        return user && { ...draft, type: "channel.follow", data: { user } };
      }
      return draftSubscription(draft, user, said, giftId);
    case "sponsor":
    case "supporter":
    case "sponsorship":
      return draftSubscription(draft, user, said, giftId);
    case "communityGiftPurchase":
    case "sponsorshipPassive":
      return draftGift(draft, user, said, giftId);
    case "tip":
    case "superchat":
    case "charityCampaignDonation":
    case "merch":
    case "purchase":
    case "stars":
      return draftTip(draft, user, type, said);
    case "cheer":
    case "cheerPurchase":
    case "elixir":
      return draftCheer(draft, user, type, said);
    case "raid":
    case "host": {
      const viewers = readCount(said.amount) ?? 0;
      return (
        user && {
          ...draft,
          type: "channel.raid",
          data: { user, viewers, kind: type, direction: "in" },
        }
      );
    }
    case "channelPointsRedemption":
    case "redemption":
      return draftRedemption(draft, user, said);
    default:
      return null;
  }
}

/**
 * Reads the platform of an activity. A tip happens on StreamElements, whatever platform the channel
 * is of.
 */
export function findActivityPlatform(data: unknown): string {
  const decoded = decode(Activity, data);
  if (!decoded.ok || decoded.value.type === "tip") return HOME;
  return toPlatform(decoded.value.provider);
}

function toKey({ type, _id, activityId, data }: Activity): { key?: string } {
  const tipId = findFirst(data?.tipId);
  if (type === "tip" && tipId !== undefined) return { key: makeTipKey(tipId) };
  const id = findFirst(_id, activityId);
  return id === undefined ? {} : { key: `activity/${type}/${id}` };
}

/** Reads the person who did it; null where nobody is named. */
function toUser(activity: Activity): User | null {
  const { username, displayName, providerId, avatar } = activity.data ?? {};
  const account = findFirst(providerId);
  const id = account ?? findFirst(username, displayName);
  const home = toPlatform(activity.provider);
  if (id === undefined || isStandIn(home, account, username)) return null;
  // A tipper who is logged in has an account on the channel's platform; one who is not has a name.
  const platform = account === undefined ? findActivityPlatform(activity) : home;
  return readUser(platform, id, {
    ...(platform !== HOME && { login: username ?? null }),
    name: findFirst(displayName, username) ?? null,
    avatar: avatar ?? null,
  });
}

function draftSubscription(
  draft: AstroEnvelope,
  user: User | null,
  said: Said,
  giftId: string | undefined,
): EventDraft | null {
  const months = readCount(said.amount);
  const subscription: Subscription = omitUndefined({
    kind: months !== undefined && months > 1 ? ("renewal" as const) : ("new" as const),
    tier: findFirst(said.tier),
    months,
    streak: readCount(said.streak),
    gift:
      said.gifted === true
        ? omitUndefined({ id: giftId, from: readGiver(draft.platform, said.sender) })
        : undefined,
    message: readLine(said.message),
  });
  return user && { ...draft, type: "channel.subscription", data: { user, subscription } };
}

function draftGift(
  draft: AstroEnvelope,
  user: User | null,
  said: Said,
  giftId: string | undefined,
): EventDraft | null {
  const count = readCount(said.amount);
  if (count === undefined) return null;
  return {
    ...draft,
    type: "channel.subscription.gift",
    data: omitUndefined({
      user: user ?? undefined,
      count,
      tier: findFirst(said.tier),
      recipients: [],
      gift: giftId === undefined ? undefined : { id: giftId },
    }),
  };
}

function draftTip(
  draft: AstroEnvelope,
  user: User | null,
  type: keyof typeof TIPS,
  said: Said,
): EventDraft | null {
  const amount =
    type === "stars" ? toUnits(said.amount, "stars") : toMoney(said.amount, said.currency);
  if (amount === null) return null;
  return {
    ...draft,
    type: "channel.tip",
    data: omitUndefined({
      tipId: findFirst(said.tipId),
      user: user ?? undefined,
      amount,
      message: readWords(said.message, draft.platform),
      kind: TIPS[type],
    }),
  };
}

function draftCheer(
  draft: AstroEnvelope,
  user: User | null,
  type: string,
  said: Said,
): EventDraft | null {
  const amount = toUnits(said.amount, type, draft.platform);
  if (amount === null) return null;
  return {
    ...draft,
    type: "channel.cheer",
    data: omitUndefined({
      user: user ?? undefined,
      amount,
      message: readWords(said.message, draft.platform),
    }),
  };
}

function draftRedemption(draft: AstroEnvelope, user: User | null, said: Said): EventDraft | null {
  const title = toTitle(said);
  if (user === null || title === undefined) return null;
  const cost = readCount(said.amount);
  return {
    ...draft,
    type: "channel.redemption",
    data: omitUndefined({
      user,
      reward: { title, ...(cost !== undefined && { cost }) },
      input: readLine(said.message),
      status: findFirst(said.status),
    }),
  };
}

/** Reads the redeemed reward's name: it is under one of several keys, or in an object. */
function toTitle(said: Said): string | undefined {
  const named = ["redemption", "reward", "item", "title"].flatMap((field) => {
    const value = said[field];
    return isRecord(value) ? [value["title"], value["name"]] : [value];
  });
  return findFirst(...named.filter((each) => typeof each === "string"));
}

/** A platform's own units, by the first of the names that has one. */
function toUnits(amount: Said["amount"], ...names: readonly string[]): Amount | null {
  const value = toDecimal(amount);
  const unit = names.find((name) => Object.hasOwn(UNITS, name));
  const currency = lookUp(UNITS, unit ?? "") ?? `${names.at(-1)}:cheer`;
  return value === null ? null : { value, currency, kind: "virtual" };
}

/** A whole number that counts something. */
function readCount(said: string | number | null | undefined): number | undefined {
  const count = Number(toDecimal(said) ?? NaN);
  return Number.isSafeInteger(count) && count > 0 ? count : undefined;
}
