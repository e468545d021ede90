import { describe, it } from "vitest";

import { problemsOf, refused } from "../../src/event/answer.ts";
import { isBoundTo, mayOn, Principal, Scope } from "../../src/event/principal.ts";

const reader: Principal = {
  kind: "key",
  credentialId: "k_1",
  scopes: ["events:read"],
  channels: ["demo", "other"],
};

describe("a principal", () => {
  it("may do what its scopes name, on the channels it is bound to", ({ expect }) => {
    expect(mayOn(reader, "events:read", "demo")).toBe(true);
    expect(mayOn(reader, "events:read", "foreign")).toBe(false);
    expect(mayOn(reader, "events:write", "demo")).toBe(false);
  });

  it("that is bound to none reaches them all, and one bound to an empty list none", ({
    expect,
  }) => {
    expect(isBoundTo({ ...reader, channels: null }, "any")).toBe(true);
    expect(isBoundTo({ ...reader, channels: [] }, "any")).toBe(false);
  });

  it("may do nothing without a scope, whatever it is called", ({ expect }) => {
    const kinds = Principal.shape.kind.options;
    const may = kinds.flatMap((kind) =>
      Scope.options.filter((scope) => mayOn({ ...reader, kind, scopes: [] }, scope, "demo")),
    );
    expect(may).toEqual([]);
  });
});

describe("a refusal", () => {
  it("points into the body by RFC 6901, under where the body stands", ({ expect }) => {
    const issues = [
      { path: ["target", "a/b~c", 0], message: "wrong" },
      { path: [], message: "none" },
    ];
    expect(problemsOf({ issues }, "/3")).toEqual([
      { pointer: "/3/target/a~1b~0c/0", detail: "wrong" },
      { pointer: "/3", detail: "none" },
    ]);
  });

  it("has a list of problems only where there is one", ({ expect }) => {
    expect(refused("conflict", "Too late.")).toEqual({
      ok: false,
      code: "conflict",
      detail: "Too late.",
    });
    expect(refused("conflict", "Too late.", []).problems).toEqual([]);
  });
});
