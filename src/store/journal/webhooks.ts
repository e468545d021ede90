import { KeptFilter, type Filter } from "../../event/filter.ts";
import type { Seq } from "../../event/ids.ts";
import { write } from "../object/write.ts";

/** A webhook as its channel knows it: what it hears, and up to where it was handed the log. */
export interface WebhookRow {
  readonly id: string;
  readonly filter: Filter;
  readonly enabled: boolean;
  /** A little behind where the webhook is: its own mark is what counts. */
  readonly cursor: Seq;
}

interface Row extends Record<string, SqlStorageValue> {
  id: string;
  filter: string;
  enabled: number;
  cursor: number;
}

export function putWebhook(sql: SqlStorage, { id, filter, enabled, cursor }: WebhookRow): void {
  write(
    sql,
    `INSERT INTO webhooks (id, filter, enabled, cursor) VALUES (?1, ?2, ?3, ?4)
     ON CONFLICT (id) DO UPDATE SET filter = ?2, enabled = ?3, cursor = ?4`,
    id,
    JSON.stringify(filter),
    enabled ? 1 : 0,
    cursor,
  );
}

export function dropWebhook(sql: SqlStorage, id: string): void {
  write(sql, "DELETE FROM webhooks WHERE id = ?", id);
}

/** All of a channel's webhooks. */
export function listWebhooks(sql: SqlStorage): WebhookRow[] {
  return sql
    .exec<Row>("SELECT * FROM webhooks ORDER BY id")
    .toArray()
    .map(({ id, filter, enabled, cursor }) => ({
      id,
      filter: KeptFilter.parse(JSON.parse(filter)),
      enabled: enabled === 1,
      cursor,
    }));
}
