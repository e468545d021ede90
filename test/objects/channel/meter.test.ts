import { afterEach, beforeEach, describe, it, vi } from "vitest";

import type { Figures } from "../../../src/channel/metering.ts";
import { ChannelMeter } from "../../../src/objects/channel/meter.ts";
import { makeChannel, postNotes } from "../../support/api.ts";

const points: AnalyticsEngineDataPoint[] = [];
const dataset = {
  writeDataPoint: (point: AnalyticsEngineDataPoint) => void points.push(point),
} as AnalyticsEngineDataset;
let figures: Figures;

beforeEach(() => {
  points.length = 0;
  figures = {
    events: 0,
    delivered: 0,
    shed: 0,
    repeats: 0,
    sockets: 2,
    historyLagMs: 0,
    viewers: 7,
    stoppedProviders: 0,
    rejected: 0,
    rowsWritten: 0,
  };
  vi.useFakeTimers({ now: 90_000 });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** So many events are on disk and then given out. */
function say(meter: ChannelMeter, events: number): void {
  figures = { ...figures, events: figures.events + events };
  meter.expect(events);
  figures = { ...figures, delivered: figures.delivered + 2 * events };
}

describe("a channel's metrics", () => {
  it("are one point for each minute in which something was said, whatever was said", ({
    expect,
  }) => {
    const meter = new ChannelMeter({ METRICS: dataset }, "demo", () => figures);
    say(meter, 3);
    say(meter, 1);
    vi.advanceTimersByTime(29_999);
    expect(points).toEqual([]);
    vi.advanceTimersByTime(1);
    vi.advanceTimersByTime(600_000);
    say(meter, 1);
    vi.advanceTimersByTime(60_000);
    expect(points.map(({ doubles }) => doubles)).toEqual([
      [4, 8, 0, 0, 2, 0, 7, 0],
      [1, 2, 0, 0, 2, 0, 7, 0],
    ]);
    expect(points[0]).toMatchObject({ indexes: ["demo"], blobs: ["demo"] });
  });

  it("cost nothing without the binding: no figure is read, and no timer set", ({ expect }) => {
    const read = vi.fn(() => figures);
    new ChannelMeter({}, "demo", read).expect(1);
    expect([read.mock.calls.length, vi.getTimerCount()]).toEqual([0, 0]);
  });

  it("that cannot be written are reported, and stop nothing", ({ expect }) => {
    const logged = vi.spyOn(console, "error").mockReturnValue();
    const failing = {
      writeDataPoint() {
        throw new Error("too many points");
      },
    } as AnalyticsEngineDataset;
    const meter = new ChannelMeter({ METRICS: failing }, "demo", () => figures);
    meter.expect(1);
    vi.advanceTimersByTime(60_000);
    expect(logged).toHaveBeenCalledWith(
      "metrics not written",
      expect.objectContaining({ channel: "demo" }),
    );
    meter.expect(1);
    expect(vi.getTimerCount()).toBe(1);
  });

  it("are not needed: a relay without them works", async ({ expect }) => {
    vi.useRealTimers();
    expect(await postNotes(await makeChannel(), ["a"])).toHaveLength(1);
  });
});
