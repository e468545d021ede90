import { afterEach, beforeEach, describe, it, vi } from "vitest";

import { dial } from "../../../src/objects/providers/dial.ts";

/** A server that refuses, and never ends saying so. */
function dripping(_: unknown, { signal }: { signal: AbortSignal }): Promise<Response> {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode("no"));
      signal.addEventListener("abort", () => controller.error(signal.reason));
    },
  });
  return Promise.resolve(new Response(body, { status: 500 }));
}

describe("a dial", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("is over in its time, though the refusal never ends", async ({ expect }) => {
    vi.stubGlobal("fetch", dripping);
    const dialled = dial({ url: "wss://drips.example/", protocols: [] });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await dialled).toMatchObject({ type: "unreachable" });
  });
});
