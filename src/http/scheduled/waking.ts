import { reachChannel } from "../../asking.ts";
import { nameChannel } from "../../calls/object-names.ts";
import { within } from "../../deadline.ts";
import { isTroubled } from "../../event/trouble.ts";
import { reportRejected } from "../../report.ts";
import { listChannels, listUntold, type ChannelRecord } from "../../store/history/channels.ts";
import { listDatabases, openHistory } from "../../store/history/databases.ts";
import { saveNote } from "../../store/history/notes.ts";
import { listStates, type HistoryState } from "../../store/history/places.ts";
import { saveReports, type NewReport } from "../../store/history/reports.ts";
import { readRound, saveRound } from "../../store/history/rounds.ts";
import { tellObject } from "../channel-objects.ts";
import { listHubs } from "../hubs.ts";
import { HUBS_NOTE, type HubsNote } from "./notes.ts";
import type { Run } from "./run.ts";

// An object keeps itself awake; this is for one whose alarm was lost.
const ENSURE_EVERY_MINUTES = 5;

const PAGE = 100;

// A run has 10,000 calls to objects; these are as many as it has the time for.
const PAGES_A_RUN = 10;

const UNTOLD_A_RUN = 50;
const CALL_MS = 10_000;

const ROUND = "objects";

// To read a page, to keep what is reported, and to note where the round is; and in each database how far
// histories go.
const PAGE_QUERIES = 3;

/** Tells objects of changes that they could not be told of when they were made. */
export async function tellObjects({ env, budget }: Run): Promise<void> {
  if (!budget.hasQueries(1 + UNTOLD_A_RUN)) return;
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
    const hubs = (await listHubs({ env })).map(async (hub, place) => ({
      hub: place,
      ...(await within(CALL_MS, hub.ensure())),
    }));
    const told = reportRejected("hub could not be asked", await Promise.allSettled(hubs));
    await saveNote(env.DB, HUBS_NOTE, told satisfies HubsNote);
  }
  let place: string | null = began ?? "";
  const queries = PAGE_QUERIES + listDatabases(env).size;
  for (
    let pages = 0;
    place !== null && pages < PAGES_A_RUN && budget.hasQueries(queries);
    pages++
  ) {
    const page = await listChannels(env.DB.withSession(), { after: place, limit: PAGE });
    const states = await findStates(env, page);
    const asked = page.map((channel) =>
      ensureObject(env, channel, states.get(channel.number) ?? null),
    );
    const told = reportRejected("channel could not be asked", await Promise.allSettled(asked));
    const reports = told.filter((each) => each !== null);
    if (reports.length > 0) await saveReports(env.DB, reports, now);
    place = page.length < PAGE ? null : (page.at(-1)?.id ?? null);
  }
  if (place !== began) await saveRound(env.DB, ROUND, place);
}

/** Finds how far the histories of channels go, each in its database; none of those that cannot be asked. */
async function findStates(
  env: Run["env"],
  channels: readonly ChannelRecord[],
): Promise<ReadonlyMap<number, HistoryState>> {
  const asked = [...Map.groupBy(channels, ({ historyDatabase }) => historyDatabase).values()].map(
    async (some) => {
      const [one] = some as [ChannelRecord];
      const numbers = some.map(({ number }) => number);
      const states = await listStates(openHistory(env, one).withSession("first-primary"), numbers);
      return states.map((state, index) => [numbers[index] ?? 0, state] as const);
    },
  );
  // Its channels' objects are seen to all the same: one database is not to keep others waiting.
  const found = reportRejected("history could not be asked", await Promise.allSettled(asked));
  return new Map(found.flat());
}

/** Answers how the channel fares; null where its object has none. */
async function ensureObject(
  env: Env,
  channel: ChannelRecord,
  history: HistoryState | null,
): Promise<NewReport | null> {
  const { number, updatedAt } = channel;
  const object = reachChannel(env, nameChannel(channel), CALL_MS);
  const report = await object.ensure({ number, updatedAt, history });
  return report === null ? null : { channel: number, isTroubled: isTroubled(report), report };
}
