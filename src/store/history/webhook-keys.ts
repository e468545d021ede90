import type { Queries } from "./queries.ts";

/** The public half of a key that a webhook is signed with. Times in milliseconds since 1970. */
export interface WebhookKeyRecord {
  readonly id: string;
  readonly channel: number;
  readonly webhook: string;
  /** Base 64url, as a JSON Web Key has it. */
  readonly x: string;
  readonly createdAt: number;
}

/** Publishes a key, beside those that the webhook has. */
export async function publishKey(db: Queries, key: WebhookKeyRecord): Promise<void> {
  await db
    .prepare(
      "INSERT INTO webhook_keys (id, channel, webhook, x, created_at) VALUES (?, ?, ?, ?, ?)",
    )
    .bind(key.id, key.channel, key.webhook, key.x, key.createdAt)
    .run();
}

/** A key as the webhook's own object has it. */
export interface OwnKey {
  readonly id: string;
  /** When it stops signing; null for the current one. */
  readonly retiresAt: number | null;
}

/**
 * Brings what is published of a webhook into agreement with what it signs with: a key that was
 * published and signs nothing goes, and those that are replaced retire when they do.
 */
export async function agreeOnKeys(
  db: Queries,
  { channel, webhook }: Pick<WebhookKeyRecord, "channel" | "webhook">,
  keys: readonly OwnKey[],
): Promise<void> {
  const ids = JSON.stringify(keys.map(({ id }) => id));
  const retire = db.prepare(
    "UPDATE webhook_keys SET retired_at = min(coalesce(retired_at, ?2), ?2) WHERE id = ?1",
  );
  await db.batch([
    db
      .prepare(
        `DELETE FROM webhook_keys WHERE channel = ?1 AND webhook = ?2
           AND id NOT IN (SELECT value FROM json_each(?3))`,
      )
      .bind(channel, webhook, ids),
    ...keys.flatMap(({ id, retiresAt }) =>
      retiresAt === null ? [] : [retire.bind(id, retiresAt)],
    ),
  ]);
}

/**
 * The keys that something may still be signed with: first the current ones, newest first, so that no
 * number of rotations leaves one out; then those in grace, longest first.
 */
export async function listPublishedKeys(
  db: Queries,
  now: number,
  limit: number,
): Promise<{ id: string; x: string }[]> {
  const { results } = await db
    .prepare(
      `SELECT id, x FROM (
         SELECT id, x FROM webhook_keys WHERE retired_at IS NULL
         ORDER BY created_at DESC LIMIT ?2)
       UNION ALL
       SELECT id, x FROM (
         SELECT id, x FROM webhook_keys WHERE retired_at > ?1
         ORDER BY retired_at DESC LIMIT ?2)
       LIMIT ?2`,
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
