import { z } from "zod";

import { Amount, GiftId, Message, Person, Subscription, User, UserWords } from "../shapes.ts";
import { defineEntry } from "./entry.ts";

const Moderation = z.enum(["pending", "allowed", "rejected"]);

/** Follows, subscriptions, gifts and what else is done for a channel. */
export const channel = {
  "channel.follow": defineEntry("Somebody follows the channel.", z.object({ user: User })),
  "channel.subscription": defineEntry(
    "Somebody subscribed, or went on subscribing.",
    z.object({ user: User, subscription: Subscription }),
  ),
  "channel.subscription.gift": defineEntry(
    "Somebody gave subscriptions away.",
    z.object({
      user: User.optional(),
      count: z.number(),
      tier: z.string().optional(),
      recipients: z.array(Person),
      gift: z.object({ id: GiftId }).optional(),
    }),
  ),
  "channel.subscription.ended": defineEntry("A subscription ended.", z.object({ user: User })),
  "channel.tip": defineEntry(
    "Somebody gave money.",
    z.object({
      tipId: z.string().optional(),
      user: User.optional(),
      amount: Amount,
      message: Message.optional(),
      kind: z.enum(["tip", "superchat", "supersticker", "charity", "merch"]),
      moderation: Moderation.optional(),
    }),
  ),
  "channel.tip.moderated": defineEntry(
    "A tip was let through or held back.",
    z.object({ tipId: z.string(), moderation: Moderation, by: Person.optional() }),
  ),
  "channel.cheer": defineEntry(
    "Somebody gave a platform's own units.",
    z.object({
      user: User.optional(),
      amount: Amount,
      gift: z.object({ name: z.string(), count: z.number() }).optional(),
      message: Message.optional(),
    }),
  ),
  "channel.raid": defineEntry(
    "Viewers came from or went to another channel.",
    z.object({
      user: User,
      viewers: z.number(),
      kind: z.enum(["raid", "host"]),
      direction: z.enum(["in", "out"]),
    }),
  ),
  "channel.redemption": defineEntry(
    "Somebody redeemed a reward.",
    z.object({
      user: User,
      reward: z.object({
        id: z.string().optional(),
        title: z.string(),
        cost: z.number().optional(),
      }),
      input: UserWords.optional(),
      status: z.string().optional(),
    }),
  ),
  "channel.shoutout": defineEntry(
    "A channel was recommended to the viewers of another.",
    z.object({
      user: User,
      by: Person.optional(),
      viewers: z.number().optional(),
      direction: z.enum(["in", "out"]),
    }),
    { sheddable: true },
  ),
  "channel.ad.started": defineEntry(
    "A break for advertisements began.",
    z.object({ seconds: z.number(), automatic: z.boolean() }),
  ),
  "channel.updated": defineEntry(
    "Title, category or language changed.",
    z.object({
      title: z.string().optional(),
      category: z.string().optional(),
      language: z.string().optional(),
    }),
    { conflateBy: [] },
  ),
} as const;
