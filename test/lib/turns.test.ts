import { describe, it } from "vitest";

import { Turns } from "../../src/lib/turns.ts";

describe("turns", () => {
  it("are taken one at a time, in the order they were asked for", async ({ expect }) => {
    const turns = new Turns();
    const log: string[] = [];
    const work = (name: string, steps: number) => async (): Promise<string> => {
      log.push(`${name} begins`);
      for (let i = 0; i < steps; i++) await Promise.resolve();
      log.push(`${name} ends`);
      return name;
    };

    const results = await Promise.all([
      turns.run(work("long", 10)),
      turns.run(work("short", 0)),
      turns.run(work("middle", 3)),
    ]);

    expect(results).toEqual(["long", "short", "middle"]);
    expect(log).toEqual([
      "long begins",
      "long ends",
      "short begins",
      "short ends",
      "middle begins",
      "middle ends",
    ]);
  });

  it("fail by themselves, and the next is taken all the same", async ({ expect }) => {
    const turns = new Turns();
    const failed = turns.run(() => Promise.reject(new Error("broken")));
    const next = turns.run(() => Promise.resolve("next"));
    await expect(failed).rejects.toThrow("broken");
    await expect(next).resolves.toBe("next");
  });

  it("begin only when the one before has ended, however late that is", async ({ expect }) => {
    const turns = new Turns();
    const gate = Promise.withResolvers<void>();
    let begun = false;
    const first = turns.run(() => gate.promise);
    const second = turns.run(() => {
      begun = true;
      return Promise.resolve();
    });
    await Promise.resolve();
    await Promise.resolve();
    expect(begun).toBe(false);
    gate.resolve();
    await Promise.all([first, second]);
    expect(begun).toBe(true);
  });
});
