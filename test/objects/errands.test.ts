import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, it, vi } from "vitest";

import { Errands } from "../../src/objects/errands.ts";
import { listErrands, type Errand } from "../../src/store/object/errands.ts";
import { makeChannel } from "../support/api.ts";

type Told = Errand<"hub-changed">;

const ERRAND: Told = { kind: "hub-changed", name: "hub-0", number: 1, epoch: "k3f9w2ab7q" };

/** Errands in the storage of a real object; each telling is answered when the test says so. */
async function inObject(
  work: (all: {
    readonly errands: Errands<"hub-changed">;
    readonly tellings: { readonly errand: Told; answer(failure?: Error): void }[];
    readonly kept: () => Errand[];
    readonly alarms: boolean[];
  }) => Promise<void>,
): Promise<void> {
  const stub = env.CHANNEL.getByName(await makeChannel());
  await runInDurableObject(stub, async (_, { storage }) => {
    const tellings: { errand: Told; answer(failure?: Error): void }[] = [];
    const alarms: boolean[] = [];
    const errands = new Errands<"hub-changed">({
      storage,
      perform: (errand) =>
        new Promise<void>((resolve, reject) => {
          const answer = (failure?: Error): void =>
            failure === undefined ? resolve() : reject(failure);
          tellings.push({ errand, answer });
        }),
      keepAlarm: (isNeeded) => alarms.push(isNeeded),
    });
    await work({ errands, tellings, alarms, kept: () => listErrands(storage.sql) });
  });
}

describe("an errand", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("is kept until it has been answered, and no longer", async ({ expect }) => {
    await inObject(async ({ errands, tellings, kept, alarms }) => {
      errands.put([ERRAND]);
      errands.changed();
      const run = errands.run();
      expect(kept()).toEqual([ERRAND]);
      tellings[0]?.answer();
      await run;
      expect(kept()).toEqual([]);
      expect(alarms).toEqual([true, false]);
    });
  });

  it("is begun to be told at once, and nobody waits for it", async ({ expect }) => {
    await inObject(async ({ errands, tellings, kept, alarms }) => {
      errands.put([ERRAND]);
      errands.begin();
      expect([tellings.length, alarms]).toEqual([1, [true]]);
      tellings[0]?.answer();
      await errands.run();
      expect(kept()).toEqual([]);
    });
  });

  it("is kept where it could not be told, and told again", async ({ expect }) => {
    vi.spyOn(console, "error").mockReturnValue();
    await inObject(async ({ errands, tellings, kept, alarms }) => {
      errands.put([ERRAND]);
      errands.changed();
      const lost = errands.run();
      tellings[0]?.answer(new Error("lost on the way"));
      await lost;
      expect(kept()).toEqual([ERRAND]);
      expect(alarms).toEqual([true, true]);
      const again = errands.run();
      tellings[1]?.answer();
      await again;
      expect(kept()).toEqual([]);
    });
  });

  it("that is due anew while it is being told is told again: the answer is of before", async ({
    expect,
  }) => {
    await inObject(async ({ errands, tellings, kept }) => {
      errands.put([ERRAND]);
      errands.changed();
      const run = errands.run();
      errands.put([ERRAND]);
      tellings[0]?.answer();
      await vi.waitFor(() => expect(tellings).toHaveLength(2));
      expect(kept()).toEqual([ERRAND]);
      tellings[1]?.answer();
      await run;
      expect(kept()).toEqual([]);
    });
  });
});
