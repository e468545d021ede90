import { array, assert, asyncProperty, constantFrom, integer, oneof, tuple } from "fast-check";
import type { Arbitrary } from "fast-check";
import { afterEach, beforeEach, describe, it, vi, type ExpectStatic } from "vitest";

import type { Erasure } from "../../../src/event/erasure.ts";
import { parseFilter, type Filter } from "../../../src/event/filter.ts";
import { formatPosition } from "../../../src/event/position.ts";
import type { Fault } from "../../support/faulty-database.ts";
import { EPOCH, HistoryModel, timeOf, withModel } from "../../support/history-model.ts";

/** A step in a channel's life. */
type Step = (model: HistoryModel) => Promise<void> | void;

const FAULTS: readonly Fault[] = ["before", "after", "late"];

const appending = tuple(integer({ min: 1, max: 160 }), integer({ min: 0, max: 20 })).map(
  ([count, salt]): Step =>
    (model) =>
      model.append(count, salt),
);

const erasing = tuple(
  constantFrom("twitch", "kick"),
  oneof(
    integer({ min: 0, max: 2 }).map((n): Erasure["scope"] => ({
      kind: "user",
      userId: `user-${n}`,
      names: [],
    })),
    array(integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 3 }).map(
      (seqs): Erasure["scope"] => ({ kind: "messages", ids: seqs.map((seq) => `message-${seq}`) }),
    ),
    array(integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 3 }).map(
      (seqs): Erasure["scope"] => ({
        kind: "messages",
        ids: [],
        events: seqs.map((seq) => formatPosition(EPOCH, seq)),
      }),
    ),
  ),
).map(
  ([platform, scope]): Step =>
    (model) =>
      model.erase(platform, scope),
);

const draining = constantFrom<Step>(async (model) => {
  await model.drain();
});

const failing = tuple(integer({ min: 0, max: 16 }), constantFrom(...FAULTS)).map(
  ([calls, fault]): Step =>
    async (model) => {
      model.faulty.plan(calls, fault);
      await model.drain();
      model.faulty.heal();
    },
);

const dying = tuple(integer({ min: 0, max: 16 }), constantFrom(...FAULTS)).map(
  ([calls, fault]): Step =>
    async (model) => {
      model.faulty.plan(calls, fault);
      await model.drain();
      model.faulty.heal();
      model.kill();
    },
);

const pruning = tuple(integer({ min: 1, max: 150 }), integer({ min: 0, max: 12 })).map(
  ([seq, calls]): Step =>
    async (model) => {
      model.faulty.plan(calls, "after");
      await model.prune(Math.min(seq, model.head));
      model.faulty.heal();
    },
);

const shelving = tuple(
  integer({ min: 0, max: 14 }),
  constantFrom(...FAULTS),
  integer({ min: 0, max: 1 }),
).map(([calls, fault, kills]): Step => async (model) => {
  await model.shelve(model.head);
  model.faulty.plan(calls, fault);
  await model.shelve(model.head);
  model.faulty.heal();
  if (kills === 1) model.kill();
});

const forgetting = constantFrom<Step>((model) => model.forget());
const arriving = constantFrom<Step>((model) => model.faulty.arrive());

/** What may happen to a history, in any order. */
const STEPS: readonly Arbitrary<Step>[] = [
  appending,
  appending,
  erasing,
  draining,
  failing,
  dying,
  pruning,
  shelving,
  shelving,
  forgetting,
  arriving,
];

const filterOf = (words: Parameters<typeof parseFilter>[0]): Filter => {
  const parsed = parseFilter(words);
  if (!parsed.ok) throw new Error("a filter that is none");
  return parsed.filter;
};

/** Everything that a client reads now is as it may be shown now, in order and once. */
async function checkShown(model: HistoryModel, expect: ExpectStatic): Promise<void> {
  const expected = new Map(HistoryModel.shown(model.expected()).map((event) => [event.seq, event]));
  const read = await model.resume();
  expect(read).toEqual(read.map(({ seq }) => expected.get(seq)));
  const seqs = read.map(({ seq }) => seq);
  expect(seqs).toEqual([...new Set(seqs)].toSorted((a, b) => a - b));
}

/** Every reader of history agrees with what it should have. */
async function checkKept(model: HistoryModel, expect: ExpectStatic): Promise<void> {
  const kept = model.kept();
  const filters = [
    filterOf({}),
    filterOf({ types: "custom.*" }),
    filterOf({ platforms: "kick" }),
    filterOf({ types: "chat.message", platforms: "twitch" }),
  ];
  for (const filter of filters) {
    const shown = HistoryModel.shown(kept, filter);
    expect(await model.pages("asc", filter)).toEqual(shown);
    expect(await model.pages("desc", filter)).toEqual(shown.toReversed());
  }
  for (const event of HistoryModel.shown(kept).filter((_, index) => index % 17 === 0)) {
    expect(await model.single(event.seq)).toEqual(event);
  }
  const [oldest] = kept;
  if (oldest === undefined) return;
  for (const { at, seq } of kept.filter((_, index) => index % 13 === 0)) {
    const before = kept.findLast((each) => each.at < timeOf(seq))?.seq ?? oldest.seq - 1;
    expect([at, await model.seqBefore(at)]).toEqual([at, before]);
  }
}

describe("history, whatever happens between two statements", () => {
  beforeEach(() => {
    vi.spyOn(console, "error").mockReturnValue();
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("is what was said, erased and kept, for every reader, and nothing erased is ever read", async ({
    expect,
  }) => {
    await assert(
      asyncProperty(array(oneof(...STEPS), { minLength: 4, maxLength: 14 }), async (steps) => {
        await withModel(async (model) => {
          for (const step of steps) {
            await step(model);
            await checkShown(model, expect);
          }
          await model.settle();
          await checkShown(model, expect);
          await checkKept(model, expect);
          const { kept, named } = await model.volumes();
          expect(kept).toEqual(named);
        });
      }),
      { numRuns: 20 },
    );
  });

  it("is not written where it goes beyond the log, whose storage was put back, and is as it was", async ({
    expect,
  }) => {
    await withModel(async (model) => {
      model.append(20, 1);
      await model.drain();
      const earlier = model.keepLog();
      model.append(10, 1);
      await model.drain();
      const inHistory = await model.pages("asc");
      earlier();
      for (let tries = 0; tries < 3; tries++) {
        model.append(3, 5);
        expect(await model.drain()).toBe(false);
        expect(model.fed).toBe(20);
      }
      expect(model.lastError).toContain("history goes to 30");
      expect((await model.pages("asc", undefined, 7, 30)).length).toBe(30);
      expect(await model.pages("asc", undefined, 7, 30)).toEqual(inHistory);
    });
  });
});
