import { z } from "zod";

import { ModeratorWords, Person, User } from "../shapes.ts";
import { defineEntry } from "./entry.ts";

/** Moderation of people. */
export const moderation = {
  "moderation.ban": defineEntry(
    "Somebody was banned; their lines are tombstones from now on.",
    z.object({ user: User, by: Person.optional(), reason: ModeratorWords.optional() }),
  ),
  "moderation.unban": defineEntry(
    "A ban was lifted.",
    z.object({ user: User, by: Person.optional(), reason: ModeratorWords.optional() }),
  ),
  "moderation.timeout": defineEntry(
    "Somebody may not write for a while; their lines are tombstones from now on.",
    z.object({
      user: User,
      by: Person.optional(),
      reason: ModeratorWords.optional(),
      seconds: z.number().optional(),
      until: z.string().optional(),
    }),
  ),
  "moderation.warning": defineEntry(
    "Somebody was warned.",
    z.object({ user: User, by: Person.optional(), reason: ModeratorWords.optional() }),
  ),
  "moderation.moderator.added": defineEntry(
    "Somebody became a moderator.",
    z.object({ user: User, by: Person.optional() }),
  ),
  "moderation.moderator.removed": defineEntry(
    "Somebody is no longer a moderator.",
    z.object({ user: User, by: Person.optional() }),
  ),
  "moderation.vip.added": defineEntry(
    "Somebody became a VIP.",
    z.object({ user: User, by: Person.optional() }),
  ),
  "moderation.vip.removed": defineEntry(
    "Somebody is no longer a VIP.",
    z.object({ user: User, by: Person.optional() }),
  ),
} as const;
