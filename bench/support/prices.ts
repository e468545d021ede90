/*
 * The prices of Workers Paid, in USD, as Cloudflare's pages had it in November 2026. `included` is for a
 * month and for all Workers of an account.
 */

export const PLAN_USD = 5;

/** A price by the million, beyond what is included. */
export interface Price {
  readonly included: number;
  readonly usdPerMillion: number;
}

export const PRICES = {
  workerRequests: { included: 10e6, usdPerMillion: 0.3 },
  databaseRowsRead: { included: 25_000e6, usdPerMillion: 0.001 },
  databaseRowsWritten: { included: 50e6, usdPerMillion: 1 },
  objectRowsRead: { included: 25_000e6, usdPerMillion: 0.001 },
  objectRowsWritten: { included: 50e6, usdPerMillion: 1 },
  requests: { included: 1e6, usdPerMillion: 0.15 },
} as const satisfies Record<string, Price>;

/** Twenty frames that come in are one request; those that go out are free. */
export const FRAMES_A_REQUEST = 20;

/** An object in memory is 128 MB for as long: 10.8 thousand GB-s a day for one that never sleeps. */
export const OBJECT_GB = 0.125;
export const GB_SECONDS: Price = { included: 400_000, usdPerMillion: 12.5 };

export const MONTH_SECONDS = 30 * 86_400;
