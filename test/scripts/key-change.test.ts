import { describe, it } from "vitest";

import {
  checkRemoval,
  checkTakenUp,
  formatOption,
  judgeRotation,
  namePrevious,
  pickVersion,
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
  const begun = { secrets: [MASTER, ADMIN], row: null, nextId: null, now: 0 };
  const both = { ...begun, secrets: [MASTER, namePrevious(MASTER), ADMIN, namePrevious(ADMIN)] };

  it("is changed where there is one, and no change of it is under way", ({ expect }) => {
    expect(() => judgeRotation(MASTER, { ...begun, secrets: [ADMIN] })).toThrow(/has no .* yet/);
    expect(judgeRotation(MASTER, begun)).toBe("begins");
    expect(judgeRotation(ADMIN, begun)).toBe("begins");
    expect(() => judgeRotation(ADMIN, both)).toThrow(/--drop-previous-admin-key/);
    // The change before it has ended, and only its end is left.
    const ended = { ...both, row: ROW, now: 25 * HOUR_MS };
    expect(() => judgeRotation(MASTER, ended)).toThrow(/--drop-previous-master-key/);
  });

  it("whose change was cut off goes on with the key that was made then", ({ expect }) => {
    const unseen = { ...ROW, id: "old", previous: null };
    for (const row of [null, unseen, ROW, { ...ROW, remains: left({ old: 1 }) }]) {
      expect(judgeRotation(MASTER, { ...both, row })).toBe("goes on");
    }
    expect(judgeRotation(MASTER, { ...both, row: ROW, nextId: "new" })).toBe("goes on");
    expect(judgeRotation(MASTER, { ...both, row: unseen, nextId: "new" })).toBe("goes on");
    const other = { ...both, row: ROW, nextId: "another" };
    expect(() => judgeRotation(MASTER, other)).toThrow(/the key of id new/);
  });

  it("is not changed while requests go to two versions, one of which would lack it", ({
    expect,
  }) => {
    expect(pickVersion(["one"])).toBe("one");
    expect(() => pickVersion(["one", "two"])).toThrow(/staged release/);
    expect(() => pickVersion([])).toThrow(/does not say/);
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
    expect(checkTakenUp(ROW, null, null)).toBe(true);
    expect(checkTakenUp(before, null, null)).toBeNull();
    expect(() => checkTakenUp({ ...ROW, previous: null }, "new", before)).toThrow(/rollback/);
    expect(() => checkTakenUp({ ...ROW, previous: "x" }, "new", before)).toThrow(/needs old/);
  });

  it("comes to its new name by a binding that is taken over from the version that had it", ({
    expect,
  }) => {
    expect(withRenamed('name = "tributary"', MASTER, "a-version", undefined))
      .toBe(`name = "tributary"
[[unsafe.bindings]]
name = "TRIBUTARY_MASTER_KEY_PREVIOUS"
type = "inherit"
old_name = "TRIBUTARY_MASTER_KEY"
version_id = "a-version"
`);
    expect(withRenamed("", ADMIN, "a-version", "staging")).toContain(
      "[[env.staging.unsafe.bindings]]",
    );
  });
});
