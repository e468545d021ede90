import { z } from "zod";

import { ChannelRecord } from "../../store/history/channels.ts";

/*
 * The object's own values, by key. The journal forgets; these must not.
 */

/** `channel`: the channel as the database has it, for when the database cannot be asked. */
export const Config = ChannelRecord;

/** `history`: up to where the database has everything. */
export const HistoryMark = z.object({ seq: z.int() });

/** `demand`: when the last listener left. */
export const DemandMark = z.object({ lastLeftAt: z.number().nullable() });
