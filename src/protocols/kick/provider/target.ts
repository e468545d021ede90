import { z } from "zod";

/**
 * A channel by its slug: the end of its page's address. Kick writes it in small letters, with hyphens
 * where the name has underscores.
 */
export const Target = z
  .strictObject({
    channel: z
      .string()
      .trim()
      .toLowerCase()
      .overwrite((name) => name.replaceAll("_", "-"))
      .regex(/^[a-z0-9-]{1,64}$/, "must be a channel's name: letters, digits and -"),
  })
  .describe("`{channel}`");
