import type { SourceKind } from "./source-kind.ts";

/** YouTube: a key to read what is public, or a log-in with Google for one's own broadcasts and to write. */
export const youtube: SourceKind = {
  protocol: "youtube",
  title: "YouTube",
  brings: "Chat, Super Chats and memberships of your live broadcasts.",
  fields: [
    {
      name: "channel",
      in: "target",
      label: "Channel",
      isOptional: true,
      placeholder: "@handle, id, or the page's address",
      help: "Its broadcasts are found by themselves, one after the other.",
    },
    {
      name: "video",
      in: "target",
      label: "Or one video",
      isOptional: true,
      placeholder: "the broadcast's address",
    },
    {
      name: "apiKey",
      in: "credentials",
      label: "API key",
      isSecret: true,
      isOptional: true,
      help: "Reads public broadcasts. A channel's broadcast is found minutes late by it.",
    },
    {
      name: "clientId",
      in: "credentials",
      label: "Client id",
      isOptional: true,
      help: "With the two below instead of a key: your own broadcasts at once, and writing.",
    },
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
    },
  ],
  steps: [
    "Open the Google Cloud console, and make a project or choose one.",
    "Under APIs and services, turn on YouTube Data API v3.",
    "Under Credentials, create an API key and copy it.",
    "Or, for your own broadcasts and to write: create an OAuth client of the kind web application there, with the redirect address that stands here, and copy its client id and its client secret.",
    "The channel's address is at the top of its page, and a video's in the browser while it plays.",
  ],
  link: {
    href: "https://console.cloud.google.com/apis/credentials",
    label: "console.cloud.google.com",
  },
  logIn: "code",
  note: "All links with one Google project share its quota of 10,000 units a day. While the project is in testing, a refresh token lasts for seven days.",
};
