import { z } from "@hono/zod-openapi";

import { SendId } from "../../event/sending.ts";

export const NewMessage = z
  .strictObject({
    text: z.string().min(1).max(8192),
    kind: z.enum(["text", "emote"]).default("text").openapi({ description: "`emote` is /me." }),
    to: z
      .array(z.string().max(300))
      .min(1)
      .max(32)
      .optional()
      .openapi({ description: "Connections by identifier; left out: all that can be written to." }),
    as: z
      .string()
      .max(300)
      .optional()
      .openapi({ description: "The connection whose account is to say it." }),
    replyTo: z.string().max(300).optional(),
    sendId: SendId.optional().meta({
      description: "Names the send: asked for again, it is the same send.",
    }),
  })
  .openapi("NewMessage");

export const Interface = z
  .record(z.string(), z.unknown())
  .openapi("Interface", { description: "An Interactive Sync user interface; `{}` clears it." });

export const Sent = z
  .object({
    sendId: z.string(),
    targets: z
      .array(z.string())
      .openapi({ description: "The connections that it goes to, by identifier." }),
  })
  .openapi("Sent");
