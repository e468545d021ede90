/* Twitch's protocols, as their forms have them. Pure. */
import type { SourceKind } from "./source-kind.ts";

const logIn = {
  service: "Twitch",
  logIn: "device",
  logInWords: "Log in, and there is no token to copy. What is linked is your own channel.",
  logInSteps: [
    "Open Twitch's developer console and log in.",
    "Register an application of the client type Public. Its redirect address is not used: https://localhost will do.",
    "Copy its client id.",
  ],
} as const;

export const twitchSources: readonly SourceKind[] = [
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
        help: "With it the token is renewed by itself; an application that has a secret needs that too.",
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
    ...logIn,
  },
  {
    protocol: "twitch-eventsub",
    title: "Twitch, all events",
    brings:
      "Follows, subscriptions, bits, points, polls, raids and moderation of a Twitch channel, and its chat.",
    fields: [
      {
        name: "channel",
        in: "target",
        label: "Channel",
        placeholder: "login, or the page's address",
      },
      { name: "clientId", in: "credentials", label: "Client id" },
      {
        name: "accessToken",
        in: "credentials",
        label: "Access token",
        isSecret: true,
        help: "A user's token: the channel's own account hears most, a moderator less. What it may not hear is named once it is linked.",
      },
      {
        name: "refreshToken",
        in: "credentials",
        label: "Refresh token",
        isSecret: true,
        isOptional: true,
        help: "Without it the link ends with the token, after some four hours.",
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
      "Make an application in Twitch's developer console, and copy its client id.",
      "Give it leave, as the channel's own account, for what you want to hear, and copy the token and the refresh token.",
      "Open your page on Twitch: the login is the end of its address.",
    ],
    link: { href: "https://dev.twitch.tv/console", label: "dev.twitch.tv" },
    ...logIn,
    note: "It brings the chat as well: beside a link to the Twitch chat each line is still one event.",
  },
];
