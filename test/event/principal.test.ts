import * as fc from "fast-check";
import { describe, it } from "vitest";

import { listProblems, refuse } from "../../src/event/answer.ts";
import {
  cutTo,
  usesCredential,
  isBoundTo,
  mayAnywhere,
  Principal,
  findRights,
  Scope,
} from "../../src/event/principal.ts";

const NOW = 1_000;
const demo = { id: "demo", number: 7, public: false };
const open = { ...demo, public: true };

const writer: Principal = {
  kind: "key",
  credentialId: "key:1",
  scopes: ["events:read", "chat:write"],
  channels: [
    { id: "demo", number: 7 },
    { id: "other", number: 8 },
  ],
};

describe("what a principal may do on a channel", () => {
  it("is what its credential allows, where it is bound to this very channel or to none", ({
    expect,
  }) => {
    expect(findRights(writer, demo, NOW)).toEqual(["events:read", "chat:write"]);
    expect(findRights({ ...writer, channels: null }, demo, NOW)).toEqual(writer.scopes);
  });

  it.for([
    ["on another channel", { id: "foreign", number: 9 }],
    ["on a later channel of the same name", { id: "demo", number: 9 }],
    ["on a channel whose name is another's number", { id: "other", number: 7 }],
  ] as const)(
    "is nothing %s, or what everybody may where that is public",
    ([, where], { expect }) => {
      expect(findRights(writer, { ...where, public: false }, NOW)).toEqual([]);
      expect(findRights(writer, { ...where, public: true }, NOW)).toEqual(["events:read"]);
    },
  );

  it("is to read what is public, for nobody in particular", ({ expect }) => {
    const nobody: Principal = {
      kind: "anonymous",
      credentialId: "anonymous",
      scopes: [],
      channels: null,
    };
    expect(findRights(nobody, open, NOW)).toEqual(["events:read"]);
    expect(findRights(nobody, demo, NOW)).toEqual([]);
  });

  it("is nothing once its credential has run out, also where the channel is public", ({
    expect,
  }) => {
    expect(findRights({ ...writer, expiresAt: NOW + 1 }, open, NOW)).toEqual(writer.scopes);
    expect(findRights({ ...writer, expiresAt: NOW }, open, NOW)).toEqual([]);
  });

  it("is nothing once its credential was revoked, or the key that it was made with", ({
    expect,
  }) => {
    expect(findRights(writer, open, NOW, new Set(["key:1"]))).toEqual([]);
    const token: Principal = { ...writer, kind: "token", credentialId: "t", maker: "key:1" };
    expect(findRights(token, open, NOW, new Set(["key:1"]))).toEqual([]);
    expect(findRights(token, open, NOW, new Set(["key:2"]))).toEqual(writer.scopes);
    expect([
      usesCredential(token, "key:1"),
      usesCredential(token, "t"),
      usesCredential(token, "u"),
    ]).toEqual([true, true, false]);
  });

  it("is nothing without a scope, whatever it is called", ({ expect }) => {
    const kinds = Principal.shape.kind.options;
    const may = kinds.flatMap((kind) => findRights({ ...writer, kind, scopes: [] }, demo, NOW));
    expect(may).toEqual([]);
  });
});

describe("a principal that is cut down to a channel", () => {
  const bindings = fc.record({
    id: fc.constantFrom("a", "b"),
    number: fc.integer({ min: 1, max: 3 }),
  });
  const principals = fc.record({
    scopes: fc.subarray([...Scope.options]),
    channels: fc.option(fc.array(bindings, { maxLength: 3 })),
  });

  it("may there what it might before, and nowhere else more than everybody", ({ expect }) => {
    fc.assert(
      fc.property(principals, bindings, bindings, fc.boolean(), (about, here, there, isPublic) => {
        const whole: Principal = { kind: "key", credentialId: "k", ...about };
        const cut = cutTo(whole, here);
        const on = { ...here, public: isPublic };
        expect(new Set(findRights(cut, on, NOW))).toEqual(new Set(findRights(whole, on, NOW)));
        if (there.number === here.number && there.id === here.id) return;
        expect(findRights(cut, { ...there, public: false }, NOW)).toEqual([]);
      }),
    );
  });

  it("does not keep what it might only because the channel was public", ({ expect }) => {
    const stranger: Principal = { ...writer, channels: [] };
    expect(findRights(cutTo(stranger, open), demo, NOW)).toEqual([]);
  });
});

describe("a principal on the relay as a whole", () => {
  it("may what its scopes name if it is bound to no channels", ({ expect }) => {
    const free = { ...writer, channels: null };
    expect(mayAnywhere(free, "chat:write", NOW)).toBe(true);
    expect(mayAnywhere(free, "keys:manage", NOW)).toBe(false);
    expect(mayAnywhere({ ...free, expiresAt: NOW }, "chat:write", NOW)).toBe(false);
    expect(mayAnywhere(writer, "chat:write", NOW)).toBe(false);
  });

  it("that is bound to none reaches them all, and one bound to an empty list none", ({
    expect,
  }) => {
    expect(isBoundTo({ ...writer, channels: null }, demo)).toBe(true);
    expect(isBoundTo({ ...writer, channels: [] }, demo)).toBe(false);
  });
});

describe("a refusal", () => {
  it("points into the body by RFC 6901, under where the body stands", ({ expect }) => {
    const issues = [
      { path: ["target", "a/b~c", 0], message: "wrong" },
      { path: [], message: "none" },
    ];
    expect(listProblems({ issues }, "/3")).toEqual([
      { pointer: "/3/target/a~1b~0c/0", detail: "wrong" },
      { pointer: "/3", detail: "none" },
    ]);
  });

  it("has a list of problems only where there is one", ({ expect }) => {
    expect(refuse("conflict", "Too late.")).toEqual({
      ok: false,
      code: "conflict",
      detail: "Too late.",
    });
    expect(refuse("conflict", "Too late.", []).problems).toEqual([]);
  });
});
