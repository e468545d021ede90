import { report } from "../../report.ts";
import { listChannels, type ChannelRecord } from "../../store/history/channels.ts";
import { pruneEvents } from "../../store/history/events.ts";
import { readRound, saveRound } from "../../store/history/rounds.ts";
import { CHUNK_ROWS, type Budget } from "./budget.ts";
import type { Run } from "./run.ts";

const DAY_MS = 86_400_000;
const PAGE = 100;

// A channel with much to take away is come back to, rather than the others waiting for it.
const CHUNKS_A_CHANNEL = 5;

const ROUND = "retention";

// Of the run: to read a page of channels, and to note where it has got to.
const PAGE_QUERIES = 2;
const CHUNK_QUERIES = 3;

/**
 * Takes away what is older than its channel keeps. A run goes on where the one before had to stop, so
 * that every channel has its turn, however many there are.
 */
export async function pruneHistory({ env, now, budget }: Run): Promise<void> {
  const began = await readRound(env.DB, ROUND);
  let place: string | null = began ?? "";
  while (place !== null && budget.hasQueries(PAGE_QUERIES)) {
    const page = await listChannels(env.DB.withSession(), { after: place, limit: PAGE });
    const last = await prunePage(env.DB, page, now, budget);
    if (last !== null) place = last;
    if (last !== page.at(-1)?.id) break;
    if (page.length < PAGE) place = null;
  }
  const reached = place === "" ? null : place;
  if (reached !== began) await saveRound(env.DB, ROUND, reached);
}

/** Answers the last channel that had its turn. */
async function prunePage(
  db: D1Database,
  page: readonly ChannelRecord[],
  now: number,
  budget: Budget,
): Promise<string | null> {
  let last: string | null = null;
  for (const { id, number, retentionDays } of page) {
    const hadTurn = await pruneChannel(db, number, now - retentionDays * DAY_MS, budget);
    if (!hadTurn) return last;
    last = id;
  }
  return last;
}

/** Answers whether it had its turn: the next run goes on after it. */
async function pruneChannel(
  db: D1Database,
  number: number,
  before: number,
  budget: Budget,
): Promise<boolean> {
  if (!hasRoom(budget)) return false;
  try {
    for (let chunk = 1; ; chunk++) {
      const rows = await pruneEvents(db, number, before, CHUNK_ROWS);
      budget.spend(rows);
      if (rows < CHUNK_ROWS || chunk === CHUNKS_A_CHANNEL || !hasRoom(budget)) return true;
    }
  } catch (error) {
    report("retention failed", error, { channel: number });
    return true;
  }
}

/** Is there room for a chunk, and for noting the place afterwards? */
function hasRoom(budget: Budget): boolean {
  return budget.hasChunk() && budget.hasQueries(CHUNK_QUERIES);
}
