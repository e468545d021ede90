import * as fc from "fast-check";
import { describe, it } from "vitest";

import { resumeAfter } from "../../src/channel/resume.ts";
import { EPOCH } from "../support/samples.ts";

const LOG = { epoch: EPOCH, oldest: 100, head: 250 };
const OTHER = "zzzzzzzzzz";

describe("a reader that comes back", () => {
  it.for([100, 101, 249, 250])(
    "after %i goes on there and has missed nothing",
    (seq, { expect }) => {
      expect(resumeAfter({ epoch: EPOCH, seq }, LOG)).toEqual({ from: seq, gap: null });
    },
  );

  it("after something that is no longer kept goes on with the oldest, and is told what it missed", ({
    expect,
  }) => {
    expect(resumeAfter({ epoch: EPOCH, seq: 40 }, LOG)).toEqual({
      from: 100,
      gap: { from: `${EPOCH}-40`, to: `${EPOCH}-100`, cause: "expired", shed: 60 },
    });
    expect(resumeAfter({ epoch: EPOCH, seq: 99 }, LOG).gap?.shed).toBe(1);
  });

  it("after a place that does not exist yet begins at now: it was never told of this log", ({
    expect,
  }) => {
    expect(resumeAfter({ epoch: EPOCH, seq: 251 }, LOG)).toEqual({
      from: 250,
      gap: { from: `${EPOCH}-251`, to: `${EPOCH}-250`, cause: "unknown_position", shed: null },
    });
  });

  it("from another incarnation begins at now, whatever its place was", ({ expect }) => {
    for (const seq of [0, 50, 150, 9_999]) {
      const { from, gap } = resumeAfter({ epoch: OTHER, seq }, LOG);
      expect(from).toBe(250);
      expect(gap).toMatchObject({ from: `${OTHER}-${seq}`, to: `${EPOCH}-250`, shed: null });
    }
  });

  it("to an empty log begins at its beginning", ({ expect }) => {
    const empty = { epoch: EPOCH, oldest: 0, head: 0 };
    expect(resumeAfter({ epoch: EPOCH, seq: 0 }, empty)).toEqual({ from: 0, gap: null });
  });

  it("always goes on within the log, and is told of a gap exactly where it does not go on where it was", ({
    expect,
  }) => {
    const bounds = fc
      .tuple(fc.nat(), fc.nat())
      .map(([oldest, more]) => ({ epoch: EPOCH, oldest, head: oldest + more }));
    const position = fc.record({ epoch: fc.constantFrom(EPOCH, OTHER), seq: fc.nat() });
    fc.assert(
      fc.property(bounds, position, (log, after) => {
        const { from, gap } = resumeAfter(after, log);
        expect(from).toBeGreaterThanOrEqual(log.oldest);
        expect(from).toBeLessThanOrEqual(log.head);
        expect(gap === null).toBe(after.epoch === EPOCH && from === after.seq);
      }),
    );
  });
});
