import { describe, it } from "vitest";

import { mendHistory, type Compared } from "../../src/channel/restored.ts";

const ABOUT: Compared = {
  channel: "demo",
  epoch: "k3f9w2ab7q",
  fed: 100,
  newest: { seq: 100, at: 9_000 },
  journal: { oldest: 60, oldestAt: 6_000, newestAt: 10_000 },
  keptSince: 0,
};

describe("a channel whose database was put back", () => {
  it("has nothing to mend where history has all that it was given", ({ expect }) => {
    expect(mendHistory(ABOUT)).toBeNull();
    expect(mendHistory({ ...ABOUT, newest: { seq: 101, at: 1 } })).toBeNull();
  });

  it("feeds again what history lacks, as far as the journal has it", ({ expect }) => {
    expect(mendHistory({ ...ABOUT, newest: { seq: 80, at: 8_000 } })).toEqual({
      from: 80,
      gap: null,
    });
    expect(mendHistory({ ...ABOUT, newest: { seq: 60, at: 5_000 } })).toEqual({
      from: 60,
      gap: null,
    });
  });

  it("tells in its place of what nobody has any more", ({ expect }) => {
    const mending = mendHistory({ ...ABOUT, newest: { seq: 40, at: 4_000 } });
    expect(mending).toMatchObject({
      from: 60,
      gap: {
        seq: 60,
        recordedAt: 6_000,
        event: {
          id: "k3f9w2ab7q-60",
          type: "connection.gap",
          data: {
            identifier: "history",
            from: "1970-01-01T00:00:04.000Z",
            to: "1970-01-01T00:00:06.000Z",
          },
        },
      },
    });
  });

  it("feeds its whole journal again where history has nothing of it", ({ expect }) => {
    const journal = { ...ABOUT.journal, oldest: 0 };
    expect(mendHistory({ ...ABOUT, newest: null, journal })).toEqual({ from: 0, gap: null });
  });

  it("gives history nothing back that retention has taken", ({ expect }) => {
    expect(mendHistory({ ...ABOUT, newest: null, keptSince: 10_001 })).toBeNull();
  });

  it("never takes history for further than it was fed", ({ expect }) => {
    const behind = { ...ABOUT, fed: 50, newest: { seq: 40, at: 4_000 } };
    expect(mendHistory(behind)?.from).toBe(50);
  });
});
