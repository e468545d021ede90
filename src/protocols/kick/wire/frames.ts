import { z } from "zod";

import { Person, PersonId } from "../../kick-people.ts";

/*
 * Kick's webhooks, as they are on the wire. Odd on purpose:
 *
 * - one message may be delivered twice, under two names of the delivery
 * - a delivery may come hours late, and tells when it happened
 * - emotes may be null or of numbers, and are cut out by their notation
 * - who gave subscriptions away may be nobody, with nulls for all that is known
 * - a ban without an end is for good, and one with an end is a time-out
 * - a sender may have no identity, and a message no time
 * - a category may be written with a capital letter
 * - one start of a stream may be told of twice
 * - times have other offsets than UTC
 * - a version that was not asked for is read as far as it can be
 * - follows have no time of their own: the same within an hour is one
 */

/** The hosts of Kick's API and of its tokens. */
export const API_URL = "https://api.kick.com";
export const AUTH_URL = "https://id.kick.com";

/** All that Kick tells of a channel, each in its only version. */
export const EVENTS = [
  "chat.message.sent",
  "channel.followed",
  "channel.subscription.new",
  "channel.subscription.renewal",
  "channel.subscription.gifts",
  "channel.reward.redemption.updated",
  "livestream.status.updated",
  "livestream.metadata.updated",
  "moderation.banned",
  "kicks.gifted",
] as const;
export type KickEvent = (typeof EVENTS)[number];

/** A field that may be missing or wrong: then it says nothing. */
const text = z.string().nullish().catch(null);
const count = z.number().nullish().catch(null);
const id = PersonId.nullish().catch(null);

/** A delivery that was verified, with what its headers say: the frame that a session is given. */
export const Delivery = z.object({
  id: z.string().min(1).max(128),
  event: z.string().min(1).max(128),
  version: text,
  time: text,
  body: z.record(z.string(), z.unknown()),
});
export type Delivery = z.infer<typeof Delivery>;

/** The owner of the channel that a body is of. */
const Broadcaster = z.looseObject({ user_id: id }).nullish().catch(null);

/** The same in every body: one without it can be for nobody. */
export const Addressed = z.looseObject({ broadcaster: z.looseObject({ user_id: PersonId }) });

export const ChatMessage = z.looseObject({
  broadcaster: Broadcaster,
  message_id: text,
  replies_to: z.looseObject({ message_id: text }).nullish().catch(null),
  sender: Person,
  content: z.string(),
  created_at: text,
});

export const Followed = z.looseObject({ broadcaster: Broadcaster, follower: Person });

export const Subscribed = z.looseObject({
  broadcaster: Broadcaster,
  subscriber: Person,
  duration: count,
  created_at: text,
});

export const Gifts = z.looseObject({
  broadcaster: Broadcaster,
  gifter: Person.nullish().catch(null),
  // How many they are is told by how many there are, whoever they are.
  giftees: z.array(Person.catch({})),
  created_at: text,
});

export const Redemption = z.looseObject({
  broadcaster: Broadcaster,
  id,
  user_input: text,
  status: text,
  redeemed_at: text,
  reward: z.looseObject({ id, title: z.string(), cost: count }),
  redeemer: Person,
});

export const Status = z.looseObject({
  broadcaster: z.looseObject({ user_id: id, channel_slug: text }).nullish().catch(null),
  is_live: z.boolean(),
  started_at: text,
  ended_at: text,
});

const Category = z.looseObject({ name: text }).nullish().catch(null);

export const Metadata = z.looseObject({
  metadata: z.looseObject({ title: text, language: text, category: Category, Category }),
});

export const Banned = z.looseObject({
  broadcaster: Broadcaster,
  moderator: Person.nullish().catch(null),
  banned_user: Person,
  metadata: z.looseObject({
    reason: text,
    created_at: text,
    expires_at: text,
  }),
});

export const Kicks = z.looseObject({
  broadcaster: Broadcaster,
  sender: Person.catch({}),
  gift: z.looseObject({
    amount: z.union([z.int().nonnegative(), z.string().regex(/^\d{1,15}$/)]),
    name: text,
    message: text,
  }),
  created_at: text,
});
