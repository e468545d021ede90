import { asyncProperty, assert, string } from "fast-check";
import { describe, it } from "vitest";

import { deflateText, inflateText } from "../../src/store/history/deflate.ts";

describe("a deflated text", () => {
  it("is read back as it was", async () => {
    await assert(
      asyncProperty(string({ unit: "grapheme", maxLength: 200 }), async (text) => {
        return (await inflateText(await deflateText(text))) === text;
      }),
    );
  });

  it("is a fraction of one that repeats itself, whatever its length", async ({ expect }) => {
    const text = '{"type":"chat.message"}\n'.repeat(20_000);
    const deflated = await deflateText(text);
    expect(deflated.length).toBeLessThan(text.length / 100);
    expect(await inflateText(deflated)).toBe(text);
  });

  it("that is none is refused", async ({ expect }) => {
    await expect(inflateText(new Uint8Array([1, 2, 3]))).rejects.toThrow();
  });
});
