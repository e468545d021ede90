import { describe, it } from "vitest";

import { toDraft } from "../../../../src/protocols/dlive/codec/to-draft.ts";
import { provider } from "../../../../src/protocols/dlive/index.ts";
import { messageIn } from "../../support/drafts.ts";
import { draftsOf, greeted } from "../../support/drive.ts";
import { linkTo } from "../../support/samples.ts";
import chat from "../frames/chat.json";
import gifts from "../frames/gifts.json";
import moderation from "../frames/moderation.json";
import people from "../frames/people.json";
import { dataFrame, item, samples, STREAMER } from "../samples.ts";

const read = (raw: unknown) => toDraft(STREAMER, raw);

describe("the items of a frame", () => {
  it("are several, in their order", ({ expect }) => {
    const session = greeted(provider.open(linkTo(samples)), samples.greeting);
    const drafts = draftsOf(session.receives(chat["two at once"]));
    expect(drafts.map((draft) => messageIn(draft).text)).toEqual(["first of two", "second of two"]);
  });
});

describe("an item's time", () => {
  it("createdAt is nanoseconds in a string, past what a number holds", ({ expect }) => {
    expect(read(item(chat.Message)).time).toBe(1_732_400_001_234);
    // As a number, this many nines round up into the next millisecond.
    expect(read({ type: "Live", createdAt: "1732400001234999999" }).time).toBe(1_732_400_001_234);
    expect(read({ type: "Live", createdAt: 1.732400001234567e18 }).time).toBe(1_732_400_001_234);
  });

  it.for(["", "0", "-5", "yesterday", "9".repeat(40), null, undefined])(
    "is left out where it is none: %s",
    (createdAt, { expect }) => {
      expect(read({ type: "Live", createdAt })).not.toHaveProperty("time");
    },
  );
});

describe("an item's type", () => {
  it("an item is known by its type, and by its __typename only where the type is missing", ({
    expect,
  }) => {
    expect(read(item(people.Follow, { __typename: "ChatText" })).type).toBe("channel.follow");
    const untyped = (__typename: string, changes: object = {}) =>
      read({ ...item(chat.Message), ...changes, type: null, __typename }).type;
    expect(untyped("ChatText")).toBe("chat.message");
    expect(untyped("ChatFollow")).toBe("channel.follow");
    expect(untyped("ChatChangeMode", { mode: "SUB_ONLY" })).toBe("chat.settings.updated");
    expect(untyped("ChatModerator", { add: true })).toBe("moderation.moderator.added");
    expect(untyped("ChatEmoteAdd", { emote: "wave" })).toBe("chat.emote.added");
  });

  it("every event comes with every field, whatever the query selected", ({ expect }) => {
    const everything = Object.assign(
      {},
      ...Object.values({ ...people, ...moderation, ...gifts }).map((frame) => item(frame)),
      item(chat.Message),
    ) as object;
    expect(read(everything)).toMatchObject({
      type: "chat.message",
      data: { message: { text: "good evening from the river" } },
    });
  });

  it.for([
    [{}, "unknown"],
    [{ type: "Regatta" }, "Regatta"],
    [{ __typename: "ChatRegatta" }, "Regatta"],
    [{ __typename: "constructor" }, "constructor"],
    [{ type: "Message", content: 7 }, "Message"],
    [{ __typename: "ChatText", content: 7 }, "Message"],
    [[], "unreadable"],
    [null, "unreadable"],
    ["Message", "unreadable"],
  ] as const)(
    "is what an item without a word of ours is kept by: %j",
    ([raw, name], { expect }) => {
      const draft = read(raw);
      expect(draft.type).toBe("provider.event");
      const nativeType = `streamMessageReceived.${name}`;
      expect(draft.data).toEqual({ nativeType, payload: raw });
      expect(draft.raw).toEqual(raw);
    },
  );

  it.for([
    ["Message", { content: "hello", sender: null }],
    ["Message", { sender: { username: "reedling" } }],
    ["Gift", { amount: "1" }],
    ["Gift", { gift: "LEMON", amount: "a few" }],
    ["Gift", { gift: "constructor", amount: "1" }],
    ["Follow", {}],
    ["Subscription", { sender: { username: "" } }],
    ["ExtendSub", {}],
    ["GiftSubReceive", {}],
    ["Delete", {}],
    ["Host", { viewer: 3 }],
    ["ChatMode", {}],
    ["Ban", {}],
    ["Timeout", { minute: 3 }],
    ["Mod", { sender: { username: "reedling" } }],
    ["Mod", { add: true }],
    ["Emote", { emote: { id: "e-1" } }],
    ["Emote", {}],
  ] as const)("%s that lacks what makes it one is kept: %j", ([type, fields], { expect }) => {
    const raw = { type, id: "i-1", ...fields };
    expect(read(raw)).toMatchObject({ type: "provider.event", key: `${type}:i-1`, raw });
  });
});

describe("an item's key", () => {
  it.for([
    [{ type: "Live", id: "l-1", createdAt: "5" }, "Live:l-1"],
    [{ type: "Live", id: "", createdAt: "5" }, "Live@5"],
    [{ type: "Offline", createdAt: 5 }, "Offline@5"],
    [{ type: "Delete", id: "d-1", ids: ["m-1", "m-2"] }, "Delete:m-1,m-2"],
    [{ type: "Regatta", id: "r-1" }, "Regatta:r-1"],
    [{ type: "Live" }, undefined],
  ] as const)("of %j is %s", ([raw, key], { expect }) => {
    expect(read(raw).key).toBe(key);
  });

  it("is none where the time it would be made of is longer than any", ({ expect }) => {
    const draft = read({ type: "Live", createdAt: `0.${"0".repeat(100)}1` });
    expect(draft.type).toBe("stream.online");
    expect(draft).not.toHaveProperty("key");
  });

  it("tells a message from a gift of the same id", ({ expect }) => {
    const frame = dataFrame(item(chat.Message, { id: "x" }), item(gifts.LEMON, { id: "x" }));
    const session = greeted(provider.open(linkTo(samples)), samples.greeting);
    expect(draftsOf(session.receives(frame)).map(({ key }) => key)).toEqual([
      "Message:x",
      "Gift:x",
    ]);
  });
});
