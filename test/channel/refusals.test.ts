import { describe, it } from "vitest";

import { decide } from "../../src/channel/channel.ts";
import type { EventDraft } from "../../src/event/event.ts";
import { ROW_MAX_BYTES } from "../../src/event/group.ts";
import type { Json } from "../../src/lib/json.ts";
import { channelState, eventsOf, told } from "./support/log.ts";

const note = (text: string, over: Partial<EventDraft> = {}): EventDraft =>
  ({ type: "custom.note", platform: "api", data: { text }, ...over }) as EventDraft;

/** A draft that no schema would have let through: reading it throws. */
const broken = {
  type: "custom.note",
  platform: "api",
  get data(): never {
    throw new TypeError("broken");
  },
} as unknown as EventDraft;

const notes = (decision: ReturnType<typeof decide>) =>
  eventsOf(decision).map(({ event }) => event.data["text"]);

describe("an input that cannot be taken", () => {
  it("is refused as a whole and by itself: the others do not notice", ({ expect }) => {
    const state = channelState({ head: 5 });
    const decision = decide(state, [
      told([note("a", { key: "a" })]),
      told([note("half", { key: "half" }), broken, note("never", { key: "never" })]),
      told([note("b", { key: "b" }), note("again", { key: "a" })]),
    ]);
    expect(notes(decision)).toEqual(["a", "b"]);
    expect(decision.places).toEqual([6, 7, 6]);
    expect([...(decision.refusals?.keys() ?? [])]).toEqual([1]);
    expect(decision.refusals?.get(1)?.error).toBeInstanceOf(TypeError);
    // What it said is not taken for a repeat when it is said again.
    const later = decide(decision.state, [told([note("half", { key: "half" })])]);
    expect(notes(later)).toEqual(["half"]);
    expect(later.places).toEqual([8]);
  });

  it("is refused where its time is none that can be written", ({ expect }) => {
    const decision = decide(channelState(), [
      told([note("when?", { time: 8.7e15 })]),
      told([note("now")]),
    ]);
    expect(notes(decision)).toEqual(["now"]);
    expect([...(decision.refusals?.keys() ?? [])]).toEqual([0]);
  });

  it("is refused where one event, measured in bytes, is more than a row has room for", ({
    expect,
  }) => {
    const wide = "字".repeat(ROW_MAX_BYTES / 3);
    const narrow = "x".repeat(ROW_MAX_BYTES / 3);
    for (const tooMuch of [
      { data: { text: wide } },
      { data: { text: "" }, raw: [wide] satisfies Json },
      { data: { text: "" }, key: wide },
    ] as Partial<EventDraft>[]) {
      const { refusals } = decide(channelState(), [told([note("", tooMuch)])]);
      expect(refusals?.get(0)).toMatchObject({ error: null });
      expect(refusals?.get(0)?.problem).toContain(`${ROW_MAX_BYTES} bytes`);
    }
    expect(notes(decide(channelState(), [told([note(narrow)])]))).toEqual([narrow]);
  });
});
