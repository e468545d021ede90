import { z } from "zod";

import { defineEntry } from "./entry.ts";

/** The stream itself. */
export const stream = {
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
} as const;
