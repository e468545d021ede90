import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";

import { Scope, type Principal } from "../../src/event/principal.ts";
import { pruneGroups } from "../../src/store/journal/groups.ts";
import { call } from "./api.ts";
import { readHistory } from "./history.ts";

/** Whoever holds the admin key. */
export const OWNER: Principal = {
  kind: "admin",
  credentialId: "admin",
  scopes: [...Scope.options],
  channels: null,
};

interface Status {
  readonly history: { readonly lagEvents: number; readonly erasures: number };
}

/** Resolves once history has everything that was written so far, and nothing that was erased. */
export async function drained(channel: string): Promise<void> {
  for (;;) {
    const { body } = await call<Status>("GET", `/channels/${channel}/status`);
    if (body.history.lagEvents === 0 && body.history.erasures === 0) return;
    await runDurableObjectAlarm(env.CHANNEL.getByName(channel));
  }
}

/** Takes all but the newest event from a channel's journal, as time would in the end. */
export async function forgetJournal(channel: string): Promise<void> {
  await runInDurableObject(env.CHANNEL.getByName(channel), (_, { storage }) => {
    closeLastRow(storage.sql);
    pruneGroups(storage.sql, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  });
}

/** Parts the journal's newest row, so that its newest event has one by itself. */
export function closeLastRow(sql: SqlStorage): void {
  const last = "last_seq = (SELECT max(last_seq) FROM groups) AND last_seq > first_seq";
  const rest = (list: string): string => `json_remove(${list}, '$[#-1]')`;
  const only = (list: string): string => `json_array(json_extract(${list}, '$[#-1]'))`;
  const [row] = sql
    .exec<Record<string, SqlStorageValue>>(
      `SELECT last_seq, recorded_at, ${only("items")} AS items, ${only("keys")} AS keys
       FROM groups WHERE ${last} AND json_array_length(items) = last_seq - first_seq + 1`,
    )
    .toArray();
  if (row === undefined) return;
  sql.exec(
    `UPDATE groups SET last_seq = last_seq - 1, items = ${rest("items")}, keys = ${rest("keys")}
     WHERE ${last}`,
  );
  sql.exec(
    `INSERT INTO groups (last_seq, first_seq, recorded_at, items, keys) VALUES (?1, ?1, ?2, ?3, ?4)`,
    row["last_seq"] ?? 0,
    row["recorded_at"] ?? 0,
    row["items"] ?? "",
    row["keys"] ?? "",
  );
}

/** Everything that is kept of a channel's events: its journal and its history, as one text. */
export async function stored(channel: string): Promise<string> {
  const { body } = await call<{ number: number }>("GET", `/channels/${channel}`);
  const history = (await readHistory(body.number)).map(({ text, raw }) => [text, raw]);
  const journal = await runInDurableObject(env.CHANNEL.getByName(channel), (_, { storage }) =>
    storage.sql.exec("SELECT * FROM groups").toArray(),
  );
  return JSON.stringify([history, journal]).replaceAll(String.raw`\"`, '"');
}
