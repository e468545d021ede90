/* The platforms that are linked by themselves, with no service between. Pure. */
import type { SourceKind } from "./source-kind.ts";

export const platforms: readonly SourceKind[] = [
  {
    protocol: "twitch-irc",
    title: "Twitch",
    brings: "The chat of a Twitch channel. To read it needs no token.",
    fields: [
      {
        name: "channel",
        in: "target",
        label: "Channel",
        placeholder: "login, or the page's address",
      },
      {
        name: "clientId",
        in: "credentials",
        label: "Client id",
        isOptional: true,
        help: "This and the token only to write in the chat.",
      },
      {
        name: "accessToken",
        in: "credentials",
        label: "Access token",
        isSecret: true,
        isOptional: true,
        help: "A user's token with the scope user:write:chat.",
      },
      {
        name: "refreshToken",
        in: "credentials",
        label: "Refresh token",
        isSecret: true,
        isOptional: true,
        help: "With it and the client secret the token is renewed by itself.",
      },
      {
        name: "clientSecret",
        in: "credentials",
        label: "Client secret",
        isSecret: true,
        isOptional: true,
      },
    ],
    steps: [
      "Open your page on Twitch: the login is the end of its address.",
      "To write: make an application in Twitch's developer console, and copy its client id.",
      "Give it leave to write for your account, and copy the token.",
    ],
    link: { href: "https://dev.twitch.tv/console", label: "dev.twitch.tv" },
  },
  {
    protocol: "kick",
    title: "Kick",
    brings:
      "Chat, follows, subscriptions, gifts and bans of a Kick channel. To hear needs no token.",
    fields: [
      {
        name: "channel",
        in: "target",
        label: "Channel",
        placeholder: "name, or the page's address",
      },
      {
        name: "accessToken",
        in: "credentials",
        label: "Access token",
        isSecret: true,
        isOptional: true,
        help: "Only to write in the chat: a user's token of the relay's app, with the scope chat:write.",
      },
      {
        name: "refreshToken",
        in: "credentials",
        label: "Refresh token",
        isSecret: true,
        isOptional: true,
        help: "With it the token is renewed by itself. It works once: one that is used elsewhere ends ours.",
      },
    ],
    steps: [
      "Open your page on Kick: the channel's name is the end of its address.",
      "Once for the whole relay, by whoever runs it: in Kick's settings, under Developer, make an app.",
      "There, switch Enable Webhooks on, and enter the address below as the webhook's.",
      "Copy the app's client id and secret, and give them to the relay as KICK_CLIENT_ID and KICK_CLIENT_SECRET.",
      "To write: have the app ask your account for chat:write, and copy both tokens.",
    ],
    link: { href: "https://kick.com/settings/developer", label: "kick.com/settings/developer" },
    hook: "/hooks/kick",
    note: "Kick does not tell when a single message was deleted: it stays. A ban or a time-out hides all of a person's lines.",
  },
];
