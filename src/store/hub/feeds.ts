import type { Epoch, Seq } from "../../event/ids.ts";
import type { Ground } from "../../event/principal.ts";

/** The facts of a channel that decide who may read it, as they were at a time. */
export interface HeldGround extends Omit<Ground, "id"> {
  readonly updatedAt: number;
}

/** A channel whose sockets a hub holds. */
export interface FeedRow {
  readonly channel: string;
  readonly epoch: Epoch;
  /** Tells one stay on the channel from the next. */
  readonly lease: number;
  /** Everything up to here has been given to the sockets. */
  readonly at: Seq;
  readonly ground: HeldGround;
}

export function putFeed(sql: SqlStorage, { channel, epoch, lease, at, ground }: FeedRow): void {
  sql.exec(
    `INSERT INTO feeds (channel, epoch, term, at, number, public, updated_at)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
     ON CONFLICT (channel) DO UPDATE
     SET epoch = ?2, term = ?3, at = ?4, number = ?5, public = ?6, updated_at = ?7`,
    channel,
    epoch,
    lease,
    at,
    ground.number,
    ground.public ? 1 : 0,
    ground.updatedAt,
  );
}

/** The sockets have got everything up to `at`. */
export function moveFeed(sql: SqlStorage, channel: string, at: Seq): void {
  sql.exec("UPDATE feeds SET at = ? WHERE channel = ?", at, channel);
}

export function dropFeed(sql: SqlStorage, channel: string): void {
  sql.exec("DELETE FROM feeds WHERE channel = ?", channel);
}

interface Row extends Record<string, SqlStorageValue> {
  channel: string;
  epoch: string;
  term: number;
  at: number;
  number: number;
  public: number;
  updated_at: number;
}

export function listFeeds(sql: SqlStorage): FeedRow[] {
  return sql
    .exec<Row>("SELECT * FROM feeds ORDER BY channel")
    .toArray()
    .map(({ channel, epoch, term, at, number, public: open, updated_at: updatedAt }) => ({
      channel,
      epoch,
      lease: term,
      at,
      ground: { number, public: open === 1, updatedAt },
    }));
}
