/** How long a channel's object gathers before it writes, in milliseconds. */
export interface ChannelPace {
  /** Before history takes a block's worth of events, or something that others wait for. */
  readonly historyFullMs: number;
  /** Before history takes less than that. */
  readonly historyIdleMs: number;
  /** Before a minute under way is looked at. It is written when nothing has happened since. */
  readonly minuteMs: number;
}

/*
 * History: a write costs the same for one event and for a hundred, so what fills a block goes at once,
 * and less than that when some has gathered. Nobody waits for it: the journal answers meanwhile.
 *
 * Minutes: what was given out is nowhere but in memory, and an object that is left alone goes from
 * memory after ten seconds. By then it is written down, at the second look at the latest.
 *
 * The timers of both keep the object in memory, equally long.
 */
export const PACE: ChannelPace = { historyFullMs: 250, historyIdleMs: 5_000, minuteMs: 2_500 };
