import { describe, it } from "vitest";

import { formatMessageId, computeSlotMs } from "../../src/delivery/endpoint.ts";
import { isSelected, type Selection } from "../../src/delivery/recovery.ts";
import { EVERYTHING } from "../../src/event/filter.ts";

const event = (seq: number, type = "chat.message") => ({
  seq,
  type,
  provider: "dlive",
  platform: "dlive",
});
const chat = { ...EVERYTHING, types: ["chat.*"] };

const selection: Selection = {
  only: "all",
  filter: chat,
  taken: [{ after: 0, upTo: 10, filter: { ...EVERYTHING, types: ["chat.cleared"] } }],
  failed: new Set([4]),
  pending: new Set([5]),
};

describe("a recovery", () => {
  it("of all brings what the filter lets through, but not what waits anyhow", ({ expect }) => {
    expect(isSelected(selection, event(1))).toBe(true);
    expect(isSelected(selection, event(1, "channel.tip"))).toBe(false);
    expect(isSelected(selection, event(5))).toBe(false);
  });

  it("of what failed brings that, whatever the filter says by now", ({ expect }) => {
    const failed = { ...selection, only: "failed" as const };
    expect(isSelected(failed, event(4, "channel.tip"))).toBe(true);
    expect(isSelected(failed, event(3))).toBe(false);
  });

  it("of what is missing brings what was not taken, or not with the filter of its time", ({
    expect,
  }) => {
    const missing = { ...selection, only: "missing" as const };
    expect(isSelected(missing, event(3))).toBe(true);
    expect(isSelected(missing, event(3, "chat.cleared"))).toBe(false);
    expect(isSelected(missing, event(11, "chat.cleared"))).toBe(true);
  });
});

describe("a delivery's name", () => {
  it("is the event's, or the batch's first and last", ({ expect }) => {
    expect(formatMessageId("abc", { first: 7, last: 7, isBatch: false })).toBe("abc-7");
    expect(formatMessageId("abc", { first: 7, last: 7, isBatch: true })).toBe("abc-7..7");
    expect(formatMessageId("abc", { first: 7, last: 12, isBatch: true })).toBe("abc-7..12");
  });
});

describe("the pace", () => {
  it("is the slower of what the owner wants and the endpoint allows", ({ expect }) => {
    expect(computeSlotMs(null, null)).toBe(0);
    expect(computeSlotMs(10, null)).toBe(100);
    expect(computeSlotMs(10, 60)).toBe(1_000);
    expect(computeSlotMs(0.5, 600)).toBe(2_000);
  });
});
