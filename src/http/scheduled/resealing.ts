import { reachChannel } from "../../asking.ts";
import { nameChannel } from "../../calls/object-names.ts";
import { readMasterKeys } from "../../lib/master-keys.ts";
import { addLeft, isAllSealedAnew, makeNoneLeft, type SealedLeft } from "../../lib/sealed-left.ts";
import { computeKeyId } from "../../lib/secrecy.ts";
import { report } from "../../report.ts";
import { listChannels, type ChannelRecord } from "../../store/history/channels.ts";
import {
  readMasterKeyRecord,
  saveMasterKeyRecord,
  type MasterKeyRecord,
} from "../../store/history/master-key.ts";
import type { Run } from "./run.ts";

const PAGE = 100;
const PAGES_A_RUN = 10;

// To read a page, and to keep how far the round is.
const PAGE_QUERIES = 2;

// A channel asks its webhooks before it answers.
const CALL_MS = 10_000;

// Without a change of the master key: as often as is found out whether all is still readable.
const DAY_MS = 86_400_000;

/**
 * Has every channel and webhook seal anew what the master key before has sealed, a range of them a
 * run, round after round until a whole one has found nothing. Keeps how far that is.
 */
export async function resealObjects({ env, now, budget }: Run): Promise<void> {
  if (!budget.hasQueries(2)) return;
  const known = await readMasterKeyRecord(env.DB.withSession("first-primary"));
  const record = await takeStock(env, known, now);
  if (record.place === null && !isDue(record, now)) {
    if (record !== known) await saveMasterKeyRecord(env.DB, record);
    return;
  }
  let { place, found } = record.place === null ? { place: "", found: null } : record;
  for (
    let pages = 0;
    place !== null && pages < PAGES_A_RUN && budget.hasQueries(PAGE_QUERIES);
    pages++
  ) {
    const page = await listChannels(env.DB.withSession(), { after: place, limit: PAGE });
    const left = await Promise.all(page.map((channel) => resealChannel(env, channel, record)));
    found = addLeft(record.id, [found ?? makeNoneLeft(record.id), ...left]);
    place = page.length < PAGE ? null : (page.at(-1)?.id ?? null);
  }
  if (place !== null) return saveMasterKeyRecord(env.DB, { ...record, place, found });
  const ended = { place: null, found: null, left: found, checkedAt: now };
  reportUnreadable(found);
  await saveMasterKeyRecord(env.DB, { ...record, ...ended });
}

/** The record of the master keys that there are now. One that was not there a minute ago begins. */
async function takeStock(
  env: Run["env"],
  known: MasterKeyRecord | null,
  now: number,
): Promise<MasterKeyRecord> {
  const keys = readMasterKeys(env);
  const id = await computeKeyId(keys.current);
  const previous = keys.previous === null ? null : await computeKeyId(keys.previous);
  if (known?.id === id && known.previous === previous) return known;
  // What was found with other keys says nothing, nor does a round that began with them.
  const since = known?.id === id ? known.since : now;
  return { id, since, previous, place: null, found: null, left: null, checkedAt: null };
}

function isDue({ previous, left, checkedAt }: MasterKeyRecord, now: number): boolean {
  if (left === null || checkedAt === null || now - checkedAt >= DAY_MS) return true;
  return previous !== null && !isAllSealedAnew(left);
}

/** Answers null for one that could not be asked, or that does not have the key before yet. */
async function resealChannel(
  env: Run["env"],
  channel: ChannelRecord,
  { previous }: MasterKeyRecord,
): Promise<SealedLeft | null> {
  try {
    const left = await reachChannel(env, nameChannel(channel), CALL_MS).reseal();
    return previous !== null && left.missing.includes(previous) ? null : left;
  } catch (error) {
    report("channel could not seal anew", error, { channel: channel.id });
    return null;
  }
}

function reportUnreadable(found: SealedLeft | null): void {
  if (found === null || found.unreadable === 0) return;
  const needed =
    found.missing.length === 0
      ? "They are damaged: what they hold must be set anew."
      : `They need the master keys of the ids ${found.missing.join(", ")}: set the one that there was before as TRIBUTARY_MASTER_KEY_PREVIOUS.`;
  report("sealed texts not readable", new Error(needed), { count: found.unreadable });
}
