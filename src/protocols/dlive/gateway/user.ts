import { parseTime } from "../../../lib/time.ts";
import type { ChannelFacts } from "../../gateway-session.ts";

/** A channel, as far as it can be looked up. */
export type FoundChannel = Pick<ChannelFacts, "id" | "name" | "stream">;

/*
 * A channel in the types of DLive's schema, with every field of them that DLive never leaves null:
 * clients read into these without a look. What the relay does not know is empty, 0 or false.
 */

// One of the pictures that DLive gives to whoever has none.
const AVATAR = "https://images.prd.dlivecdn.com/avatar/default22.png";

// Times are milliseconds in a text, and clients cut the last three digits off.
const UNKNOWN_TIME = "1000";

const PAGE_INFO = {
  __typename: "PageInfo",
  startCursor: "-1",
  endCursor: "-1",
  hasNextPage: false,
  hasPreviousPage: false,
};

function makeConnection(type: string): object {
  return { __typename: type, totalCount: 0, pageInfo: PAGE_INFO, list: [] };
}

const EMOTES = { __typename: "Emotes", list: [] };
const LANGUAGE = {
  __typename: "Language",
  id: "language:1",
  backendID: 1,
  code: "",
  language: "",
};
const CATEGORY = {
  __typename: "Category",
  id: "category:0",
  backendID: 0,
  title: "",
  imgUrl: "",
  coverImgUrl: "",
  watchingCount: 0,
};

/** A user's fields that are the same for every channel, as the relay knows them. */
const PLAIN_USER = {
  __typename: "User",
  avatar: AVATAR,
  partnerStatus: "NONE",
  role: "None",
  createdAt: UNKNOWN_TIME,
  lastStreamedAt: UNKNOWN_TIME,
  banStatus: "NO_BAN",
  deactivated: false,
  offlineImage: "",
  canSubscribe: false,
  myRoomRole: "Member",
  isMe: false,
  isFollowing: false,
  isSubscribing: false,
  wallet: { __typename: "UserWallet", balance: "0", totalEarning: "0", lastDayEarning: "0" },
  subSetting: {
    __typename: "SubscribeSetting",
    badgeText: "",
    badgeColor: "",
    textColor: "",
    benefits: [],
    streakTextColor: "",
  },
  chatMode: "DEFAULT",
  chatInterval: 0,
  allowEmote: true,
  treasureChest: {
    __typename: "TreasureChest",
    value: "0",
    state: "COLLECTING",
    expireAt: UNKNOWN_TIME,
    startGiveawayValueThreshold: "0",
    nextGiveawayThresholdAt: null,
    ongoingGiveaway: null,
    buffs: [],
  },
  emote: {
    __typename: "AllEmotes",
    mine: EMOTES,
    channel: EMOTES,
    vip: EMOTES,
    global: EMOTES,
  },
  chats: [],
  panels: [],
  recentDonations: [],
  followers: makeConnection("UserConnection"),
  following: makeConnection("UserConnection"),
  subscribers: makeConnection("SubscriberConnection"),
  videos: makeConnection("VideoConnection"),
  pastBroadcasts: makeConnection("PastBroadcastConnection"),
  topContributions: makeConnection("ContributionConnection"),
  transactions: makeConnection("TransactionConnection"),
  chatBannedUsers: makeConnection("UserConnection"),
  chatModerators: makeConnection("UserConnection"),
  hostingLivestream: null,
};

/** A user's fields that are shown to that user alone. No secret is among them. */
const PRIVATE = {
  __typename: "UserPrivateInfo",
  accessToken: "",
  insecure: false,
  email: "",
  phone: "",
  language: "",
  nextDisplayNameChangeTime: UNKNOWN_TIME,
  showSubSettingTab: false,
  filterWords: [],
  streamKey: "",
  streamTemplate: {
    __typename: "StreamTemplate",
    title: "",
    ageRestriction: false,
    thumbnailUrl: "",
    disableAlert: true,
    category: CATEGORY,
    language: LANGUAGE,
  },
  subscribers: makeConnection("SubscriberConnection"),
  subscribing: makeConnection("SubscriptionConnection"),
};

/** A channel as DLive's user: both of its names are the channel's id. */
export function makeUser(channel: FoundChannel, isMe: boolean): object {
  return {
    ...makeCreator(channel),
    about: channel.name,
    ...(isMe && { myRoomRole: "Owner", isMe }),
    livestream: makeLivestream(channel),
    private: isMe ? PRIVATE : null,
  };
}

/** The user that a stream is by: without the stream, which would hold it again. */
function makeCreator({ id, name }: FoundChannel): object {
  return {
    ...PLAIN_USER,
    id: `user:${id}`,
    username: id,
    displayname: id,
    about: name,
    private: null,
  };
}

/** The stream that is on; null while none is. */
function makeLivestream(channel: FoundChannel): object | null {
  const { id, name, stream } = channel;
  if (stream.live !== true) return null;
  const since = stream.since === null ? null : parseTime(stream.since);
  const viewers = stream.viewers ?? 0;
  return {
    __typename: "Livestream",
    id: `livestream:${id}`,
    permlink: id,
    title: name,
    content: "",
    thumbnailUrl: "",
    ageRestriction: false,
    disableAlert: true,
    createdAt: since === null ? UNKNOWN_TIME : String(since),
    lastUpdatedAt: since === null ? UNKNOWN_TIME : String(since),
    totalReward: "0",
    watchingCount: viewers,
    view: viewers,
    watchTime: false,
    language: LANGUAGE,
    category: CATEGORY,
    topContributions: makeConnection("ContributionConnection"),
    creator: makeCreator(channel),
  };
}
