import { streamer } from "../kit/cast.ts";
import { userId } from "./wire.ts";

export interface Platform {
  readonly eventSourceId: number;
  /** The channel that a connection has unless it is told another. */
  readonly channel: string;
  /** What Restream says about whose stream it is: different for each platform. */
  readonly target: (channel: string) => Readonly<Record<string, unknown>>;
}

const login = streamer.name.toLowerCase();
const avatar = "https://images.example/restream/rivermoss.png";

export const platforms = {
  twitch: basic(2, "733918204", 11, "https://twitch.example"),
  youtube: {
    eventSourceId: 13,
    channel: "rM0ssDem0aa",
    target: (channel) => ({
      event: {
        id: channel,
        title: "Building a river village",
        url: `https://youtube.example/watch?v=${channel}`,
      },
      owner: { avatar, displayName: streamer.name, id: "UCrivermoss00000000000000" },
      websiteChannelId: 12,
    }),
  },
  facebook: {
    eventSourceId: 19,
    channel: "8801230045",
    target: (channel) => ({
      liveVideo: liveVideo(channel),
      user: { avatar, id: "100200300400", name: streamer.name },
      websiteChannelId: 13,
    }),
  },
  facebook_page: {
    eventSourceId: 20,
    channel: "8801230046",
    target: (channel) => ({
      liveVideo: liveVideo(channel),
      page: { id: "200300400500", name: `${streamer.name} builds`, picture: avatar },
      websiteChannelId: 14,
    }),
  },
  facebook_group: {
    eventSourceId: 21,
    channel: "8801230047",
    target: (channel) => ({
      liveVideo: liveVideo(channel),
      group: { id: "300400500600", name: "River village builders" },
      websiteChannelId: 15,
    }),
  },
  dlive: {
    eventSourceId: 24,
    channel: login,
    target: (channel) => ({
      owner: {
        avatar,
        displayName: streamer.name,
        url: `https://dlive.example/${channel}`,
        username: channel,
      },
      websiteChannelId: 16,
    }),
  },
  discord: {
    eventSourceId: 25,
    channel: "901200300400500600",
    target: (channel) => ({
      channel: { id: channel, name: "stream-chat", url: `https://discord.example/${channel}` },
      owner: { avatar, id: "801200300400500600", name: login },
      server: { icon: null, id: "701200300400500600", name: "River village" },
    }),
  },
  linkedin: {
    eventSourceId: 26,
    channel: "7100200300400500600",
    target: (channel) => ({
      post: { id: channel, url: `https://linkedin.example/posts/${channel}` },
      user: { avatarUrl: avatar, id: "rm-1", name: streamer.name },
      websiteChannelId: 17,
    }),
  },
  trovo: basic(27, "100733918", 18, "https://trovo.example"),
  x: basic(28, "1733918204", 19, "https://x.example"),
  kick: basic(29, "4415926", 20, "https://kick.example"),
  rumble: basic(33, "v5m0ss1", 21, "https://rumble.example"),
} satisfies Record<string, Platform>;

export type PlatformName = keyof typeof platforms;
export const platformNames = Object.keys(platforms) as PlatformName[];

export function platformOf(name: PlatformName): Platform {
  return platforms[name];
}

/** What a connection is called. Real clients read the platform from the second part. */
export function identifierOf(name: PlatformName, channel = platformOf(name).channel): string {
  return `${userId}-${name}-${channel}`;
}

function basic(
  eventSourceId: number,
  channel: string,
  websiteChannelId: number,
  site: string,
): Platform {
  return {
    eventSourceId,
    channel,
    target: (id) => ({
      owner: { avatar, displayName: streamer.name, id, name: login, url: `${site}/${login}` },
      websiteChannelId,
    }),
  };
}

function liveVideo(id: string): Record<string, unknown> {
  return {
    id,
    status: "LIVE",
    title: "Building a river village",
    url: `https://facebook.example/watch/${id}`,
  };
}
