import * as fc from "fast-check";
import { describe, it } from "vitest";

import { decide, type ChannelState, type Decision } from "../../src/channel/channel.ts";
import { RECENT_AT_LEAST, RECENT_MS } from "../../src/channel/recent.ts";
import { formatPosition, formatSequence } from "../../src/event/position.ts";
import { allSamples, CHANNEL, EPOCH, RECORDED_AT, said, samples } from "../support/samples.ts";
import { channelState, decideAll, eventsOf, LINK, stored, told } from "./support/log.ts";

const draft = fc.constantFrom(...allSamples);
const at = fc.integer({ min: 0, max: 4_000_000_000_000 });
const input = fc
  .tuple(fc.array(draft, { maxLength: 4 }), at)
  .map(([drafts, time]) => told(drafts, { at: time }));
const groups = fc.array(fc.array(input, { maxLength: 4 }), { maxLength: 6 });

// Few occurrences, so that most are told of again.
const occurrence = fc.constantFrom("a", "b", "c", "d").map((id) => said(id, "hi"));
const keyedGroup = fc
  .tuple(fc.array(occurrence, { maxLength: 4 }), at)
  .map(([drafts, time]) => [told(drafts, { at: time })]);

const unlinked = { type: "link-removed" as const, link: LINK, at: RECORDED_AT };
const KEYS = ["a", "b", "c", "d"].map((id) => `restream message ${id}`);

/** A state with what it remembers, which is not in its properties. */
function shown(state: ChannelState): unknown {
  const places = KEYS.map((key) => state.recent.find(key)?.seq);
  return { ...state, recent: { size: state.recent.size, places } };
}

function outcomeOf({ state, effects, places }: Decision): unknown {
  return { state: shown(state), effects, places };
}

describe("what a channel decides", () => {
  it("is stored before it is published, and is the same group both times", ({ expect }) => {
    const { effects } = decide(channelState(), [told([samples["channel.follow"]])]);
    expect(effects.map(({ type }) => type)).toEqual(["group-store", "group-publish"]);
    const [store, publish] = effects;
    expect(publish?.group).toBe(store?.group);
  });

  it("is numbered without a hole or a repeat, whatever comes how", ({ expect }) => {
    fc.assert(
      fc.property(groups, fc.nat({ max: 1_000_000 }), (each, head) => {
        const decisions = decideAll(channelState({ head }), each);
        const seqs = decisions.flatMap((decision) => eventsOf(decision).map(({ seq }) => seq));
        expect(seqs).toEqual(seqs.map((_, index) => head + index + 1));
        expect(decisions.at(-1)?.state.head ?? head).toBe(head + seqs.length);
        for (const decision of decisions) {
          const group = stored(decision)?.group;
          if (group !== undefined) expect(group.to - group.from).toBe(group.events.length);
        }
      }),
    );
  });

  it("is recorded at times that never fall, though the clock may", ({ expect }) => {
    fc.assert(
      fc.property(groups, at, (each, recordedAt) => {
        const decisions = decideAll(channelState({ recordedAt }), each);
        const times = decisions.flatMap((decision) => [
          ...eventsOf(decision).map(({ event }) => Date.parse(event.recordedtime)),
          stored(decision)?.recordedAt ?? decision.state.recordedAt,
          decision.state.recordedAt,
        ]);
        const all = [recordedAt, ...times];
        expect(all.every((time, index) => index === 0 || time >= (all[index - 1] ?? 0))).toBe(true);
      }),
    );
  });

  it("is nothing where nothing happened", ({ expect }) => {
    const state = channelState({ head: 7 });
    for (const inputs of [[], [told([])], [told([]), told([])]]) {
      expect(decide(state, inputs)).toEqual({ state, effects: [], places: [] });
    }
  });

  it("has each event in the text that is sent, at its place in this log", ({ expect }) => {
    for (const draft of allSamples) {
      const [only] = eventsOf(decide(channelState({ head: 41 }), [told([draft])]));
      expect(JSON.parse(only?.text ?? "")).toEqual(only?.event);
      expect(only?.event).toMatchObject({
        id: formatPosition(EPOCH, 42),
        sequence: formatSequence(42),
        source: `/channels/${CHANNEL}`,
        provider: "restream",
        type: draft.type,
        data: draft.data,
      });
    }
  });

  it("has the provider's words and the key beside an event, and not in it", ({ expect }) => {
    const follow = { ...samples["channel.follow"], key: "f-1", raw: { words: "as they came" } };
    const [event] = eventsOf(decide(channelState(), [told([follow, samples["channel.raid"]])]));
    expect(event).toMatchObject({ key: "restream f-1", raw: { words: "as they came" } });
    expect(event?.text).not.toContain("as they came");
  });

  it("leaves the state it was made from as it was", ({ expect }) => {
    const state = channelState({ head: 3, repeats: 1 });
    state.recent.add("restream message a", 2);
    const before = shown(state);
    const inputs = [told([...allSamples, said("b", "new")]), unlinked];
    const { state: after } = decide(state, inputs);
    expect(shown(state)).toEqual(before);
    expect(after.recent.find("restream message b")?.seq).toBe(after.head);
    expect(state.recent.find("restream message b")?.seq).toBeUndefined();
  });

  it("is the same again from the same state and inputs, whatever was decided meanwhile", ({
    expect,
  }) => {
    fc.assert(
      fc.property(groups, keyedGroup, keyedGroup, (before, first, second) => {
        const state = decideAll(channelState(), before).at(-1)?.state ?? channelState();
        const once = decide(state, first);
        const then = decide(once.state, second);
        const other = decide(state, second);
        expect(outcomeOf(decide(state, first))).toEqual(outcomeOf(once));
        expect(outcomeOf(decide(once.state, second))).toEqual(outcomeOf(then));
        expect(outcomeOf(decide(state, second))).toEqual(outcomeOf(other));
      }),
    );
  });

  it("answers for every draft, in order, which place it has", ({ expect }) => {
    const inputs = [
      told([said("a", "1"), said("b", "2")]),
      { type: "link-settled" as const, link: LINK, at: RECORDED_AT },
      told([said("a", "again"), said("c", "3")]),
    ];
    expect(decide(channelState({ head: 10 }), inputs).places).toEqual([11, 12, 11, 13]);
  });
});

describe("an occurrence that is told of again", () => {
  it("is no event, is counted, and is answered with its first place", ({ expect }) => {
    const first = decide(channelState(), [told([said("a", "hi"), said("a", "hi")])]);
    const second = decide(first.state, [told([said("b", "ho"), said("a", "hi")])]);
    expect([first.places, second.places]).toEqual([
      [1, 1],
      [2, 1],
    ]);
    expect([...eventsOf(first), ...eventsOf(second)].map(({ seq }) => seq)).toEqual([1, 2]);
    expect(second.state.repeats).toBe(2);
  });

  it("causes nothing where nothing else happened", ({ expect }) => {
    const first = decide(channelState(), [told([said("a", "hi")])]);
    const again = decide(first.state, [told([said("a", "hi")], { at: RECORDED_AT + 60_000 })]);
    expect(again).toMatchObject({ effects: [], places: [1], state: { head: 1, repeats: 1 } });
  });

  it("is another occurrence where another provider tells of it, or no key says it is one", ({
    expect,
  }) => {
    const { key: _key, ...keyless } = said("a", "hi");
    const inputs = [
      told([said("a", "hi")]),
      told([said("a", "hi")], { provider: "api" }),
      told([keyless, keyless]),
    ];
    expect(decide(channelState(), inputs).places).toEqual([1, 2, 3, 4]);
  });

  it("is remembered for ten minutes, and events without a key take no room", ({ expect }) => {
    const { key: _key, ...keyless } = said("a", "hi");
    const many = Array.from({ length: RECENT_AT_LEAST }, (_, index) => said(`n${index}`, "hi"));
    const first = decide(channelState(), [told([said("old", "hi"), keyless, ...many])]);
    expect(first.state.recent.size).toBe(RECENT_AT_LEAST + 1);
    const later = RECORDED_AT + RECENT_MS + 1;
    const second = decide(first.state, [told([said("new", "hi")], { at: later })]);
    expect(second.state.recent.size).toBe(RECENT_AT_LEAST);
    expect(decide(second.state, [told([said("old", "hi")])]).places).toEqual([
      second.state.head + 1,
    ]);
  });

  it("is remembered from what the state remembers", ({ expect }) => {
    const state = channelState({ head: 900 });
    state.recent.add("api key order-7", 12);
    const { places, effects } = decide(state, [
      told([{ ...samples["channel.follow"], key: "key order-7" }], { provider: "api" }),
    ]);
    expect({ places, effects }).toEqual({ places: [12], effects: [] });
  });
});
