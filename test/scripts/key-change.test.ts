import { describe, it } from "vitest";

import {
  checkRemoval,
  checkRotation,
  checkTakenUp,
  formatOption,
  namePrevious,
  withRenamed,
} from "../../scripts/deploy/key-change.ts";
import { makeNext, needsNextAdminKey } from "../../scripts/deploy/secrets.ts";

const MASTER = "TRIBUTARY_MASTER_KEY";
const ADMIN = "TRIBUTARY_ADMIN_KEY";
const HOUR_MS = 3_600_000;

const left = (counts: object = {}): string =>
  JSON.stringify({ keyId: "new", old: 0, unreadable: 0, missing: [], unasked: 0, ...counts });

const ROW = { id: "new", since: 0, previous: "old", remains: left() };

describe("a key", () => {
  it("is not changed where there is none, nor while it is being changed", ({ expect }) => {
    expect(() => checkRotation(MASTER, [ADMIN])).toThrow(/has no TRIBUTARY_MASTER_KEY yet/);
    const both = [MASTER, namePrevious(MASTER)];
    expect(() => checkRotation(MASTER, both)).toThrow(/--drop-previous-master-key/);
    expect(() => checkRotation(ADMIN, [ADMIN, ...both])).not.toThrow();
    expect(() => checkRotation(MASTER, [MASTER])).not.toThrow();
  });

  it("is another one, the environment's under its own name or 32 random bytes", ({ expect }) => {
    expect(makeNext(MASTER, { [MASTER]: "the-current" }).values[MASTER]).toMatch(/^[0-9a-f]{64}$/);
    expect(makeNext(MASTER, { [`${MASTER}_NEXT`]: "mine" }).values).toEqual({ [MASTER]: "mine" });
    const known = makeNext(MASTER, { [`${MASTER}_NEXT`]: "mine", [namePrevious(MASTER)]: "old" });
    expect(known.values).toEqual({ [MASTER]: "mine", [namePrevious(MASTER)]: "old" });
  });

  it("is shown if it is an admin key that was made here, and no other", ({ expect }) => {
    const made = makeNext(ADMIN, {});
    expect(made.adminKey).toBe(made.values[ADMIN]);
    expect(made.adminKey).toMatch(/^trb_admin_[0-9a-f]{64}$/);
    expect(makeNext(ADMIN, { [`${ADMIN}_NEXT`]: "mine" }).adminKey).toBeUndefined();
    expect(makeNext(MASTER, {}).adminKey).toBeUndefined();
    expect(needsNextAdminKey(ADMIN, {})).toBe(true);
    expect(needsNextAdminKey(ADMIN, { [`${ADMIN}_NEXT`]: "mine" })).toBe(false);
    expect(needsNextAdminKey(MASTER, {})).toBe(false);
  });

  it.for([
    ["rotate", MASTER, "--rotate-master-key"],
    ["rotate", ADMIN, "--rotate-admin-key"],
    ["drop", MASTER, "--drop-previous-master-key"],
    ["drop", ADMIN, "--drop-previous-admin-key"],
  ] as const)("%s of %s is %s", ([kind, name, option], { expect }) => {
    expect(formatOption({ kind, name })).toBe(option);
  });
});

describe("the master key before", () => {
  it.for([
    ["nothing was noted", null, /not noted/],
    ["the relay does not have it", { ...ROW, previous: null }, /not noted/],
    ["nothing was looked at", { ...ROW, remains: null }, /looked at/],
    ["something is sealed with it", { ...ROW, remains: left({ old: 3 }) }, /3 texts/],
    ["somebody could not be asked", { ...ROW, remains: left({ unasked: 2 }) }, /2 channels/],
    ["tokens of its day are about", { ...ROW, since: 1 }, /until 1970-01-02T01:00:00.001Z/],
  ] as const)("stays where %s", ([, row, reason], { expect }) => {
    expect(() => checkRemoval(row, 25 * HOUR_MS)).toThrow(reason);
  });

  it("goes where nothing needs it, though something is unreadable anyway", ({ expect }) => {
    expect(() => checkRemoval(ROW, 25 * HOUR_MS)).not.toThrow();
    const lost = { ...ROW, remains: left({ unreadable: 1, missing: ["x"] }) };
    expect(() => checkRemoval(lost, 25 * HOUR_MS)).not.toThrow();
  });

  it("has to be the very one that there was, as soon as the new one is noted", ({ expect }) => {
    const before = { ...ROW, id: "old", previous: null };
    expect(checkTakenUp(null, "new", before)).toBeNull();
    expect(checkTakenUp(before, "new", before)).toBeNull();
    expect(checkTakenUp(ROW, "new", before)).toBe(true);
    expect(checkTakenUp(ROW, "new", null)).toBe(true);
    expect(() => checkTakenUp({ ...ROW, previous: null }, "new", before)).toThrow(/rollback/);
    expect(() => checkTakenUp({ ...ROW, previous: "x" }, "new", before)).toThrow(/needs old/);
  });

  it("comes to its new name by a binding that is taken over", ({ expect }) => {
    expect(withRenamed('name = "tributary"', MASTER, undefined)).toBe(`name = "tributary"
[[unsafe.bindings]]
name = "TRIBUTARY_MASTER_KEY_PREVIOUS"
type = "inherit"
old_name = "TRIBUTARY_MASTER_KEY"
`);
    expect(withRenamed("", ADMIN, "staging")).toContain("[[env.staging.unsafe.bindings]]");
  });
});
