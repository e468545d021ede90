import type { CatalogueType, DataOf } from "../../../event/catalogue.ts";
import type { StreamEvent } from "../../../event/event.ts";
import { readToldId } from "../../../event/nobody.ts";
import type { User } from "../../../event/shapes.ts";
import { omitUndefined } from "../../../lib/given.ts";
import { lookUp } from "../../../lib/json.ts";
import { toTipId } from "./from-tip.ts";
import { makeObjectId } from "./ids.ts";
import { HOME } from "./user.ts";

/** An activity: its type, the person, and its other fields. */
interface Done {
  readonly type: string;
  readonly user: User | undefined;
  readonly data: object;
  /** The name of the purchase of gifts that it is a part of. */
  readonly giftId?: string | undefined;
}

/** Puts an event into the words of `channel.activities`; null where it has no word for it. */
export function makeActivity(event: StreamEvent, room: string): object | null {
  const done = findDone(event);
  if (done === null) return null;
  const { id, platform, time, recordedtime } = event;
  const own = makeObjectId(`activity ${id}`);
  const at = time ?? recordedtime;
  return {
    type: done.type,
    provider: platform === HOME ? "StreamElements" : platform,
    channel: room,
    data: { ...toPerson(done.user, platform), ...omitUndefined(done.data) },
    _id: own,
    createdAt: at,
    updatedAt: at,
    activityId: own,
    ...(done.giftId !== undefined && { activityGroup: done.giftId }),
    sessionEventsCount: 0,
  };
}

function findDone(event: StreamEvent): Done | null {
  const { platform, data } = event;
  switch (event.type as CatalogueType) {
    case "channel.follow": {
      const { user } = data as DataOf<"channel.follow">;
      // Whoever subscribes on YouTube pays nothing.
      return { type: platform === "youtube" ? "subscriber" : "follow", user, data: {} };
    }
    case "channel.subscription":
      return makeSubscription(platform, data as DataOf<"channel.subscription">);
    case "channel.subscription.gift": {
      const { user, count, tier, gift } = data as DataOf<"channel.subscription.gift">;
      const told = { amount: count, tier };
      return { type: "communityGiftPurchase", user, data: told, giftId: gift?.id };
    }
    case "channel.tip":
      return makeTip(event, data as DataOf<"channel.tip">);
    case "channel.cheer": {
      const { user, amount, message } = data as DataOf<"channel.cheer">;
      const type = platform === "trovo" ? "elixir" : "cheer";
      return { type, user, data: { amount: Number(amount.value), message: message?.text } };
    }
    case "channel.raid": {
      const { user, viewers, kind, direction } = data as DataOf<"channel.raid">;
      return direction === "in" ? { type: kind, user, data: { amount: viewers } } : null;
    }
    case "channel.redemption": {
      const { user, reward, input, status } = data as DataOf<"channel.redemption">;
      const type = platform === "twitch" ? "channelPointsRedemption" : "redemption";
      const told = { amount: reward.cost, message: input, redemption: reward.title, status };
      return { type, user, data: told };
    }
    default:
      return null;
  }
}

const MEMBER: Readonly<Record<string, string>> = { youtube: "sponsor", facebook: "supporter" };

function makeSubscription(
  platform: string,
  { user, subscription }: DataOf<"channel.subscription">,
): Done {
  const { kind, tier, months, streak, gift, message } = subscription;
  const { from } = gift ?? {};
  return {
    type: lookUp(MEMBER, platform) ?? "subscriber",
    user,
    giftId: gift?.id,
    data: {
      // A renewal is told from a beginning by nothing else.
      amount: months ?? (kind === "renewal" ? 2 : 1),
      tier,
      streak,
      gifted: gift === undefined ? undefined : true,
      sender: from?.name ?? from?.login,
      message,
    },
  };
}

const TIPS = {
  tip: "tip",
  superchat: "superchat",
  supersticker: "superchat",
  charity: "charityCampaignDonation",
  merch: "merch",
} as const;

function makeTip(
  event: StreamEvent,
  { user, amount, message, kind, tipId }: DataOf<"channel.tip">,
): Done {
  const unit = amount.currency === "facebook:star" ? "stars" : "cheer";
  const type = amount.kind === "virtual" ? unit : TIPS[kind];
  return {
    type,
    user,
    data: {
      amount: Number(amount.value),
      currency: amount.kind === "fiat" ? amount.currency : undefined,
      message: message?.text,
      tipId: type === "tip" ? (tipId ?? toTipId(event)) : tipId,
    },
  };
}

/** Puts a person into Astro's words. On StreamElements itself people have names and no accounts. */
function toPerson(user: User | undefined, platform: string): object {
  if (user === undefined) return { username: "anonymous", displayName: "Anonymous" };
  const { id, login, name, avatar } = user;
  const hasAccount = platform !== HOME && readToldId(user) !== "";
  return omitUndefined({
    username: login ?? name,
    displayName: name,
    providerId: hasAccount ? id : undefined,
    avatar,
  });
}
