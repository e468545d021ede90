import { z } from "zod";

import { mark } from "./personal.ts";

/** Words of the event's user: a text that they wrote, or one that is about them. */
export const UserWords = mark(z.string(), { kind: "words", of: "user" });

/** Words of the moderator who did it. */
export const ModeratorWords = mark(z.string(), { kind: "words", of: "by" });

/** Words of nobody whom the event names. */
export const Words = mark(z.string(), { kind: "words", of: null });

/** Whatever a provider or a program put there, people and their words included. */
export const Open = mark(z.unknown(), { kind: "open" });

/** The same, under names. */
export const OpenFields = mark(z.record(z.string(), z.unknown()), { kind: "open" });

/** The same, where each member stands by itself. */
export const OpenMembers = mark(z.unknown(), { kind: "members" });

/** A person's roles on a channel, in words that every platform shares. */
export const Role = z.enum([
  "broadcaster",
  "moderator",
  "vip",
  "subscriber",
  "follower",
  "staff",
  "verified",
  "bot",
]);
export type Role = z.infer<typeof Role>;

/** A mark beside a name. `set` is the platform's word for it; `info` for example months. */
export const Badge = z.object({
  set: z.string(),
  id: z.string().optional(),
  title: z.string().optional(),
  image: z.string().optional(),
  info: z.string().optional(),
});
export type Badge = z.infer<typeof Badge>;

/**
 * Somebody. `key` is `<platform>:<id>` and cannot collide between platforms. Whom nobody has named is
 * `anonymous`, and so is the id: it is that of many.
 */
export const User = mark(
  z.object({
    key: z.string(),
    id: z.string(),
    login: z.string().optional(),
    name: z.string(),
    avatar: z.string().optional(),
    url: z.string().optional(),
    color: z.string().optional(),
    roles: z.array(Role),
    badges: z.array(Badge),
    anonymous: z.boolean(),
  }),
  { kind: "person" },
);
export type User = z.infer<typeof User>;

/** Somebody of whom little is known: the one who banned, the receiver of a private message. */
export const Person = mark(
  z.object({
    key: z.string().optional(),
    id: z.string().optional(),
    login: z.string().optional(),
    name: z.string().optional(),
  }),
  { kind: "person" },
);
export type Person = z.infer<typeof Person>;

/** A range of a message. The fragments' texts in a row are the message's text. */
export const Fragment = z.object({
  type: z.enum(["text", "emote", "emoji", "mention", "link", "cheermote", "sticker"]),
  text: z.string(),
  id: z.string().optional(),
  image: z.string().optional(),
  url: z.string().optional(),
});
export type Fragment = z.infer<typeof Fragment>;

/** A picture or a link that came with a message and is no part of its text. */
export const Attachment = z.object({
  type: z.enum(["image", "link"]),
  url: z.string(),
  title: z.string().optional(),
});
export type Attachment = z.infer<typeof Attachment>;

/**
 * A text that somebody said. `action` is "/me". `to` is there when it was said to one person only.
 * `deleted` marks a tombstone: the message was deleted, and its text is gone for good.
 */
export const Message = mark(
  z.object({
    /** The platform's own. One that it has not told is absent, and never empty. */
    id: z.string().min(1).optional(),
    text: z.string(),
    fragments: z.array(Fragment),
    replyTo: z.string().optional(),
    action: z.boolean(),
    highlighted: z.boolean(),
    first: z.boolean(),
    to: Person.optional(),
    attachments: z.array(Attachment).optional(),
    deleted: z.literal(true).optional(),
  }),
  { kind: "message", of: "user" },
);
export type Message = z.infer<typeof Message>;

/** Money, or a platform's own units (`kind: "virtual"`). `value` is a decimal, never a float. */
export const Amount = z.object({
  value: z.string().regex(/^-?\d+(\.\d+)?$/),
  currency: z.string(),
  kind: z.enum(["fiat", "virtual"]),
  display: z.string().optional(),
});
export type Amount = z.infer<typeof Amount>;

/** The name of one purchase of gifts: the purchase and all that were given have it alike. */
export const GiftId = z.string().meta({
  description: "Of one purchase of gifts: the purchase and all that were given have it alike.",
});

/** A paid membership of a channel, begun or gone on. `months` in all, `streak` without a break. */
export const Subscription = z.object({
  kind: z.enum(["new", "renewal", "upgrade"]),
  tier: z.string().optional(),
  months: z.number().optional(),
  streak: z.number().optional(),
  gift: z
    .object({
      id: GiftId.optional(),
      from: Person.optional(),
      count: z.number().optional(),
      recipients: z.array(Person).optional(),
    })
    .optional(),
  message: UserWords.optional(),
});
export type Subscription = z.infer<typeof Subscription>;

/** The stream that a connection follows, as far as the provider tells. Providers add fields. */
export const Target = z.looseObject({
  platform: z.string(),
  id: z.string().optional(),
  name: z.string().optional(),
  url: z.string().optional(),
  avatar: z.string().optional(),
});
export type Target = z.infer<typeof Target>;

/** An entry of the connection map: the channel's link to one target of a provider. */
export const Connection = z.object({
  identifier: z.string(),
  uuid: z.string(),
  platform: z.string(),
  status: z.enum(["connecting", "connected", "error", "closed"]),
  reason: z.string().nullable(),
  target: Target.nullable(),
  writable: z.boolean(),
  ready: z.boolean(),
  live: z.boolean().nullable(),
  /** The kinds of sends that it takes; none where it is not writable. */
  takes: z.array(z.enum(["chat", "interface"])).optional(),
});
export type Connection = z.infer<typeof Connection>;
