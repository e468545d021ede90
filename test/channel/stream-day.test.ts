import * as fc from "fast-check";
import { describe, it } from "vitest";

import { decide, type ChannelState } from "../../src/channel/channel.ts";
import type { Seq } from "../../src/event/ids.ts";
import type { Merge } from "../../src/event/merge.ts";
import { RECORDED_AT } from "../support/samples.ts";
import { day } from "./support/day/happening.ts";
import { hearDay, type Heard } from "./support/day/telling.ts";
import { channelState, eventsOf, stored, told } from "./support/log.ts";

/** Where a telling came to be, and by whom the event there was told. */
interface Placed extends Heard {
  readonly seq: Seq;
}

interface Log {
  readonly placed: readonly Placed[];
  /** The connections of each event, the first teller's and those of its sightings. */
  readonly tellers: ReadonlyMap<Seq, readonly string[]>;
}

/** Tells a channel of all that was heard, each as it comes in. */
function record(merge: Merge, heard: readonly Heard[]): Log {
  let state: ChannelState = channelState({ merge });
  const placed: Placed[] = [];
  const tellers = new Map<Seq, string[]>();
  for (const each of heard) {
    const decision = decide(state, [told([each.draft], { provider: each.by, at: each.at })]);
    state = decision.state;
    for (const { seq, event } of eventsOf(decision)) tellers.set(seq, [event.connectionid ?? ""]);
    for (const { seq, connection } of stored(decision)?.sightings ?? []) {
      tellers.get(seq)?.push(connection);
    }
    placed.push({ ...each, seq: decision.places[0] ?? 0 });
  }
  return { placed, tellers };
}

function group<T>(all: readonly T[], by: (each: T) => string): Map<string, T[]> {
  return Map.groupBy(all, by);
}

const seqsOf = (all: readonly Placed[]): Seq[] => [...new Set(all.map(({ seq }) => seq))];
const sorted = (all: readonly string[]): string[] => all.toSorted();
const connectionsOf = (all: readonly Placed[]): string[] =>
  sorted([...new Set(all.map(({ draft }) => draft.connectionId ?? ""))]);

/** What is wrong with a log that joins by ids alone; empty for a good one. */
function findExactFaults({ placed, tellers }: Log): string[] {
  const faults: string[] = [];
  for (const [name, all] of group(placed, (each) => each.name)) {
    const named = all.filter(({ isNamed }) => isNamed);
    const others = new Set(all.filter(({ isNamed }) => !isNamed).map(({ by }) => by)).size;
    const seqs = seqsOf(named);
    if (seqs.length > 1) faults.push(`${name} is ${seqs.length} events of one id`);
    if (seqsOf(all).length !== seqs.length + others) faults.push(`${name} is joined without an id`);
    const seenVia = seqs.map((seq) => sorted(tellers.get(seq) ?? [])).join(" and ");
    if (seenVia !== connectionsOf(named).join(",")) faults.push(`${name} is seen via ${seenVia}`);
  }
  for (const [seq, all] of group(placed, (each) => String(each.seq))) {
    const names = new Set(all.map(({ name }) => name));
    if (names.size > 1) faults.push(`${seq} is ${[...names].join(" and ")}`);
  }
  return faults;
}

/** The same of one that joins what looks alike as well. */
function findNaturalFaults({ placed, tellers }: Log): string[] {
  const faults: string[] = [];
  for (const [looks, all] of group(placed, (each) => each.looks)) {
    const names = group(all, (each) => each.name);
    const seqs = seqsOf(all);
    if (seqs.length !== names.size) {
      faults.push(`${names.size} of ${looks} are ${seqs.length} events: ${describeAll(all)}`);
    }
    for (const seq of seqs) {
      const seenVia = sorted(tellers.get(seq) ?? []).join();
      const due = connectionsOf(all).join();
      if (seenVia !== due) faults.push(`${looks} is seen via ${seenVia}, not via ${due}`);
    }
    for (const [name, some] of names) {
      const count = seqsOf(some.filter(({ isNamed }) => isNamed)).length;
      if (count > 1) faults.push(`${name} is ${count} events of one id`);
    }
  }
  for (const [seq, all] of group(placed, (each) => String(each.seq))) {
    const looks = new Set(all.map((each) => each.looks));
    const ids = new Set(all.filter(({ isNamed }) => isNamed).map(({ name }) => name));
    if (looks.size > 1) faults.push(`${seq} is ${[...looks].join(" and ")}`);
    if (ids.size > 1) faults.push(`${seq} has the ids of ${[...ids].join(" and ")}`);
  }
  return faults;
}

function describeAll(all: readonly Placed[]): string {
  return all.map(({ by, seq, at }) => `${seq} by ${by} at ${at - RECORDED_AT}`).join(", ");
}

const SEEDS = [1, 20, 198, 2026];

describe("a day of a stream of which every provider tells", () => {
  for (const seed of SEEDS) {
    const check = (find: (heard: readonly Heard[]) => string[]): string[] => {
      const [happenings = []] = fc.sample(day(RECORDED_AT, 300), { seed, numRuns: 1 });
      return find(hearDay(happenings));
    };

    it(`has each occurrence once by its platform's id, and the others' names with it (${seed})`, ({
      expect,
    }) => {
      expect(check((heard) => findExactFaults(record("exact", heard)))).toEqual([]);
    });

    it(`has each occurrence once by how it looks, and as many equal words as were said (${seed})`, ({
      expect,
    }) => {
      expect(check((heard) => findNaturalFaults(record("natural", heard)))).toEqual([]);
    });
  }
});
