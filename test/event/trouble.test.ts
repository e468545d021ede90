import * as fc from "fast-check";
import { describe, it } from "vitest";

import {
  compareTroubles,
  countFailures,
  DATABASE_MAX_BYTES,
  findChannelTroubles,
  findCronTroubles,
  findDatabaseTrouble,
  formatTroubleKey,
  isTroubled,
  Trouble,
  type Reported,
  type Standing,
} from "../../src/event/trouble.ts";

const WELL: Reported = {
  historyLagMs: 0,
  stopped: [],
  webhooks: { disabled: [], failing: [] },
};
const nothing = (): boolean => false;
const everything = (): boolean => true;
const kindsOf = (troubles: readonly Trouble[]): string[] => troubles.map(({ kind }) => kind);

describe("a channel", () => {
  it("is in no trouble while all is well, and none while a webhook only fails", ({ expect }) => {
    expect(isTroubled(WELL)).toBe(false);
    const failing = { ...WELL, webhooks: { disabled: [], failing: ["wh_1"] } };
    expect(isTroubled(failing)).toBe(true);
    expect(findChannelTroubles("demo", failing, nothing)).toEqual([]);
  });

  it("is in one trouble for each provider that stopped and each webhook that is disabled", ({
    expect,
  }) => {
    const report: Reported = {
      historyLagMs: 0,
      stopped: [
        { id: "p1", protocol: "dlive", reason: "unauthorized" },
        { id: "p2", protocol: "astro", reason: null },
      ],
      webhooks: { disabled: ["wh_1"], failing: [] },
    };
    expect(findChannelTroubles("demo", report, nothing)).toEqual([
      {
        kind: "provider_stopped",
        channel: "demo",
        subject: "p1",
        detail: "dlive was given up: unauthorized.",
      },
      {
        kind: "provider_stopped",
        channel: "demo",
        subject: "p2",
        detail: "astro was given up.",
      },
      expect.objectContaining({ kind: "webhook_disabled", subject: "wh_1" }),
    ]);
  });

  it("is behind with its history from two minutes on, and until half a minute", ({ expect }) => {
    const behind = (historyLagMs: number, stands: () => boolean): number =>
      findChannelTroubles("demo", { ...WELL, historyLagMs }, stands).length;
    expect([behind(119_999, nothing), behind(120_000, nothing)]).toEqual([0, 1]);
    expect([behind(30_000, everything), behind(29_999, everything)]).toEqual([1, 0]);
  });

  it("is looked at for as long as any of its troubles goes on", ({ expect }) => {
    fc.assert(
      fc.property(fc.nat(300_000), fc.boolean(), (historyLagMs, stands) => {
        const report = { ...WELL, historyLagMs };
        const found = findChannelTroubles("demo", report, () => stands);
        expect(found.length > 0 && !isTroubled(report)).toBe(false);
      }),
    );
  });
});

describe("the database", () => {
  it("is nearly full from 80 % on, and until 75 %", ({ expect }) => {
    const isFull = (share: number, stands: () => boolean): boolean =>
      findDatabaseTrouble(share * DATABASE_MAX_BYTES, stands) !== null;
    expect([isFull(0.79, nothing), isFull(0.8, nothing)]).toEqual([false, true]);
    expect([isFull(0.76, everything), isFull(0.74, everything)]).toEqual([true, false]);
  });
});

describe("the minute's work", () => {
  it("fails once it has failed three times, one after the other", ({ expect }) => {
    let failing = countFailures([], ["purges", "keys"], 1);
    failing = countFailures(failing, ["purges"], 2);
    expect(findCronTroubles(failing)).toEqual([]);
    failing = countFailures(failing, ["purges", "keys"], 3);
    expect(failing).toEqual([
      { work: "purges", runs: 3, since: 1 },
      { work: "keys", runs: 1, since: 3 },
    ]);
    expect(findCronTroubles(failing).map(({ subject }) => subject)).toEqual(["purges"]);
    expect(countFailures(failing, [], 4)).toEqual([]);
  });
});

const trouble = fc.record({
  kind: fc.constantFrom(...Trouble.shape.kind.options),
  channel: fc.constantFrom(null, "a", "b"),
  subject: fc.constantFrom(null, "1", "2"),
  detail: fc.string({ maxLength: 5 }),
});
const minutes = fc.array(fc.array(trouble, { maxLength: 6 }), { maxLength: 10 });

describe("a trouble", () => {
  it("is told once at its beginning and once at its end, whatever its detail says", ({
    expect,
  }) => {
    fc.assert(
      fc.property(minutes, (all) => {
        let standing: Standing[] = [];
        const told: string[] = [];
        for (const [now, found] of [...all, []].entries()) {
          const { begun, ended } = compareTroubles(standing, found, now);
          for (const { key } of begun) told.push(`+${key}`);
          for (const { key } of ended) told.push(`-${key}`);
          const gone = new Set(ended.map(({ key }) => key));
          standing = [...standing.filter(({ key }) => !gone.has(key)), ...begun];
          expect(new Set(standing.map(({ key }) => key))).toEqual(
            new Set(found.map(formatTroubleKey)),
          );
        }
        for (const key of new Set(told.map((each) => each.slice(1)))) {
          const of = told.filter((each) => each.slice(1) === key).map((each) => each[0]);
          // Beginning and end take turns, and in the end all have ended.
          expect(of.join("")).toMatch(/^(\+-)+$/);
        }
      }),
    );
  });

  it("keeps the time since when it is there", ({ expect }) => {
    const [found] = findChannelTroubles("a", { ...WELL, historyLagMs: 200_000 }, nothing);
    if (found === undefined) throw new Error("no trouble");
    const { begun } = compareTroubles([], [found], 5);
    expect(begun).toEqual([{ key: formatTroubleKey(found), trouble: found, since: 5 }]);
    expect(compareTroubles(begun, [{ ...found, detail: "more" }], 6)).toEqual({
      begun: [],
      ended: [],
    });
    expect(kindsOf(compareTroubles(begun, [], 7).ended.map((each) => each.trouble))).toEqual([
      "history_behind",
    ]);
  });
});
