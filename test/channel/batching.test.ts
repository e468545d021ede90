import { describe, it } from "vitest";

import {
  computeGatherMs,
  HOLD_MS,
  HUB_SLICE,
  RENEW_MS,
  WEBHOOK_SLICE,
} from "../../src/channel/batching.ts";

it("a hub is given 256 events or 64 KiB at once, a webhook as many or a mebibyte", ({ expect }) => {
  expect(HUB_SLICE).toEqual({ maxEvents: 256, maxBytes: 65_536 });
  expect(WEBHOOK_SLICE).toEqual({ maxEvents: 256, maxBytes: 1_048_576 });
});

describe("what a webhook leaves to gather", () => {
  it("is a millisecond for every webhook there is, two at least and a hundred at most", ({
    expect,
  }) => {
    expect([1, 2, 50, 100, 1_000].map(computeGatherMs)).toEqual([2, 2, 50, 100, 100]);
  });
});

it("a hub says every two minutes that it is there, and is let go of after five", ({ expect }) => {
  expect([RENEW_MS, HOLD_MS]).toEqual([2 * 60_000, 5 * 60_000]);
});

it("a hub may be late once before its channel lets go of it", ({ expect }) => {
  expect(HOLD_MS).toBeGreaterThan(2 * RENEW_MS);
});
