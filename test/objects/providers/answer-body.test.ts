import { describe, it, vi } from "vitest";

import { readAnswerBody } from "../../../src/objects/providers/answer-body.ts";

const MOST = 1_000;

/** A body that comes a piece at a time; `pulled` counts what was asked for. */
function dripping(pieces: number, size: number) {
  const count = { pulled: 0 };
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        count.pulled += 1;
        controller.enqueue(new TextEncoder().encode("x".repeat(size)));
        if (count.pulled === pieces) controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  return { body, count };
}

describe("an answer that is read beside a provider's socket", () => {
  it("is read whole, whether or not its length was told", async ({ expect }) => {
    const told = new Response("a word", { headers: { "content-length": "6" } });
    expect(await readAnswerBody(told, MOST)).toBe("a word");
    const { body } = dripping(5, 100);
    expect(await readAnswerBody(new Response(body), MOST)).toBe("x".repeat(500));
    expect(await readAnswerBody(new Response(null), MOST)).toBe("");
  });

  it("is read by no reader of its stream", async ({ expect }) => {
    const response = new Response("a word", { headers: { "content-length": "6" } });
    const reader = vi.spyOn(ReadableStream.prototype, "getReader");
    expect(await readAnswerBody(response, MOST)).toBe("a word");
    expect(await readAnswerBody(new Response(dripping(5, 100).body), MOST)).toHaveLength(500);
    expect(reader).not.toHaveBeenCalled();
    reader.mockRestore();
  });

  it.for([
    ["that says nothing of its length", {}],
    ["that says it is longer", { "content-length": "1000000" }],
    ["that is compressed", { "content-length": "10", "content-encoding": "gzip" }],
    ["that says what is no length", { "content-length": "-1" }],
  ] as const)("is read to its bound and no further: one %s", async ([, headers], { expect }) => {
    const { body, count } = dripping(1_000, 300);
    const text = await readAnswerBody(
      {
        body,
        headers: new Headers(headers),
        text: () => Promise.reject(new Error("whole")),
      } as unknown as Response,
      MOST,
    );
    expect(text).toBe("x".repeat(MOST));
    expect(count.pulled).toBeLessThan(10);
  });

  it("breaks off where the body does", async ({ expect }) => {
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.error(new Error("cut"));
      },
    });
    await expect(readAnswerBody(new Response(body), MOST)).rejects.toThrow("cut");
  });
});
