import type { Messages } from "../support/messages.ts";

/** Every event that Kick delivers, and what it becomes. */
export const messages: Messages = {
  "a socket that was greeted": {
    chat: {
      "chat.message.sent": ["kick chat.message", "connection.updated connected"],
      "chat.message.sent with badges, emotes and an answer": [
        "kick chat.message",
        "connection.updated connected",
      ],
      "chat.message.sent by the broadcaster": ["kick chat.message", "connection.updated connected"],
      "chat.message.sent without identity and time": [
        "kick chat.message",
        "connection.updated connected",
      ],
      "chat.message.sent in another version": ["kick chat.message", "connection.updated connected"],
      "chat.message.sent hours late": ["kick chat.message", "connection.updated connected"],
    },
    support: {
      "channel.followed": ["kick channel.follow", "connection.updated connected"],
      "channel.subscription.new": ["kick channel.subscription", "connection.updated connected"],
      "channel.subscription.renewal": ["kick channel.subscription", "connection.updated connected"],
      "channel.subscription.gifts": [
        "kick channel.subscription.gift",
        "connection.updated connected",
      ],
      "channel.subscription.gifts of nobody": [
        "kick channel.subscription.gift",
        "connection.updated connected",
      ],
      "kicks.gifted": ["kick channel.cheer", "connection.updated connected"],
      "kicks.gifted without a word": ["kick channel.cheer", "connection.updated connected"],
    },
    channel: {
      "channel.reward.redemption.updated pending": [
        "kick channel.redemption",
        "connection.updated connected",
      ],
      "channel.reward.redemption.updated accepted": [
        "kick channel.redemption",
        "connection.updated connected",
      ],
      "livestream.status.updated on": ["kick stream.online", "connection.updated connected"],
      "livestream.status.updated off": ["kick stream.offline", "connection.updated connected"],
      "livestream.metadata.updated": ["kick channel.updated", "connection.updated connected"],
      "livestream.metadata.updated with a capital": [
        "kick channel.updated",
        "connection.updated connected",
      ],
      "moderation.banned for good": ["kick moderation.ban", "connection.updated connected"],
      "moderation.banned for a while": ["kick moderation.timeout", "connection.updated connected"],
      "an event nobody knows": ["kick provider.event", "connection.updated connected"],
    },
  },
};
