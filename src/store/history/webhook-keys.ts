import type { Queries } from "./events.ts";

/** The public half of a key that a webhook is signed with. Times in milliseconds since 1970. */
export interface WebhookKeyRecord {
  readonly id: string;
  readonly channel: number;
  readonly webhook: string;
  /** Base 64url, as a JSON Web Key has it. */
  readonly x: string;
  readonly createdAt: number;
}

/** Publishes a key; those that the webhook had before are retired at a time. */
export async function publishKey(
  db: Queries,
  key: WebhookKeyRecord,
  retireOthersAt: number,
): Promise<void> {
  await db.batch([
    db
      .prepare(
        `UPDATE webhook_keys SET retired_at = min(coalesce(retired_at, ?3), ?3)
         WHERE channel = ?1 AND webhook = ?2`,
      )
      .bind(key.channel, key.webhook, retireOthersAt),
    db
      .prepare(
        "INSERT INTO webhook_keys (id, channel, webhook, x, created_at) VALUES (?, ?, ?, ?, ?)",
      )
      .bind(key.id, key.channel, key.webhook, key.x, key.createdAt),
  ]);
}

/** All keys that something may still be signed with, newest first. */
export async function listPublishedKeys(
  db: Queries,
  now: number,
  limit: number,
): Promise<{ id: string; x: string }[]> {
  const { results } = await db
    .prepare(
      `SELECT id, x FROM webhook_keys WHERE retired_at IS NULL OR retired_at > ?
       ORDER BY created_at DESC, id LIMIT ?`,
    )
    .bind(now, limit)
    .all<{ id: string; x: string }>();
  return results;
}

/** Takes the keys of one webhook away. */
export async function withdrawKeys(db: Queries, channel: number, webhook: string): Promise<void> {
  await db
    .prepare("DELETE FROM webhook_keys WHERE channel = ? AND webhook = ?")
    .bind(channel, webhook)
    .run();
}

/** Takes the keys of a deleted channel away. */
export async function withdrawChannelKeys(db: Queries, channel: number): Promise<void> {
  await db.prepare("DELETE FROM webhook_keys WHERE channel = ?").bind(channel).run();
}

/** Takes away keys whose grace ended before a time. */
export async function forgetRetiredKeys(db: Queries, before: number): Promise<void> {
  await db.prepare("DELETE FROM webhook_keys WHERE retired_at < ?").bind(before).run();
}
