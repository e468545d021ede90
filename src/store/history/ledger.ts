import type { Queries } from "./queries.ts";

/** A call's place in the ledger of quotas. */
export interface Booking {
  /** A digest: never the account itself. */
  readonly account: string;
  readonly bucket: string;
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** Hours since 1970. */
  readonly hour: number;
}

interface Row {
  readonly used: number;
  readonly hour: number;
  readonly hour_used: number;
  readonly before_used: number;
}

const COLUMNS = "used, hour, hour_used, before_used";

/**
 * Books units where there are so many left of `allowance`, in one statement: however many objects book
 * at once, no more is booked than there is. Answers how the day stands then, or null where there are
 * not enough left.
 */
export async function bookUnits(
  db: Queries,
  { account, bucket, day, hour }: Booking,
  units: number,
  allowance: number,
): Promise<Row | null> {
  // An object's clock may be behind another's: its hour is the one that is there by then.
  const query = `
    INSERT INTO quota_ledger (account, bucket, day, used, allowance, hour, hour_used, before_used)
    SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?4, 0 WHERE ?4 <= ?5
    ON CONFLICT (account, bucket, day) DO UPDATE SET
      used = used + ?4,
      allowance = ?5,
      before_used = CASE WHEN ?6 <= hour THEN before_used WHEN ?6 = hour + 1 THEN hour_used ELSE 0 END,
      hour_used = CASE WHEN ?6 <= hour THEN hour_used + ?4 ELSE ?4 END,
      hour = max(hour, ?6)
    WHERE used + ?4 <= ?5
    RETURNING ${COLUMNS}`;
  return db.prepare(query).bind(account, bucket, day, units, allowance, hour).first<Row>();
}

/** Notes that nothing is left of a day: no more is booked, by whichever allowance. */
export async function useUp(
  db: Queries,
  { account, bucket, day, hour }: Booking,
  allowance: number,
): Promise<void> {
  const query = `
    INSERT INTO quota_ledger (account, bucket, day, used, allowance, hour, hour_used, before_used)
    VALUES (?1, ?2, ?3, ?4, ?4, ?5, 0, 0)
    ON CONFLICT (account, bucket, day) DO UPDATE SET used = max(used, allowance, ?4)`;
  await db.prepare(query).bind(account, bucket, day, allowance, hour).run();
}

/** Reads how a day stands; null where nothing was used. */
export async function readUnits(
  db: Queries,
  { account, bucket, day }: Omit<Booking, "hour">,
): Promise<Row | null> {
  const query = `SELECT ${COLUMNS} FROM quota_ledger WHERE account = ? AND bucket = ? AND day = ?`;
  return db.prepare(query).bind(account, bucket, day).first<Row>();
}

/** One account's day, for whoever runs the relay. */
export interface LedgerEntry extends Row {
  readonly account: string;
  readonly bucket: string;
  readonly allowance: number;
}

// More accounts than this are one deployment's only by mistake.
const LISTED_MAX = 50;

/** Lists the accounts of which something was used on a day, those used most first. */
export async function listLedger(db: Queries, day: string): Promise<LedgerEntry[]> {
  const query = `SELECT account, bucket, allowance, ${COLUMNS} FROM quota_ledger WHERE day = ?
                 ORDER BY used DESC, account, bucket LIMIT ${LISTED_MAX}`;
  const { results } = await db.prepare(query).bind(day).all<LedgerEntry>();
  return results;
}

/** Forgets days before one: nobody asks for them. */
export async function dropDaysBefore(db: Queries, day: string): Promise<void> {
  await db.prepare("DELETE FROM quota_ledger WHERE day < ?").bind(day).run();
}
