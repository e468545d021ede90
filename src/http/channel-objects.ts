import { reachChannel } from "../asking.ts";
import { nameChannel } from "../calls/object-names.ts";
import { RelayError } from "../errors.ts";
import { markTold, type ChannelRecord } from "../store/history/channels.ts";
import { listUnended, markEnded, type Purge } from "../store/history/purges.ts";

// An object that has not answered by then is away.
const CALL_MS = 10_000;

/** Tells a channel's object how the database has it, and notes that it has heard. */
export async function tellObject(env: Env, channel: ChannelRecord): Promise<void> {
  await requireAnswer(reachChannel(env, nameChannel(channel), CALL_MS).refresh());
  await markTold(env.DB, channel);
}

/** Ends a channel that the database has let go of, and notes that it has ended. */
export async function endObject(env: Env, purge: Purge): Promise<void> {
  const { channel, id, jurisdiction, isEnded } = purge;
  if (id === null || isEnded) return;
  const name = nameChannel({ id, jurisdiction, locationHint: null });
  await requireAnswer(reachChannel(env, name, CALL_MS).destroy(channel));
  await markEnded(env.DB, channel, Date.now());
}

/** Ends whatever there still is of earlier channels of an id. Answers how many there were. */
export async function endEarlier(env: Env, id: string): Promise<number> {
  const unended = await listUnended(env.DB.withSession("first-primary"), id);
  for (const purge of unended) await endObject(env, purge);
  return unended.length;
}

/** Waits for a call that is made again until it has been answered, whatever has failed. */
async function requireAnswer(asked: Promise<unknown>): Promise<void> {
  try {
    await asked;
  } catch (cause) {
    // Reported where the request is answered.
    throw new RelayError("unavailable", "The channel cannot be reached. Try again.", { cause });
  }
}
