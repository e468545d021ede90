import { z } from "zod";

/*
 * Fields that many answers have. A description or an example here is what the API's document says.
 */

/** A time as RFC 3339. */
export const Time = z.iso.datetime().meta({ example: "2026-11-21T01:17:00.123Z" });

/** A place in a channel's log, which is also the id of the event there. */
export const PositionText = z.string().meta({ example: "k3f9w2ab7q-4711" });

/** A range of the log that is no longer kept: all that lay after `from`, up to `to`. */
export const ExpiredGap = z.object({
  from: PositionText,
  to: PositionText,
  cause: z.literal("expired"),
});
