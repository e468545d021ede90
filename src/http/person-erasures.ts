import { reachChannel } from "../asking.ts";
import { nameChannel } from "../calls/object-names.ts";
import { pause } from "../deadline.ts";
import { parseUserKey, type UserKey } from "../event/erasure.ts";
import type { Location } from "../event/location.ts";
import { report } from "../report.ts";
import { listChannels } from "../store/history/channels.ts";
import type { HasQueries } from "../store/history/metered.ts";
import {
  findErasureOf,
  finishErasure,
  listLeft,
  listOpenErasures,
  noteTold,
  settleLeft,
  type LeftChannel,
  type OpenErasure,
} from "../store/history/person-erasures.ts";

/*
 * Somebody is forgotten on every channel. It is written down first; each channel is told, erases by
 * itself, and is asked until it has. Whatever fails or ends on the way is gone on with by the cron.
 */

type ErasingEnv = Pick<Env, "DB" | "CHANNEL">;

// The channels all erase in the one database: so many at a time.
const AT_WORK = 50;

// A run goes on with so many people, and with each until this is over.
const PEOPLE = 5;
const ROUNDS = 10;
const RUN_MS = 15_000;
const ASK_MS = 10_000;

// A small relay is done within moments of the request, and need not wait for the cron.
const WAIT_MS = 1_000;

// What one round asks of the database.
const QUERIES_A_ROUND = 8;

/** From the cron: goes on with those who are to be forgotten. */
export async function finishPersonErasures(
  env: ErasingEnv,
  now: number,
  hasQueries: HasQueries,
): Promise<void> {
  if (!hasQueries(1)) return;
  for (const erasure of await listOpenErasures(env.DB, PEOPLE)) {
    await advance(env, erasure, now, hasQueries, false);
  }
}

/** Begins with somebody at once, as far as one run gets. Never throws. */
export async function beginPersonErasure(
  env: ErasingEnv,
  erasure: OpenErasure,
  now: number,
): Promise<void> {
  try {
    await advance(env, erasure, now, () => true, true);
  } catch (error) {
    report("people not forgotten", error);
  }
}

/**
 * Asks those that are at it, and tells more as others are done, for as long as there is progress, or
 * for a while.
 */
async function advance(
  env: ErasingEnv,
  erasure: OpenErasure,
  now: number,
  hasQueries: HasQueries,
  isPatient: boolean,
): Promise<void> {
  const person = parseUserKey(erasure.person);
  if (person === null) return;
  const endsAt = Date.now() + RUN_MS;
  let current: OpenErasure | null = erasure;
  for (let round = 0; round < ROUNDS && current !== null; round++) {
    if (Date.now() >= endsAt || !hasQueries(QUERIES_A_ROUND)) return;
    const left = await askLeft(env, current, person);
    const room = AT_WORK - left;
    const told = current.reached === null ? 0 : await tellNext(env, current, person, room);
    if (told === 0 && left > 0) {
      if (!isPatient) return;
      await pause(WAIT_MS);
    } else if (told === 0) await finishErasure(env.DB, current, now);
    current = await findOpen(env, erasure.digest, erasure.askedAt);
  }
}

/** The erasure as it is by now; null where it is done, or was asked for anew. */
async function findOpen(
  { DB }: ErasingEnv,
  digest: string,
  askedAt: number,
): Promise<OpenErasure | null> {
  const found = await findErasureOf(DB.withSession("first-primary"), digest);
  if (found?.askedAt !== askedAt || found.person === null) return null;
  return { ...found, person: found.person };
}

/** Asks the channels that are not done, and tells those that were not told. Answers how many stay. */
async function askLeft(env: ErasingEnv, erasure: OpenErasure, person: UserKey): Promise<number> {
  const left = await listLeft(env.DB, erasure.digest, AT_WORK);
  if (left.length === 0) return 0;
  const states = await Promise.all(
    left.map((channel) =>
      channel.isTold ? ask(env, channel, person) : tell(env, channel, person, erasure.askedAt),
    ),
  );
  const done = left.filter((_, index) => states[index] === "done").map(({ number }) => number);
  const told = left.filter((_, index) => states[index] === "told").map(({ number }) => number);
  await settleLeft(env.DB, erasure.digest, { done, told });
  return left.length - done.length;
}

/** Tells the next channels, as many as there is room for. Answers how many there were. */
async function tellNext(
  env: ErasingEnv,
  erasure: OpenErasure,
  person: UserKey,
  room: number,
): Promise<number> {
  if (room <= 0) return 0;
  const session = env.DB.withSession("first-primary");
  const page = await listChannels(session, { after: erasure.reached ?? "", limit: room });
  const states = await Promise.all(
    page.map((channel) => tell(env, channel, person, erasure.askedAt)),
  );
  const channels = page.map(({ id, number }, index) => ({
    id,
    number,
    isTold: states[index] !== "away",
  }));
  const last = page.length < room ? null : (page.at(-1)?.id ?? null);
  await noteTold(env.DB, erasure, channels, last);
  // The end of the list is progress as well.
  return Math.max(1, page.length);
}

/** A channel, as far as its object is found and asked by it. */
type ToForget = Location & Pick<LeftChannel, "id" | "number">;

type State = "told" | "done" | "away";

async function tell(
  env: ErasingEnv,
  channel: ToForget,
  person: UserKey,
  askedAt: number,
): Promise<State> {
  try {
    await reachChannel(env, nameChannel(channel), ASK_MS).forget(channel.number, person, askedAt);
    return "told";
  } catch (error) {
    report("channel could not be told", error, { channel: channel.id });
    return "away";
  }
}

async function ask(env: ErasingEnv, channel: ToForget, person: UserKey): Promise<State> {
  try {
    const object = reachChannel(env, nameChannel(channel), ASK_MS);
    return (await object.isForgetting(channel.number, person)) ? "told" : "done";
  } catch (error) {
    report("channel could not be asked", error, { channel: channel.id });
    return "away";
  }
}
