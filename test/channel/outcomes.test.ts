import { describe, it } from "vitest";

import type { ChannelInput, ChannelState } from "../../src/channel/channel.ts";
import { countEvents, listOutcomes, refuseAll } from "../../src/channel/outcomes.ts";
import { RecentKeys } from "../../src/channel/recent.ts";
import { Tellings } from "../../src/channel/tellings.ts";
import type { EventDraft } from "../../src/event/event.ts";

const DRAFT = { type: "chat.message", data: {}, key: "k" } as unknown as EventDraft;
const LINK = { providerId: "p", provider: "dlive", dialId: "d" } as const;

const STATE: ChannelState = {
  channel: "c",
  epoch: "e",
  head: 3,
  recordedAt: 1,
  connections: {},
  merge: "exact",
  recent: new RecentKeys(),
  tellings: new Tellings(),
  repeats: 0,
  merged: {},
};

function observe(count: number): ChannelInput {
  const drafts = Array.from({ length: count }, () => DRAFT);
  return { type: "drafts-observed", provider: "api", drafts, secrets: [], at: 1 };
}

const SETTLED: ChannelInput = { type: "link-settled", link: LINK, at: 1 };

describe("the outcome of an input", () => {
  it("has as many places as the input has drafts, and none where it has none", ({ expect }) => {
    expect([observe(0), observe(3), SETTLED].map(countEvents)).toEqual([0, 3, 0]);
    const inputs = [observe(2), SETTLED, observe(0), observe(1)];
    const outcomes = listOutcomes(inputs, { state: STATE, effects: [], places: [4, 5, 2] });
    expect(outcomes.map(({ placed }) => placed)).toEqual([
      { ok: true, value: [4, 5] },
      { ok: true, value: [] },
      { ok: true, value: [] },
      { ok: true, value: [2] },
    ]);
  });

  it("is a refusal where it was refused, and takes no place from the others", ({ expect }) => {
    const error = new Error("ours");
    const refusals = new Map([
      [0, { problem: "too long", error: null }],
      [2, { problem: "failed", error }],
    ]);
    const inputs = [observe(2), observe(1), observe(1), observe(1)];
    const outcomes = listOutcomes(inputs, { state: STATE, effects: [], places: [4, 5], refusals });
    expect(outcomes).toMatchObject([
      { placed: { ok: false, code: "invalid_input", detail: "too long" }, error: null },
      { placed: { ok: true, value: [4] }, error: null },
      { placed: { ok: false, code: "invalid_input", detail: "failed" }, error },
      { placed: { ok: true, value: [5] }, error: null },
    ]);
  });

  it("is a refusal for every input where the decision failed, and nothing has changed", ({
    expect,
  }) => {
    const error = new Error("ours");
    const decision = refuseAll(STATE, 2, error);
    expect(decision.state).toBe(STATE);
    expect([decision.effects, decision.places]).toEqual([[], []]);
    const outcomes = listOutcomes([observe(1), SETTLED], decision);
    expect(outcomes.map((each) => [each.placed.ok, each.error])).toEqual([
      [false, error],
      [false, error],
    ]);
  });
});
