import type { Messages } from "../support/messages.ts";

/** Every message that a server sends, by the documents and the facts, and the event it becomes. */
export const messages: Messages = {
  "a new socket": {
    status: {
      "on air": ["connection.updated connected", "multistreamer stream.status"],
    },
  },
  "a socket that was greeted": {
    status: {
      "off air": [
        "multistreamer stream.status",
        "twitch stream.offline",
        "youtube stream.offline",
        "facebook stream.offline",
        "connection.closed not_listed",
      ],
    },
    chat: {
      internal: "irc chat.message",
      "internal, of the document's days": "irc chat.message",
      private: "irc chat.message",
      twitch: "twitch chat.message",
      "twitch, without markdown and timestamp": "twitch chat.message",
      "twitch, the stream's own": "twitch chat.message",
      "twitch emote": "twitch chat.message",
      youtube: "youtube chat.message",
      "facebook reaction": "facebook chat.message",
      "a network nobody knows": "canalcast chat.message",
    },
    other: {
      viewers: "twitch stream.viewers",
      writer: "connection.updated connected",
      "a type nobody knows": "multistreamer provider.event",
    },
  },
};
