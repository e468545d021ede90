import { describe, it } from "vitest";

import type { CatalogueType, DataOf } from "../../../../src/event/catalogue.ts";
import type { EventDraft, StreamEvent } from "../../../../src/event/event.ts";
import { makeMessage } from "../../../../src/event/message.ts";
import type { User } from "../../../../src/event/shapes.ts";
import { toChestDrafts } from "../../../../src/protocols/dlive/codec/chest.ts";
import { toDraft } from "../../../../src/protocols/dlive/codec/to-draft.ts";
import { AT, eventOf, itemsIn, listening } from "../client.ts";
import chat from "../frames/chat.json";
import chest from "../frames/chest.json";
import gifts from "../frames/gifts.json";
import moderation from "../frames/moderation.json";
import people from "../frames/people.json";
import stream from "../frames/stream.json";
import { item, STREAMER } from "../samples.ts";

const CHEST = "treasureChestMessageReceived";

const told = (...events: readonly StreamEvent[]): Record<string, unknown>[] =>
  listening(STREAMER)
    .hears(STREAMER, ...events)
    .frames()
    .flatMap(itemsIn);

const ofChest = (...events: readonly StreamEvent[]): Record<string, unknown>[] =>
  listening(STREAMER, "1", CHEST)
    .hears(STREAMER, ...events)
    .frames()
    .flatMap(itemsIn);

const event = <T extends CatalogueType>(
  type: T,
  data: DataOf<T>,
  about: Partial<EventDraft> = {},
): StreamEvent =>
  eventOf({ platform: "twitch", time: AT, ...about, type, data } as EventDraft, 7, "api");

const ada: User = {
  key: "twitch:900000001",
  id: "900000001",
  login: "ada",
  name: "Ada",
  roles: ["subscriber", "moderator", "verified"],
  badges: [{ set: "founder", id: "0" }],
  anonymous: false,
};

/**
 * A sample as it is told again: known by our id unless it is a message, its time cut to milliseconds,
 * and without the kind of partner, the pictures of badges and the months of whoever writes.
 */
function again(original: Record<string, unknown>): unknown {
  const { type, id, createdAt, sender, subLength } = original;
  const { badges = [], partnerStatus, ...who } = (sender ?? {}) as Record<string, unknown>;
  const names = (badges as (string | { name: string })[]).map((each) =>
    typeof each === "string" ? each : each.name,
  );
  const isPartner = String(partnerStatus).endsWith("_PARTNER");
  return {
    ...original,
    id: type === "Message" ? id : "k3f9w2ab7q-1",
    createdAt: `${String(createdAt).slice(0, 13)}000000`,
    ...(sender !== undefined && {
      sender: { ...who, badges: names, partnerStatus: isPartner ? "VERIFIED_PARTNER" : "NONE" },
    }),
    ...(subLength !== undefined && { subLength: 0 }),
  };
}

describe("what DLive said is said again, key for key, in DLive's order", () => {
  const others = ["two at once", "ExtendSub", "Emote", "a gift nobody knows"];
  const all = { ...chat, ...gifts, ...people, ...moderation, ...stream };
  const samples = Object.entries(all).filter(([name]) => !others.includes(name));

  it.for(samples)("%s", ([, frame], { expect }) => {
    const original = item(frame);
    const [served = {}] = told(eventOf(toDraft(STREAMER, original)));
    expect(served).toEqual(again(original));
    if (original["type"] !== "Message") {
      expect(Object.keys(served)).toEqual(Object.keys(original));
    }
  });

  it("the documented example, key for key", ({ expect }) => {
    const sender = {
      __typename: "StreamchatUser",
      id: "streamchatuser:testpotato",
      username: "testpotato",
      displayname: "testPotato",
      avatar: "https://images.prd.dlivecdn.com/avatar/default22.png",
      partnerStatus: "NONE",
      badges: [],
    };
    const example = {
      __typename: "ChatText",
      type: "Message",
      id: "80364c42-1d4e-49f2-ac16-dffc9cb2e3d8",
      content: "hello",
      createdAt: "1560812097380375004",
      sender,
      role: "None",
      roomRole: "Member",
      subscribing: false,
    };
    const client = listening("dbl-lee");
    client.hears("dbl-lee", eventOf(toDraft("dbl-lee", example)));
    expect(client.texts()).toEqual([
      JSON.stringify({
        payload: {
          data: {
            streamMessageReceived: [
              {
                ...example,
                createdAt: "1560812097380000000",
                sender: { ...sender, effect: null },
                subLength: 0,
                emojis: [],
              },
            ],
          },
        },
        id: "1",
        type: "data",
      }),
    ]);
  });

  it("an extended subscription is told as one of so many months", ({ expect }) => {
    const [served] = told(eventOf(toDraft(STREAMER, item(people.ExtendSub))));
    expect(served).toMatchObject({ type: "Subscription", month: 3 });
  });

  it("a new emote is told by its name", ({ expect }) => {
    const [served] = told(eventOf(toDraft(STREAMER, item(chat.Emote))));
    expect(served).toMatchObject({ type: "Emote", emote: "riverwave" });
  });

  it.for(Object.entries(chest).filter(([name]) => /^[A-Z][A-Za-z]+$/.test(name)))(
    "chest: %s",
    ([, frame], { expect }) => {
      const received = frame.payload.data[CHEST] as unknown as Record<string, unknown>;
      const drafts = toChestDrafts(STREAMER, received);
      const time = Number(received["endTime"] ?? AT + 60_000) - 60_000;
      const [served = {}, ...more] = ofChest(...drafts.map((each) => eventOf({ ...each, time })));
      expect(more).toEqual([]);
      const changed = {
        ...("nextGiveawayThresholdAt" in received && { nextGiveawayThresholdAt: null }),
        ...("expireAt" in received && { expireAt: String(time) }),
      };
      expect(served).toEqual({ ...received, ...changed });
      expect(Object.keys(served)).toEqual(Object.keys(received));
    },
  );
});

describe("what happened elsewhere", () => {
  it("a frame tells of one event, in an array of one", ({ expect }) => {
    const events = [1, 2, 3].map((seq) =>
      eventOf({ type: "stream.online", platform: "twitch", data: {} }, seq, "api"),
    );
    const frames = listening(STREAMER)
      .hears(STREAMER, ...events)
      .frames();
    expect(frames.map((frame) => itemsIn(frame).length)).toEqual([1, 1, 1]);
  });

  it("a deletion says every id that a message may have been told by", ({ expect }) => {
    const deleted = (eventIds?: string[]) =>
      told(event("chat.message.deleted", { messageIds: ["m-1"], ...(eventIds && { eventIds }) }));
    expect(deleted()).toMatchObject([{ type: "Delete", ids: ["m-1"] }]);
    expect(deleted(["k3f9w2ab7q-3"])).toMatchObject([{ ids: ["m-1", "k3f9w2ab7q-3"] }]);
  });

  it("whoever is not of DLive is known by platform and id", ({ expect }) => {
    const [served] = told(event("channel.follow", { user: ada }));
    expect(served).toEqual({
      __typename: "ChatFollow",
      type: "Follow",
      id: "k3f9w2ab7q-7",
      sender: {
        __typename: "StreamchatUser",
        id: "streamchatuser:twitch:900000001",
        username: "twitch:900000001",
        displayname: "Ada",
        avatar: null,
        partnerStatus: "VERIFIED_PARTNER",
        badges: ["founder"],
        effect: null,
      },
      role: "None",
      roomRole: "Moderator",
      subscribing: true,
      createdAt: `${AT}000000`,
    });
  });

  it("happened when we wrote it down, where nobody says when", ({ expect }) => {
    const untimed = eventOf({ type: "stream.online", platform: "twitch", data: {} }, 5, "api");
    expect(told(untimed)).toMatchObject([{ createdAt: `${AT + 5}000000` }]);
  });

  it("somebody who is not named is Anonymous", ({ expect }) => {
    const amount = { value: "100", currency: "bits", kind: "virtual" as const };
    expect(told(event("channel.cheer", { amount }))).toMatchObject([
      { sender: { username: "anonymous", displayname: "Anonymous" }, roomRole: "Member" },
    ]);
  });

  it("what is given in another unit than DLive's is a gift by the name of that unit", ({
    expect,
  }) => {
    const gift = (value: string, currency: string, kind: "fiat" | "virtual") => {
      const amount = { value, currency, kind };
      const words = makeMessage("m-1", [{ type: "text", text: "for you" }]);
      const of = kind === "fiat" ? "channel.tip" : "channel.cheer";
      const data = { user: ada, amount, message: words, kind: "tip" as const };
      const [{ gift: name, amount: count, message: said } = {}] = told(event(of, data));
      return [name, count, said];
    };
    expect(gift("100", "bits", "virtual")).toEqual(["BITS", "100", "for you"]);
    expect(gift("4.20", "EUR", "fiat")).toEqual(["EUR", "4.20", "for you"]);
    expect(gift("12", "dlive:lemon", "virtual")).toEqual(["LEMON", "12", "for you"]);
    expect(gift("2.5", "dlive:trx", "virtual")).toEqual(["TRX", "2500000", "for you"]);
  });

  it("a tip that was held back is not told, and one that waits is told without its words", ({
    expect,
  }) => {
    const amount = { value: "4.20", currency: "EUR", kind: "fiat" as const };
    const words = makeMessage("m-1", [{ type: "text", text: "rude" }]);
    const tip = (moderation: "pending" | "allowed" | "rejected") =>
      told(event("channel.tip", { amount, message: words, kind: "tip", moderation }));
    expect(tip("rejected")).toEqual([]);
    expect(tip("pending")).toMatchObject([{ gift: "EUR", message: "" }]);
    expect(tip("allowed")).toMatchObject([{ gift: "EUR", message: "rude" }]);
  });

  it("what DLive told us and we have no word for goes out as it came in", ({ expect }) => {
    const unknown = item(gifts["a gift nobody knows"]);
    expect(told(eventOf(toDraft(STREAMER, unknown)))).toEqual([unknown]);
    const clip = { __typename: "ChatClip", type: "Clip", id: "c-1", url: "https://x.example" };
    expect(told(eventOf(toDraft(STREAMER, clip)))).toEqual([clip]);
    const ready = { __typename: "TreasureChestReadyToCollect", type: "ReadyToCollect" };
    expect(ofChest(...toChestDrafts(STREAMER, ready).map((each) => eventOf(each)))).toEqual([
      ready,
    ]);
    // Others can post anything by that name.
    const posted = eventOf(toDraft(STREAMER, clip), 1, "api");
    expect(told(posted)).toEqual([]);
    for (const payload of ["Clip", null, [clip]]) {
      const nativeType = "streamMessageReceived.Clip";
      const odd = { type: "provider.event" as const, platform: "dlive" };
      expect(told(eventOf({ ...odd, data: { nativeType, payload } }))).toEqual([]);
    }
  });

  it("that a giveaway empties the chest goes without saying", ({ expect }) => {
    const amount = (value: string) => ({
      value,
      currency: "dlive:lemon",
      kind: "virtual" as const,
    });
    const started = event("chest.giveaway.started", { value: "12.5" });
    const emptied = event("chest.value.updated", { amount: amount("0") });
    const typesOf = (...events: StreamEvent[]) => ofChest(...events).map(({ type }) => type);
    expect(typesOf(started, emptied)).toEqual(["GiveawayStarted"]);
    expect(typesOf(emptied)).toEqual(["ValueUpdated"]);
    const filled = event("chest.value.updated", { amount: amount("3") });
    expect(typesOf(started, filled, emptied)).toEqual([
      "GiveawayStarted",
      "ValueUpdated",
      "ValueUpdated",
    ]);
  });

  it("a chest of anything but lemons is none of DLive's", ({ expect }) => {
    const amount = { value: "3", currency: "coins", kind: "virtual" as const };
    expect(ofChest(event("chest.value.updated", { amount }))).toEqual([]);
    expect(ofChest(event("chest.value.expired", { amount }))).toEqual([]);
    expect(ofChest(event("chest.giveaway.started", {}))).toEqual([
      {
        __typename: "TreasureChestGiveawayStarted",
        type: "GiveawayStarted",
        endTime: null,
        pricePool: null,
        durationInSeconds: 0,
      },
    ]);
  });

  it.for([
    [{ subscribersOnly: true }, "SUB_ONLY"],
    [{ followersOnly: true }, "FOLLOW_ONLY"],
    [{ subscribersOnly: false, followersOnly: false }, "DEFAULT"],
    [{ mode: "FOLLOW_ONLY", subscribersOnly: true }, "FOLLOW_ONLY"],
    [{ mode: "unknown", subscribersOnly: true }, "SUB_ONLY"],
    [{ slowSeconds: 30 }, undefined],
    [{ emoteOnly: true }, undefined],
  ] as const)("of the chat's settings, %j is the mode %s", ([settings, mode], { expect }) => {
    const [served] = told(event("chat.settings.updated", settings));
    expect(served?.["mode"]).toBe(mode);
  });

  it.for([
    [{ seconds: 600 }, 10],
    [{ seconds: 61 }, 2],
    [{ seconds: 1 }, 1],
    [{ until: "2024-11-23T22:20:00.000Z" }, 7],
    [{ until: "2020-01-01T00:00:00.000Z" }, 0],
    [{ until: "soon" }, 0],
    [{}, 0],
  ] as const)("a timeout of %j is told in minutes: %s", ([length, minute], { expect }) => {
    const [served] = told(event("moderation.timeout", { user: ada, ...length }));
    expect(served).toMatchObject({ type: "Timeout", minute, sender: { displayname: "Ada" } });
  });

  it("a new moderator has the room's role Moderator, and one who was removed Member", ({
    expect,
  }) => {
    const all = [
      ["added", ["subscriber"], true, "Moderator"],
      ["added", ["broadcaster"], true, "Moderator"],
      ["removed", ["moderator"], false, "Member"],
    ] as const;
    for (const [what, roles, add, roomRole] of all) {
      const user = { ...ada, roles: [...roles] };
      const [served] = told(event(`moderation.moderator.${what}`, { user }));
      expect(served).toMatchObject({ type: "Mod", add, roomRole });
    }
  });

  it.for([
    [undefined, { id: "streamchatuser:anonymous", displayname: "Anonymous" }, "Moderator"],
    [{}, { id: "streamchatuser:anonymous", displayname: "Anonymous" }, "Moderator"],
    [{ name: "Grace" }, { id: "streamchatuser:Grace", displayname: "Grace" }, "Moderator"],
    [
      { key: "twitch:7", name: "Grace" },
      { id: "streamchatuser:twitch:7", displayname: "Grace" },
      "Moderator",
    ],
    [
      { key: "dlive:otterbrook" },
      { id: "streamchatuser:otterbrook", displayname: "otterbrook" },
      "Owner",
    ],
  ] as const)("who banned somebody, %j, is told as %j", ([by, bannedBy, role], { expect }) => {
    const data = { user: ada, ...(by !== undefined && { by: { ...by } }) };
    const [served] = told(event("moderation.ban", data, { connectionId: "dlive:otterbrook" }));
    expect(served).toMatchObject({ type: "Ban", bannedByRoomRole: role });
    expect(served?.["bannedBy"]).toEqual(bannedBy);
  });

  it.for([
    [{ kind: "new" }, { type: "Subscription", month: 1 }],
    [
      { kind: "renewal", months: 12, streak: 3 },
      { type: "Subscription", month: 12 },
    ],
    [
      { kind: "upgrade", tier: "3000" },
      { type: "Subscription", month: 1 },
    ],
    [
      { kind: "renewal", streak: 3 },
      { type: "SubStreak", length: 3 },
    ],
    [
      { kind: "new", gift: { from: { name: "Grace" } } },
      { type: "GiftSubReceive", gifter: "Grace" },
    ],
    [
      { kind: "new", gift: {} },
      { type: "GiftSubReceive", gifter: null },
    ],
  ] as const)("a subscription of %j is told as %j", ([subscription, expected], { expect }) => {
    const [served] = told(
      event("channel.subscription", { user: ada, subscription: { ...subscription } }),
    );
    expect(served).toMatchObject(expected);
  });

  it("a gift of subscriptions names the first who gets one", ({ expect }) => {
    const recipients = [{ name: "Grace" }, { name: "Hedy" }];
    expect(
      told(event("channel.subscription.gift", { user: ada, count: 2, recipients })),
    ).toMatchObject([
      { type: "GiftSub", count: 2, receiver: "Grace", sender: { displayname: "Ada" } },
    ]);
  });

  it("a raid is a host, and nothing where it goes away from here", ({ expect }) => {
    const raid = (direction: "in" | "out") =>
      told(event("channel.raid", { user: ada, viewers: 12, kind: "raid", direction }));
    expect(raid("in")).toMatchObject([{ type: "Host", viewer: 12 }]);
    expect(raid("out")).toEqual([]);
  });

  it("a message keeps its id, or is known by the event's where it has none", ({ expect }) => {
    const say = (id: string) =>
      event("chat.message", {
        user: ada,
        message: makeMessage(id, [{ type: "text", text: "hi" }]),
      });
    expect(told(say("m-1"), say("")).map(({ id }) => id)).toEqual(["m-1", "k3f9w2ab7q-7"]);
  });

  it("what cannot be said is not told of", ({ expect }) => {
    const said = makeMessage("m-1", [{ type: "text", text: "psst" }]);
    const silent = [
      event("chat.message", { user: ada, message: { ...said, to: { name: "Grace" } } }),
      event("chat.message", {
        user: ada,
        message: { ...said, text: "", fragments: [], deleted: true },
      }),
      event("chat.cleared", { scope: "all" }),
      event("chat.notice", { text: "hello", kind: "system" }),
      event("channel.subscription.ended", { user: ada }),
      event("channel.tip.moderated", { tipId: "t-1", moderation: "allowed" }),
      event("channel.redemption", { user: ada, reward: { title: "Water" } }),
      event("channel.updated", { title: "New" }),
      event("stream.viewers", { count: 7 }),
      event("stream.status", { incoming: true }),
      event("moderation.unban", { user: ada }),
      event("interaction.input", { view: "panel", component: "b" }),
      event("overlay.action", { action: "pause" }),
      event("session.updated", { key: "k", value: 1 }),
      event("connection.gap", { identifier: "i", from: "", to: "", cause: "" }),
      event("send.accepted", { sendId: "s", kind: "chat", targets: [] }),
      eventOf({ type: "custom.note", platform: "api", data: {} }, 1, "api"),
    ];
    const client = listening(STREAMER).says({
      id: "2",
      type: "start",
      payload: { query: `subscription{${CHEST}(streamer:"${STREAMER}"){type}}` },
    });
    expect(client.hears(STREAMER, ...silent).texts()).toEqual([]);
  });

  it("is written once, for however many clients", ({ expect }) => {
    const one = event("channel.follow", { user: ada });
    const [first] = listening(STREAMER).hears(STREAMER, one).texts();
    const changed = { ...one };
    expect(listening(STREAMER).hears(STREAMER, one).texts()).toEqual([first]);
    one.data["user"] = { ...ada, name: "Another" };
    expect(listening(STREAMER).hears(STREAMER, one).texts()).toEqual([first]);
    expect(listening(STREAMER).hears(STREAMER, changed).texts()).not.toEqual([first]);
  });
});
