import { z } from "@hono/zod-openapi";

import { Time } from "../../calls/fields.ts";
import { parseUserKey } from "../../event/erasure.ts";

export const UserKeyText = z
  .string()
  .refine((key) => parseUserKey(key) !== null, "must be <platform>:<id>, as `user.key` of events")
  .openapi({ example: "twitch:900000001", description: "`<platform>:<id>`: a user's `key`." });

export const UserParams = z.object({ key: UserKeyText });

/** How far it is that somebody is forgotten. */
export const UserErasure = z
  .object({
    state: z.enum(["running", "done"]),
    askedAt: Time.meta({ description: "What was recorded later is not erased." }),
    doneAt: Time.nullable(),
    channels: z.object({
      told: z.int().meta({ description: "Channels that have been told so far." }),
      left: z.int().meta({ description: "Of those, channels that are not done yet." }),
      all: z.boolean().meta({ description: "Every channel has been told." }),
    }),
  })
  .openapi("UserErasure");
