import { afterEach, beforeEach, describe, it, vi } from "vitest";

import { Timer } from "../../src/objects/timer.ts";

describe("a timer", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("rings once, at the earliest of the times it was to ring by", ({ expect }) => {
    const rung = vi.fn<() => void>();
    const timer = new Timer(rung);
    timer.ringBy(500, 0);
    timer.ringBy(900, 0);
    timer.ringBy(200, 0);
    vi.advanceTimersByTime(199);
    expect(rung).not.toHaveBeenCalled();
    vi.advanceTimersByTime(10_000);
    expect(rung).toHaveBeenCalledOnce();
  });

  it("rings at once for what has passed, can be set by what it does, and be cancelled", ({
    expect,
  }) => {
    const times: number[] = [];
    const timer = new Timer(() => {
      times.push(Date.now());
      if (times.length < 3) timer.ringBy(Date.now() + 10, Date.now());
    });
    const now = Date.now();
    timer.ringBy(now - 5_000, now);
    vi.advanceTimersByTime(15);
    timer.cancel();
    vi.advanceTimersByTime(1_000);
    expect(times).toEqual([now, now + 10]);
  });
});
