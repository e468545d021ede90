import { env } from "cloudflare:workers";

import { packBlock } from "../../src/store/history/block.ts";
import { findEnd, putBlocks } from "../../src/store/history/blocks.ts";
import type { Queries } from "../../src/store/history/queries.ts";
import type { RecordedEvent } from "../../src/store/logged-event.ts";

/** The bucket of the tests, which wrangler.toml only suggests. */
export const BUCKET: R2Bucket = (env as unknown as { readonly ARCHIVE: R2Bucket }).ARCHIVE;

/** The history as it is read: the database and the archive. */
export const HISTORY: Queries = {
  prepare: (query) => env.DB.prepare(query),
  batch: (statements) => env.DB.batch(statements),
  archive: BUCKET,
};

/** The names of what the bucket has of a channel. */
export async function listBucket(channel: number): Promise<string[]> {
  const { objects } = await BUCKET.list({ prefix: `channels/${channel}/` });
  return objects.map(({ key }) => key);
}

/** The names that the database has of a channel's volumes. */
export async function listNamed(channel: number, db: D1Database = env.DB): Promise<string[]> {
  const { results } = await db
    .prepare("SELECT name FROM volumes WHERE place >> 32 = ? ORDER BY place")
    .bind(channel)
    .all<{ name: string }>();
  return results.map(({ name }) => name);
}

/** How many blocks of a channel the database has. */
export async function countBlocks(channel: number, db: D1Database = env.DB): Promise<number> {
  const row = await db
    .prepare("SELECT count(*) AS count FROM blocks WHERE place >> 32 = ?")
    .bind(channel)
    .first<{ count: number }>();
  return row?.count ?? 0;
}

/** Puts events after all that a channel's history has, so many to a block. */
export async function putBlocksOf(
  channel: number,
  events: readonly RecordedEvent[],
  size: number,
  db: D1Database = env.DB,
): Promise<void> {
  const blocks = [];
  for (let at = 0; at < events.length; at += size) {
    blocks.push(await packBlock(events.slice(at, at + size)));
  }
  for (let at = 0; at < blocks.length; at += 12) {
    const end = await findEnd(db, channel);
    await putBlocks(db, channel, {
      end,
      blocks: blocks.slice(at, at + 12),
      known: new Set(),
    });
  }
}
