import * as fc from "fast-check";
import { describe, it } from "vitest";

import {
  deriveKey,
  computeKeyId,
  NONCE_BYTES,
  equalDigests,
  seal,
  hashSha256,
  unseal,
} from "../../src/lib/secrecy.ts";

const NONCE = Uint8Array.from({ length: NONCE_BYTES }, (_, i) => i * 17);
const TEXT = '{"accessToken":"s3cr3t","refreshToken":"🔑"}';

/** Sealed text with one bit of its nonce or its body turned round. */
function tampered(sealed: string, part: 2 | 3, bit: number): string {
  const parts = sealed.split(".");
  const bytes = Buffer.from(parts[part] ?? "", "base64url");
  const at = bit % (bytes.length * 8);
  bytes.writeUInt8(bytes.readUInt8(at >> 3) ^ (1 << (at & 7)), at >> 3);
  parts[part] = bytes.toString("base64url");
  return parts.join(".");
}

describe("a sealed text", () => {
  it("is opened at its place with its key, and says nothing by itself", async ({ expect }) => {
    const texts = fc.string({ unit: "grapheme-composite", maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(texts, fc.string(), async (text, place) => {
        const sealed = await seal("master", place, text, NONCE);
        expect(await unseal("master", place, sealed)).toBe(text);
        expect(sealed).toMatch(/^v1\.[0-9a-f]{8}\.[\w-]{16}\.[\w-]+$/);
      }),
    );
    expect(await seal("master", "row", TEXT, NONCE)).not.toContain("s3cr3t");
  });

  it("keeps a byte-order mark, as any other character", async ({ expect }) => {
    const sealed = await seal("master", "row", "\uFEFFtext", NONCE);
    expect(await unseal("master", "row", sealed)).toBe("\uFEFFtext");
  });

  it("does not open in another row, nor with another key", async ({ expect }) => {
    const sealed = await seal("master", "provider/p_1", TEXT, NONCE);
    expect(await unseal("master", "provider/p_2", sealed)).toBeNull();
    expect(await unseal("other", "provider/p_1", sealed)).toBeNull();
  });

  it("does not open where the key's id was forged", async ({ expect }) => {
    const [version, , nonce, body] = (await seal("master", "row", TEXT, NONCE)).split(".");
    const forged = [version, await computeKeyId("other"), nonce, body].join(".");
    expect(await unseal("other", "row", forged)).toBeNull();
  });

  it("does not open with any one bit turned round", async ({ expect }) => {
    const sealed = await seal("master", "row", TEXT, NONCE);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(2 as const, 3 as const), fc.nat(), async (part, bit) => {
        expect(await unseal("master", "row", tampered(sealed, part, bit))).toBeNull();
      }),
    );
  });

  it("does not open with something put after it, or before, or left out", async ({ expect }) => {
    const sealed = await seal("master", "row", TEXT, NONCE);
    const parts = sealed.split(".");
    const wrong = [
      `${sealed}.more`,
      `${sealed}.`,
      `x${sealed}`,
      sealed.replace("v1", "v2"),
      sealed.slice(0, -8),
      parts.slice(0, 3).join("."),
      [...parts.slice(0, 3), ""].join("."),
      [...parts.slice(0, 3), "?!*"].join("."),
      "",
      "...",
    ];
    for (const each of wrong) expect(await unseal("master", "row", each)).toBeNull();
  });
});

describe("a key", () => {
  it("is another for each purpose and each master, and the same again", async ({ expect }) => {
    const keys = await Promise.all([
      deriveKey("master", "seal"),
      deriveKey("master", "sign"),
      deriveKey("other", "seal"),
    ]);
    const hex = keys.map((key) => Buffer.from(key).toString("hex"));
    expect(new Set(hex).size).toBe(3);
    expect(keys.map((key) => key.length)).toEqual([32, 32, 32]);
    expect(Buffer.from(await deriveKey("master", "seal")).toString("hex")).toBe(hex[0]);
  });

  it("has an id that tells keys apart and is not the beginning of their digest", async ({
    expect,
  }) => {
    const id = await computeKeyId("master");
    expect(id).toMatch(/^[0-9a-f]{8}$/);
    expect(await computeKeyId("master2")).not.toBe(id);
    expect(await hashSha256("master")).not.toContain(id);
  });
});

describe("a digest", () => {
  it("is SHA-256 of the text as UTF-8, in hex", async ({ expect }) => {
    // FIPS 180-2, B.1.
    const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    expect(await hashSha256("abc")).toBe(abc);
    expect(await hashSha256("ü")).not.toBe(await hashSha256("u"));
  });

  it("is the same as itself and as nothing else", ({ expect }) => {
    const hex = fc.stringMatching(/^[0-9a-f]{0,64}$/);
    fc.assert(
      fc.property(hex, hex, (a, b) => {
        expect(equalDigests(a, b)).toBe(a === b);
        expect(equalDigests(a, a)).toBe(true);
        expect(equalDigests(a, `${a}0`)).toBe(false);
      }),
    );
  });

  it("differs at its first and at its last character alike", ({ expect }) => {
    expect(equalDigests("0abc", "1abc")).toBe(false);
    expect(equalDigests("abc0", "abc1")).toBe(false);
  });
});
