import type { ChannelCalls } from "../calls/channel.ts";
import { findObject, nameChannel } from "../calls/object-names.ts";
import { within } from "../deadline.ts";
import { RelayError } from "../errors.ts";
import { report } from "../report.ts";
import { markTold, type ChannelRecord } from "../store/history/channels.ts";
import { listUnended, markEnded, type Purge } from "../store/history/purges.ts";
import type { ChannelNamed } from "./access.ts";

// An object that has not answered by then is away.
const CALL_MS = 10_000;

/** Tells a channel's object how the database has it, and notes that it has heard. */
export async function tellObject(env: Env, channel: ChannelRecord): Promise<void> {
  await askTwice(env, channel, (object) => object.refresh());
  await markTold(env.DB, channel);
}

/** Ends a channel that the database has let go of, and notes that it has ended. */
export async function endObject(env: Env, purge: Purge): Promise<void> {
  const { channel, id, jurisdiction, isEnded } = purge;
  if (id === null || isEnded) return;
  const named = { id, jurisdiction, locationHint: null };
  await askTwice(env, named, (object) => object.destroy(channel));
  await markEnded(env.DB, channel);
}

/** Ends whatever there still is of earlier channels of an id. Answers how many there were. */
export async function endEarlier(env: Env, id: string): Promise<number> {
  const unended = await listUnended(env.DB.withSession("first-primary"), id);
  for (const purge of unended) await endObject(env, purge);
  return unended.length;
}

/** Asks a channel's object, once more if it was lost: to be asked twice changes nothing. */
async function askTwice(
  env: Env,
  channel: ChannelNamed,
  ask: (object: ChannelCalls) => Promise<unknown>,
): Promise<void> {
  // After a failure a stub is of no more use.
  const once = (): Promise<unknown> =>
    within(CALL_MS, ask(findObject(env.CHANNEL, nameChannel(channel))));
  try {
    await once().catch((error: unknown) => {
      report("channel asked once more", error, { channel: channel.id });
      return once();
    });
  } catch (cause) {
    // Reported where the request is answered.
    throw new RelayError("unavailable", "The channel cannot be reached. Try again.", {
      headers: { "retry-after": "5" },
      cause,
    });
  }
}
