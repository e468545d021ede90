import { describe, it } from "vitest";

import { LocalRateLimit } from "../../scripts/local/rate-limit.mjs";

describe("the rate limit of a relay on one machine", () => {
  it("lets each key pass so many times in a period, and again in the next", async ({ expect }) => {
    let now = 60_000;
    const limit = new LocalRateLimit({ limit: 2, period: 60 }, () => now);
    const ask = async (key: string): Promise<boolean> => (await limit.limit({ key })).success;
    expect([await ask("a"), await ask("a"), await ask("a"), await ask("b")]).toEqual([
      true,
      true,
      false,
      true,
    ]);
    now = 119_999;
    expect(await ask("a")).toBe(false);
    now = 120_000;
    expect(await ask("a")).toBe(true);
  });
});
