import { describe, it } from "vitest";

import { decide, type ChannelInput } from "../../src/channel/channel.ts";
import { connection, RECORDED_AT, said } from "../support/samples.ts";
import { channelState, eventsOf, LINK, stored, told } from "./support/log.ts";

const at = RECORDED_AT;
const about = { link: LINK, secrets: [], at };
const observed: ChannelInput = { type: "connection-observed", connection, ...about };
const lost: ChannelInput = {
  type: "link-lost",
  link: LINK,
  claims: [],
  status: "connecting",
  reason: "silent",
  lastSeenAt: at - 5_000,
  at,
};

describe("what happens to a connection", () => {
  it("is numbered among the events, where it happened, under its provider", ({ expect }) => {
    const decision = decide(channelState(), [
      told([said("a", "1")]),
      observed,
      told([said("b", "2")]),
    ]);
    expect(eventsOf(decision).map(({ seq, event }) => [seq, event.type])).toEqual([
      [1, "chat.message"],
      [2, "connection.updated"],
      [3, "chat.message"],
    ]);
    expect(eventsOf(decision)[1]?.event).toMatchObject({
      provider: "restream",
      platform: "twitch",
      connectionid: connection.identifier,
      subject: `connection/${connection.identifier}`,
      data: connection,
    });
    expect(decision.places).toEqual([1, 3]);
  });

  it("is stored with the map in the same write as its event", ({ expect }) => {
    const first = decide(channelState(), [observed]);
    expect(stored(first)?.connections).toMatchObject({
      saved: [{ identifier: connection.identifier, uuid: "u-1", dialId: "d_1" }],
      gone: [],
    });
    const removed = decide(first.state, [{ type: "link-removed", link: LINK, at }]);
    expect(stored(removed)?.connections).toEqual({ saved: [], gone: [connection.identifier] });
    expect(removed.state.connections).toEqual({});
  });

  it("is stored for what has changed or gone, and for nothing else", ({ expect }) => {
    const other = { ...connection, identifier: "restream:other", uuid: "u-9" };
    const both = decide(channelState(), [observed, { ...observed, connection: other }]);
    const changed = { ...observed, connection: { ...other, live: false } };
    const saved = stored(decide(both.state, [changed]))?.connections;
    expect(saved).toMatchObject({ saved: [{ identifier: "restream:other" }], gone: [] });
    const final = {
      type: "connection-dropped",
      uuid: "u-9",
      reason: "removed",
      final: true,
    } as const;
    const removed = stored(decide(both.state, [{ ...final, ...about }]))?.connections;
    expect(removed).toEqual({ saved: [], gone: ["restream:other"] });
  });

  it("is stored where what has left already is forgotten, which nobody is told", ({ expect }) => {
    const left = { type: "connection-dropped", uuid: "u-1", reason: "gone", final: false } as const;
    const { state } = decide(channelState(), [observed, { ...left, ...about }]);
    const unlinked = decide(state, [{ type: "link-removed", link: LINK, at }]);
    expect(unlinked.effects.map(({ type }) => type)).toEqual(["group-store"]);
    expect(stored(unlinked)?.connections).toEqual({ saved: [], gone: [connection.identifier] });
  });

  it("is stored, and nothing published, where nobody is to be told of it", ({ expect }) => {
    const first = decide(channelState(), [observed]);
    const redialled = { ...observed, link: { ...LINK, dialId: "d_2" } };
    const { effects, state } = decide(first.state, [redialled]);
    expect(effects.map(({ type }) => type)).toEqual(["group-store"]);
    expect(effects[0]?.group).toEqual({ from: 1, to: 1, events: [] });
    expect(state.head).toBe(1);
  });

  it("is nothing where it was known", ({ expect }) => {
    const first = decide(channelState(), [observed]);
    const again = decide(first.state, [observed, { type: "link-settled", link: LINK, at }]);
    expect(again.effects).toEqual([]);
    expect(again.state.connections).toBe(first.state.connections);
  });

  it("within one group is decided one after the other", ({ expect }) => {
    const { state, ...decision } = decide(channelState(), [
      observed,
      lost,
      { ...observed, link: { ...LINK, dialId: "d_2" }, at: at + 1_000 },
      { type: "connection-dropped", uuid: "u-1", reason: "removed", final: true, ...about },
    ]);
    expect(eventsOf({ state, ...decision }).map(({ event }) => event.type)).toEqual([
      "connection.updated",
      "connection.updated",
      "connection.updated",
      "connection.gap",
      "connection.closed",
    ]);
    expect(state.connections).toEqual({});
  });

  it("is told of again as often as it happens: it has no key", ({ expect }) => {
    const decision = decide(channelState(), [observed, lost, observed, lost]);
    expect(eventsOf(decision).map(({ key }) => key)).toEqual([null, null, null, null, null]);
    expect(decision.state.repeats).toBe(0);
  });
});
