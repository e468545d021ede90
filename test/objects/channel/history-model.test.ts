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
  const exported = await model.exported("asc");
  for (const [events, hasRaw] of [
    [read, true],
    [exported, false],
    [(await model.exported("desc")).toReversed(), false],
  ] as const) {
    expect(events).toEqual(
      events.map(({ seq }) => {
        const event = expected.get(seq);
        return hasRaw || event === undefined ? event : { ...event, raw: null };
      }),
    );
    const seqs = events.map(({ seq }) => seq);
    expect(seqs).toEqual([...new Set(seqs)].toSorted((a, b) => a - b));
  }
  // Both have what is kept, wherever that is by now.
  const kept = HistoryModel.shown(model.kept()).map(({ seq }) => seq);
  const from = kept[0] ?? 0;
  for (const events of [read, exported]) {
    expect(events.map(({ seq }) => seq).filter((seq) => seq >= from)).toEqual(kept);
  }
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
    const exported = shown.map((event) => ({ ...event, raw: null }));
    expect(await model.exported("asc", filter)).toEqual(exported);
    expect(await model.exported("desc", filter)).toEqual(exported.toReversed());
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

  it("has nothing again that was erased since, where the database was put back to any time, and loses nothing that the journal has", async ({
    expect,
  }) => {
    const living = [appending, appending, erasing, draining, failing, dying, shelving, pruning];
    const lives = array(oneof(...living), { minLength: 2, maxLength: 7 });
    await assert(
      asyncProperty(lives, lives, lives, async (before, since, later) => {
        await withModel(async (model) => {
          for (const step of before) await step(model);
          const putBack = await model.keep();
          for (const step of since) await step(model);
          // What is on its way is carried out before a database is put back, or never.
          await model.faulty.arrive();
          await putBack();
          await model.settle();
          await checkShown(model, expect);
          for (const step of later) await step(model);
          await model.settle();
          await checkShown(model, expect);
          await checkKept(model, expect);
        });
      }),
      { numRuns: 12 },
    );
  });

  it.for(FAULTS)(
    "loses nothing else and shows nothing erased where taking away what is too old fails at any statement: %s",
    async (fault, { expect }) => {
      for (let calls = 0; ; calls++) {
        let isOver = false;
        await withModel(async (model) => {
          model.append(130, 1);
          await model.drain();
          for (let volumes = 0; volumes < 2; volumes++) await model.shelve(model.head);
          model.append(60, 3);
          await model.drain();
          model.forget();
          model.erase("twitch", { kind: "user", userId: "user-1", names: [] });
          await model.drain();
          model.faulty.plan(calls, fault);
          await model.prune(150);
          isOver = model.faulty.isPlanned;
          model.faulty.heal();
          await checkShown(model, expect);
          model.kill();
          await model.faulty.arrive();
          await checkShown(model, expect);
          await model.settle();
          await checkShown(model, expect);
          await checkKept(model, expect);
        });
        if (isOver) break;
        expect(calls).toBeLessThan(100);
      }
    },
  );

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
