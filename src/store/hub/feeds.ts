import type { Epoch, Seq } from "../../event/ids.ts";

/** A channel whose sockets a hub holds. */
export interface FeedRow {
  readonly channel: string;
  readonly epoch: Epoch;
  /** Tells one stay on the channel from the next. */
  readonly term: number;
  /** Everything up to here has been given to the sockets. */
  readonly at: Seq;
}

export function putFeed(sql: SqlStorage, { channel, epoch, term, at }: FeedRow): void {
  sql.exec(
    `INSERT INTO feeds (channel, epoch, term, at) VALUES (?1, ?2, ?3, ?4)
     ON CONFLICT (channel) DO UPDATE SET epoch = ?2, term = ?3, at = ?4`,
    channel,
    epoch,
    term,
    at,
  );
}

/** The sockets have got everything up to `at`. */
export function moveFeed(sql: SqlStorage, channel: string, at: Seq): void {
  sql.exec("UPDATE feeds SET at = ? WHERE channel = ?", at, channel);
}

export function dropFeed(sql: SqlStorage, channel: string): void {
  sql.exec("DELETE FROM feeds WHERE channel = ?", channel);
}

export function listFeeds(sql: SqlStorage): FeedRow[] {
  return sql
    .exec<{ channel: string; epoch: string; term: number; at: number }>(
      "SELECT channel, epoch, term, at FROM feeds ORDER BY channel",
    )
    .toArray();
}
