/* The protocols that are dialled: what each brings, what its form asks for, and where that is found. Pure. */
import { kickSource } from "./kick-source.ts";
import type { SourceKind } from "./source-kind.ts";
import { twitchSources } from "./twitch-sources.ts";
import { youtube } from "./youtube-source.ts";

export type { SourceField, SourceKind } from "./source-kind.ts";

export const TOPICS = [
  "channel.chat.message",
  "channel.activities",
  "channel.tips",
  "channel.tips.moderation",
  "channel.stream.status",
  "channel.session.update",
  "channel.overlay.action",
] as const;

export const sources: readonly SourceKind[] = [
  ...twitchSources,
  kickSource,
  youtube,
  {
    protocol: "restream",
    title: "Restream",
    brings: "Chat of everything that you restream to.",
    fields: [
      {
        name: "accessToken",
        in: "credentials",
        label: "Access token",
        isSecret: true,
        isOptional: true,
        help: "Lasts for about an hour. With the three fields below it is renewed by itself.",
      },
      { name: "clientId", in: "credentials", label: "Client id", isOptional: true },
      {
        name: "clientSecret",
        in: "credentials",
        label: "Client secret",
        isSecret: true,
        isOptional: true,
      },
      {
        name: "refreshToken",
        in: "credentials",
        label: "Refresh token",
        isSecret: true,
        isOptional: true,
        help: "Works once: one that is used elsewhere ends ours.",
      },
    ],
    steps: [
      "Open Restream's developer page and log in.",
      "Make an application, with the redirect address that stands here.",
      "Copy its client id and its client secret.",
    ],
    link: { href: "https://developers.restream.io/", label: "developers.restream.io" },
    logIn: "code",
    note: "A bare access token stops after an hour. Give client id, client secret and refresh token to stay connected.",
  },
  {
    protocol: "astro",
    title: "StreamElements",
    brings: "Tips, subscriptions, follows and chat of one platform.",
    fields: [
      {
        name: "token",
        in: "credentials",
        label: "Token",
        isSecret: true,
        help: "One token is one platform's channel. For YouTube as well, link it twice.",
      },
      {
        name: "tokenType",
        in: "credentials",
        label: "Kind of token",
        options: [
          ["jwt", "JWT token"],
          ["apikey", "Overlay token"],
          ["oauth2", "OAuth token"],
        ],
        initial: "jwt",
        help: "Found by the token's form; change it where that is wrong.",
      },
      {
        name: "room",
        in: "target",
        label: "Channel id",
        isOptional: true,
        help: "Only for another channel than the token's own.",
      },
    ],
    steps: [
      "Open the StreamElements dashboard and log in with the platform that you stream on.",
      "Open your account, then Channels, and press Show secrets.",
      "Copy the JWT token.",
    ],
    link: {
      href: "https://streamelements.com/dashboard/account/channels",
      label: "streamelements.com",
    },
  },
  {
    protocol: "dlive",
    title: "DLive",
    brings: "Chat, gifts and the treasure chest of a streamer.",
    fields: [
      {
        name: "streamer",
        in: "target",
        label: "Streamer",
        placeholder: "name, or the page's address",
      },
      {
        name: "named",
        in: "form",
        label: "The name is",
        options: [
          ["page", "as the page shows it"],
          ["user", "the user name of the account"],
        ],
        initial: "page",
        help: "The two may differ. Of a page's name or address the relay finds out whose it is.",
      },
      {
        name: "appToken",
        in: "credentials",
        label: "App token",
        isSecret: true,
        isOptional: true,
        help: "Only to write in the chat.",
      },
    ],
    steps: ["Open your page on DLive, and copy its address, or the name on it."],
    link: { href: "https://dlive.tv/", label: "dlive.tv" },
  },
  {
    protocol: "multistreamer",
    title: "multistreamer",
    brings: "Chats of all accounts of one stream of your own server.",
    fields: [
      {
        name: "url",
        in: "url",
        label: "Address",
        placeholder: "wss://multistreamer.example",
      },
      {
        name: "streamId",
        in: "target",
        label: "Number of the stream",
        placeholder: "31",
        help: "The number in the stream's address.",
      },
      { name: "token", in: "credentials", label: "Token", isSecret: true },
    ],
    steps: [
      "Open your multistreamer, and there your profile.",
      "Copy the access token. The stream's number is in the address of its page.",
    ],
  },
  {
    protocol: "interactive-sync",
    title: "Interactive Sync",
    brings: "Viewers' clicks and input, and what you show them.",
    fields: [
      { name: "url", in: "url", label: "Address", placeholder: "wss://interactive.example/ws" },
      { name: "clientId", in: "credentials", label: "Client id" },
      { name: "accessToken", in: "credentials", label: "Access token", isSecret: true },
    ],
    steps: [
      "Make an application in Twitch's developer console, and copy its client id.",
      "The access token is a user's token for it.",
    ],
    link: { href: "https://dev.twitch.tv/console", label: "dev.twitch.tv" },
  },
];
