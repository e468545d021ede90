import { afterEach, beforeEach, describe, it, vi, type ExpectStatic } from "vitest";

import type { Erasure } from "../../../src/event/erasure.ts";
import type { Fault } from "../../support/faulty-database.ts";
import { HistoryModel, withModel } from "../../support/history-model.ts";

const EVENTS = 300;

const SCOPES: readonly Erasure["scope"][] = [
  { kind: "messages", ids: ["message-3", "message-4", "message-143", "message-291"] },
  { kind: "user", userId: "user-1", names: [] },
  { kind: "person", userId: "user-2", names: [] },
];

/** A failure, and when it arrives after all what was late: before the next look, or after all. */
const ENDS: readonly { readonly fault: Fault; readonly isSoon: boolean }[] = [
  { fault: "before", isSoon: true },
  { fault: "after", isSoon: true },
  { fault: "late", isSoon: true },
  { fault: "late", isSoon: false },
];

/** Two volumes of one block each, and a block that is left; the journal has let go of all. */
async function putAway(model: HistoryModel): Promise<void> {
  model.append(EVENTS, 1);
  await model.drain();
  for (let volumes = 0; volumes < 3; volumes++) await model.shelve(model.head);
  model.forget();
}

/** Every reader has what it should, and the bucket what the database tells of. */
async function check(model: HistoryModel, expect: ExpectStatic): Promise<void> {
  const kept = HistoryModel.shown(model.kept());
  expect(await model.pages("asc", undefined, 100)).toEqual(kept);
  expect(await model.pages("desc", undefined, 100)).toEqual(kept.toReversed());
  for (const { seq } of kept.filter((_, index) => index % 47 === 0)) {
    expect(await model.single(seq)).toEqual(kept.find((each) => each.seq === seq));
  }
  await checkVolumes(model, expect);
}

/** The bucket has nothing that the database does not tell of, and the other way round. */
async function checkVolumes(model: HistoryModel, expect: ExpectStatic): Promise<void> {
  const { kept, named } = await model.volumes();
  expect(kept).toEqual(named);
}

async function checkShown(model: HistoryModel, expect: ExpectStatic): Promise<void> {
  const shown = new Map(HistoryModel.shown(model.expected()).map((event) => [event.seq, event]));
  const read = await model.resume();
  expect(read).toEqual(read.map(({ seq }) => shown.get(seq)));
}

/** Does something with a failure at each of its steps, and a death after it; all is as it should be. */
async function survive(
  expect: ExpectStatic,
  begin: (model: HistoryModel) => Promise<void>,
  act: (model: HistoryModel) => Promise<unknown>,
  { fault, isSoon }: (typeof ENDS)[number],
): Promise<number> {
  let steps = 0;
  for (let calls = 0; ; calls++) {
    let isOver = false;
    await withModel(async (model) => {
      await begin(model);
      model.faulty.plan(calls, fault);
      await act(model);
      isOver = model.faulty.isPlanned;
      model.faulty.heal();
      model.kill();
      await checkShown(model, expect);
      if (isSoon) await model.faulty.arrive();
      await model.drain();
      if (model.hasErased) await checkVolumes(model, expect);
      await model.shelve(0);
      await model.faulty.arrive();
      await checkShown(model, expect);
      await model.settle();
      await checkShown(model, expect);
      await check(model, expect);
    });
    steps += 1;
    if (isOver) break;
  }
  return steps;
}

describe("what is erased in the archive", () => {
  beforeEach(() => {
    vi.spyOn(console, "error").mockReturnValue();
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it.for(SCOPES)(
    "is a tombstone for every reader, and its volume is gone: $kind",
    async (scope, { expect }) => {
      await withModel(async (model) => {
        await putAway(model);
        const before = (await model.volumes()).named;
        expect(before).toHaveLength(2);
        model.erase("twitch", scope);
        await checkShown(model, expect);
        await model.settle();
        await check(model, expect);
        const after = (await model.volumes()).kept;
        expect(after).toHaveLength(2);
        expect(after.filter((name) => before.includes(name))).toEqual([]);
      });
    },
  );

  it.for(ENDS)(
    "is erased once, and loses nothing, wherever that is cut off, and whatever comes late: $fault, soon: $isSoon",
    async (end, { expect }) => {
      const steps = await survive(
        expect,
        async (model) => {
          await putAway(model);
          model.erase("twitch", { kind: "user", userId: "user-1", names: [] });
        },
        (model) => model.drain(),
        end,
      );
      expect(steps).toBeGreaterThan(10);
    },
  );

  it("is erased though its volume's row changes late, at any moment of what is done meanwhile", async ({
    expect,
  }) => {
    for (let calls = 0; ; calls++) {
      let isOver = false;
      await withModel(async (model) => {
        await putAway(model);
        model.erase("twitch", { kind: "messages", ids: ["message-3"] });
        model.faulty.planBatch(0, "late");
        await model.drain();
        expect(model.faulty.isPlanned).toBe(false);
        model.kill();
        model.faulty.arriveAfter(calls);
        await model.drain();
        isOver = model.faulty.isWaiting;
        await model.settle();
        await checkShown(model, expect);
        await check(model, expect);
      });
      if (isOver) break;
    }
  });
});

describe("what is put away", () => {
  beforeEach(() => {
    vi.spyOn(console, "error").mockReturnValue();
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it.for(ENDS)(
    "is there once, wherever that is cut off, and whatever comes late: $fault, soon: $isSoon",
    async (end, { expect }) => {
      const steps = await survive(
        expect,
        async (model) => {
          model.append(EVENTS, 1);
          await model.drain();
          model.forget();
        },
        (model) => model.shelve(model.head),
        end,
      );
      expect(steps).toBeGreaterThan(5);
    },
  );
});
