import * as fc from "fast-check";
import { describe, it } from "vitest";

import {
  BACKLOG_MAX_CHARS,
  BATCH_MAX_CHARS,
  BATCH_MAX_EVENTS,
  HOLD_MS,
  countNextBatch,
  RENEW_MS,
  retryAfterMs,
} from "../../src/channel/batching.ts";

describe("what goes to a hub in one call", () => {
  it("is everything that waits, as long as that is not much", ({ expect }) => {
    expect(countNextBatch([{ events: 1, chars: 400 }])).toBe(1);
    expect(countNextBatch(Array.from({ length: 4 }, () => ({ events: 64, chars: 9_000 })))).toBe(4);
    expect(countNextBatch([])).toBe(0);
  });

  it("may be exactly as much as goes in one call, and no more", ({ expect }) => {
    const events = (count: number) => ({ events: count, chars: 1 });
    expect(countNextBatch([events(1), events(BATCH_MAX_EVENTS - 1)])).toBe(2);
    expect(countNextBatch([events(1), events(BATCH_MAX_EVENTS)])).toBe(1);
    const chars = (count: number) => ({ events: 1, chars: count });
    expect(countNextBatch([chars(1), chars(BATCH_MAX_CHARS - 1)])).toBe(2);
    expect(countNextBatch([chars(1), chars(BATCH_MAX_CHARS)])).toBe(1);
  });

  it("is one group at least, and otherwise no more than a socket takes at once", ({ expect }) => {
    const stretch = fc.record({
      events: fc.integer({ min: 0, max: 600 }),
      chars: fc.integer({ min: 0, max: 200_000 }),
    });
    fc.assert(
      fc.property(fc.array(stretch, { minLength: 1 }), (waiting) => {
        const count = countNextBatch(waiting);
        const sum = (key: "events" | "chars", upTo: number): number =>
          waiting.slice(0, upTo).reduce((total, each) => total + each[key], 0);
        expect(count).toBeGreaterThan(0);
        if (count > 1) {
          expect(sum("events", count)).toBeLessThanOrEqual(BATCH_MAX_EVENTS);
          expect(sum("chars", count)).toBeLessThanOrEqual(BATCH_MAX_CHARS);
        }
        const isAll = count === waiting.length;
        const isFull =
          sum("events", count + 1) > BATCH_MAX_EVENTS || sum("chars", count + 1) > BATCH_MAX_CHARS;
        expect(isAll || isFull).toBe(true);
      }),
    );
  });
});

it("a hub that fails is tried again soon at first, then every half minute", ({ expect }) => {
  expect([0, 1, 2, 5, 6, 1000].map(retryAfterMs)).toEqual([
    500, 1_000, 2_000, 16_000, 30_000, 30_000,
  ]);
});

it("a hub is given 256 events or 64 KiB at once, and a mebibyte may wait for it", ({ expect }) => {
  expect([BATCH_MAX_EVENTS, BATCH_MAX_CHARS, BACKLOG_MAX_CHARS]).toEqual([256, 65_536, 1_048_576]);
});

it("a hub says every two minutes that it is there, and is let go of after five", ({ expect }) => {
  expect([RENEW_MS, HOLD_MS]).toEqual([2 * 60_000, 5 * 60_000]);
});

it("a hub may be late once before its channel lets go of it", ({ expect }) => {
  expect(HOLD_MS).toBeGreaterThan(2 * RENEW_MS);
});
