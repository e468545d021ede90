import * as fc from "fast-check";
import { describe, it } from "vitest";

import { decide, type ChannelState } from "../../src/channel/channel.ts";
import type { Seq } from "../../src/event/ids.ts";
import type { Merge } from "../../src/event/merge.ts";
import { RECORDED_AT } from "../support/samples.ts";
import { day, person, SECOND, type Happening, type Stage } from "./support/day/happening.ts";
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
  /** The tellings that were no events, by what is counted of them. */
  readonly repeats: number;
  readonly merged: ChannelState["merged"];
}

/** Tells a channel of all that was heard, so much at once as comes within a time in milliseconds. */
function record(merge: Merge, heard: readonly Heard[], togetherMs = 1): Log {
  let state: ChannelState = channelState({ merge });
  const placed: Placed[] = [];
  const tellers = new Map<Seq, string[]>();
  for (const some of group(heard, ({ at }) => String(Math.floor(at / togetherMs))).values()) {
    const inputs = some.map(({ draft, by, at }) => told([draft], { provider: by, at }));
    const decision = decide(state, inputs);
    state = decision.state;
    for (const { seq, event } of eventsOf(decision)) tellers.set(seq, [event.connectionid ?? ""]);
    for (const { seq, connection } of stored(decision)?.sightings ?? []) {
      tellers.get(seq)?.push(connection);
    }
    for (const [index, each] of some.entries()) {
      placed.push({ ...each, seq: decision.places[index] ?? 0 });
    }
  }
  const { repeats, merged } = state;
  return { placed, tellers, repeats, merged };
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

const draw = (seed: number): readonly Happening[] =>
  fc.sample(day(RECORDED_AT, 300), { seed, numRuns: 1 })[0] ?? [];

describe("a day of a stream of which every provider tells", () => {
  for (const seed of SEEDS) {
    const heard = (): readonly Heard[] => hearDay(draw(seed));

    it(`has each occurrence once by its platform's id, and the others' names with it (${seed})`, ({
      expect,
    }) => {
      expect(findExactFaults(record("exact", heard()))).toEqual([]);
    });

    it(`has each occurrence once by how it looks, and as many equal words as were said (${seed})`, ({
      expect,
    }) => {
      expect(findNaturalFaults(record("natural", heard()))).toEqual([]);
    });
  }

  it("is counted: each telling is an event, a repeat, or joined by a rule", ({ expect }) => {
    for (const merge of ["exact", "natural", "off"] as const) {
      const { placed, tellers, repeats, merged } = record(merge, hearDay(draw(20)));
      const joined = Object.values(merged).reduce((sum, count) => sum + count, 0);
      expect(tellers.size + repeats + joined).toBe(placed.length);
      const sightings = [...tellers.values()].reduce((sum, all) => sum + all.length - 1, 0);
      expect(joined).toBe(sightings);
      expect(Object.keys(merged).some((rule) => rule !== "exact")).toBe(merge === "natural");
      expect(joined > 0).toBe(merge !== "off");
    }
  });

  it("is the same day where what comes within five seconds is one group", ({ expect }) => {
    const heard = hearDay(draw(20));
    expect(findExactFaults(record("exact", heard, 5 * SECOND))).toEqual([]);
    expect(findNaturalFaults(record("natural", heard, 5 * SECOND))).toEqual([]);
  });

  it("is long enough that everyone tells, and that a crowd says the same at once", ({ expect }) => {
    const days = SEEDS.map(draw);
    const told = new Set(days.flatMap((each) => hearDay(each).map(({ by }) => by)));
    expect([...told].toSorted()).toEqual([
      "astro",
      "kick",
      "multistreamer",
      "restream",
      "twitch-eventsub",
      "twitch-irc",
      "youtube",
    ]);
    const countPairs = (isSame: boolean, within: number): number =>
      days
        .flatMap((each) => each.filter(({ deed }) => deed === "line"))
        .filter((one, index, lines) =>
          lines
            .slice(index + 1)
            .some(
              (other) =>
                other.text === one.text &&
                other.stage === one.stage &&
                (other.who.id === one.who.id) === isSame &&
                Math.abs(other.at - one.at) <= within,
            ),
        ).length;
    expect(countPairs(false, SECOND)).toBeGreaterThan(10);
    expect(countPairs(true, 15 * SECOND)).toBeGreaterThan(10);
  });
});

describe("the crowd", () => {
  const lags = Array.from({ length: 12 }, (_, index) => ((index * 7) % 12) / 12);
  const say = (stage: Stage, said: readonly (readonly [who: number, afterMs: number])[]) =>
    said.map(([who, afterMs], no): Happening => {
      const at = RECORDED_AT + afterMs;
      return { no, stage, deed: "line", at, who: person(who), text: "GG", count: 2, lags };
    });

  for (const stage of ["twitch", "kick", "youtube"] as const) {
    it(`is two people who say the same within a second, and two who say it twice: on ${stage}`, ({
      expect,
    }) => {
      const countOf = (happenings: readonly Happening[]): number =>
        record("natural", hearDay(happenings)).tellers.size;
      const two = say(stage, [
        [1, 0],
        [2, 400],
      ]);
      const twice = say(stage, [
        [1, 0],
        [1, 700],
        [2, 800],
        [2, 9_000],
      ]);
      expect(countOf(two)).toBe(2);
      expect(countOf(twice)).toBe(4);
    });
  }

  it("is another on each platform, by whatever name and number", ({ expect }) => {
    const all = (["twitch", "kick", "youtube"] as const).flatMap((stage, index) =>
      say(stage, [[1, 0]]).map((each) => ({ ...each, no: index })),
    );
    for (const merge of ["exact", "natural"] as const) {
      const { placed } = record(merge, hearDay(all));
      for (const some of group(placed, ({ seq }) => String(seq)).values()) {
        expect(new Set(some.map(({ draft }) => draft.platform)).size).toBe(1);
      }
    }
    expect(record("natural", hearDay(all)).tellers.size).toBe(3);
  });
});
