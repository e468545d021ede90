import { env } from "cloudflare:workers";
import { array, assert, double, integer, property, record } from "fast-check";
import { describe, it } from "vitest";

import { DATABASE_MAX_BYTES, DATABASE_NEARLY_FULL } from "../../src/event/trouble.ts";
import {
  chooseDatabase,
  listDatabases,
  meterDatabases,
  openHistory,
} from "../../src/store/history/databases.ts";
import { allowQueries } from "../../src/store/history/metered.ts";
import { SPARES } from "../support/databases.ts";

const { SPARE_1, SPARE_2 } = SPARES;

describe("the database of a new channel's history", () => {
  it("is the relay's own where there is no other", ({ expect }) => {
    expect([0, 0.5, 0.999].map((chance) => chooseDatabase(["DB"], new Map(), chance))).toEqual([
      "DB",
      "DB",
      "DB",
    ]);
  });

  it("is a further one where there are some, one that has room before one that has none, and as often as it has room", ({
    expect,
  }) => {
    const sizes = array(integer({ min: 0, max: DATABASE_MAX_BYTES }), {
      minLength: 1,
      maxLength: 5,
    });
    const chance = double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    assert(
      property(record({ sizes, chance }), ({ sizes: bytes, chance: at }) => {
        const names = ["DB", ...bytes.map((_, index) => `HISTORY_${index + 1}`)];
        const sized = new Map<string, number>(
          bytes.map((size, index) => [`HISTORY_${index + 1}`, size] as const),
        );
        const chosen = chooseDatabase(names, sized, at);
        expect(chosen).toMatch(/^HISTORY_/);
        const hasRoom = (size: number): boolean => size < DATABASE_NEARLY_FULL;
        expect(hasRoom(sized.get(chosen) ?? 0)).toBe(bytes.some(hasRoom));
      }),
    );
    const names = ["DB", "HISTORY_1", "HISTORY_2"];
    const half = new Map([["HISTORY_1", DATABASE_NEARLY_FULL / 2]]);
    const chosen = Array.from({ length: 300 }, (_, index) =>
      chooseDatabase(names, half, index / 300),
    );
    expect(chosen.filter((name) => name === "HISTORY_1")).toHaveLength(100);
  });
});

describe("the bindings of databases", () => {
  it("are found by their names, in the order of their numbers, and only where they are databases", ({
    expect,
  }) => {
    const bound = {
      ...env,
      HISTORY_10: SPARE_1,
      HISTORY_2: SPARE_2,
      HISTORY_3: "a text",
      HISTORY: env.DB,
    };
    expect([...listDatabases(bound).keys()]).toEqual(["DB", "HISTORY_2", "HISTORY_10"]);
  });

  it("take their queries from one allowance, whichever is asked", async ({ expect }) => {
    const bound = { ...env, HISTORY_1: SPARE_1 };
    const metered = meterDatabases(bound, allowQueries(3));
    await metered.DB.prepare("SELECT 1").all();
    const history = openHistory(metered, { historyDatabase: "HISTORY_1" });
    await history.withSession().batch([history.prepare("SELECT 1"), history.prepare("SELECT 1")]);
    await expect(history.prepare("SELECT 1").all()).rejects.toThrow("more than 3 queries");
  });

  it("are never one for another: each way to ask one that is missing fails, with the same words", async ({
    expect,
  }) => {
    const missing = openHistory(env, { historyDatabase: "HISTORY_7" });
    const session = missing.withSession("first-primary");
    const statement = session.prepare("SELECT 1").bind(1);
    for (const ask of [
      () => statement.all(),
      () => statement.run(),
      () => statement.first(),
      () => statement.raw(),
      () => session.batch([statement]),
      () => missing.batch([statement]),
    ]) {
      await expect(ask()).rejects.toMatchObject({
        code: "unavailable",
        message: "The history of this channel is in a database that the relay cannot reach.",
      });
    }
  });
});
