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

/** Takes all but the newest group from a channel's journal, as time would. */
export async function forgetJournal(channel: string): Promise<void> {
  await runInDurableObject(env.CHANNEL.getByName(channel), (_, { storage }) => {
    pruneGroups(storage.sql, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  });
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
