import { describe, it } from "vitest";

import { beginWith, nextStep, type Known, type Step } from "../../scripts/deploy/steps.ts";

/** What each step finds out or does, when all goes well. */
const DONE: Record<Step, Known> = {
  "ask-who": { isLoggedIn: true, accounts: [] },
  "log-in": { isLoggedIn: true },
  "choose-account": { account: "an-account" },
  "look-for-database": { database: "missing" },
  "look-for-secrets": { missingSecrets: ["A", "B"] },
  "judge-key-change": { isKeyChangePossible: true },
  "make-database": { database: "there" },
  "make-bucket": { bucket: "there" },
  "make-secrets": { hasMadeSecrets: true },
  migrate: { isMigrated: true },
  deploy: { address: "https://relay.example" },
  "ask-readiness": { isReady: true },
  "see-key-taken-up": { isTakenUp: true },
  "drop-key": { isDropped: true },
};

function walk(from: Known, found: Partial<Record<Step, Known>> = {}): Step[] {
  const steps: Step[] = [];
  let known = from;
  for (let step = nextStep(known); step !== null; step = nextStep(known)) {
    steps.push(step);
    known = { ...known, ...(found[step] ?? DONE[step]) };
  }
  return steps;
}

describe("the steps of a deploy", () => {
  it("where nothing is there look at everything first, then make it, and ask at last", ({
    expect,
  }) => {
    expect(walk({}, { "ask-who": { isLoggedIn: false } })).toEqual([
      "ask-who",
      "log-in",
      "choose-account",
      "look-for-database",
      "look-for-secrets",
      "make-database",
      "make-secrets",
      "migrate",
      "deploy",
      "ask-readiness",
    ]);
  });

  it("where all is there make nothing, and update it", ({ expect }) => {
    const there = {
      "look-for-database": { database: "there" },
      "look-for-secrets": { missingSecrets: [] },
    } as const;
    expect(walk({ isLoggedIn: true }, there)).toEqual([
      "choose-account",
      "look-for-database",
      "look-for-secrets",
      "migrate",
      "deploy",
      "ask-readiness",
    ]);
  });

  it("where half is there make the other half", ({ expect }) => {
    const half = { "look-for-database": { database: "there" } } as const;
    expect(walk({ isLoggedIn: true }, half)).not.toContain("make-database");
    expect(walk({ isLoggedIn: true }, half)).toContain("make-secrets");
  });

  it("that changes a key judge that before anything is made, and see it taken up at last", ({
    expect,
  }) => {
    const there = {
      "look-for-database": { database: "there" },
      "look-for-secrets": { missingSecrets: [] },
    } as const;
    const begun = beginWith(true, "a", { kind: "rotate", name: "TRIBUTARY_MASTER_KEY" });
    expect(walk(begun, there)).toEqual([
      "choose-account",
      "look-for-database",
      "look-for-secrets",
      "judge-key-change",
      "make-secrets",
      "migrate",
      "deploy",
      "ask-readiness",
      "see-key-taken-up",
    ]);
  });

  it("that goes on with a change make no other key, and see it taken up", ({ expect }) => {
    const begun = beginWith(true, "a", { kind: "rotate", name: "TRIBUTARY_MASTER_KEY" });
    const steps = walk(begun, {
      "look-for-database": { database: "there" },
      "look-for-secrets": { missingSecrets: [] },
      "judge-key-change": { isKeyChangePossible: true, isUnderWay: true },
    });
    expect(steps).not.toContain("make-secrets");
    expect(steps.slice(-3)).toEqual(["deploy", "ask-readiness", "see-key-taken-up"]);
  });

  it("that takes a key away deploy nothing", ({ expect }) => {
    const begun = beginWith(true, "a", { kind: "drop", name: "TRIBUTARY_ADMIN_KEY" });
    expect(walk(begun)).toEqual([
      "choose-account",
      "look-for-database",
      "look-for-secrets",
      "judge-key-change",
      "drop-key",
    ]);
  });

  it("ask for no log-in with a token for an account that is named", ({ expect }) => {
    expect(nextStep(beginWith(true, "an-account"))).toBe("choose-account");
    expect(nextStep(beginWith(true, undefined))).toBe("ask-who");
    expect(nextStep(beginWith(false, "an-account"))).toBe("ask-who");
  });

  it("make a bucket for the archive only where one is asked for, before what uses it", ({
    expect,
  }) => {
    expect(walk({ isLoggedIn: true })).not.toContain("make-bucket");
    const steps = walk({ isLoggedIn: true, bucket: "wanted" });
    expect(steps.indexOf("look-for-secrets")).toBeLessThan(steps.indexOf("make-bucket"));
    expect(steps.indexOf("make-bucket")).toBeLessThan(steps.indexOf("deploy"));
  });

  it("never deploy before the tables are there, nor make tables before the database", ({
    expect,
  }) => {
    const steps = walk({});
    expect(steps.indexOf("make-database")).toBeLessThan(steps.indexOf("migrate"));
    expect(steps.indexOf("migrate")).toBeLessThan(steps.indexOf("deploy"));
  });
});
