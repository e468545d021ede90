import { z } from "zod";

import { write } from "../object/write.ts";

/**
 * A notice of a webhook to its channel: a draft of the relay's own, and whether it still listens.
 */
export const ChannelNotice = z.object({
  /** Names the occurrence: told again, it is the same event. */
  key: z.string(),
  type: z.enum(["webhook.failing", "webhook.recovered", "webhook.disabled"]),
  data: z.record(z.string(), z.unknown()),
  at: z.number(),
});
export type ChannelNotice = z.infer<typeof ChannelNotice>;

export function addNotice(sql: SqlStorage, notice: ChannelNotice): void {
  write(sql, "INSERT INTO notices (notice) VALUES (?)", JSON.stringify(notice));
}

/** Lists the notices that the channel has not received yet, oldest first. */
export function listNotices(sql: SqlStorage): { number: number; notice: ChannelNotice }[] {
  return sql
    .exec<{ number: number; notice: string }>("SELECT number, notice FROM notices ORDER BY number")
    .toArray()
    .map((row) => ({
      number: row.number,
      notice: ChannelNotice.parse(JSON.parse(row.notice)),
    }));
}

export function dropNotice(sql: SqlStorage, number: number): void {
  write(sql, "DELETE FROM notices WHERE number = ?", number);
}
