import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, it, onTestFinished } from "vitest";

import { Keeper } from "../../src/client/keeper.ts";
import { filePositions } from "../../src/client/node.ts";
import { memoryPositions, webPositions } from "../../src/client/positions.ts";
import type { PositionStore } from "../../src/client/types.ts";
import { at, EPOCH } from "./support/session.ts";

const OTHER = "zzzzzzzzzz";

function makeStorage(): Pick<Storage, "getItem" | "setItem"> {
  const items = new Map<string, string>();
  return {
    getItem: (name) => items.get(name) ?? null,
    setItem: (name, value) => void items.set(name, value),
  };
}

async function makeFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tributary-places-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, "deep", "place.json");
}

describe.for(["web", "file"])("a place that is kept in a %s", (kind) => {
  const make = async (): Promise<PositionStore> =>
    kind === "web" ? webPositions(makeStorage()) : filePositions(await makeFile());

  it("never goes back within a log, and is another where the log is", async ({ expect }) => {
    const store = await make();
    expect(await store.load("mine/bot")).toBe(null);
    await store.save("mine/bot", at(9));
    await store.save("mine/bot", at(4));
    expect(await store.load("mine/bot")).toBe(at(9));
    await store.save("mine/bot", at(10));
    expect(await store.load("mine/bot")).toBe(at(10));
    await store.save("mine/bot", at(1, OTHER));
    expect(await store.load("mine/bot")).toBe(at(1, OTHER));
    expect(await store.load("other/bot")).toBe(null);
  });
});

describe("a file of places", () => {
  it("is whole whenever it is read, and is read by the next program", async ({ expect }) => {
    const path = await makeFile();
    const store = filePositions(path);
    const saves = Array.from({ length: 50 }, (_, index) => store.save("mine/bot", at(index + 1)));
    await saves[0];
    expect(JSON.parse(await readFile(path, "utf8"))).toHaveProperty(["mine/bot"]);
    for (const each of saves) await each;
    expect(await filePositions(path).load("mine/bot")).toBe(at(50));
  });
});

describe("a keeper", () => {
  const make = (positions: PositionStore | null, failed: (error: unknown) => void = () => {}) => {
    const timers: (() => void)[] = [];
    const clock = {
      now: () => 0,
      random: () => 0,
      setTimer(_ms: number, run: () => void) {
        timers.push(run);
        return () => void timers.splice(timers.indexOf(run), 1);
      },
    };
    return { keeper: new Keeper({ consumer: "bot", positions }, "mine", clock, failed), timers };
  };

  it("keeps the place that there is then, once a second, and at once when it ends", async ({
    expect,
  }) => {
    const store = memoryPositions();
    const { keeper, timers } = make(store);
    let seq = 1;
    for (; seq <= 5; seq++) keeper.note(() => at(seq));
    expect(timers).toHaveLength(1);
    timers[0]?.();
    expect(store.load("mine/bot")).toBe(at(6));
    keeper.note(() => at(7));
    await keeper.save(at(8));
    expect(store.load("mine/bot")).toBe(at(8));
  });

  it("says once that nothing can be kept, and goes on", async ({ expect }) => {
    const errors: unknown[] = [];
    const fail = (): never => {
      throw new Error("full");
    };
    const { keeper } = make({ load: fail, save: fail }, (error) => errors.push(error));
    const found: unknown[] = [];
    keeper.load((position) => found.push(position));
    await keeper.save(at(1));
    await keeper.save(at(2));
    expect(found).toEqual([null]);
    expect(errors).toHaveLength(1);
  });

  it("keeps nothing where it was told to", ({ expect }) => {
    const { keeper, timers } = make(null);
    keeper.note(() => `${EPOCH}-1`);
    expect(timers).toEqual([]);
  });
});
