import { z } from "zod";

import { Message, Person, User, UserWords } from "../shapes.ts";
import { defineEntry } from "./entry.ts";

/**
 * The most events that a deletion names. Each is looked for at its place in history: more are found no
 * faster than everything.
 */
export const EVENT_IDS_MAX = 500;

/** The chat. */
export const chat = {
  "chat.message": defineEntry(
    "Somebody said something.",
    z.object({
      user: User,
      message: Message,
      source: Person.optional().meta({
        description:
          "The channel that it was written in, where several share one chat and it is another one.",
      }),
    }),
    {
      sheddable: true,
    },
  ),
  "chat.message.deleted": defineEntry(
    "Messages were deleted: they are tombstones from now on.",
    z.object({
      messageIds: z.array(z.string()),
      eventIds: z.array(z.string()).max(EVENT_IDS_MAX).optional().meta({
        description:
          "Events that were erased by their ids, whatever they are: also those to which the platform gave no id of a message.",
      }),
      user: Person.optional(),
      by: Person.optional(),
    }),
  ),
  "chat.message.held": defineEntry(
    "A message waits for a moderator: nobody has seen it in the chat.",
    z.object({ user: User, message: Message, reason: z.string().optional() }),
    { forModerators: true },
  ),
  "chat.message.reviewed": defineEntry(
    "A message that waited for a moderator was let through or not.",
    z.object({
      messageId: z.string(),
      outcome: z.enum(["approved", "denied", "expired"]),
      user: User.optional(),
      by: Person.optional(),
    }),
    { forModerators: true },
  ),
  "chat.cleared": defineEntry(
    "All messages, or all of one user, were cleared.",
    z.object({ scope: z.enum(["all", "user"]), user: Person.optional(), by: Person.optional() }),
  ),
  "chat.notice": defineEntry(
    "The platform said something in the chat.",
    z.object({
      text: UserWords,
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
} as const;
