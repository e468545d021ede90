import { z } from "zod";

import { Person, PersonId } from "../../kick-people.ts";

// The words of four platforms, as Astro passes them on. As in wire.ts: what cannot be read and is
// beside the point is not there.
const text = z.string().nullish().catch(null);
const id = z.union([z.string().min(1), z.number()]);
const flag = z.boolean().nullish().catch(null);
const list = z.array(z.unknown()).nullish().catch(null);

/** Twitch: what EventSub says of a chat message. */
export const TwitchMessage = z.looseObject({
  message_id: text,
  broadcaster_user_id: text,
  source_broadcaster_user_id: text,
  source_broadcaster_user_login: text,
  source_broadcaster_user_name: text,
  source_message_id: text,
  chatter_user_id: z.string().min(1),
  chatter_user_login: text,
  chatter_user_name: text,
  color: text,
  message: z.looseObject({ text: z.string(), fragments: list }),
  message_type: text,
  badges: list,
  reply: z.looseObject({ parent_message_id: text }).nullish().catch(null),
});
export type TwitchMessage = z.infer<typeof TwitchMessage>;

export const TwitchFragment = z.looseObject({
  type: z.string(),
  text: z.string(),
  emote: z.looseObject({ id: text }).nullish().catch(null),
});

export const TwitchBadge = z.looseObject({ set_id: z.string().min(1), id: text, info: text });

/** YouTube: a `liveChatMessage`. */
export const YouTubeMessage = z.looseObject({
  id: text,
  authorDetails: z.looseObject({
    channelId: z.string().min(1),
    channelUrl: text,
    displayName: text,
    profileImageUrl: text,
    isChatModerator: flag,
    isVerified: flag,
    isChatOwner: flag,
    isChatSponsor: flag,
  }),
  snippet: z.looseObject({
    type: text,
    displayMessage: text,
    publishedAt: text,
    textMessageDetails: z.looseObject({ messageText: text }).nullish().catch(null),
  }),
});
export type YouTubeMessage = z.infer<typeof YouTubeMessage>;

/** YouTube: a `liveChatMessage` that tells of moderation. It has no text, and may have no author. */
export const YouTubeModeration = z.looseObject({
  id: text,
  snippet: z.looseObject({
    type: z.string(),
    publishedAt: text,
    messageDeletedDetails: z.looseObject({ deletedMessageId: text }).nullish().catch(null),
    messageRetractedDetails: z.looseObject({ retractedMessageId: text }).nullish().catch(null),
    userBannedDetails: z
      .looseObject({
        bannedUserDetails: z
          .looseObject({
            channelId: text,
            channelUrl: text,
            displayName: text,
            profileImageUrl: text,
          })
          .nullish()
          .catch(null),
        banType: text,
        banDurationSeconds: z.union([z.string(), z.number()]).nullish().catch(null),
      })
      .nullish()
      .catch(null),
  }),
});
export type YouTubeModeration = z.infer<typeof YouTubeModeration>;

/** Kick: what its webhook says. */
export const KickMessage = z.looseObject({
  message_id: text,
  broadcaster: z
    .looseObject({ user_id: id.nullish().catch(null) })
    .nullish()
    .catch(null),
  sender: Person.extend({ user_id: PersonId }),
  content: z.string(),
  created_at: text,
  replies_to: z.looseObject({ message_id: text }).nullish().catch(null),
});
export type KickMessage = z.infer<typeof KickMessage>;

/** Trovo: the envelope of its chat with a message in it. */
export const TrovoMessage = z.looseObject({
  id: text,
  channel_id: id.nullish().catch(null),
  type: z.number().nullish().catch(null),
  created_at: text,
  data: z.looseObject({
    sender_id: id,
    username: text,
    display_name: text,
    avatar: text,
    roles: list,
    emotes: list,
    text: z.string(),
  }),
});
export type TrovoMessage = z.infer<typeof TrovoMessage>;
