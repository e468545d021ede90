import type { Messages } from "../support/messages.ts";

/** Every message that a server sends, by the documents and the facts, and the event it becomes. */
export const messages: Messages = {
  "a new socket": {
    handshake: {
      ack: "connection.updated connected",
      unauthorized: "connection.updated error token_invalid",
    },
  },
  "a socket that was greeted": {
    handshake: {
      ka: [],
      keepAlive: [],
      overloaded: "connection.updated connecting connection_refused",
      streamRefused: "connection.updated connecting subscription_refused",
      streamEnded: "connection.updated connecting subscription_ended",
      chestRefused: "connection.updated connected chest_unavailable",
      chestEnded: "connection.updated connected chest_unavailable",
    },
    chat: {
      Message: "dlive chat.message",
      "Message of the owner": "dlive chat.message",
      "Message of a subscribed moderator": "dlive chat.message",
      "Message of the staff's bot": "dlive chat.message",
      "Message with emojis": "dlive chat.message",
      "Message with a link": "dlive chat.message",
      "Message that is a sticker": "dlive chat.message",
      Delete: "dlive chat.message.deleted",
      ChatMode: "dlive chat.settings.updated",
      Emote: "dlive chat.emote.added",
      "two at once": "dlive chat.message",
    },
    gifts: {
      LEMON: "dlive channel.cheer",
      ICE_CREAM: "dlive channel.cheer",
      DIAMOND: "dlive channel.cheer",
      NINJAGHINI: "dlive channel.cheer",
      NINJET: "dlive channel.cheer",
      BTT: "dlive channel.cheer",
      TRX: "dlive channel.cheer",
      "a gift nobody knows": "dlive provider.event",
    },
    people: {
      Follow: "dlive channel.follow",
      Subscription: "dlive channel.subscription",
      "Subscription of a second month": "dlive channel.subscription",
      ExtendSub: "dlive channel.subscription",
      SubStreak: "dlive channel.subscription",
      GiftSub: "dlive channel.subscription.gift",
      GiftSubReceive: "dlive channel.subscription",
      Host: "dlive channel.raid",
    },
    moderation: {
      Ban: "dlive moderation.ban",
      Timeout: "dlive moderation.timeout",
      Mod: "dlive moderation.moderator.added",
      "Mod taken away": "dlive moderation.moderator.removed",
    },
    stream: {
      Live: "dlive stream.online",
      Offline: "dlive stream.offline",
    },
    chest: {
      GiveawayStarted: ["dlive chest.giveaway.started", "dlive chest.value.updated"],
      GiveawayEnded: "dlive chest.giveaway.ended",
      ValueUpdated: "dlive chest.value.updated",
      ValueExpired: "dlive chest.value.expired",
      ReadyToCollect: "dlive provider.event",
    },
    beyond: {
      Clip: "dlive provider.event",
      TCValueAdd: "dlive provider.event",
      "a type nobody knows": "dlive provider.event",
      "a field nobody asked for": "dlive provider.event",
      "a frame of a type nobody knows": "dlive provider.event",
    },
  },
};
