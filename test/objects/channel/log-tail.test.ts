import { describe, it } from "vitest";

import { HUB_SLICE, WEBHOOK_SLICE } from "../../../src/channel/batching.ts";
import { EVERYTHING } from "../../../src/event/filter.ts";
import type { Group, NumberedEvent } from "../../../src/event/group.ts";
import { LogTail } from "../../../src/objects/channel/log-tail.ts";

const WEBHOOK = { ...WEBHOOK_SLICE, filter: EVERYTHING, isRaw: false };
const HUB = { ...HUB_SLICE, filter: EVERYTHING, isRaw: true };

/** A group of so many events, each with such a text. */
function group(from: number, count: number, text: string, raw: string | null = null): Group {
  const events = Array.from({ length: count }, (_, index) => {
    const event = { type: "custom.note", provider: "api", platform: "api" };
    const seq = from + index + 1;
    return { seq, event, text, key: null, raw } as unknown as NumberedEvent;
  });
  return { from, to: from + count, events };
}

const chars = (count: number): string => "x".repeat(count);

describe("what is given on at once", () => {
  it("is so many events", ({ expect }) => {
    const tail = new LogTail(0);
    tail.add(group(0, 300, chars(100)));
    expect(tail.after(0, WEBHOOK)?.to).toBe(256);
    expect(tail.after(256, WEBHOOK)?.events).toHaveLength(44);
  });

  it("is fewer where they are large", ({ expect }) => {
    const tail = new LogTail(0);
    tail.add(group(0, 64, chars(65_536)));
    expect(tail.after(0, WEBHOOK)?.to).toBe(16);
  });

  it("is one event at least, however large it is", ({ expect }) => {
    const tail = new LogTail(0);
    tail.add(group(0, 2, chars(100_000)));
    expect(tail.after(0, HUB)?.to).toBe(1);
    expect(tail.after(1, HUB)?.to).toBe(2);
  });

  it("is counted in bytes, with the providers' words where they go along", ({ expect }) => {
    const wide = new LogTail(0);
    wide.add(group(0, 64, "€".repeat(8_192)));
    expect(wide.after(0, HUB)?.to).toBe(2);
    const tail = new LogTail(0);
    tail.add(group(0, 64, chars(1_024), chars(15_358)));
    const slice = tail.after(0, HUB);
    expect(slice?.to).toBe(4);
    expect(slice?.events[0]?.raw).toHaveLength(15_360);
    expect(tail.after(0, WEBHOOK)?.to).toBe(64);
    expect(tail.after(0, WEBHOOK)?.events[0]?.raw).toBeNull();
  });

  it("goes as far as was looked at, where the filter leaves little of it", ({ expect }) => {
    const tail = new LogTail(0);
    tail.add(group(0, 500, chars(1_000)));
    const filter = { ...EVERYTHING, types: ["chat.message"] };
    expect(tail.after(0, { ...HUB, filter })).toEqual({ to: 500, events: [] });
  });
});

describe("the newest of the log", () => {
  it("is kept in memory only as far as there is room", ({ expect }) => {
    const tail = new LogTail(0);
    for (let from = 0; from < 1_000; from += 10) tail.add(group(from, 10, chars(65_536)));
    expect(tail.after(1_000 - 129, WEBHOOK)).toBeNull();
    expect(tail.after(1_000 - 64, WEBHOOK)?.to).toBe(1_000 - 64 + 16);
  });

  it("is no more where its bytes are others' words, or take several each", ({ expect }) => {
    for (const each of [group(0, 10, "", chars(65_536)), group(0, 10, "€".repeat(21_846))]) {
      const tail = new LogTail(0);
      for (let from = 0; from < 1_000; from += 10) {
        const events = each.events.map((event, index) => ({ ...event, seq: from + index + 1 }));
        tail.add({ from, to: from + 10, events });
      }
      expect(tail.after(1_000 - 139, WEBHOOK)).toBeNull();
    }
  });

  it("is nothing of what a deletion has just reached: that is read from the log", ({ expect }) => {
    const tail = new LogTail(0);
    tail.add(group(0, 10, "said"));
    const [event] = group(10, 1, "{}").events;
    if (event === undefined) throw new Error("there is none");
    const deletion = { ...event, event: { ...event.event, type: "chat.cleared" } };
    tail.add({ from: 10, to: 11, events: [deletion] });
    expect(tail.after(9, HUB)).toBeNull();
    expect(tail.after(10, HUB)?.to).toBe(11);
  });
});
