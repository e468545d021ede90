import { findObject, nameChannel } from "../../calls/object-names.ts";
import { within } from "../../deadline.ts";
import { reportRejected } from "../../report.ts";
import { listChannels, listUntold, type ChannelRecord } from "../../store/history/channels.ts";
import { readRound, saveRound } from "../../store/history/rounds.ts";
import { tellObject } from "../channel-objects.ts";
import { listHubs } from "../hubs.ts";
import type { Run } from "./run.ts";

// An object keeps itself awake; this is for one whose alarm was lost.
const ENSURE_EVERY_MINUTES = 5;

const PAGE = 100;

// A run has 10,000 calls to objects; these are as many as it has the time for.
const PAGES_A_RUN = 10;

const UNTOLD_A_RUN = 50;
const CALL_MS = 10_000;

const ROUND = "objects";

/** Tells objects of changes that they could not be told of when they were made. */
export async function tellObjects({ env, budget }: Run): Promise<void> {
  if (!budget.takeQueries(1 + UNTOLD_A_RUN)) return;
  const untold = await listUntold(env.DB, UNTOLD_A_RUN);
  const told = untold.map((channel) => tellObject(env, channel));
  reportRejected("channel could not be told", await Promise.allSettled(told));
}

/**
 * Has every object see to itself: the hubs, the channels, and by them their webhooks. A channel that
 * has not heard of a change hears of it. A round that takes more than a run goes on in the next.
 */
export async function ensureObjects({ env, now, budget }: Run): Promise<void> {
  const isDue = Math.floor(now / 60_000) % ENSURE_EVERY_MINUTES === 0;
  const began = await readRound(env.DB, ROUND);
  if (began === null && !isDue) return;
  if (began === null) {
    const hubs = (await listHubs({ env })).map((hub) => within(CALL_MS, hub.ensure()));
    reportRejected("hub could not be asked", await Promise.allSettled(hubs));
  }
  let place: string | null = began ?? "";
  for (let pages = 0; place !== null && pages < PAGES_A_RUN && budget.takeQueries(1); pages++) {
    const page = await listChannels(env.DB.withSession(), { after: place, limit: PAGE });
    const asked = page.map((channel) => ensureObject(env, channel));
    reportRejected("channel could not be asked", await Promise.allSettled(asked));
    place = page.length < PAGE ? null : (page.at(-1)?.id ?? null);
  }
  if (place !== began) await saveRound(env.DB, ROUND, place);
}

function ensureObject(env: Env, channel: ChannelRecord): Promise<void> {
  const { number, updatedAt } = channel;
  const object = findObject(env.CHANNEL, nameChannel(channel));
  return within(CALL_MS, object.ensure({ number, updatedAt }));
}
