import { describe, it } from "vitest";

import type { EventDraft } from "../../../../src/event/event.ts";
import { parseTime } from "../../../../src/lib/time.ts";
import { WANTED } from "../../../../src/protocols/twitch-eventsub/provider/wanted.ts";
import { draftOf, draftsOf } from "../../support/drive.ts";
import campaigns from "../frames/campaigns.json";
import channel from "../frames/channel.json";
import chat from "../frames/chat.json";
import moderation from "../frames/moderation.json";
import money from "../frames/money.json";
import notices from "../frames/notices.json";
import { withEvent } from "../samples.ts";
import { Talk } from "../talk.ts";

/** A socket that was welcomed, and of whose requests nothing is known yet. */
function draft(frame: object): EventDraft {
  const talk = new Talk();
  return draftOf(talk.receive(frame));
}

const dataOf = (frame: object): object => draft(frame).data;
const keyOf = (frame: object): string | undefined => draft(frame).key;
const TEAL = {
  key: "twitch:80213344",
  id: "80213344",
  login: "tealotter",
  name: "TealOtter",
  anonymous: false,
};
const FERN = { key: "twitch:80213007", id: "80213007", login: "fernwatch", name: "FernWatch" };

describe("a message", () => {
  it("has its author, with badges, months, colour and roles", ({ expect }) => {
    expect(dataOf(chat["message of a moderator"])).toMatchObject({
      user: {
        ...TEAL,
        color: "#1E90FF",
        roles: ["moderator", "subscriber"],
        badges: [
          { set: "moderator", id: "1" },
          { set: "subscriber", id: "12", info: "16" },
        ],
      },
      message: { text: "be kind", action: false, highlighted: false, first: false },
    });
    expect(dataOf(chat["message of the broadcaster"])).toMatchObject({
      user: { roles: ["broadcaster"] },
    });
  });

  it("has its emotes and mentions as fragments, and they are its text", ({ expect }) => {
    const { message } = dataOf(chat["message with emotes and a mention"]) as { message: object };
    expect(message).toMatchObject({
      text: "hi @PixelFern Kappa",
      fragments: [
        { type: "text", text: "hi " },
        { type: "mention", text: "@PixelFern" },
        { type: "text", text: " " },
        {
          type: "emote",
          text: "Kappa",
          id: "25",
          image: "https://static-cdn.jtvnw.net/emoticons/v2/25/default/dark/2.0",
        },
      ],
    });
  });

  it("/me keeps its control characters", ({ expect }) => {
    expect(dataOf(chat["message that is /me"])).toMatchObject({
      message: { text: "waves", action: true, fragments: [{ type: "text", text: "waves" }] },
    });
  });

  it("says what it answers, whether it is highlighted, and whether it is a first one", ({
    expect,
  }) => {
    expect(dataOf(chat["message that is an answer"])).toMatchObject({
      message: { replyTo: "5f0d6f0c-6a55-4f5e-9e5c-00000000a001" },
    });
    expect(dataOf(chat["message that is highlighted"])).toMatchObject({
      message: { highlighted: true },
    });
    expect(dataOf(chat["message that is somebody's first"])).toMatchObject({
      message: { first: true },
    });
  });

  it("a message of a shared chat comes with an id of its own, and the id it has everywhere", ({
    expect,
  }) => {
    const frame = chat["message of another channel"];
    expect(keyOf(frame)).toBe("chat/twitch/0c0c9a5e-6f4f-4bb6-a9a4-00000000c001");
    expect(dataOf(frame)).toMatchObject({
      message: { id: frame.payload.event.message_id },
      source: { key: "twitch:66001234", id: "66001234", login: "greenkiln", name: "GreenKiln" },
    });
    expect(dataOf(chat.message)).not.toHaveProperty("source");
  });

  it("is named by its own id, and was said when the frame was sent", ({ expect }) => {
    const { key, time } = draft(chat.message);
    expect(key).toBe(`chat/twitch/${chat.message.payload.event.message_id}`);
    expect(time).toBe(parseTime("2026-03-04T19:20:05.123Z"));
  });

  it("loses the character that is not seen at its end, and no emote by that", ({ expect }) => {
    const { message } = chat["message with emotes and a mention"].payload.event;
    const end = { type: "text", text: " \u{E0000}", cheermote: null, emote: null };
    const said = { text: `${message.text} \u{E0000}`, fragments: [...message.fragments, end] };
    const frame = withEvent(chat.message, { message: said });
    expect(dataOf(frame)).toMatchObject({
      message: {
        text: message.text,
        fragments: [{ type: "text" }, { type: "mention" }, { type: "text" }, { type: "emote" }],
      },
    });
  });

  it("that waits for a moderator has who wrote it and why it waits, of either age", ({
    expect,
  }) => {
    for (const frame of [chat["message that is held"], chat["message that is held, of old"]]) {
      expect(dataOf(frame)).toMatchObject({
        user: TEAL,
        message: { text: "a rude word", id: frame.payload.event.message_id },
        reason: "swearing",
      });
    }
    const own = { reason: "blocked_term", automod: null };
    expect(dataOf(withEvent(chat["message that is held"], own))).toMatchObject({
      reason: "blocked_term",
    });
  });

  it("that was looked at has what came of it, in small letters", ({ expect }) => {
    const frame = chat["message that was reviewed"];
    expect(dataOf(frame)).toMatchObject({
      messageId: frame.payload.event.message_id,
      outcome: "approved",
      user: TEAL,
      by: FERN,
    });
    expect(draft(withEvent(frame, { status: "pondered" }))).toMatchObject({
      type: "provider.event",
      data: { nativeType: "automod.message.update" },
    });
  });
});

describe("a person", () => {
  it("login and name may be exchanged, and a login may have capitals", ({ expect }) => {
    const names = (login: string, name: string): object =>
      dataOf(withEvent(channel.follow, { user_login: login, user_name: name }));
    expect(names("Teal_Otter", "teal_otter")).toMatchObject({
      user: { login: "teal_otter", name: "Teal_Otter" },
    });
    expect(names("tealOTTER", "tealOTTER")).toMatchObject({
      user: { login: "tealotter", name: "tealOTTER" },
    });
    expect(names("tealotter", "ティール")).toMatchObject({
      user: { login: "tealotter", name: "ティール" },
    });
  });

  it("a message may be its text alone", ({ expect }) => {
    const held = withEvent(chat["message that is held"], { message: "a rude word" });
    expect(dataOf(held)).toMatchObject({ message: { text: "a rude word" } });
    const said = withEvent(chat.message, { message: "\u0001ACTION waves\u0001" });
    expect(dataOf(said)).toMatchObject({ message: { text: "waves", action: true } });
    expect(dataOf(withEvent(notices.resub, { message: "a year" }))).toMatchObject({
      subscription: { message: "a year" },
    });
    expect(dataOf(withEvent(money["redemption of Twitch's"], { message: "here" }))).toMatchObject({
      input: "here",
    });
  });

  it("a stand-in account and no account at all are both nobody", ({ expect }) => {
    for (const id of ["274598607", "407665396"]) {
      expect(dataOf(withEvent(money.cheer, { user_id: id }))).not.toHaveProperty("user");
      expect(dataOf(withEvent(chat.message, { chatter_user_id: id }))).toMatchObject({
        user: { key: "twitch:anonymous", anonymous: true },
      });
    }
    expect(dataOf(notices["several gifts of nobody"])).not.toHaveProperty("user");
    expect(dataOf(notices["several gifts of the stand-in"])).not.toHaveProperty("user");
    expect(dataOf(money["cheer of nobody"])).toEqual({
      amount: { value: "10", currency: "bits", kind: "virtual" },
      message: expect.objectContaining({ text: "cheer10" }) as unknown,
    });
  });
});

describe("a notice", () => {
  it("of a subscription has its tier, months, streak, giver and words", ({ expect }) => {
    expect(dataOf(notices.resub)).toMatchObject({
      user: TEAL,
      subscription: {
        kind: "renewal",
        tier: "2000",
        months: 12,
        streak: 3,
        message: "a year already",
      },
    });
    expect(dataOf(notices.sub)).toMatchObject({ subscription: { kind: "new", tier: "1000" } });
    expect(dataOf(notices["resub of a gift"])).toMatchObject({
      subscription: { months: 4, gift: { from: { id: "80213346", login: "quietcomet" } } },
    });
    expect(dataOf(notices["gift that is kept"])).toMatchObject({
      subscription: { kind: "upgrade", gift: { from: { id: "80213346" } } },
    });
    expect(dataOf(notices["Prime that is kept"])).toMatchObject({
      subscription: { kind: "upgrade", tier: "1000" },
    });
  });

  it("a sub's tier never says Prime: a flag does", ({ expect }) => {
    expect(dataOf(notices["sub with Prime"])).toMatchObject({ subscription: { tier: "prime" } });
  });

  it("of gifts says who gave how many, and each of several names the purchase", ({ expect }) => {
    expect(dataOf(notices["several gifts"])).toMatchObject({
      user: TEAL,
      count: 20,
      tier: "1000",
      recipients: [],
      gift: { id: "4013055550001" },
    });
    expect(dataOf(notices["gift of several"])).toMatchObject({
      user: { id: "80213345", login: "pixelfern" },
      subscription: { kind: "new", gift: { id: "4013055550001", from: { id: "80213344" } } },
    });
    expect(dataOf(notices["gift to one"])).toMatchObject({
      user: TEAL,
      count: 1,
      recipients: [{ id: "80213345" }],
    });
  });

  it("a notice of another channel is never a subscription, a gift or a raid of this one", ({
    expect,
  }) => {
    for (const name of [
      "sub of another channel",
      "gifts of another channel",
      "raid of another channel",
    ] as const) {
      const frame = notices[name];
      expect(draft(frame)).toMatchObject({
        type: "chat.notice",
        key: `notice/twitch/${frame.payload.event.source_message_id}`,
        data: { kind: "system", text: frame.payload.event.system_message },
      });
    }
    expect(dataOf(notices["announcement of another channel"])).toMatchObject({
      kind: "announcement",
      text: "from the other side",
    });
  });

  it("is in its author's words where it announces, and else in Twitch's", ({ expect }) => {
    expect(dataOf(notices.announcement)).toMatchObject({
      kind: "announcement",
      text: "the harbour opens at nine",
    });
    expect(dataOf(notices["watch streak"])).toMatchObject({
      kind: "milestone",
      text: "TealOtter watched 10 consecutive streams.",
    });
    expect(dataOf(notices.unraid)).toMatchObject({ kind: "system" });
  });

  it("is in whatever words there are, and without any is what nobody knows", ({ expect }) => {
    const unsaid = { message: { text: "", fragments: [] } };
    const spoken = withEvent(notices.announcement, { ...unsaid, system_message: "It was said." });
    expect(dataOf(spoken)).toMatchObject({ kind: "announcement", text: "It was said." });
    const streak = withEvent(notices["watch streak"], {
      system_message: "",
      message: { text: "still here", fragments: [] },
    });
    expect(dataOf(streak)).toMatchObject({ kind: "milestone", text: "still here" });
    expect(draft(withEvent(streak, unsaid))).toMatchObject({
      type: "provider.event",
      data: { nativeType: "channel.chat.notification.watch_streak" },
    });
  });

  it("of a raid names who came, with a picture of a size that there is", ({ expect }) => {
    expect(dataOf(notices.raid)).toMatchObject({
      user: {
        id: "66001234",
        avatar: "https://static-cdn.jtvnw.net/jtv_user_pictures/otter-profile_image-300x300.png",
      },
      viewers: 43,
      direction: "in",
    });
  });

  it("that nobody knows is told of by its own word", ({ expect }) => {
    expect(dataOf(notices["notice that nobody knows"])).toMatchObject({
      nativeType: "channel.chat.notification.otter_parade",
    });
  });
});

describe("money", () => {
  it("the places of a sum are called decimal_place in the chat and decimal_places in campaigns", ({
    expect,
  }) => {
    expect(dataOf(notices.donation)).toMatchObject({
      amount: { value: "25.5", currency: "USD", kind: "fiat" },
      kind: "charity",
    });
    expect(dataOf(money.donation)).toMatchObject({
      tipId: "a1b2",
      amount: { value: "100.5", currency: "EUR", kind: "fiat" },
      kind: "charity",
    });
  });

  it("in bits says for what, where it is no cheer", ({ expect }) => {
    expect(dataOf(money.cheer)).toMatchObject({
      user: TEAL,
      amount: { value: "100", currency: "bits", kind: "virtual" },
      message: { text: "cheer100 nice", fragments: [{ type: "cheermote" }, { type: "text" }] },
    });
    expect(dataOf(money.cheer)).not.toHaveProperty("gift");
    expect(dataOf(money["power-up"])).toMatchObject({ gift: { name: "celebration", count: 1 } });
    expect(dataOf(money["power-up of the channel"])).toMatchObject({
      gift: { name: "Spin the wheel" },
    });
    expect(dataOf(money.combo)).toMatchObject({ gift: { name: "combo" } });
    expect(dataOf(money["cheer by its old type"])).toMatchObject({
      amount: { value: "1000" },
      message: { text: "cheer1000 hello" },
    });
  });

  it("the reward of Twitch's own has a type and no title, and its price has two names", ({
    expect,
  }) => {
    expect(dataOf(money["redemption of Twitch's"])).toMatchObject({
      reward: { title: "send_highlighted_message", cost: 100 },
      input: "look here",
    });
    expect(dataOf(money["redemption of Twitch's, of old"])).toMatchObject({
      reward: { title: "single_message_bypass_sub_mode", cost: 200 },
      input: "let me in",
    });
  });

  it("what is redeemed for bits is in a field of its own", ({ expect }) => {
    expect(dataOf(money["redemption for bits"])).toMatchObject({
      reward: { title: "Spin the wheel", cost: 100 },
      status: "unfulfilled",
    });
  });

  it("of points names a redemption by its id and what has become of it", ({ expect }) => {
    expect(draft(money.redemption)).toMatchObject({
      key: "redemption/twitch/17fa2df1-0000-4000-8000-00000000e001/unfulfilled",
      data: { reward: { title: "Feed the otter", cost: 500 }, input: "three" },
    });
    expect(keyOf(money["redemption that is done"])).toBe(
      "redemption/twitch/17fa2df1-0000-4000-8000-00000000e001/fulfilled",
    );
  });
});

describe("moderation", () => {
  it("has who did it to whom, why, and for how long", ({ expect }) => {
    expect(dataOf(moderation["ban that ends"])).toMatchObject({
      user: { id: "80213999" },
      by: FERN,
      seconds: 600,
      until: "2026-03-04T19:30:04.100Z",
    });
    expect(dataOf(moderation["moderate: timeout"])).toMatchObject({
      by: FERN,
      seconds: 600,
      until: "2026-03-04T19:30:05.001Z",
    });
    expect(dataOf(moderation["moderate: warn"])).toMatchObject({ reason: "no kettles", by: FERN });
    expect(dataOf(moderation["moderate: let in again"])).toMatchObject({ reason: "welcome back" });
  });

  it("keeps nothing of what was deleted", ({ expect }) => {
    for (const name of ["moderate: delete", "moderate: delete elsewhere"] as const) {
      const deleted = draft(moderation[name]);
      expect(JSON.stringify(deleted)).not.toContain("kettles");
      expect(deleted).toMatchObject({ type: "chat.message.deleted", data: { by: FERN } });
      expect(deleted.key).toMatch(/^deleted\/twitch\/[0-9a-f-]+$/);
    }
  });

  it("of a chat's modes is the whole of them, or the one that changed", ({ expect }) => {
    expect(dataOf(moderation.settings)).toEqual({
      emoteOnly: true,
      followersOnly: false,
      subscribersOnly: false,
      slowSeconds: 10,
      unique: false,
    });
    expect(dataOf(moderation["moderate: slow"])).toEqual({ slowSeconds: 30 });
    expect(dataOf(moderation["moderate: slowoff"])).toEqual({ slowSeconds: 0 });
    expect(dataOf(moderation["moderate: followers"])).toEqual({ followersOnly: true });
    expect(dataOf(moderation["moderate: subscribersoff"])).toEqual({ subscribersOnly: false });
  });
});

describe("what is for moderators, and has no word of ours", () => {
  it.for([
    moderation["asking to be let in"],
    moderation.suspicion,
    moderation["moderate: a term"],
    moderation["moderate: not let in"],
    chat["own message that is held"],
    chat["own message that was reviewed"],
  ])(
    "is told of without its words, which are where the provider's own are: %#",
    (frame, { expect }) => {
      const { type, data, raw } = draft(frame);
      expect([type, data]).toMatchObject(["provider.event", { payload: null }]);
      expect(raw).toEqual(frame);
    },
  );

  it("is so by its type, whatever the frame says of the condition", ({ expect }) => {
    const bare = { broadcaster_user_id: "52880011" };
    const types = WANTED.filter(({ condition }) => condition === "BM").map(({ type }) => type);
    // What these tell of is in the chat, or on everybody's page.
    const open = ["channel.follow", "channel.shoutout.create", "channel.shoutout.receive"];
    expect(types).toEqual(expect.arrayContaining(open));
    for (const type of types.filter((each) => !open.includes(each))) {
      const { metadata, payload } = moderation.suspicion;
      const subscription = { ...payload.subscription, type, condition: bare };
      const frame = { metadata, payload: { subscription, event: { said: "psst" } } };
      const { data, raw } = draft(frame);
      expect([type, data]).toEqual([type, { nativeType: type, payload: null }]);
      expect(raw).toEqual(frame);
    }
  });

  it("has them where it is shown to everybody", ({ expect }) => {
    expect(dataOf(channel.rerun)).toMatchObject({ payload: channel.rerun });
  });
});

describe("the channel", () => {
  it("only a stream of the type live is a broadcast", ({ expect }) => {
    expect(dataOf(channel.online)).toEqual({
      startedAt: "2026-03-04T19:20:00.100Z",
      url: "https://www.twitch.tv/otterbrook",
    });
    expect(draft(channel.rerun).type).toBe("provider.event");
  });

  it("a number may come as its digits, and a flag as its word", ({ expect }) => {
    for (const [word, automatic] of [
      [true, true],
      ["true", true],
      ["false", false],
      [null, false],
    ]) {
      const frame = withEvent(channel.advertisements, { is_automatic: word });
      expect(dataOf(frame)).toEqual({ seconds: 60, automatic });
    }
    const settings = withEvent(moderation.settings, { emote_mode: "true", slow_mode: "false" });
    expect(dataOf(settings)).toMatchObject({ emoteOnly: true, slowSeconds: 0 });
  });

  it("tells a raid that came from one that left", ({ expect }) => {
    expect(dataOf(channel["raid that came"])).toMatchObject({
      user: { id: "66001234" },
      viewers: 43,
      direction: "in",
    });
    expect(dataOf(channel["raid that left"])).toMatchObject({
      user: { id: "66001234" },
      direction: "out",
    });
    const bare = { ...channel["raid that came"] };
    const { subscription } = bare.payload;
    const condition = { to_broadcaster_user_id: "52880011" };
    const own = {
      ...bare,
      payload: { ...bare.payload, subscription: { ...subscription, condition } },
    };
    expect(dataOf(own)).toMatchObject({ direction: "in" });
  });

  it("tells a shoutout of ours from one to us", ({ expect }) => {
    expect(dataOf(channel.shoutout)).toMatchObject({ direction: "out", by: FERN, viewers: 86 });
    expect(dataOf(channel["shoutout that came"])).toMatchObject({ direction: "in", viewers: 8 });
  });

  it("a campaign names its broadcaster by other fields", ({ expect }) => {
    expect(dataOf(money.campaign)).toMatchObject({ nativeType: "channel.charity_campaign.start" });
  });
});

describe("a campaign", () => {
  it("is named by its id and its phase, and on its way by the frame as well", ({ expect }) => {
    expect(keyOf(campaigns["poll begins"])).toBe("poll/p-1/begin");
    expect(keyOf(campaigns["poll ends"])).toBe("poll/p-1/end");
    const { message_id: id } = campaigns["poll goes on"].metadata;
    expect(keyOf(campaigns["poll goes on"])).toBe(`poll/p-1/progress/${id}`);
    expect(keyOf(campaigns["prediction locks"])).toBe("prediction/q-1/lock");
    expect(keyOf(campaigns["train begins"])).toMatch(/^train\/.+\/begin$/);
    expect(keyOf(campaigns["goal ends"])).toMatch(/^goal\/.+\/end$/);
  });

  it("has how far it is", ({ expect }) => {
    expect(dataOf(campaigns["train goes on"])).toMatchObject({
      level: 2,
      total: 400,
      progress: 263,
      goal: 500,
      kind: "golden_kappa",
      endsAt: "2026-03-04T19:22:03.100Z",
    });
    expect(dataOf(campaigns["goal ends"])).toMatchObject({
      kind: "subscription_count",
      current: 51,
      target: 50,
      achieved: true,
    });
    expect(dataOf(campaigns["poll ends"])).toMatchObject({
      choices: [
        { id: "123", title: "Fish", votes: 12 },
        { id: "124", title: "Clams", votes: 14 },
      ],
      status: "completed",
    });
    expect(dataOf(campaigns["prediction ends"])).toMatchObject({
      outcomes: [{ users: 10, points: 15_000 }, { users: 2 }],
      winner: "o-1",
      status: "resolved",
    });
  });
});

describe("a frame with several events", () => {
  const { metadata, payload } = channel.online;
  const several = (type: string): object => {
    const subscription = { ...payload.subscription, type };
    return { metadata, payload: { subscription, events: [{ data: { user_id: "80213344" } }] } };
  };

  it("is nothing where it is of an application, and is kept nowhere", ({ expect }) => {
    expect(new Talk().receive(several("drop.entitlement.grant"))).toMatchObject([
      { type: "timer-set", timer: "silence" },
    ]);
  });

  it("is told of as it is where it is of the channel", ({ expect }) => {
    const frame = several("channel.otter_parade");
    expect(dataOf(frame)).toEqual({ nativeType: "channel.otter_parade", payload: frame });
  });
});

describe("a key", () => {
  it("an id of what happened is there for some kinds; for the others only that of the frame", ({
    expect,
  }) => {
    expect(keyOf(channel.follow)).toBe(`es/${channel.follow.metadata.message_id}`);
    expect(keyOf(moderation.deletion)).toBe(
      `deleted/twitch/${moderation.deletion.payload.event.message_id}`,
    );
    expect(keyOf(notices.sub)).toBe(`notice/twitch/${notices.sub.payload.event.message_id}`);
  });

  it("is the same on a socket that takes over, whatever else the frame says", ({ expect }) => {
    const again = { ...channel.follow, metadata: { ...channel.follow.metadata } };
    again.metadata.message_timestamp = "2026-03-04T19:20:09Z";
    expect(keyOf(again)).toBe(keyOf(channel.follow));
    expect(draftsOf(new Talk().receive(again))).toHaveLength(1);
  });
});
