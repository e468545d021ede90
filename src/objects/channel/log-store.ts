import type { ChannelEffect, ChannelState } from "../../channel/channel.ts";
import { parseConnections } from "../../channel/connection-map.ts";
import {
  RECENT_AT_LEAST,
  RECENT_AT_MOST,
  RECENT_MS,
  RecentKeys,
  shortenKey,
} from "../../channel/recent.ts";
import { loadConnections, saveConnections } from "../../store/journal/connections.ts";
import { addErasures } from "../../store/journal/erasures.ts";
import { readKeysSince } from "../../store/journal/group-keys.ts";
import { appendGroup, readJournalBounds } from "../../store/journal/groups.ts";
import { eraseInJournal } from "../../store/journal/tombstones.ts";

/*
 * The part of a channel's log that is on disk.
 */

/** The state to go on from, but for the recent keys. */
export function loadChannelState(
  sql: SqlStorage,
  { id, epoch }: { readonly id: string; readonly epoch: string },
): ChannelState {
  const journal = readJournalBounds(sql);
  return {
    channel: id,
    epoch,
    head: journal?.head ?? 0,
    recordedAt: journal?.at ?? 0,
    connections: parseConnections(loadConnections(sql)),
    recent: new RecentKeys(),
    repeats: 0,
  };
}

/** Reads back the keys by which repeats of recent events are known. */
export function loadRecentKeys(sql: SqlStorage, recent: RecentKeys, now: number): void {
  const kept = readKeysSince(sql, now - RECENT_MS, {
    atLeast: RECENT_AT_LEAST,
    atMost: RECENT_AT_MOST,
    as: shortenKey,
  });
  for (const { at, last, keys } of kept) {
    for (const [index, key] of keys.entries()) {
      if (key !== null) recent.add(key, last - keys.length + 1 + index);
    }
    recent.mark(last, at);
  }
}

/** Writes a group and all that comes with it, in one transaction. */
export function storeGroup(
  storage: DurableObjectStorage,
  effect: Extract<ChannelEffect, { type: "group-store" }>,
): void {
  const { group, recordedAt, connections, erasures } = effect;
  storage.transactionSync(() => {
    // Before the group: what was said in the group itself is erased in it already.
    addErasures(storage.sql, erasures);
    // Nearly every journal is looked through in one go; readers mask what is left of a longer one.
    if (erasures.length > 0) eraseInJournal(storage.sql);
    if (group.events.length > 0) appendGroup(storage.sql, group, recordedAt);
    saveConnections(storage.sql, connections);
  });
}
