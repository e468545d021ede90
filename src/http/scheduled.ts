import type { ChannelCalls } from "../calls/channel.ts";
import { finishPurge, listChannels, listPurges } from "../store/history/channels.ts";
import { pruneEvents } from "../store/history/events.ts";
import { forgetRequests } from "../store/history/idempotency.ts";
import { forgetRetiredKeys, withdrawChannelKeys } from "../store/history/webhook-keys.ts";

const DAY_MS = 86_400_000;

// D1 does one thing at a time: rows go in chunks, and no run takes all of its time.
const CHUNK_ROWS = 5_000;
const CHUNKS_A_RUN = 20;

// An object keeps itself awake; this is for one whose alarm was lost.
const ENSURE_EVERY_MINUTES = 5;

/** Every minute: retention, what deleted channels left behind, and objects that should be awake. */
export async function runScheduled(env: Env, now: number): Promise<void> {
  const db = env.DB;
  let chunks = 0;
  const take = async (channel: number, before: number): Promise<boolean> => {
    for (; chunks < CHUNKS_A_RUN; chunks++) {
      if ((await pruneEvents(db, channel, before, CHUNK_ROWS)) < CHUNK_ROWS) return true;
    }
    return false;
  };
  for (const channel of await listPurges(db, 10)) {
    await withdrawChannelKeys(db, channel);
    if (await take(channel, Number.MAX_SAFE_INTEGER)) await finishPurge(db, channel);
  }
  const isEnsureDue = Math.floor(now / 60_000) % ENSURE_EVERY_MINUTES === 0;
  for (let after = ""; ;) {
    const page = await listChannels(db.withSession(), { after, limit: 100 });
    for (const channel of page) {
      await take(channel.number, now - channel.retentionDays * DAY_MS);
    }
    if (isEnsureDue) await Promise.allSettled(page.map(({ id }) => calls(env, id).ensure()));
    const last = page.at(-1);
    if (last === undefined) break;
    after = last.id;
  }
  await forgetRequests(db, now - DAY_MS, CHUNK_ROWS);
  await forgetRetiredKeys(db, now - DAY_MS);
}

function calls(env: Env, channel: string): ChannelCalls {
  return env.CHANNEL.getByName(channel);
}
