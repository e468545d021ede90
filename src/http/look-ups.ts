import { Recent } from "../lib/recent.ts";
import {
  findChannelByNumber,
  findChannelNamed,
  type ChannelRecord,
} from "../store/history/channels.ts";
import { findKey, type KeyRecord } from "../store/history/keys.ts";
import { findOverlayKey } from "../store/history/overlay-keys.ts";

/*
 * The records that decide who is let in. After a deploy all clients come back at once, mostly with
 * the same few keys to the same channel: for those the records of a moment ago do. They only ever let
 * in: what they would refuse is looked up anew. And they only let in to an object, which has been told
 * of a revocation or a change, and looks at the principal itself (decision 0133).
 */

/** How long a record lets in without being looked up anew. */
export const KEEP_MS = 5_000;

// Some 300 bytes each.
const KEEP_MOST = 2_000;

type OverlayKey = NonNullable<Awaited<ReturnType<typeof findOverlayKey>>>;

/** The records that one request is judged by. */
export interface LookUps {
  findKey(id: string): Promise<KeyRecord | null>;
  findOverlayKey(id: string): Promise<OverlayKey | null>;
  /** By its id, or else by its number. */
  findChannel(named: string): Promise<ChannelRecord | null>;
  findNumberedChannel(number: number): Promise<ChannelRecord | null>;
  /** Was any of them found a moment ago, and not now? */
  readonly isOld: boolean;
}

const LIMITS = { keepMs: KEEP_MS, most: KEEP_MOST };
const recent = {
  keys: new Recent<KeyRecord>(LIMITS),
  overlayKeys: new Recent<OverlayKey>(LIMITS),
  channels: new Recent<ChannelRecord>(LIMITS),
  numberedChannels: new Recent<ChannelRecord>(LIMITS),
};

/** Looks every record up in the database. */
export function lookUpNow(db: D1Database): LookUps {
  return {
    findKey: (id) => renew(recent.keys, id, findKey(db.withSession(), id)),
    findOverlayKey: (id) => renew(recent.overlayKeys, id, findOverlayKey(db.withSession(), id)),
    findChannel: (id) => renew(recent.channels, id, findChannelNamed(db.withSession(), id)),
    findNumberedChannel: (number) =>
      renew(recent.numberedChannels, String(number), findChannelByNumber(db.withSession(), number)),
    isOld: false,
  };
}

/** Takes the records that sockets were opened by a moment ago, and looks up the others. */
export function lookUpRecent(db: D1Database): LookUps {
  const now = lookUpNow(db);
  let isOld = false;
  const take = async <T>(
    records: Recent<T>,
    name: string,
    find: () => Promise<T | null>,
  ): Promise<T | null> => {
    const before = records.get(name, Date.now());
    if (before !== null) {
      isOld = true;
      return before;
    }
    const found = await find();
    records.set(name, found, Date.now());
    return found;
  };
  return {
    findKey: (id) => take(recent.keys, id, () => now.findKey(id)),
    findOverlayKey: (id) => take(recent.overlayKeys, id, () => now.findOverlayKey(id)),
    findChannel: (id) => take(recent.channels, id, () => now.findChannel(id)),
    findNumberedChannel: (number) =>
      take(recent.numberedChannels, String(number), () => now.findNumberedChannel(number)),
    get isOld() {
      return isOld;
    },
  };
}

/** Puts what was found now in the place of an older record, if one is kept. */
async function renew<T>(
  records: Recent<T>,
  name: string,
  finding: Promise<T | null>,
): Promise<T | null> {
  const found = await finding;
  if (records.has(name)) records.set(name, found, Date.now());
  return found;
}
