import type { Messages } from "../support/messages.ts";

const CHAT = "youtube chat.message";
const TIP = "youtube channel.tip";
const MEMBER = "youtube channel.subscription";
const DELETED = "youtube chat.message.deleted";
const WAITING = "connection.updated connecting not_live";

/** Every answer that YouTube gives, by its documents and the facts, and the event it becomes. */
export const messages: Messages = {
  "a new socket": {
    looks: {
      "a live video": [],
      "a video that is over": WAITING,
      "a video that is to come": [],
      "no video": WAITING,
      "a live broadcast of one's own": [],
      "a broadcast of one's own that is over": [],
      "a search that found one": [],
      "a search that found none": WAITING,
      "a channel of a handle": [],
      "nobody of a handle": "connection.updated error channel_unavailable",
    },
  },
  "a socket that was greeted": {
    chat: {
      "a text": CHAT,
      "a text of the owner": CHAT,
      "a text of a moderator": CHAT,
      "a text of a member": CHAT,
      "a text with a link": CHAT,
      "a text whose ids differ": CHAT,
      "a text of 200 characters": CHAT,
      "members only": "youtube chat.settings.updated",
      "for everyone again": "youtube chat.settings.updated",
    },
    "chat-end": {
      "the end of the chat": ["youtube stream.offline", WAITING],
    },
    memberships: {
      "a new member": MEMBER,
      "a new member without a level": MEMBER,
      "a member who goes up": MEMBER,
      "a milestone": MEMBER,
      "a gift that was received": MEMBER,
      "gifts that were bought": "youtube channel.subscription.gift",
    },
    moderation: {
      "a deletion": DELETED,
      "a message taken back": DELETED,
      "a tombstone": DELETED,
      "a ban": "youtube moderation.ban",
      "a ban for a while": "youtube moderation.timeout",
    },
    money: {
      "a Super Chat": TIP,
      "a Super Chat in yen": TIP,
      "a Super Chat without words": TIP,
      "a Super Sticker": TIP,
      "a Super Sticker in the guide's words": TIP,
      "fan funding": TIP,
      "a gift": "youtube channel.cheer",
      "a gift by its other name": "youtube channel.cheer",
    },
    other: {
      "a kind nobody knows": "youtube provider.event",
      "an empty page": [],
      "an empty page without its list": [],
      "an answer nobody asked for": "unreadable",
    },
    polls: {
      "a poll": "youtube channel.poll.started",
      "a poll with votes": "youtube channel.poll.progressed",
      "a poll that is closed": "youtube channel.poll.ended",
      "a poll beside the items": "youtube channel.poll.progressed",
    },
  },
};
