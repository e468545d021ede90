import { describe, it } from "vitest";

import type { EventDraft } from "../../../../src/event/event.ts";
import { toDraft } from "../../../../src/protocols/youtube/codec/to-draft.ts";
import { messageIn } from "../../support/drafts.ts";
import chat from "../frames/chat.json";
import memberships from "../frames/memberships.json";
import moderation from "../frames/moderation.json";
import money from "../frames/money.json";
import polls from "../frames/polls.json";
import { CONNECTION, VIDEO } from "../samples.ts";

interface Page {
  readonly items: readonly { id: string; snippet: object; authorDetails?: object }[];
}

/** What the one item of a page becomes, with other details where they are given. */
function draftOf({ items }: Page, snippet: object = {}): EventDraft {
  const [item] = items;
  const raw = { ...item, snippet: { ...item?.snippet, ...snippet } };
  const draft = toDraft({ connectionId: CONNECTION, videoId: VIDEO }, raw);
  if (draft === null) throw new Error("no draft");
  return draft;
}

function dataOf<T extends EventDraft["type"]>(draft: EventDraft, type: T) {
  if (draft.type !== type) throw new Error(`it is ${draft.type}`);
  return draft.data as Extract<EventDraft, { type: T }>["data"];
}

const fragmentsOf = (page: Page, text: string) =>
  messageIn(draftOf(page, { textMessageDetails: { messageText: text } })).fragments.map(
    ({ type, text: part }) => [type, part],
  );

describe("a text", () => {
  it("has its author, its time and a key that everyone knows", ({ expect }) => {
    const draft = draftOf(chat["a text of the owner"]);
    const { id } = chat["a text of the owner"].items[0] ?? {};
    expect(draft).toMatchObject({
      type: "chat.message",
      platform: "youtube",
      connectionId: CONNECTION,
      key: `chat/youtube/${id}`,
      time: Date.parse("2026-05-04T18:00:03.250Z"),
    });
    expect(dataOf(draft, "chat.message").user).toEqual({
      key: "youtube:UCotterbrook00000000001",
      id: "UCotterbrook00000000001",
      name: "Otterbrook",
      avatar: "https://yt3.ggpht.com/bramble=s88-c-k",
      url: "http://www.youtube.com/channel/UCotterbrook00000000001",
      roles: ["broadcaster", "verified"],
      badges: [],
      anonymous: false,
    });
  });

  it("emoji are names between colons, side by side, and a time of day is none", ({ expect }) => {
    expect(
      messageIn(draftOf(chat["a text of a member"])).fragments.map(({ type, text }) => [
        type,
        text,
      ]),
    ).toEqual([
      ["text", "wave "],
      ["emote", ":_otterWave:"],
      ["text", " "],
      ["emote", ":face-blue-smiling:"],
      ["emote", ":_otterWave:"],
      ["text", " at 12:30:45 😂"],
    ]);
    expect(fragmentsOf(chat["a text"], ":a::b:")).toEqual([
      ["emote", ":a:"],
      ["emote", ":b:"],
    ]);
    expect(fragmentsOf(chat["a text"], "at 12:30:45 :)")).toEqual([["text", "at 12:30:45 :)"]]);
  });

  it("the author of an item is in its details, and the id in its snippet may be another's", ({
    expect,
  }) => {
    const { user } = dataOf(draftOf(chat["a text whose ids differ"]), "chat.message");
    expect(user).toMatchObject({ id: "UCsedge0000000000000001", name: "@Sedge" });
    expect(user).not.toHaveProperty("avatar");
  });

  it("is what was written, or else what is shown", ({ expect }) => {
    const draft = draftOf(chat["a text"], { textMessageDetails: null });
    expect(messageIn(draft).text).toBe("the water is high today");
    const nothing = draftOf(chat["a text"], { textMessageDetails: null, displayMessage: null });
    expect(nothing.type).toBe("provider.event");
    expect(nothing.key).toMatch(/^item\/youtube\/LCC\.otter/);
  });
});

describe("money", () => {
  const tipOf = (page: Page, snippet?: object) => dataOf(draftOf(page, snippet), "channel.tip");

  it("numbers come as text: micros, seconds, votes, viewers", ({ expect }) => {
    expect(tipOf(money["a Super Chat"]).amount).toEqual({
      value: "7.5",
      currency: "EUR",
      kind: "fiat",
      display: "€7.50",
    });
    const asNumber = { superChatDetails: { amountMicros: 1_990_000, currency: "usd" } };
    expect(tipOf(money["a Super Chat"], asNumber).amount).toEqual({
      value: "1.99",
      currency: "USD",
      kind: "fiat",
    });
    const timeout = dataOf(draftOf(moderation["a ban for a while"]), "moderation.timeout");
    expect(timeout).toMatchObject({ seconds: 300, user: { id: "UCmill00000000000000001" } });
    const poll = dataOf(draftOf(polls["a poll with votes"]), "channel.poll.progressed");
    expect(poll.choices.map(({ votes }) => votes)).toEqual([3, 8]);
  });

  it("an amount is in millionths, also of a currency without smaller coins", ({ expect }) => {
    expect(tipOf(money["a Super Chat in yen"]).amount).toMatchObject({
      value: "500",
      currency: "JPY",
      display: "¥500",
    });
  });

  it("the words shown of a payment repeat its amount: the payer's own are elsewhere", ({
    expect,
  }) => {
    const tip = tipOf(money["a Super Chat"]);
    const { id } = money["a Super Chat"].items[0] ?? {};
    expect(tip).toMatchObject({ kind: "superchat", tipId: id, message: { text: "for the heron" } });
    expect(tipOf(money["a Super Chat without words"])).not.toHaveProperty("message");
  });

  it("a sticker's language goes by two names, and its words are nobody's", ({ expect }) => {
    for (const page of [money["a Super Sticker"], money["a Super Sticker in the guide's words"]]) {
      const tip = tipOf(page);
      expect(tip).toMatchObject({ kind: "supersticker", amount: { value: "1.99" } });
      expect(tip).not.toHaveProperty("message");
    }
  });

  it("a gift's details go by two names, and how often it came in a row is no factor", ({
    expect,
  }) => {
    expect(dataOf(draftOf(money["a gift"]), "channel.cheer")).toMatchObject({
      amount: { value: "90", currency: "youtube:jewel", kind: "virtual" },
      gift: { name: "Lantern", count: 1 },
    });
    expect(dataOf(draftOf(money["a gift by its other name"]), "channel.cheer")).toMatchObject({
      amount: { value: "12" },
      gift: { name: "Kite", count: 1 },
    });
  });

  it("has what either name of a gift's details tells", ({ expect }) => {
    const [giftMetadata, giftDetails] = [
      { giftName: "Kite", jewelsAmount: "12" },
      { comboCount: 2 },
    ];
    for (const details of [
      { giftDetails, giftEventDetails: { giftMetadata } },
      { giftDetails: { ...giftDetails, giftMetadata } },
      { giftDetails: null, giftEventDetails: giftMetadata },
    ]) {
      expect(dataOf(draftOf(money["a gift"], details), "channel.cheer")).toMatchObject({
        amount: { value: "12" },
        gift: { name: "Kite" },
      });
    }
  });

  it("is kept as it is where no amount can be read", ({ expect }) => {
    for (const amountMicros of [undefined, "", "-5", "1e6", "9".repeat(40), 1.5]) {
      const draft = draftOf(money["a Super Chat"], { superChatDetails: { amountMicros } });
      expect(draft).toMatchObject({
        type: "provider.event",
        data: { nativeType: "superChatEvent" },
      });
    }
    expect(tipOf(money["fan funding"])).toMatchObject({ kind: "tip", amount: { currency: "GBP" } });
  });
});

describe("a membership", () => {
  const memberOf = (page: Page) => dataOf(draftOf(page), "channel.subscription").subscription;

  it("a member of a channel without levels has an empty one", ({ expect }) => {
    expect(memberOf(memberships["a new member without a level"])).toEqual({ kind: "new" });
    expect(memberOf(memberships["a new member"])).toEqual({ kind: "new", tier: "Pups" });
    expect(memberOf(memberships["a member who goes up"])).toEqual({
      kind: "upgrade",
      tier: "Otters",
    });
  });

  it("tells of months with the member's own words", ({ expect }) => {
    expect(memberOf(memberships["a milestone"])).toEqual({
      kind: "renewal",
      tier: "Otters",
      months: 14,
      message: "a year and more",
    });
  });

  it("a given membership may come before its purchase", ({ expect }) => {
    const { id = "" } = memberships["gifts that were bought"].items[0] ?? {};
    const received = draftOf(memberships["a gift that was received"]);
    expect(dataOf(received, "channel.subscription")).toMatchObject({
      user: { id: "UCsedge0000000000000001" },
      subscription: {
        kind: "new",
        tier: "Pups",
        gift: {
          id,
          from: { id: "UCquillwort000000000001", key: "youtube:UCquillwort000000000001" },
        },
      },
    });
    const bought = draftOf(memberships["gifts that were bought"]);
    expect(dataOf(bought, "channel.subscription.gift")).toMatchObject({
      user: { name: "@Quillwort" },
      count: 5,
      tier: "Pups",
      recipients: [],
      gift: { id },
    });
    expect(bought.key).toBe(`member/youtube/${id}`);
  });
});

describe("moderation", () => {
  it("a message may be deleted that nobody has seen", ({ expect }) => {
    expect(draftOf(moderation["a deletion"])).toMatchObject({
      type: "chat.message.deleted",
      key: "deleted/youtube/LCC.neverSeen01",
      data: { messageIds: ["LCC.neverSeen01"] },
    });
    expect(draftOf(moderation["a message taken back"]).data).toEqual({
      messageIds: ["LCC.neverSeen02"],
    });
  });

  it("an item without anything to show is still one", ({ expect }) => {
    const { id } = moderation["a tombstone"].items[0] ?? {};
    expect(draftOf(moderation["a tombstone"])).toMatchObject({
      type: "chat.message.deleted",
      key: `deleted/youtube/${id}`,
      data: { messageIds: [id] },
    });
  });

  it("the author of a deletion or a ban means nothing", ({ expect }) => {
    for (const page of Object.values(moderation)) {
      expect(JSON.stringify(draftOf(page).data)).not.toContain("tinRook");
    }
    expect(draftOf(moderation["a ban"])).toMatchObject({
      type: "moderation.ban",
      data: { user: { id: "UCweir00000000000000001", name: "@weir" } },
    });
  });

  it("a ban is for good or for a while as its kind says, and by its length where none does", ({
    expect,
  }) => {
    const typeOf = (more: object) =>
      draftOf(moderation["a ban"], {
        userBannedDetails: { bannedUserDetails: { channelId: "UCweir" }, ...more },
      }).type;
    expect(typeOf({ banType: "permanent", banDurationSeconds: "300" })).toBe("moderation.ban");
    expect(typeOf({ banType: "temporary" })).toBe("moderation.timeout");
    expect(typeOf({ banDurationSeconds: "300" })).toBe("moderation.timeout");
    expect(typeOf({ banDurationSeconds: "0" })).toBe("moderation.ban");
  });

  it("tells who may write", ({ expect }) => {
    expect(draftOf(chat["members only"]).data).toEqual({ subscribersOnly: true });
    expect(draftOf(chat["for everyone again"]).data).toEqual({ subscribersOnly: false });
  });
});

describe("a poll", () => {
  it("begins without votes, goes on with each count of them, and is closed", ({ expect }) => {
    const begun = draftOf(polls["a poll"]);
    expect(begun).toMatchObject({
      type: "channel.poll.started",
      data: {
        title: "Which way?",
        status: "active",
        choices: [
          { id: "1", title: "Upstream" },
          { id: "2", title: "Downstream" },
        ],
      },
    });
    expect(begun.key).toMatch(/^poll\/youtube\/LCC\.otter\d+\/active$/);
    const ended = draftOf(polls["a poll that is closed"]);
    expect(ended).toMatchObject({ type: "channel.poll.ended", data: { status: "closed" } });
    expect(ended.key).toMatch(/\/closed$/);
    expect(draftOf(polls["a poll with votes"]).key).toMatch(/\/3-8$/);
    // Its status is told in two places.
    const metadata = { questionText: "Which way?", status: "closed" };
    const inner = draftOf(polls["a poll"], { pollDetails: { metadata } });
    expect(inner).toMatchObject({ type: "channel.poll.ended", data: { status: "closed" } });
  });
});
