import { describe, it } from "vitest";

import { toChestDrafts } from "../../../../src/protocols/dlive/codec/chest.ts";
import { provider } from "../../../../src/protocols/dlive/index.ts";
import { draftsOf, greeted } from "../../support/drive.ts";
import { linkTo } from "../../support/samples.ts";
import chest from "../frames/chest.json";
import { chestFrame, samples, STREAMER } from "../samples.ts";

const received = (frame: { payload: { data: { treasureChestMessageReceived: object } } }) =>
  frame.payload.data.treasureChestMessageReceived;
const read = (raw: unknown, streamer = STREAMER) => toChestDrafts(streamer, raw);

describe("a chest's event becomes what the mapping says", () => {
  it.for([
    ["GiveawayStarted", ["chest.giveaway.started", "chest.value.updated"]],
    ["GiveawayEnded", ["chest.giveaway.ended"]],
    ["ValueUpdated", ["chest.value.updated"]],
    ["ValueExpired", ["chest.value.expired"]],
    ["ReadyToCollect", ["provider.event"]],
  ] as const)("%s: %s", ([name, types], { expect }) => {
    expect(read(received(chest[name])).map(({ type }) => type)).toEqual(types);
  });

  it("a giveaway's start empties the chest", ({ expect }) => {
    const [started, emptied] = read(received(chest.GiveawayStarted));
    expect(started?.data).toEqual({ value: "12.5", endsAt: "2024-11-23T22:24:20.000Z" });
    const amount = { value: "0", currency: "dlive:lemon", kind: "virtual" };
    expect(emptied?.data).toEqual({ amount });
    expect(started?.key).not.toBe(emptied?.key);
  });

  it("chest values are hundred-thousandths of a lemon", ({ expect }) => {
    const valueOf = (value: unknown) => read({ type: "ValueUpdated", value })[0]?.data;
    const amount = { currency: "dlive:lemon", kind: "virtual" };
    expect(valueOf("250000")).toEqual({ amount: { ...amount, value: "2.5" } });
    expect(valueOf(1)).toEqual({ amount: { ...amount, value: "0.00001" } });
    expect(valueOf("123456789012345678900000")).toMatchObject({
      amount: { value: "1234567890123456789" },
    });
  });

  it("a chest's type may carry the prefix of its __typename", ({ expect }) => {
    const typesOf = (raw: unknown) => read(raw).map(({ type }) => type);
    expect(typesOf({ type: "TreasureChestGiveawayEnded" })).toEqual(["chest.giveaway.ended"]);
    expect(typesOf({ __typename: "TreasureChestGiveawayEnded" })).toEqual(["chest.giveaway.ended"]);
  });

  it("treasureChestMessageReceived is an object, or an array of one", ({ expect }) => {
    const session = greeted(provider.open(linkTo(samples)), samples.greeting);
    const bare = draftsOf(session.receives(chest.ValueExpired));
    const inArray = draftsOf(session.receives(chestFrame([received(chest.ValueExpired)])));
    expect(bare).toHaveLength(1);
    expect(inArray).toEqual(bare);
    expect(session.receives(chestFrame(null))).toEqual([]);
  });

  it.for([
    [{ type: "ValueUpdated" }, "ValueUpdated"],
    [{ type: "ValueExpired", value: "much" }, "ValueExpired"],
    [{ type: "ValueUpdated", value: {} }, "ValueUpdated"],
    [{ type: "ValueUpdated", value: "9".repeat(41) }, "ValueUpdated"],
    [{}, "unknown"],
    [[], "unreadable"],
    ["GiveawayEnded", "unreadable"],
    [{ type: "constructor" }, "constructor"],
  ] as const)("what it has no word for is kept: %j", ([raw, name], { expect }) => {
    const nativeType = `treasureChestMessageReceived.${name}`;
    const data = { nativeType, payload: raw };
    expect(read(raw)).toEqual([
      { type: "provider.event", platform: "dlive", connectionId: "dlive:otterbrook", raw, data },
    ]);
  });

  it.for(["", "soon", "-1", null, 9e15])(
    "an end that is no time is left out: %s",
    (endTime, { expect }) => {
      const [started] = read({ type: "GiveawayStarted", endTime });
      expect(started?.data).toEqual({});
    },
  );
});

describe("a chest's key", () => {
  const keysOf = (raw: unknown, streamer = STREAMER) => read(raw, streamer).map(({ key }) => key);

  it.for([
    [
      { type: "GiveawayStarted", endTime: "5" },
      ["chest:otterbrook:GiveawayStarted:5", "chest:otterbrook:GiveawayStarted.emptied:5"],
    ],
    [{ type: "ValueExpired", value: "1", expireAt: "5" }, ["chest:otterbrook:ValueExpired:5"]],
    [{ type: "ValueUpdated", value: "1", id: "c-1" }, ["chest:otterbrook:ValueUpdated:c-1"]],
    [{ type: "GiveawayEnded", id: "c-1" }, ["chest:otterbrook:GiveawayEnded:c-1"]],
    // Nothing tells these from the next of their kind.
    [{ type: "GiveawayStarted" }, [undefined, undefined]],
    [{ type: "ValueExpired", value: "1" }, [undefined]],
    [{ type: "ValueUpdated", value: "1" }, [undefined]],
  ] as const)("of %j is %j", ([raw, keys], { expect }) => {
    expect(keysOf(raw)).toEqual(keys);
  });

  it("tells two streamers' chests apart, which may expire at one time", ({ expect }) => {
    const raw = received(chest.ValueExpired);
    expect(keysOf(raw, "one")).not.toEqual(keysOf(raw, "other"));
  });
});
