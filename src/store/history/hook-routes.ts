import { parseChannelRow, type ChannelRecord, type ChannelRow } from "./channels.ts";
import type { Queries } from "./queries.ts";

/** A link that has claimed what a provider says of a key. */
export interface HookRoute {
  readonly protocol: string;
  readonly key: string;
  /** The channel's number. */
  readonly channel: number;
  /** The link's id there. */
  readonly provider: string;
}

/** Adds a route, unless its channel is gone. The same again changes nothing, and costs no write. */
export async function addRoute(db: Queries, route: HookRoute): Promise<void> {
  await db
    .prepare(
      `INSERT INTO hook_routes (protocol, key, channel, provider)
       SELECT ?1, ?2, ?3, ?4 WHERE EXISTS (SELECT 1 FROM channels WHERE number = ?3)
       ON CONFLICT DO NOTHING`,
    )
    .bind(route.protocol, route.key, route.channel, route.provider)
    .run();
}

export async function dropRoute(db: Queries, route: HookRoute): Promise<void> {
  await db
    .prepare(
      `DELETE FROM hook_routes
       WHERE protocol = ?1 AND key = ?2 AND channel = ?3 AND provider = ?4`,
    )
    .bind(route.protocol, route.key, route.channel, route.provider)
    .run();
}

/** Has any link claimed it? */
export async function isRouted(db: Queries, protocol: string, key: string): Promise<boolean> {
  const row = await db
    .prepare("SELECT 1 FROM hook_routes WHERE protocol = ? AND key = ? LIMIT 1")
    .bind(protocol, key)
    .first();
  return row !== null;
}

/** The channels that have links which claimed it. */
export async function listRouted(
  db: Queries,
  protocol: string,
  key: string,
): Promise<ChannelRecord[]> {
  const { results } = await db
    .prepare(
      `SELECT * FROM channels
       WHERE number IN (SELECT channel FROM hook_routes WHERE protocol = ? AND key = ?)`,
    )
    .bind(protocol, key)
    .all<ChannelRow>();
  return results.map(parseChannelRow);
}
