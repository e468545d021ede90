import { describe, it } from "vitest";

import { provider } from "../../../../src/protocols/restream/index.ts";
import { draftOf, greeted } from "../../support/drive.ts";
import { linkTo } from "../../support/samples.ts";
import events from "../frames/events.json";
import { eventFrame, samples } from "../samples.ts";

const read = (frame: object) =>
  draftOf(greeted(provider.open(linkTo(samples)), []).receives(frame));

describe("money and memberships", () => {
  it("a Super Chat is a tip with words, a Super Sticker one with its picture's name", ({
    expect,
  }) => {
    const tip = read(events["7"]).data;
    const amount = { value: "12.5", currency: "EUR", kind: "fiat" };
    expect(tip).toMatchObject({ kind: "superchat", amount, message: { text: "for the wheel" } });
    const sticker = { kind: "supersticker", message: { text: "An otter waving" } };
    expect(read(events["8"]).data).toMatchObject(sticker);
    const bare = read(eventFrame(7, { donation: { amount: 3 } })).data;
    expect(bare).toMatchObject({ amount: { value: "3", currency: "XXX" } });
    expect(bare).not.toHaveProperty("message");
  });

  it("what memberships hold is not documented: months and counts are taken where they are found", ({
    expect,
  }) => {
    expect(read(events["28"]).data).toMatchObject({ subscription: { kind: "new" } });
    expect(read(events["26"]).data).toMatchObject({ subscription: { kind: "new" } });
    const message = "nine months at the mill";
    const subscription = { kind: "renewal", months: 9, message };
    expect(read(events["23"]).data).toMatchObject({ subscription });
    const monthsOf = (memberMilestone: unknown) =>
      (read(eventFrame(23, { memberMilestone })).data as { subscription: object }).subscription;
    expect(monthsOf({ memberMonth: 4 })).toEqual({ kind: "renewal", months: 4 });
    expect(monthsOf({ months: "9" })).toEqual({ kind: "renewal", months: 9 });
    for (const odd of [
      undefined,
      null,
      9,
      {},
      { months: "many" },
      { months: -1 },
      { months: 0.5 },
    ]) {
      expect(monthsOf(odd)).toEqual({ kind: "renewal" });
    }
  });

  it.for([
    [{ count: 5 }, 5],
    [{ giftMembershipsCount: 6 }, 6],
    [{ amount: "7" }, 7],
    [8, 8],
    [{}, 1],
    [{ count: 0 }, 1],
    [{ count: -2 }, 1],
    [{ count: 1.5 }, 1],
    [{ count: { toString: 1, valueOf: 1 } }, 1],
    [undefined, 1],
  ] as const)(
    "memberships given away are counted, or at least one: %j",
    ([gift, count], { expect }) => {
      const { data } = read(eventFrame(29, { giftMemberships: gift }));
      expect(data).toMatchObject({ count, recipients: [] });
    },
  );
});
