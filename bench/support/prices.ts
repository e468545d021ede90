/*
 * The prices of Workers Paid, in USD, as Cloudflare's pages had them on 28 November 2026: Workers, Durable
 * Objects, D1 and R2, each under `platform/pricing`. `included` is for a month and for all Workers of an
 * account.
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

/** An object in memory is 128 MB for as long: 11,059 GB-s a day for one that never sleeps. */
export const OBJECT_GB = 0.128;
export const GB_SECONDS: Price = { included: 400_000, usdPerMillion: 12.5 };

/** Operations of R2: class A writes and lists, class B reads; to delete is free, and so is what leaves. */
export const BUCKET_PRICES = {
  bucketWrites: { included: 1e6, usdPerMillion: 4.5 },
  bucketReads: { included: 10e6, usdPerMillion: 0.36 },
} as const satisfies Record<string, Price>;

/** A price of what is kept: for a GB and a month. */
export interface StoragePrice {
  readonly includedGb: number;
  readonly usdPerGb: number;
}

export const STORAGE = {
  database: { includedGb: 5, usdPerGb: 0.75 },
  objects: { includedGb: 5, usdPerGb: 0.2 },
  bucket: { includedGb: 10, usdPerGb: 0.015 },
} as const satisfies Record<string, StoragePrice>;

/** D1 takes no more than this into one database. */
export const DATABASE_MAX_GB = 10;

export const MONTH_SECONDS = 30 * 86_400;
