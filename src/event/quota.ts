/**
 * A part that one call takes of what a provider gives an account for a day. The relay counts it before the
 * call, for all channels together, and leaves the call out where there is not enough.
 */
export interface Cost {
  /** Whose it is, as the provider knows it. May be a secret: only a digest of it is kept. */
  readonly account: string;
  /** Which of several counts that the provider, or the relay, keeps apart. */
  readonly bucket: string;
  readonly units: number;
  /** Units there are for a day. */
  readonly limit: number;
}

/** How much of a day's units is left, as far as the relay has counted. Times in ms since 1970. */
export interface Balance {
  readonly bucket: string;
  readonly limit: number;
  readonly used: number;
  /** When the next day begins, and with it all the units again. */
  readonly resetsAt: number;
  /** When they will be used up if it goes on as in the last hour; null: not before the day ends. */
  readonly emptyAt: number | null;
}

/** Units that are left; never fewer than none. */
export function countLeft({ limit, used }: Balance): number {
  return Math.max(0, limit - used);
}

/** A plan for the units of a day, by something that asks again and again. */
export interface Plan {
  readonly units: number;
  /** The units that are left to others. */
  readonly reserve: number;
  /** For how long it is to go on at least. */
  readonly forMs: number;
}

/**
 * How long to wait between two calls, so that what is left lasts for the plan or until the day ends.
 * What others use makes it longer, so that whoever shares an account never uses it up.
 */
export function computePaceMs(
  balance: Balance,
  { units, reserve, forMs }: Plan,
  at: number,
): number {
  const lasts = Math.max(1, Math.min(forMs, balance.resetsAt - at));
  const calls = Math.max(0, countLeft(balance) - reserve) / units;
  return calls < 1 ? Math.max(lasts, balance.resetsAt - at) : Math.ceil(lasts / calls);
}
