import { z } from "zod";

import { PositionText, Time } from "./fields.ts";
import { ProviderHealth } from "./provider.ts";

/** How a channel fares. */
export const StatusView = z.object({
  channel: z.string(),
  position: PositionText,
  stream: z.object({
    live: z.boolean().nullable(),
    since: Time.nullable(),
    viewers: z.int().nullable(),
  }),
  providers: z.array(ProviderHealth),
  history: z.object({
    position: PositionText,
    lagEvents: z.int(),
    lagMs: z.int(),
    /** Erased events that history still has: they are not shown, and go in the background. */
    erasures: z.int(),
    failures: z.int(),
    lastError: z.string().nullable(),
  }),
  sockets: z.object({ count: z.int(), byProtocol: z.record(z.string(), z.int()) }),
  counters: z.looseObject({
    since: Time,
    events: z.int(),
    repeats: z.int(),
    merged: z.record(z.string(), z.int()).meta({
      description:
        "Tellings that were joined with another provider's, by rule: `exact`, or the type that was told alike.",
    }),
    delivered: z.int(),
    shed: z.int(),
    rejected: z.int(),
    /** Rows written, as they are billed: in the object's own journal, and in the database. */
    journalRowsWritten: z.int(),
    historyRowsWritten: z.int(),
    historyReduced: z.int().meta({
      description:
        "Events that history refused as they are, and has without their data or their provider's words.",
    }),
  }),
});
export type StatusView = z.infer<typeof StatusView>;
