import { describe, it } from "vitest";

import {
  DERIVED_FOR,
  deriveFor,
  explainUnopened,
  findMasterKey,
  openSealed,
  readKeyId,
  readMasterKeys,
  SEALED_FOR,
  sealFor,
  type DerivedKind,
  type SealedKind,
} from "../../src/lib/master-keys.ts";
import { computeKeyId, NONCE_BYTES } from "../../src/lib/secrecy.ts";

const NONCE = Uint8Array.from({ length: NONCE_BYTES }, (_, i) => i);
const BEFORE = { current: "one", previous: null };
const DURING = { current: "two", previous: "one" };
const AFTER = { current: "two", previous: null };

const SEALED = Object.keys(SEALED_FOR) as SealedKind[];
const DERIVED = Object.keys(DERIVED_FOR) as DerivedKind[];

describe("while the master key is changed", () => {
  it.for(SEALED)(
    "%s opens with the key before, and is to be sealed anew",
    async (kind, { expect }) => {
      const sealed = await sealFor(BEFORE, kind, "it", "text", NONCE);
      const opened = { ok: true, text: "text" };
      expect(await openSealed(BEFORE, kind, "it", sealed)).toEqual({ ...opened, isOld: false });
      expect(await openSealed(DURING, kind, "it", sealed)).toEqual({ ...opened, isOld: true });
      const anew = await sealFor(DURING, kind, "it", "text", NONCE);
      expect(await openSealed(DURING, kind, "it", anew)).toEqual({ ...opened, isOld: false });
      expect(await openSealed(AFTER, kind, "it", anew)).toEqual({ ...opened, isOld: false });
      expect(await openSealed(BEFORE, kind, "it", anew)).toMatchObject({ ok: false });
    },
  );

  it.for(SEALED)(
    "%s opens in no other place, whichever key sealed it",
    async (kind, { expect }) => {
      const sealed = await sealFor(BEFORE, kind, "it", "text", NONCE);
      expect(await openSealed(DURING, kind, "another", sealed)).toEqual({
        ok: false,
        missing: null,
      });
      for (const other of SEALED.filter((each) => each !== kind)) {
        expect(await openSealed(DURING, other, "it", sealed)).toEqual({ ok: false, missing: null });
      }
    },
  );

  it.for(SEALED)("%s without its key says which secret is missing", async (kind, { expect }) => {
    const sealed = await sealFor(BEFORE, kind, "it", "text", NONCE);
    const id = await computeKeyId("one");
    const opened = await openSealed(AFTER, kind, "it", sealed);
    expect(opened).toEqual({ ok: false, missing: id });
    const why = explainUnopened({ missing: id });
    expect(why).toContain(id);
    expect(why).toContain("TRIBUTARY_MASTER_KEY_PREVIOUS");
  });

  it.for(DERIVED)(
    "%s is derived from each master key as from it alone",
    async (kind, { expect }) => {
      const [one, two] = [await deriveFor("one", kind, "it"), await deriveFor("two", kind, "it")];
      expect(one).not.toEqual(two);
      expect(await deriveFor("one", kind, "it")).toEqual(one);
      expect(await findMasterKey(DURING, await computeKeyId("one"))).toBe("one");
      expect(await findMasterKey(AFTER, await computeKeyId("one"))).toBeNull();
    },
  );
});

describe("master keys", () => {
  it("are one, where there is no other before it, or an empty one, or the same", ({ expect }) => {
    const current = { TRIBUTARY_MASTER_KEY: "a" };
    for (const previous of [undefined, "", "a"]) {
      const env = { ...current, TRIBUTARY_MASTER_KEY_PREVIOUS: previous };
      expect(readMasterKeys(env)).toEqual({ current: "a", previous: null });
    }
    const two = { ...current, TRIBUTARY_MASTER_KEY_PREVIOUS: "b" };
    expect(readMasterKeys(two)).toEqual({ current: "a", previous: "b" });
  });

  it("have no id in a text that is not sealed", ({ expect }) => {
    for (const text of ["", "v1", "v1.0.x.y", "v2.00000000.x.y", "v1.0000000g.x.y"]) {
      expect(readKeyId(text)).toBeNull();
    }
  });
});
