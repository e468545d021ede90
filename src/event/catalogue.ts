import { z } from "zod";

import { Amount, Connection, Message, Person, Subscription, User } from "./shapes.ts";

/** What may happen to an event on its way to a client that reads too slowly. */
interface Overload {
  /** It may be left out, and the client is told of the gap. All others are always delivered. */
  readonly sheddable?: true;
  /**
   * It may be left out without a word where a newer one of its type, of the same connection, with
   * the same values in these fields of its data and with the same fields, is in the same frame.
   */
  readonly conflateBy?: readonly string[];
}

interface Entry<D extends z.ZodType> extends Overload {
  readonly about: string;
  readonly data: D;
}

function defineEntry<D extends z.ZodType>(
  about: string,
  data: D,
  overload: Overload = {},
): Entry<D> {
  return { about, data, ...overload };
}

const SendOutcome = z.object({
  sendId: z.string(),
  kind: z.enum(["chat", "ui", "relay"]),
  targets: z.array(z.string()),
  text: z.string().optional(),
  reason: z.string().optional(),
  retryable: z.boolean().optional(),
  retryAfter: z.number().optional(),
});

const Moderation = z.enum(["pending", "allowed", "rejected"]);

/**
 * Everything that can happen on a stream, in our words: the thing first, the change last, so that a
 * prefix (`chat.*`) makes a filter. Additive: a new optional field keeps the type, a changed meaning
 * takes a new one. `custom.<name>` is not listed: its data is any object.
 */
export const catalogue = {
  "chat.message": defineEntry(
    "Somebody said something.",
    z.object({ user: User, message: Message }),
    {
      sheddable: true,
    },
  ),
  "chat.message.deleted": defineEntry(
    "Messages were deleted: they are tombstones from now on.",
    z.object({ messageIds: z.array(z.string()), user: Person.optional(), by: Person.optional() }),
  ),
  "chat.cleared": defineEntry(
    "All messages, or all of one user, were cleared.",
    z.object({ scope: z.enum(["all", "user"]), user: Person.optional(), by: Person.optional() }),
  ),
  "chat.notice": defineEntry(
    "The platform said something in the chat.",
    z.object({
      text: z.string(),
      kind: z.enum(["announcement", "system", "milestone"]),
      user: User.optional(),
    }),
    { sheddable: true },
  ),
  "chat.settings.updated": defineEntry(
    "Who may write changed.",
    z.object({
      emoteOnly: z.boolean().optional(),
      followersOnly: z.boolean().optional(),
      subscribersOnly: z.boolean().optional(),
      slowSeconds: z.number().optional(),
      unique: z.boolean().optional(),
      mode: z.string().optional(),
    }),
    { conflateBy: [] },
  ),
  "chat.emote.added": defineEntry(
    "The channel has a new emote.",
    z.object({
      emote: z.object({ id: z.string(), name: z.string(), image: z.string().optional() }),
    }),
    { sheddable: true },
  ),
  "send.accepted": defineEntry("A message sent through the relay was taken on.", SendOutcome),
  "send.confirmed": defineEntry("A message sent through the relay arrived.", SendOutcome),
  "send.failed": defineEntry("A message sent through the relay did not arrive.", SendOutcome),
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
      input: z.string().optional(),
      status: z.string().optional(),
    }),
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
  "stream.online": defineEntry(
    "The stream began.",
    z.object({
      startedAt: z.string().optional(),
      url: z.string().optional(),
      account: z.string().optional(),
    }),
  ),
  "stream.offline": defineEntry(
    "The stream ended.",
    z.object({
      endedAt: z.string().optional(),
      url: z.string().optional(),
      account: z.string().optional(),
    }),
  ),
  "stream.status": defineEntry(
    "How the stream is fed.",
    z.object({
      incoming: z.boolean().optional(),
      pushing: z.boolean().optional(),
      pulling: z.boolean().optional(),
      accounts: z.array(z.looseObject({ id: z.string() })).optional(),
    }),
    { conflateBy: [] },
  ),
  "stream.viewers": defineEntry(
    "How many are watching.",
    z.object({ count: z.number(), account: z.string().optional() }),
    { conflateBy: ["account"] },
  ),
  "moderation.ban": defineEntry(
    "Somebody was banned; their lines are tombstones from now on.",
    z.object({ user: User, by: Person.optional(), reason: z.string().optional() }),
  ),
  "moderation.unban": defineEntry(
    "A ban was lifted.",
    z.object({ user: User, by: Person.optional(), reason: z.string().optional() }),
  ),
  "moderation.timeout": defineEntry(
    "Somebody may not write for a while; their lines are tombstones from now on.",
    z.object({
      user: User,
      by: Person.optional(),
      reason: z.string().optional(),
      seconds: z.number().optional(),
      until: z.string().optional(),
    }),
  ),
  "moderation.moderator.added": defineEntry(
    "Somebody became a moderator.",
    z.object({ user: User, by: Person.optional() }),
  ),
  "moderation.moderator.removed": defineEntry(
    "Somebody is no longer a moderator.",
    z.object({ user: User, by: Person.optional() }),
  ),
  "interaction.input": defineEntry(
    "A viewer used a component of the interface.",
    z.object({
      view: z.enum(["video_overlay", "panel", "mobile"]),
      component: z.string(),
      user: User.optional(),
      values: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
  "interaction.mouse": defineEntry(
    "A viewer used the mouse over the video.",
    z.object({
      button: z.enum(["down", "up"]),
      x: z.number(),
      y: z.number(),
      width: z.number(),
      height: z.number(),
      user: User.optional(),
    }),
    { sheddable: true },
  ),
  "chest.giveaway.started": defineEntry(
    "A treasure chest is given away.",
    z.object({ value: z.string().optional(), endsAt: z.string().optional() }),
  ),
  "chest.giveaway.ended": defineEntry(
    "A treasure chest was given away.",
    z.object({ value: z.string().optional(), winners: z.array(Person).optional() }),
  ),
  "chest.value.updated": defineEntry(
    "A treasure chest holds this much now.",
    z.object({ amount: Amount }),
    { conflateBy: [] },
  ),
  "chest.value.expired": defineEntry(
    "A part of a treasure chest expired.",
    z.object({ amount: Amount }),
  ),
  "overlay.action": defineEntry(
    "An overlay was told to do something.",
    z.object({ action: z.string() }),
  ),
  "overlay.broadcast": defineEntry(
    "A program spoke to overlays.",
    z.object({ target: z.string(), event: z.string(), payload: z.unknown() }),
    { sheddable: true },
  ),
  "session.updated": defineEntry(
    "A figure of the session changed.",
    z.object({ key: z.string(), value: z.unknown() }),
    { conflateBy: ["key"] },
  ),
  "session.reset": defineEntry(
    "The session's figures began anew.",
    z.object({ session: z.unknown() }),
    {
      conflateBy: [],
    },
  ),
  "connection.updated": defineEntry(
    "An entry of the connection map is new or changed.",
    Connection,
    {
      conflateBy: ["identifier"],
    },
  ),
  "connection.closed": defineEntry(
    "An entry left the connection map.",
    z.object({
      identifier: z.string(),
      uuid: z.string(),
      reason: z.string().optional(),
      replaced: z.boolean().optional(),
    }),
  ),
  "connection.gap": defineEntry(
    "A connection is back after an outage, and its provider cannot replay: events between may be missing.",
    z.object({ identifier: z.string(), from: z.string(), to: z.string(), cause: z.string() }),
  ),
  "webhook.failing": defineEntry(
    "An endpoint has been failing for a while: it is tried with one delivery at a time.",
    z.object({
      webhookId: z.string(),
      host: z.string(),
      since: z.string(),
      attempts: z.number(),
    }),
  ),
  "webhook.recovered": defineEntry(
    "A failing endpoint takes deliveries again.",
    z.object({ webhookId: z.string(), host: z.string(), failedSince: z.string() }),
  ),
  "webhook.disabled": defineEntry(
    "An endpoint is sent nothing any more: it said that it is gone, failed for days, or its owner asked for it.",
    z.object({
      webhookId: z.string(),
      host: z.string(),
      reason: z.enum(["gone", "failing", "requested"]),
    }),
  ),
  "provider.event": defineEntry(
    "The provider said something we have no word for. Its payload is the event's raw.",
    z.object({ nativeType: z.string(), payload: z.unknown() }),
    { sheddable: true },
  ),
} as const satisfies Record<string, Entry<z.ZodType>>;

/** A type of the catalogue. */
export type CatalogueType = keyof typeof catalogue;

/** The data of one type of the catalogue. */
export type DataOf<T extends CatalogueType> = z.infer<(typeof catalogue)[T]["data"]>;

/** The name of a program's own event type. */
export const CUSTOM_TYPE = /^custom(\.[a-z0-9_-]{1,40}){1,4}$/;

/** Any object: the data of a program's own event. */
export const CustomData = z.record(z.string(), z.unknown());

/** Is it a type of the catalogue? */
export function isCatalogueType(type: string): type is CatalogueType {
  return Object.hasOwn(catalogue, type);
}

/** What may happen to an event of this type on a slow socket. */
export function findOverload(type: string): Overload {
  return isCatalogueType(type) ? catalogue[type] : {};
}
