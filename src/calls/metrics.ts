import { z } from "zod";

import { Time } from "./fields.ts";

const Delay = z.object({ p50: z.int(), p95: z.int() }).nullable().meta({
  description:
    "By how many milliseconds events were recorded after the provider's own time: of half of them at most, and of 95 in 100, to a tenth. Null where no provider told a time. Some providers' clocks have whole seconds.",
});

/** One step of a channel's metrics. */
export const MetricsPoint = z.object({
  at: Time.meta({ description: "When the step began." }),
  events: z.int(),
  delayMs: Delay,
  byProvider: z.record(z.string(), z.object({ events: z.int(), delayMs: Delay })),
  delivered: z.int().meta({ description: "Events given to sockets, each of them counted." }),
  shed: z.int().meta({ description: "Events left out for readers who were slow." }),
  repeats: z.int().meta({ description: "Occurrences that were told of again, and dropped." }),
  rejected: z.int().meta({ description: "Frames of providers that could not be read." }),
  rowsWritten: z.int().meta({ description: "Rows that the channel's object wrote." }),
  viewers: z.int().nullable().meta({ description: "As last told; null where nobody said." }),
  sockets: z.int().meta({ description: "Sockets of the channel's own object." }),
  historyLagMs: z.int(),
});
export type MetricsPoint = z.infer<typeof MetricsPoint>;

/** The figures of a channel by the minute, or by longer steps. */
export const MetricsView = z.object({
  from: Time,
  to: Time.meta({ description: "Now. The last step may still be under way." }),
  stepSeconds: z.int(),
  points: z.array(MetricsPoint).meta({
    description: "Oldest first. A step in which nothing happened is left out.",
  }),
});
export type MetricsView = z.infer<typeof MetricsView>;

/** Which metrics are asked for. */
export interface MetricsQuery {
  /** In milliseconds since 1970; null for as far back as there are any. */
  readonly from: number | null;
  readonly stepSeconds: number;
}
