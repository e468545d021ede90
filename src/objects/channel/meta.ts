import { z } from "zod";

import { ChannelRecord } from "../../store/history/channels.ts";

/*
 * The object's own values, by key. The journal forgets; these must not.
 */

/** `channel`: the channel as the database has it, for when the database cannot be asked. */
export const Config = ChannelRecord;

/** `incarnation`: whose everything here is, whatever else is known of the channel. */
export const Incarnation = ChannelRecord.pick({ number: true, epoch: true });
export type Incarnation = z.infer<typeof Incarnation>;

/** `history`: up to where the database has everything. */
export const HistoryMark = z.object({ seq: z.int() });

/** `mark`: the mark of history when this object last raised it. */
export const ErasedMark = z.object({ mark: z.int() });

/** `demand`: when the last listener left. */
export const DemandMark = z.object({ lastLeftAt: z.number().nullable() });
