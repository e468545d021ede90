import type { SourceKind } from "./source-kind.ts";

/** Kick, as it is linked: a channel's name, and once for the relay an app. */
export const kickSource: SourceKind = {
  protocol: "kick",
  title: "Kick",
  brings: "Chat, follows, subscriptions, gifts and bans of a Kick channel. To hear needs no token.",
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
    "To write as well, log in above: no token is copied.",
  ],
  logIn: "code",
  logInWords: "To hear, the channel's name is enough. To write in its chat as well, log in.",
  hasOwnApp: true,
  logInSteps: [
    "Once for the whole relay, by whoever runs it: in Kick's settings, under Developer, enter the redirect address that stands here for the relay's app.",
    "Connect: Kick asks whether the relay may write in chats as you.",
    "Consent with the account that is to write. It need not be the channel's own.",
  ],
  link: { href: "https://kick.com/settings/developer", label: "kick.com/settings/developer" },
  hook: "/hooks/kick",
  note: "Kick does not tell when a single message was deleted: it stays. A ban or a time-out hides all of a person's lines.",
};
