import { afterEach, beforeEach, describe, it, vi } from "vitest";

import { dial, performExchange } from "../../../src/objects/providers/dial.ts";

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

describe("an exchange", () => {
  afterEach(() => void vi.unstubAllGlobals());

  const inAnHour = String(Math.ceil(Date.now() / 1_000) + 3_600);

  it.for([
    [429, { "retry-after": "3", "ratelimit-reset": inAnHour }, 3_000],
    [429, { "ratelimit-reset": "1" }, undefined],
    [429, {}, undefined],
    [200, { "ratelimit-reset": inAnHour }, undefined],
  ] as const)("of %i with %j says to wait %j ms", async ([status, headers, waitMs], { expect }) => {
    vi.stubGlobal("fetch", () => Promise.resolve(new Response("said", { status, headers })));
    const asked = { url: "https://says.example/", method: "GET", headers: {} } as const;
    const answer = await performExchange(asked);
    expect(answer).toMatchObject({ status, body: "said" });
    expect(answer?.retryAfterMs).toBe(waitMs);
  });

  it("knows the end of a rate by Twitch's name for it", async ({ expect }) => {
    const headers = { "ratelimit-reset": inAnHour };
    vi.stubGlobal("fetch", () => Promise.resolve(new Response("", { status: 429, headers })));
    const asked = { url: "https://says.example/", method: "GET", headers: {} } as const;
    expect((await performExchange(asked))?.retryAfterMs).toBeGreaterThan(3_000_000);
  });
});
