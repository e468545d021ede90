import { z } from "zod";

import { isForModerators } from "../event/catalogue.ts";
import type { Filter } from "../event/filter.ts";

/** An endpoint as its object keeps it: everything but its secrets and its health. */
export const Endpoint = z.object({
  id: z.string(),
  channel: z.string(),
  channelNumber: z.int(),
  /** The incarnation of the channel's log that it hears. */
  epoch: z.string(),
  url: z.string(),
  types: z.array(z.string()),
  providers: z.array(z.string()),
  platforms: z.array(z.string()),
  ordering: z.enum(["none", "channel"]),
  batch: z.object({ max: z.int(), waitMs: z.int() }).nullable(),
  ratePerSecond: z.number().nullable(),
  /** With `cloudevents` nothing is sent before the endpoint has consented. */
  handshake: z.enum(["none", "cloudevents"]),
  /** The origin of the handshake: the relay's own host. */
  origin: z.string(),
  enabled: z.boolean(),
  disabledReason: z.enum(["requested", "gone", "failing"]).nullable(),
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type Endpoint = z.infer<typeof Endpoint>;

/**
 * The filter of what an endpoint hears: of what only moderators hear of, the types that it names. Who
 * named them was asked for the right to moderate.
 */
export function makeFilter(endpoint: Pick<Endpoint, "types" | "providers" | "platforms">): Filter {
  const { types, providers, platforms } = endpoint;
  return { types, providers, platforms, forModerators: types.some(isForModerators) };
}

/** The id of a delivery on the wire: the event's, or the first one's up to the last one's place. */
export function formatMessageId(
  epoch: string,
  { first, last, isBatch }: { first: number; last: number; isBatch: boolean },
): string {
  return isBatch ? `${epoch}-${first}..${last}` : `${epoch}-${first}`;
}

// Standard Webhooks advises small payloads; a batch is closed before it is larger than this.
export const BATCH_MAX_BYTES = 512 * 1024;

/** Nothing larger is ever sent: the largest event there can be, and some room. */
export const BODY_MAX_BYTES = 2 * 1024 * 1024;

/**
 * How long between the starts of two deliveries, by the endpoint's own rate and the one it allowed.
 */
export function computeSlotMs(
  ratePerSecond: number | null,
  allowedPerMinute: number | null,
): number {
  const own = ratePerSecond === null ? 0 : 1_000 / ratePerSecond;
  const allowed = allowedPerMinute === null ? 0 : 60_000 / allowedPerMinute;
  return Math.max(own, allowed);
}
