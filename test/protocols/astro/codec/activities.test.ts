import { describe, it } from "vitest";

import { provider } from "../../../../src/protocols/astro/index.ts";
import { messageIn } from "../../support/drafts.ts";
import { draftOf, greeted } from "../../support/drive.ts";
import { linkTo } from "../../support/samples.ts";
import activities from "../frames/activities.json";
import { activity, changed, samples } from "../samples.ts";

const read = (frame: object) =>
  draftOf(greeted(provider.open(linkTo(samples)), samples.greeting).receives(frame));
const dataOf = (frame: object): unknown => read(frame).data;

describe("who did it", () => {
  it("is the account on the activity's platform", ({ expect }) => {
    expect(dataOf(activities.follow)).toEqual({
      user: {
        key: "twitch:7001",
        id: "7001",
        login: "reedling",
        name: "Reedling",
        avatar: "https://images.example/avatar/reedling.png",
        roles: [],
        badges: [],
        anonymous: false,
      },
    });
  });

  it.for([
    [{ providerId: 7001 }, "twitch:7001", "7001"],
    [{ username: "reedling", displayName: "" }, "twitch:reedling", "reedling"],
    [{ displayName: "Reedling" }, "twitch:Reedling", "Reedling"],
  ] as const)("is named by what there is: %j", ([data, key, name], { expect }) => {
    expect(dataOf(activity("follow", data))).toMatchObject({ user: { key, name } });
  });

  it("whoever gives on Twitch without a name is told of by an account that stands for nobody", ({
    expect,
  }) => {
    const nobody = { username: "ananonymousgifter", displayName: "AnAnonymousGifter", amount: 5 };
    for (const data of [nobody, { ...nobody, providerId: 274598607, username: "x" }]) {
      expect(dataOf(activity("communityGiftPurchase", data))).toEqual({ count: 5, recipients: [] });
    }
    const elsewhere = activity("communityGiftPurchase", nobody);
    const kick = {
      ...elsewhere,
      data: { ...elsewhere.data, provider: "kick" },
    };
    expect(dataOf(kick)).toMatchObject({ user: { key: "kick:ananonymousgifter" } });
    const cheerer = { providerId: "407665396", displayName: "AnAnonymousCheerer", amount: 5 };
    expect(dataOf(activity("cheer", cheerer))).not.toHaveProperty("user");
    const given = { providerId: "7001", amount: 1, gifted: true, sender: "AnAnonymousGifter" };
    expect(dataOf(activity("subscriber", given))).toMatchObject({ subscription: { gift: {} } });
    expect(JSON.stringify(dataOf(activity("subscriber", given)))).not.toContain("Gifter");
  });

  it("is nobody for what can be anonymous, and else it is kept as it is", ({ expect }) => {
    const typeOf = (type: string) => read(activity(type, { amount: 2 })).type;
    expect(dataOf(activity("cheer", { amount: 2 }))).not.toHaveProperty("user");
    expect(dataOf(activity("tip", { amount: 2 }))).not.toHaveProperty("user");
    expect(typeOf("communityGiftPurchase")).toBe("channel.subscription.gift");
    for (const type of ["follow", "subscriber", "sponsor", "raid", "redemption"]) {
      expect(typeOf(type)).toBe("provider.event");
    }
  });

  it("happens where the provider's word says, or on StreamElements", ({ expect }) => {
    const platformOfActivity = (word: unknown) =>
      read(activity("follow", { username: "x" }, { provider: word })).platform;
    expect(platformOfActivity("Twitch")).toBe("twitch");
    expect(platformOfActivity("x")).toBe("x");
    for (const word of ["", "a place", undefined, null, 7, "-"]) {
      expect(platformOfActivity(word)).toBe("streamelements");
    }
  });
});

describe("an activity's key", () => {
  it("an activity is one event however often it is sent", ({ expect }) => {
    const again = { ...activities.cheer, id: "01KRIVERAGAIN", ts: "2025-11-20T13:00:00Z" };
    expect(read(again).key).toBe(read(activities.cheer).key);
    const { _id: _gone, ...data } = activities.cheer.data;
    expect(read({ ...again, data }).key).toBe(read(activities.cheer).key);
  });

  it("is its frame's where it has no id of its own", ({ expect }) => {
    const bare = changed(activities.cheer, { _id: "", activityId: null });
    expect(read(bare).key).toBe(`channel.activities/${activities.cheer.id}`);
  });
});

describe("a subscription", () => {
  it.for([
    [
      "subscriber",
      {
        kind: "renewal",
        tier: "1000",
        months: 7,
        streak: 3,
        message: "seven months on the river",
      },
    ],
    ["subscriber for the first time", { kind: "new", tier: "prime", months: 1 }],
    [
      "subscriber by gift",
      { kind: "new", tier: "2000", months: 1, gift: { from: { name: "reedling" } } },
    ],
    ["sponsor", { kind: "renewal", months: 2, message: "still here" }],
  ] as const)("says what is known of it: %s", ([name, subscription], { expect }) => {
    expect(dataOf(activities[name])).toMatchObject({ subscription });
    const { subscription: told } = dataOf(activities[name]) as { subscription: object };
    expect(told).toEqual(subscription);
  });

  it("a gift bomb's purchase and each of its receivers carry one id", ({ expect }) => {
    const group = { activityGroup: "65f00000000000000000aaaa" };
    const giver = { username: "reedling", displayName: "Reedling", amount: 3, tier: "1000" };
    const bought = dataOf(activity("communityGiftPurchase", giver, group));
    expect(bought).toMatchObject({ count: 3, gift: { id: group.activityGroup } });
    for (const username of ["pikefan", "heron", "otter"]) {
      const received = { username, amount: 1, gifted: true, sender: "reedling" };
      for (const type of ["subscriber", "sponsor"]) {
        expect(dataOf(activity(type, received, group))).toMatchObject({
          subscription: { gift: { id: group.activityGroup, from: { name: "reedling" } } },
        });
      }
    }
    // Somebody's own is a part of nothing.
    const own = dataOf(activity("subscriber", { username: "pikefan", amount: 1 }, group));
    expect(JSON.stringify(own)).not.toContain(group.activityGroup);
    expect(dataOf(activity("communityGiftPurchase", giver))).not.toHaveProperty("gift");
  });

  it("what is said as /me beside an activity has no control words", ({ expect }) => {
    const message = "\u0001ACTION dances\u0001";
    const about = { username: "reedling", amount: 2, message, redemption: "A duck" };
    expect(dataOf(activity("subscriber", about))).toMatchObject({
      subscription: { message: "dances" },
    });
    expect(dataOf(activity("redemption", about))).toMatchObject({ input: "dances" });
    expect(dataOf(activity("cheer", about))).toMatchObject({
      message: { text: "dances", action: true },
    });
  });

  it("what is said with a cheer on Kick has Kick's emotes", ({ expect }) => {
    const data = { username: "kingfisher", amount: 5, message: "gg [emote:37226:KEKW]" };
    const cheer = messageIn(read(activity("cheer", data, { provider: "kick" })));
    expect(cheer.fragments[1]).toMatchObject({ type: "emote", id: "37226" });
  });

  it("what activities hold is hardly documented: fields are taken where they are found", ({
    expect,
  }) => {
    const bare = dataOf(activity("subscriber", { username: "reedling" }));
    expect(bare).toMatchObject({ subscription: { kind: "new" } });
    const odd = { username: "reedling", amount: "12", tier: 3000, gifted: "yes", streak: -1 };
    expect(dataOf(activity("subscriber", odd))).toMatchObject({
      subscription: { kind: "renewal", months: 12, tier: "3000" },
    });
    const anonymous = dataOf(activity("subscriber", { username: "reedling", gifted: true }));
    expect(anonymous).toMatchObject({ subscription: { gift: {} } });
    for (const field of ["redemption", "reward", "item", "title"]) {
      for (const value of ["A duck", { title: "A duck" }, { name: "A duck" }]) {
        const redeemed = dataOf(activity("redemption", { username: "r", [field]: value }));
        expect(redeemed).toMatchObject({ reward: { title: "A duck" } });
      }
    }
  });

  it("a subscriber on YouTube pays nothing: it is a follow", ({ expect }) => {
    expect(read(activities["subscriber on YouTube"]).type).toBe("channel.follow");
    expect(read(activities.sponsor).type).toBe("channel.subscription");
  });

  it("given away says how many, or it is kept as it is", ({ expect }) => {
    expect(dataOf(activities.communityGiftPurchase)).toMatchObject({
      user: { id: "7001" },
      count: 5,
      tier: "1000",
      recipients: [],
    });
    for (const amount of [0, -1, 1.5, "some", null, 1e300]) {
      const frame = activity("communityGiftPurchase", { username: "r", amount });
      expect(read(frame).type).toBe("provider.event");
    }
  });
});

describe("money", () => {
  it.for([
    ["tip", "4.2", "EUR", "tip"],
    ["superchat", "10", "GBP", "superchat"],
    ["charityCampaignDonation", "25.5", "USD", "charity"],
    ["merch", "30", "USD", "merch"],
    ["purchase", "20", "USD", "merch"],
  ] as const)("is a decimal: %s", ([name, value, currency, kind], { expect }) => {
    const amount = { value, currency, kind: "fiat" };
    expect(dataOf(activities[name])).toMatchObject({ amount, kind });
  });

  it.for([
    ["stars", "100", "facebook:star"],
    ["cheer", "150", "bits"],
    ["cheer on Kick", "20", "kicks"],
    ["cheerPurchase", "50", "bits"],
    ["elixir", "9", "trovo:elixir"],
  ] as const)("may be a platform's own: %s", ([name, value, currency], { expect }) => {
    expect(dataOf(activities[name])).toMatchObject({
      amount: { value, currency, kind: "virtual" },
    });
  });

  it("of a platform without a name for its units is named after it", ({ expect }) => {
    const cheer = (provider: string) =>
      dataOf(activity("cheer", { username: "r", amount: 1 }, { provider }));
    expect(cheer("lunar")).toMatchObject({ amount: { currency: "lunar:cheer" } });
    expect(cheer("constructor")).toMatchObject({ amount: { currency: "constructor:cheer" } });
  });

  it("without a currency is of none, and without an amount is kept as it is", ({ expect }) => {
    const none = dataOf(activity("tip", { username: "Otter", amount: "3" }));
    expect(none).toMatchObject({ amount: { value: "3", currency: "XXX" } });
    for (const amount of [null, "", "a lot", {}, "9".repeat(41)]) {
      for (const type of ["tip", "stars", "cheer", "elixir"]) {
        expect(read(activity(type, { username: "Otter", amount })).type).toBe("provider.event");
      }
    }
  });

  it("comes with words where there are some", ({ expect }) => {
    expect(messageIn(read(activities.cheer)).text).toBe("Cheer150 go");
    expect(messageIn(read(activities.tip)).text).toBe("for the weir");
    expect(dataOf(activities.merch)).not.toHaveProperty("message");
  });

  it("is tipped under a name, which is no account's unless there is one", ({ expect }) => {
    const user = { key: "streamelements:Otter", name: "Otter" };
    expect(dataOf(activities.tip)).toMatchObject({ tipId: "67c0000000000000000000a1", user });
    expect(dataOf(activities.tip)).not.toHaveProperty("user.login");
    const known = activity("tip", { username: "otter", providerId: "7003", amount: 1 });
    expect(dataOf(known)).toMatchObject({ user: { key: "twitch:7003", login: "otter" } });
  });
});

describe("a raid and a redemption", () => {
  it("say how many come, or none", ({ expect }) => {
    const raid = { viewers: 42, kind: "raid", direction: "in" };
    expect(dataOf(activities.raid)).toMatchObject(raid);
    expect(dataOf(activities.host)).toMatchObject({ viewers: 3, kind: "host" });
    expect(dataOf(activity("raid", { username: "pikefan" }))).toMatchObject({ viewers: 0 });
  });

  it("say what was redeemed, for how much, and what was written", ({ expect }) => {
    expect(dataOf(activities.channelPointsRedemption)).toMatchObject({
      reward: { title: "Throw a stone", cost: 500 },
      input: "a flat one",
    });
    expect(dataOf(activities.redemption)).toMatchObject({
      reward: { title: "Name a duck", cost: 1200 },
      status: "pending",
    });
    for (const redemption of [null, "", 7, {}, []]) {
      const frame = activity("redemption", { username: "r", redemption });
      expect(read(frame).type).toBe("provider.event");
    }
  });
});
