import { describe, it } from "vitest";

import { toDraft } from "../../../../src/protocols/kick/codec/to-draft.ts";
import type { Delivery } from "../../../../src/protocols/kick/wire/frames.ts";
import { messageIn } from "../../support/drafts.ts";
import channel from "../frames/channel.json";
import chat from "../frames/chat.json";
import support from "../frames/support.json";
import { CONNECTION, withBody } from "../samples.ts";

const draft = (delivery: Delivery) => toDraft(CONNECTION, delivery);
const dataOf = (delivery: Delivery) => draft(delivery).data as Record<string, unknown>;

describe("a delivery", () => {
  it("a version that was not asked for is read as far as it can be", ({ expect }) => {
    const later = draft(chat["chat.message.sent in another version"]);
    expect(later.type).toBe("chat.message");
    expect(messageIn(later).text).toBe("from later");
  });

  it("a delivery may come hours late, and tells when it happened", ({ expect }) => {
    const late = draft(chat["chat.message.sent hours late"]);
    expect(late.time).toBe(Date.parse("2026-10-02T11:00:00Z"));
  });

  it("one message may be delivered twice, under two names of the delivery", ({ expect }) => {
    const sent = chat["chat.message.sent"];
    const again = { ...sent, id: "01M7QXANOTHERNAME000000000" };
    expect(draft(again).key).toBe(draft(sent).key);
    expect(draft(sent).key).toBe("chat/kick/5f7d8c1e-0001-4000-8000-000000000001");
  });

  it("that cannot be read as what it says it is, or of an unknown kind, is kept", ({ expect }) => {
    const broken = withBody(chat["chat.message.sent"], { content: 7 });
    expect(draft(broken)).toMatchObject({ type: "provider.event", key: `delivery/${broken.id}` });
    const unknown = draft(channel["an event nobody knows"]);
    expect(unknown.data).toMatchObject({ nativeType: "channel.hosted" });
  });
});

describe("a message", () => {
  it("a sender may have no identity, and a message no time", ({ expect }) => {
    const bare = draft(chat["chat.message.sent without identity and time"]);
    expect(bare.data).toMatchObject({ user: { name: "Dove", roles: [], badges: [] } });
    // Then the delivery's own time is the nearest to it.
    expect(bare.time).toBe(Date.parse("2026-10-02T19:30:05Z"));
  });

  it("emotes may be null or of numbers, and are cut out by their notation", ({ expect }) => {
    const sent = chat["chat.message.sent with badges, emotes and an answer"];
    const cut = [
      { type: "text", text: "hi " },
      {
        type: "emote",
        text: "[emote:37226:KEKW]",
        id: "37226",
        image: "https://files.kick.com/emotes/37226/fullsize",
      },
      { type: "text", text: " all" },
    ];
    for (const emotes of [null, [{ emote_id: 37226, positions: [{ s: 90, e: 2 }] }], "none"]) {
      const { text, fragments } = messageIn(draft(withBody(sent, { emotes })));
      expect(text).toBe("hi [emote:37226:KEKW] all");
      expect(fragments).toMatchObject(cut);
    }
    const after = messageIn(draft(withBody(sent, { content: "👍🏽 [emote:1:a]" })));
    expect(after.fragments.map((each) => each.text)).toEqual(["👍🏽 ", "[emote:1:a]"]);
  });

  it("has its sender's roles, badges and colour, and what it answers", ({ expect }) => {
    const sent = chat["chat.message.sent with badges, emotes and an answer"];
    expect(draft(sent).data).toMatchObject({
      user: {
        key: "kick:810001",
        login: "fern-hollow",
        name: "Fern_Hollow",
        color: "#FF5733",
        roles: ["moderator", "subscriber"],
        badges: [
          { set: "moderator", title: "Moderator" },
          { set: "sub_gifter", title: "Sub Gifter", info: "7" },
          { set: "subscriber", title: "Subscriber", info: "4" },
        ],
        url: "https://kick.com/fern-hollow",
      },
      message: { replyTo: "5f7d8c1e-0001-4000-8000-000000000001" },
    });
    const own = draft(chat["chat.message.sent by the broadcaster"]);
    expect(own.data).toMatchObject({ user: { roles: ["broadcaster", "verified"] } });
  });
});

describe("support of a channel", () => {
  it("follows have no time of their own: the same within an hour is one", ({ expect }) => {
    const follow = support["channel.followed"];
    const at = (time: string) => draft({ ...follow, id: `d-${time}`, time }).key;
    expect(at("2026-10-02T19:30:05Z")).toBe(at("2026-10-02T19:59:59Z"));
    expect(at("2026-10-02T19:30:05Z")).not.toBe(at("2026-10-02T20:30:05Z"));
  });

  it("who gave subscriptions away may be nobody, with nulls for all that is known", ({
    expect,
  }) => {
    const data = dataOf(support["channel.subscription.gifts of nobody"]);
    expect(data).not.toHaveProperty("user");
    expect(data).toMatchObject({ count: 1, recipients: [{ key: "kick:810007" }] });
    expect(dataOf(support["channel.subscription.gifts"])).toMatchObject({
      user: { key: "kick:810001" },
      count: 2,
      recipients: [{ name: "Sedge" }, { name: "Rush" }],
    });
  });

  it("who wants to be nobody is told without a name, whatever the body says of them", ({
    expect,
  }) => {
    const hidden = { is_anonymous: true, user_id: 810001, username: "Fern", channel_slug: "fern" };
    const gifts = support["channel.subscription.gifts"];
    const data = dataOf(withBody(gifts, { gifter: hidden, giftees: [hidden, null] }));
    expect(data).toEqual({ count: 2, recipients: [{}, {}] });
    const cheer = dataOf(withBody(support["kicks.gifted"], { sender: hidden }));
    expect(JSON.stringify(cheer).toLowerCase()).not.toContain("fern");
    const renewed = withBody(support["channel.subscription.renewal"], { subscriber: hidden });
    expect(dataOf(renewed)).toMatchObject({ user: { name: "Anonymous", anonymous: true } });
    expect(JSON.stringify(dataOf(renewed)).toLowerCase()).not.toContain("fern");
  });

  it("is not lost for what is missing of whoever gave it, or for a number that is a text", ({
    expect,
  }) => {
    const kicks = support["kicks.gifted"];
    for (const sender of [null, {}, "somebody"]) {
      const cheer = draft(withBody(kicks, { sender }));
      expect(cheer).toMatchObject({ type: "channel.cheer", data: { amount: { value: "500" } } });
      expect(cheer.data).not.toHaveProperty("user");
    }
    const gift = { amount: "500", name: "Rage Quit" };
    expect(dataOf(withBody(kicks, { gift }))).toMatchObject({ amount: { value: "500" } });
    const given = withBody(support["channel.subscription.gifts"], { gifter: "somebody" });
    expect(dataOf(given)).toMatchObject({ count: 2 });
    expect(dataOf(given)).not.toHaveProperty("user");
  });

  it("is told with months, units and words", ({ expect }) => {
    expect(dataOf(support["channel.subscription.new"])).toMatchObject({
      subscription: { kind: "new", months: 1 },
    });
    expect(dataOf(support["channel.subscription.renewal"])).toMatchObject({
      subscription: { kind: "renewal", months: 5 },
    });
    expect(dataOf(support["kicks.gifted"])).toMatchObject({
      amount: { value: "500", currency: "kicks", kind: "virtual" },
      gift: { name: "Rage Quit", count: 1 },
      message: { text: "well played" },
    });
    expect(dataOf(support["kicks.gifted without a word"])).not.toHaveProperty("message");
  });
});

describe("a channel's own", () => {
  it("a ban without an end is for good, and one with an end is a time-out", ({ expect }) => {
    const ban = draft(channel["moderation.banned for good"]);
    expect(ban).toMatchObject({
      type: "moderation.ban",
      data: { user: { key: "kick:810008" }, by: { name: "Alder" } },
    });
    expect(ban.data).not.toHaveProperty("reason");
    const { metadata } = channel["moderation.banned for good"].body;
    for (const expires_at of ["", undefined, 0]) {
      const same = withBody(channel["moderation.banned for good"], {
        metadata: { ...metadata, expires_at },
      });
      expect(draft(same).type).toBe("moderation.ban");
    }
    expect(draft(channel["moderation.banned for a while"])).toMatchObject({
      type: "moderation.timeout",
      data: { reason: "too loud", seconds: 600, until: "2026-10-02T19:40:03.000Z" },
    });
  });

  it("a category may be written with a capital letter", ({ expect }) => {
    const told = { title: "Rivers", category: "Just Chatting", language: "en" };
    expect(dataOf(channel["livestream.metadata.updated"])).toEqual(told);
    expect(dataOf(channel["livestream.metadata.updated with a capital"])).toEqual(told);
  });

  it("one start of a stream may be told of twice", ({ expect }) => {
    const on = channel["livestream.status.updated on"];
    expect(draft({ ...on, id: "another", time: "2026-10-02T19:31:00Z" }).key).toBe(draft(on).key);
    expect(draft(channel["livestream.status.updated off"]).key).not.toBe(draft(on).key);
  });

  it("times have other offsets than UTC", ({ expect }) => {
    const on = draft(channel["livestream.status.updated on"]);
    expect(on.data).toEqual({
      startedAt: "2026-10-02T10:00:00.000Z",
      url: "https://kick.com/otter-brook",
    });
    expect(on.time).toBe(Date.parse("2026-10-02T10:00:00Z"));
  });

  it("redemption is another event with each of its states", ({ expect }) => {
    const pending = draft(channel["channel.reward.redemption.updated pending"]);
    expect(pending).toMatchObject({
      key: "redemption/kick/01M7QXREDEMPT10N0000000001/pending",
      data: { reward: { title: "Pick a tune", cost: 1000 }, input: "a tune, please" },
    });
    const accepted = draft(channel["channel.reward.redemption.updated accepted"]);
    expect(accepted.key).toBe("redemption/kick/01M7QXREDEMPT10N0000000001/accepted");
  });
});
