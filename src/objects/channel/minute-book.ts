import {
  addCounted,
  beginMinute,
  countEvents,
  findMinute,
  Minute,
  MINUTE_MS,
  MINUTES_KEPT,
  NOTHING_COUNTED,
  subtract,
  sum,
  type Counted,
  type CountedEvent,
  type Gauges,
} from "../../channel/minutes.ts";
import type { Group } from "../../event/group.ts";
import type { Seq } from "../../event/ids.ts";
import { report } from "../../report.ts";
import {
  findMinuteRow,
  listMinutes,
  putMinute,
  readToldEvents,
  type ToldEvent,
} from "../../store/journal/minutes.ts";
import type { ChannelPace } from "./pace.ts";

/** The rest of the object, as far as its minutes need it. */
export interface MinuteHost {
  readonly storage: DurableObjectStorage;
  readonly channel: { readonly id: string };
  readonly pace: Pick<ChannelPace, "minuteMs">;
  /** All that was counted since the object is in memory, and how things are. */
  figures(): Counted & Gauges;
}

// What an object finds uncounted when it is back is a minute's at most: the oldest of more is left.
const RECOUNT_EVENTS = 100_000;

/**
 * The figures of a channel's minutes, for a day. The minute under way is in memory; it is written at its
 * end, and when nothing has happened for a moment. An object that was lost counts anew what its journal
 * has and no minute: events are counted once, whatever happened to it.
 */
export class MinuteBook {
  readonly #host: MinuteHost;
  #open: Minute | null = null;
  /** The counts as of the last writing. */
  #before: Counted = NOTHING_COUNTED;
  /** The counts of hubs since then. */
  #elsewhere: Counted = NOTHING_COUNTED;
  #isTimed = false;
  #hasChanged = false;
  #isStopped = false;
  #isRestored = false;

  constructor(host: MinuteHost) {
    this.#host = host;
  }

  /** Counts a group that is on disk and about to be given out. */
  count({ from, events }: Group, now: number): void {
    const counted = events.map(({ seq, event }): CountedEvent => ({
      seq,
      provider: event.provider,
      recordedAt: Date.parse(event.recordedtime),
      happenedAt: event.time === undefined ? null : Date.parse(event.time),
    }));
    this.#restore(from);
    for (const [at, some] of groupByMinute(counted)) this.#take(at, some);
    this.#changed(now);
  }

  /** Counts what a hub has given out. */
  add({ delivered, shed }: Pick<Counted, "delivered" | "shed">, now: number): void {
    if (delivered === 0 && shed === 0) return;
    this.#elsewhere = sum(this.#elsewhere, { ...NOTHING_COUNTED, delivered, shed });
    this.#restore();
    this.#changed(now);
  }

  /** The minutes from a time on, oldest first, with the one under way. */
  list(from: number): Minute[] {
    this.#restore();
    const { sql } = this.#host.storage;
    const open = this.#open === null ? null : this.#tally(this.#open).minute;
    const kept = listMinutes(sql, from, Minute).filter(({ at }) => at !== open?.at);
    return open === null || open.at < from ? kept : [...kept, open];
  }

  /** The channel is gone. */
  stop(): void {
    this.#isStopped = true;
  }

  #changed(now: number): void {
    this.#hasChanged = true;
    this.#roll(findMinute(now));
    this.#look();
  }

  /** Something may be in memory only: sees to it that it is written before the object may go. */
  #look(): void {
    if (this.#isTimed) return;
    this.#isTimed = true;
    this.#hasChanged = false;
    setTimeout(() => {
      this.#isTimed = false;
      if (this.#isStopped || this.#open === null) return;
      try {
        // As long as something happens it waits for the minute's end.
        if (this.#hasChanged) this.#look();
        else if (this.#hasGiven()) this.#write();
      } catch (error) {
        report("minute not written", error, { channel: this.#host.channel.id });
      }
    }, this.#host.pace.minuteMs);
  }

  #hasGiven(): boolean {
    const { delivered, shed } = sum(subtract(this.#host.figures(), this.#before), this.#elsewhere);
    return delivered + shed > 0;
  }

  #take(at: number, events: readonly CountedEvent[]): void {
    this.#roll(at);
    if (this.#open !== null) this.#open = countEvents(this.#open, events);
  }

  /** Begins a minute, unless it is the one under way or an older: a clock may go back. */
  #roll(at: number): void {
    if (this.#open !== null && at <= this.#open.at) return;
    if (this.#open !== null) this.#write();
    // An object before this one may have begun it.
    this.#open = findKept(this.#host.storage.sql, at) ?? beginMinute(at);
  }

  #write(): void {
    if (this.#open === null) return;
    const { minute, counted } = this.#tally(this.#open);
    putMinute(this.#host.storage.sql, slotOf(minute.at), minute.at, minute);
    this.#open = minute;
    this.#before = counted;
    this.#elsewhere = NOTHING_COUNTED;
  }

  /** A minute with what has been counted since it was written last. */
  #tally(minute: Minute): { minute: Minute; counted: Counted } {
    const now = this.#host.figures();
    const { viewers, sockets, historyLagMs } = now;
    const counted = sum(subtract(now, this.#before), this.#elsewhere);
    return {
      minute: addCounted(minute, counted, { viewers, sockets, historyLagMs }),
      counted: now,
    };
  }

  /** Counts what the journal has up to a place and no minute: once, when the object is back. */
  #restore(upTo: Seq = Number.MAX_SAFE_INTEGER): void {
    if (this.#isRestored) return;
    this.#isRestored = true;
    for (const [at, events] of groupByMinute(findUncounted(this.#host.storage.sql, upTo))) {
      this.#take(at, events);
    }
  }
}

function findKept(sql: SqlStorage, at: number): Minute | null {
  return findMinuteRow(sql, slotOf(at), at, Minute);
}

function slotOf(at: number): number {
  return (at / MINUTE_MS) % MINUTES_KEPT;
}

/** The journal's events up to a place that are counted in no minute on disk, oldest first. */
function findUncounted(sql: SqlStorage, upTo: Seq): CountedEvent[] {
  const found: CountedEvent[][] = [];
  const counted = new Map<number, Seq>();
  const isCounted = ({ seq, recordedAt }: CountedEvent): boolean => {
    const at = findMinute(recordedAt);
    const last = counted.get(at) ?? findKept(sql, at)?.upTo ?? 0;
    counted.set(at, last);
    return seq <= last;
  };
  let count = 0;
  for (const row of readToldEvents(sql)) {
    const events = row.map(toCounted);
    const left = events.filter((event) => event.seq <= upTo && !isCounted(event));
    found.push(left);
    count += left.length;
    if (events.some(isCounted) || count > RECOUNT_EVENTS) break;
  }
  return found.toReversed().flat();
}

function toCounted({ seq, provider, at, time }: ToldEvent): CountedEvent {
  return { seq, provider, recordedAt: at, happenedAt: time === null ? null : Date.parse(time) };
}

function groupByMinute(events: readonly CountedEvent[]): Map<number, CountedEvent[]> {
  return Map.groupBy(events, ({ recordedAt }) => findMinute(recordedAt));
}
