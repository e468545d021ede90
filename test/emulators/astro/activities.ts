import { type Chatter, chatters, kindWords } from "../kit/cast.ts";
import type { Chance } from "../kit/chance.ts";
import { avatarOf, channelId, loginOf, userNumber } from "./people.ts";

type Fields = Record<string, unknown>;

export const providers = [
  "twitch",
  "youtube",
  "represent",
  "fourthwall",
  "lunar",
  "lilithgames",
  "x",
  "StreamElements",
  "grabtap",
  "kick",
] as const;
export type Provider = (typeof providers)[number];

interface Kind {
  /** Which provider a type comes from is written nowhere: these are likely ones. */
  readonly provider: Provider;
  /** What only this type has. No document lists these fields: amount, message and tier are found. */
  readonly own: (chance: Chance) => Fields;
}

const kinds = {
  event: kind("StreamElements", () => ({})),
  follow: kind("twitch", () => ({})),
  tip: kind("StreamElements", (chance) => ({
    amount: chance.integer(1, 25),
    currency: "USD",
    message: kindWords(chance),
    tipId: objectId(chance),
  })),
  communityGiftPurchase: kind("twitch", (chance) => ({
    amount: chance.integer(2, 10),
    tier: "1000",
  })),
  channelPointsRedemption: kind("twitch", (chance) => ({
    amount: 500,
    quantity: 1,
    redemption: chance.pick(["Hydrate", "Name the otter", "Blue door"]),
    message: "",
  })),
  sponsor: kind("youtube", (chance) => ({ amount: chance.integer(1, 24), tier: "River friends" })),
  superchat: kind("youtube", (chance) => ({
    amount: chance.pick([2, 5, 10, 20]),
    currency: "USD",
    message: kindWords(chance),
  })),
  host: kind("kick", (chance) => ({ amount: chance.integer(3, 200) })),
  raid: kind("twitch", (chance) => ({ amount: chance.integer(3, 200) })),
  subscriber: kind("twitch", (chance) => ({
    amount: chance.integer(1, 36),
    tier: chance.pick(["1000", "1000", "2000", "3000", "prime"]),
    message: kindWords(chance),
  })),
  cheer: kind("twitch", (chance) => ({
    amount: chance.pick([1, 50, 100, 500]),
    message: kindWords(chance),
  })),
  cheerPurchase: kind("twitch", (chance) => ({ amount: chance.pick([100, 500]) })),
  charityCampaignDonation: kind("twitch", (chance) => ({
    amount: chance.integer(1, 50),
    currency: "USD",
  })),
  redemption: kind("StreamElements", (chance) => ({
    amount: chance.integer(1, 20) * 100,
    item: "Choose the next song",
    message: kindWords(chance),
  })),
  merch: kind("fourthwall", (chance) => ({
    amount: chance.integer(15, 60),
    currency: "USD",
    items: [{ name: "Otter mug", price: 15, quantity: 1 }],
  })),
  fan: kind("grabtap", () => ({})),
  supporter: kind("grabtap", (chance) => ({ amount: chance.integer(1, 12) })),
  follower: kind("kick", () => ({})),
  stars: kind("grabtap", (chance) => ({ amount: chance.integer(1, 500) })),
  share: kind("x", () => ({})),
  videolike: kind("youtube", (chance) => ({ amount: chance.integer(1, 40) })),
  elixir: kind("lilithgames", (chance) => ({ amount: chance.integer(1, 50) })),
  purchase: kind("represent", (chance) => ({ amount: chance.integer(10, 80), currency: "USD" })),
  hypetrainStart: kind("twitch", () => ({ amount: 1, level: 1, total: 100, goal: 1_600 })),
  hypetrainProgress: kind("twitch", () => ({ amount: 2, level: 2, total: 900, goal: 2_100 })),
  hypetrainEnd: kind("twitch", () => ({ amount: 3, level: 3, total: 2_500 })),
  giveaway: kind("StreamElements", (chance) => ({ giveawayId: objectId(chance), amount: 1 })),
  sponsorship: kind("lunar", (chance) => ({ amount: chance.integer(1, 30), message: "" })),
  sponsorshipPassive: kind("lunar", () => ({})),
} satisfies Record<string, Kind>;

export const activityTypes = Object.keys(kinds) as (keyof typeof kinds)[];
export type ActivityType = (typeof activityTypes)[number];

interface ActivitySpec {
  readonly type: ActivityType;
  readonly provider?: Provider | undefined;
  readonly who?: Chatter | undefined;
  readonly activityId?: string | undefined;
  /** Laid over what the type has of its own. */
  readonly data?: Fields | undefined;
}

export function makeActivity(
  { type, provider, who, activityId, data }: ActivitySpec,
  chance: Chance,
): Fields {
  const { provider: likely, own } = kinds[type];
  const chatter = who ?? chance.pick(chatters);
  const id = activityId ?? objectId(chance);
  const at = new Date().toISOString();
  return {
    type,
    provider: provider ?? likely,
    channel: channelId,
    data: {
      username: loginOf(chatter),
      displayName: chatter.name,
      providerId: String(userNumber(chatter)),
      avatar: avatarOf(chatter),
      ...own(chance),
      ...data,
    },
    _id: id,
    createdAt: at,
    updatedAt: at,
    activityId: id,
    sessionEventsCount: chance.integer(1, 400),
  };
}

/** The ids of everything but frames: seconds, and then chance. */
export function objectId(chance: Chance): string {
  return Math.floor(Date.now() / 1000).toString(16) + chance.hex(16);
}

function kind(provider: Provider, own: Kind["own"]): Kind {
  return { provider, own };
}
