import { z } from "zod";

import { Words } from "../shapes.ts";
import { defineEntry } from "./entry.ts";

const SendOutcome = z.object({
  sendId: z.string(),
  kind: z.enum(["chat", "ui", "relay"]),
  targets: z.array(z.string()),
  text: Words.optional(),
  reason: z.string().optional(),
  retryable: z.boolean().optional(),
  retryAfter: z.number().optional(),
});

/** Messages sent through the relay. */
export const send = {
  "send.accepted": defineEntry("A message sent through the relay was taken on.", SendOutcome),
  "send.confirmed": defineEntry("A message sent through the relay arrived.", SendOutcome),
  "send.failed": defineEntry("A message sent through the relay did not arrive.", SendOutcome),
} as const;
