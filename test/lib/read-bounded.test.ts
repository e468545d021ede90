import { describe, it } from "vitest";

import { readBounded } from "../../src/lib/read-bounded.ts";

/** A body in pieces, and whether its reader said that it wants no more. */
function bodyOf(pieces: readonly Uint8Array[], goesOn = false) {
  const seen = { pulled: 0, cancelled: false };
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const piece = pieces[seen.pulled];
        seen.pulled += 1;
        if (piece !== undefined) controller.enqueue(piece);
        else if (!goesOn) controller.close();
      },
      cancel() {
        seen.cancelled = true;
        // A sender that never hears of it must not be waited for.
        return new Promise<never>(() => {});
      },
    },
    { highWaterMark: 0 },
  );
  return { body, seen };
}

const encoder = new TextEncoder();

describe("a body", () => {
  it("is read whole where it is within the bound, the bound included", async ({ expect }) => {
    const { body, seen } = bodyOf([encoder.encode("abc"), encoder.encode("de")]);
    expect(await readBounded(body, 5)).toEqual({ text: "abcde", bytes: 5, isWhole: true });
    expect(seen.cancelled).toBe(false);
    expect(await readBounded(null, 5)).toEqual({ text: "", bytes: 0, isWhole: true });
  });

  it("is cut at the bound, in bytes, and no piece more is asked for", async ({ expect }) => {
    const pieces = [encoder.encode("abc"), encoder.encode("def"), encoder.encode("ghi")];
    const { body, seen } = bodyOf(pieces);
    expect(await readBounded(body, 5)).toEqual({ text: "abcde", bytes: 6, isWhole: false });
    expect(seen).toEqual({ pulled: 2, cancelled: true });
  });

  it("has a character that came in two pieces, and no half of one at the bound", async ({
    expect,
  }) => {
    const [one, other] = [encoder.encode("é").subarray(0, 1), encoder.encode("é").subarray(1)];
    expect((await readBounded(bodyOf([one, other]).body, 2)).text).toBe("é");
    const cut = await readBounded(bodyOf([encoder.encode("aé€")]).body, 5);
    expect(cut).toEqual({ text: "aé", bytes: 6, isWhole: false });
  });

  it("is in memory up to the bound however large a piece of it is", async ({ expect }) => {
    const { text, isWhole } = await readBounded(bodyOf([new Uint8Array(100_000)]).body, 10);
    expect([text.length, isWhole]).toEqual([10, false]);
  });

  it("is an error where it breaks off", async ({ expect }) => {
    const broken = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.error(new Error("lost")),
    });
    await expect(readBounded(broken, 10)).rejects.toThrow("lost");
  });
});
