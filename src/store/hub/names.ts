/** Notes by which name a channel's object is found, where that is not the channel's id. */
export function putName(sql: SqlStorage, channel: string, name: string): void {
  sql.exec(
    "INSERT INTO names (channel, name) VALUES (?1, ?2) ON CONFLICT (channel) DO UPDATE SET name = ?2",
    channel,
    name,
  );
}

export function dropName(sql: SqlStorage, channel: string): void {
  sql.exec("DELETE FROM names WHERE channel = ?", channel);
}

export function listNames(sql: SqlStorage): { channel: string; name: string }[] {
  return sql.exec<{ channel: string; name: string }>("SELECT channel, name FROM names").toArray();
}
