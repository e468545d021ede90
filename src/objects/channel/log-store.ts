import type { ChannelEffect, ChannelState } from "../../channel/channel.ts";
import { parseConnections } from "../../channel/connection-map.ts";
import { NATURAL_MS } from "../../channel/natural.ts";
import { rememberStored, shortenStored } from "../../channel/occurrence-keys.ts";
import { RECENT_AT_LEAST, RECENT_AT_MOST, RECENT_MS, RecentKeys } from "../../channel/recent.ts";
import { readTelling, Tellings, type Telling } from "../../channel/tellings.ts";
import type { StreamEvent } from "../../event/event.ts";
import type { Seq } from "../../event/ids.ts";
import { loadConnections, saveConnections } from "../../store/journal/connections.ts";
import { addErasures } from "../../store/journal/erasures.ts";
import { readKeysSince } from "../../store/journal/group-keys.ts";
import { appendGroup, readJournalBounds, readJournalEvents } from "../../store/journal/groups.ts";
import { noteSightings } from "../../store/journal/sightings.ts";
import { eraseInJournal } from "../../store/journal/tombstones.ts";
import { readMeta } from "../../store/object/meta.ts";
import { HistoryMark } from "./meta.ts";

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
    merge: "exact",
    recent: new RecentKeys(),
    tellings: new Tellings(),
    repeats: 0,
    merged: {},
  };
}

/**
 * Reads back the keys by which repeats of recent events are known, and answers which have their platform's
 * own id.
 */
export function loadRecentKeys(sql: SqlStorage, recent: RecentKeys, now: number): ReadonlySet<Seq> {
  const named = new Set<Seq>();
  const kept = readKeysSince(sql, now - RECENT_MS, {
    atLeast: RECENT_AT_LEAST,
    atMost: RECENT_AT_MOST,
    as: shortenStored,
  });
  for (const { at, last, keys } of kept) {
    for (const [index, key] of keys.entries()) {
      const seq = last - keys.length + 1 + index;
      if (key !== null && rememberStored(recent, key, seq)) named.add(seq);
    }
    recent.mark(last, at);
  }
  return named;
}

// The window of a follow on a channel with sixteen lines a second, read in a fraction of a second.
const LOOKED_THROUGH = 10_000;

/** Reads back what another provider may tell of alike, where that is looked for. */
export function loadTellings(sql: SqlStorage, named: ReadonlySet<Seq>, now: number): Tellings {
  const head = readJournalBounds(sql)?.head ?? 0;
  const after = Math.max(0, head - LOOKED_THROUGH);
  const tellings: Telling[] = [];
  // What is said is most of a log, and is remembered for seconds.
  let isSaidOver = false;
  for (const { seq, type, text } of readJournalEvents(sql, { after, upTo: head, order: "desc" })) {
    const isSaid = type === "chat.message";
    if (isSaid && isSaidOver) continue;
    // It was written down as an event.
    const event = JSON.parse(text) as StreamEvent;
    const at = Date.parse(event.recordedtime);
    if (at < now - NATURAL_MS) break;
    const telling = readTelling(event, seq, at, named.has(seq));
    if (telling === null) continue;
    if (at >= now - telling.windowMs) tellings.push(telling);
    else isSaidOver ||= isSaid;
  }
  return new Tellings().after(tellings, now);
}

/** Writes a group and all that comes with it, in one transaction. */
export function storeGroup(
  storage: DurableObjectStorage,
  effect: Extract<ChannelEffect, { type: "group-store" }>,
): void {
  const { group, recordedAt, connections, erasures, sightings } = effect;
  storage.transactionSync(() => {
    // Before the group: what was said in the group itself is erased in it already.
    addErasures(storage.sql, erasures);
    // Nearly every journal is looked through in one go; readers mask what is left of a longer one.
    if (erasures.length > 0) eraseInJournal(storage.sql);
    if (group.events.length > 0) appendGroup(storage.sql, group, recordedAt);
    if (sightings.length > 0) {
      const fed = readMeta(storage.sql, "history", HistoryMark)?.seq ?? 0;
      noteSightings(storage.sql, sightings, { fed, now: recordedAt });
    }
    saveConnections(storage.sql, connections);
  });
}
