import { type Chatter, chatters, streamer } from "../kit/cast.ts";

/** What each platform tells about who wrote, in its own words. */
type Author = Readonly<Record<string, unknown>>;

export function twitchAuthor(chatter: Chatter): Author {
  const { name, color, subscribedMonths } = chatter;
  return {
    avatar: null,
    badges: twitchBadges(chatter),
    color,
    displayName: name,
    id: String(numberOf(chatter)),
    name: name.toLowerCase(),
    subscribedFor: subscribedMonths === 0 ? null : subscribedMonths,
  };
}

function twitchBadges({ isModerator, subscribedMonths }: Chatter): unknown[] {
  const titles = [
    ...(isModerator ? ["Moderator"] : []),
    ...(subscribedMonths > 0 ? ["Subscriber"] : []),
  ];
  return titles.map((title) => ({
    title,
    imageUrl: `https://images.example/twitch/badge/${title.toLowerCase()}.png`,
    clickUrl: null,
  }));
}

export function youtubeAuthor(chatter: Chatter): Author {
  return {
    id: `UC${String(numberOf(chatter)).padStart(22, "0")}`,
    avatar: avatarOf(chatter),
    displayName: chatter.name,
    isChatModerator: chatter.isModerator,
    isChatOwner: chatter.name === streamer.name,
    isChatSponsor: chatter.subscribedMonths > 0,
    isVerified: false,
  };
}

export function facebookAuthor(chatter: Chatter): Author {
  return { id: String(numberOf(chatter)), name: chatter.name, picture: avatarOf(chatter) };
}

export function dliveAuthor(chatter: Chatter): Author {
  return {
    avatar: avatarOf(chatter),
    badges: [],
    name: chatter.name,
    partnerStatus: "NONE",
    role: "None",
    roomRole: chatter.isModerator ? "Moderator" : "Member",
    subscribing: chatter.subscribedMonths > 0,
    username: chatter.name.toLowerCase(),
  };
}

export function discordAuthor(chatter: Chatter): Author {
  return {
    avatar: avatarOf(chatter),
    discriminator: "0",
    id: `6${String(numberOf(chatter)).padStart(17, "0")}`,
    name: chatter.name.toLowerCase(),
    nickname: chatter.name,
    nicknameColor: chatter.color,
    roles: chatter.isModerator ? [{ color: "#3BA55D", name: "Keeper" }] : null,
  };
}

export function linkedinAuthor(chatter: Chatter): Author {
  return { avatarUrl: avatarOf(chatter), name: chatter.name };
}

function avatarOf({ name }: Chatter): string {
  return `https://images.example/avatar/${name.toLowerCase()}.png`;
}

/** The same number for the same person, always. */
function numberOf(chatter: Chatter): number {
  return 40_000_000 + 7_919 * (1 + chatters.indexOf(chatter));
}
