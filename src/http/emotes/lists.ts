import { within } from "../../deadline.ts";
import type { FoundList } from "../../emotes/join.ts";
import { FRESH_MS, judgeKept, nameSource, type KeptList } from "../../emotes/kept.ts";
import {
  findRoot,
  listSources,
  type EmoteAccount,
  type EmoteService,
  type EmoteSource,
} from "../../emotes/service.ts";
import { Recent } from "../../lib/recent.ts";
import { report } from "../../report.ts";
import { FETCH_MS, fetchList } from "./services.ts";
import { findKept, keep } from "./shelf.ts";

/*
 * The lists of the services: what is fresh is taken as it is kept, all else is asked for, once at a
 * time, whoever else wants it. What cannot be had is as it was last known.
 */

/** The request that lists are looked for on behalf of. */
export interface Search {
  /** The relay's own address. */
  readonly origin: string;
  /** The address of the services instead of their own; empty for where they really are. */
  readonly elsewhere: string;
  /** May a service be asked, or does what is kept have to do? */
  readonly mayAsk: boolean;
  /** Lets work go on though whoever asked has gone. */
  readonly outlive: (work: Promise<unknown>) => void;
}

// A list that could not be had is left alone for this time, whoever asks for it.
const PAUSE_MS = 60_000;
const PAUSES_MOST = 2_000;
const paused = new Recent<true>({ keepMs: PAUSE_MS, most: PAUSES_MOST });

/** The time until which a service wants to be left alone, as it said itself; at most as long as a list is fresh. */
const resting = new Map<EmoteService, number>();

interface UnderWay {
  readonly work: Promise<Renewed>;
  readonly since: number;
}
const underWay = new Map<string, UnderWay>();

interface Renewed {
  readonly kept: KeptList | null;
  readonly isAway: boolean;
}

/**
 * The lists of these services for these accounts, in their order. The services are asked side by
 * side, and each for one list after another: one that hangs costs five seconds, and the others
 * nothing.
 */
export async function findLists(
  services: readonly EmoteService[],
  accounts: readonly EmoteAccount[],
  search: Search,
): Promise<FoundList[]> {
  const found = services.map((each) => findListsOf(listSources(each, accounts), search));
  return (await Promise.all(found)).flat();
}

async function findListsOf(
  sources: readonly EmoteSource[],
  search: Search,
): Promise<readonly FoundList[]> {
  const found: FoundList[] = [];
  let isAway = !search.mayAsk;
  for (const source of sources) {
    const kept = await findKept(nameSource(source), search.origin, Date.now());
    if (isAway || !isToBeAsked(source, kept)) {
      found.push({ source, kept });
      continue;
    }
    const renewed = await renewOnce(source, search);
    isAway = renewed.isAway;
    found.push({ source, kept: renewed.kept ?? kept });
  }
  return found;
}

function isToBeAsked(source: EmoteSource, kept: KeptList | null): boolean {
  const now = Date.now();
  if (judgeKept(kept, now) === "fresh") return false;
  if (paused.get(nameSource(source), now) !== null) return false;
  return (resting.get(source.service) ?? 0) <= now;
}

/** Fetches a list, or waits for whoever is at it already. */
async function renewOnce(source: EmoteSource, search: Search): Promise<Renewed> {
  const name = nameSource(source);
  const other = underWay.get(name);
  // One that has taken longer was lost with the request that it was for.
  if (other !== undefined && Date.now() - other.since < FETCH_MS) {
    try {
      return await within(FETCH_MS, other.work);
    } catch (error) {
      report("emote list was waited for in vain", error, { service: source.service });
      return { kept: null, isAway: true };
    }
  }
  const work = renew(source, search);
  const mine = { work, since: Date.now() };
  underWay.set(name, mine);
  search.outlive(work);
  try {
    return await work;
  } finally {
    if (underWay.get(name) === mine) underWay.delete(name);
  }
}

async function renew(
  source: EmoteSource,
  { origin, elsewhere, outlive }: Search,
): Promise<Renewed> {
  const name = nameSource(source);
  const fetched = await fetchList(source, findRoot(source.service, elsewhere));
  const now = Date.now();
  if (!fetched.ok) {
    paused.set(name, true, now);
    const { isAway, retryAfterMs } = fetched;
    if (retryAfterMs !== null) {
      resting.set(source.service, now + Math.min(retryAfterMs, FRESH_MS));
    }
    return { kept: null, isAway };
  }
  const kept: KeptList = { fetchedAt: now, emotes: fetched.emotes.map((emote) => [...emote]) };
  outlive(keep(name, origin, kept));
  return { kept, isAway: false };
}
