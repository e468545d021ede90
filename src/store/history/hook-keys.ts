import type { Queries } from "./queries.ts";

/** The public key that a provider signs its deliveries with. Times in milliseconds since 1970. */
export interface HookKey {
  /** SPKI in base 64; null before there was one. */
  readonly key: string | null;
  readonly fetchedAt: number;
  readonly askedAt: number;
  /** The one before, while deliveries of its time may still come. */
  readonly previous: string | null;
}

interface Row {
  key: string | null;
  fetched_at: number;
  asked_at: number;
  previous: string | null;
  previous_to: number | null;
}

// A delivery may be a day late: until then it may carry the signature of the key before.
const PREVIOUS_MS = 86_400_000;

export async function readHookKey(
  db: Queries,
  protocol: string,
  now: number,
): Promise<HookKey | null> {
  const row = await db
    .prepare("SELECT * FROM hook_keys WHERE protocol = ?")
    .bind(protocol)
    .first<Row>();
  if (row === null) return null;
  const isPreviousGood = (row.previous_to ?? 0) > now;
  return {
    key: row.key,
    fetchedAt: row.fetched_at,
    askedAt: row.asked_at,
    previous: isPreviousGood ? row.previous : null,
  };
}

/** Takes the turn to ask for the key; false if somebody has within `everyMs`. */
export async function takeKeyTurn(
  db: Queries,
  protocol: string,
  now: number,
  everyMs: number,
): Promise<boolean> {
  const row = await db
    .prepare(
      `INSERT INTO hook_keys (protocol, key, fetched_at, asked_at) VALUES (?1, NULL, 0, ?2)
       ON CONFLICT (protocol) DO UPDATE SET asked_at = ?2 WHERE hook_keys.asked_at <= ?3
       RETURNING protocol`,
    )
    .bind(protocol, now, now - everyMs)
    .first();
  return row !== null;
}

/** Keeps what was answered. Another key than before takes its place, which stays good for a day. */
export async function saveHookKey(
  db: Queries,
  protocol: string,
  key: string,
  now: number,
): Promise<void> {
  await db
    .prepare(
      `UPDATE hook_keys SET
         previous = CASE WHEN key IS NULL OR key = ?2 THEN previous ELSE key END,
         previous_to = CASE WHEN key IS NULL OR key = ?2 THEN previous_to ELSE ?4 END,
         key = ?2, fetched_at = ?3
       WHERE protocol = ?1`,
    )
    .bind(protocol, key, now, now + PREVIOUS_MS)
    .run();
}

/** Adds to how many deliveries were refused for their signature. */
export async function addRefused(
  db: Queries,
  protocol: string,
  count: number,
  at: number,
): Promise<void> {
  await db
    .prepare(
      `INSERT INTO hook_keys (protocol, fetched_at, asked_at, refused, refused_at)
       VALUES (?1, 0, 0, ?2, ?3)
       ON CONFLICT (protocol) DO UPDATE SET refused = refused + ?2, refused_at = ?3`,
    )
    .bind(protocol, count, at)
    .run();
}

/** A hook, as whoever runs the relay sees it. */
export interface HookEntry {
  readonly protocol: string;
  readonly refused: number;
  readonly refused_at: number | null;
}

export async function listHooks(db: Queries): Promise<HookEntry[]> {
  const query = "SELECT protocol, refused, refused_at FROM hook_keys ORDER BY protocol";
  return (await db.prepare(query).all<HookEntry>()).results;
}
