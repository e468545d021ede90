import { z } from "@hono/zod-openapi";

import { Time } from "../../calls/fields.ts";
import { Picture } from "../../emotes/emote.ts";
import { accountParameters, EmoteService } from "../../emotes/service.ts";
import { nameComponent } from "./component.ts";

const SETS = EmoteService.options;

/** The services whose emotes are wanted, as a comma list. */
const sets = z
  .string()
  .max(64)
  .optional()
  .transform((text, context) => {
    if (text === undefined) return SETS;
    const words = text.split(",").map((word) => word.trim());
    const unknown = words.find((word) => !EmoteService.safeParse(word).success);
    if (unknown === undefined) return SETS.filter((each) => words.includes(each));
    context.addIssue({ code: "custom", message: `unknown: ${unknown}` });
    return z.NEVER;
  })
  .openapi({
    description: "`7tv`, `bttv`, `ffz`: a comma list. All of them unless told.",
    type: "string",
  });

const named = (what: string) =>
  `${what}, where the channel's connections do not tell it. Needs a credential.`;

/** The parameters of a channel's emotes. */
export const EmotesQuery = z.strictObject({
  sets,
  twitch: accountParameters.twitch.openapi({ description: named("A Twitch user's id") }),
  youtube: accountParameters.youtube.openapi({ description: named("A YouTube channel's id") }),
  kick: accountParameters.kick.openapi({ description: named("A Kick user's id") }),
  token: z.string().max(4096).optional(),
});

/** A channel's emotes of the third parties. */
export const Emotes = z
  .object({
    emotes: z.record(z.string(), nameComponent(Picture, "EmotePicture")).openapi({
      description: "By the words that they stand for.",
    }),
    fetchedAt: Time.nullable().openapi({
      description: "When the oldest of it was fetched; null where there is nothing.",
    }),
    missing: z.array(EmoteService).openapi({
      description: "Services of which a list could not be had: it is not in here.",
    }),
    stale: z.array(EmoteService).optional().openapi({
      description: "Services that are away: theirs is as it was last known, up to a day ago.",
    }),
  })
  .openapi("Emotes");
