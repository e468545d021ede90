import { describe, it } from "vitest";

import { toDraft } from "../../../../src/protocols/dlive/codec/to-draft.ts";
import { messageIn } from "../../support/drafts.ts";
import chat from "../frames/chat.json";
import moderation from "../frames/moderation.json";
import people from "../frames/people.json";
import { item, STREAMER } from "../samples.ts";

// What of an item's fields ends up where in an event's data.

const read = (raw: unknown) => toDraft(STREAMER, raw);
const dataOf = (raw: unknown): unknown => read(raw).data;

describe("a message", () => {
  it("has its id, its words and who said them", ({ expect }) => {
    expect(dataOf(item(chat.Message))).toEqual({
      user: {
        key: "dlive:reedling",
        id: "reedling",
        login: "reedling",
        name: "Reedling",
        avatar: "https://images.example/avatar/reedling.png",
        url: "https://dlive.tv/Reedling",
        roles: [],
        badges: [],
        anonymous: false,
      },
      message: {
        id: "0f5e0001-77aa-4c1b-9d3e-5b0000000001",
        text: "good evening from the river",
        fragments: [{ type: "text", text: "good evening from the river" }],
        action: false,
        highlighted: false,
        first: false,
      },
    });
  });

  it("what is beside the point and cannot be read is not there", ({ expect }) => {
    const { id: _, ...whole } = messageIn(read(item(chat.Message)));
    const { sender } = item(chat.Message) as { sender: object };
    const odd = { odd: [7] };
    const fields = ["id", "createdAt", "role", "roomRole", "subscribing", "emojis", "bannedBy"];
    const others = ["displayname", "avatar", "partnerStatus", "badges"];
    for (const change of [
      ...[...fields, "minute", "add", "mode"].map((name) => ({ [name]: odd })),
      ...others.map((name) => ({ sender: { ...sender, [name]: odd } })),
    ]) {
      const draft = read(item(chat.Message, change));
      expect([draft.type, draft.data]).toMatchObject([
        "chat.message",
        { user: { key: "dlive:reedling" }, message: whole },
      ]);
    }
    expect(messageIn(read(item(chat.Message, { id: 7_001 }))).id).toBe("7001");
    // Whoever did it, and for however long: what was said is hidden.
    const timeout = read(item(moderation.Timeout, { minute: -1, bannedBy: "somebody" }));
    expect(timeout.type).toBe("moderation.timeout");
    expect(timeout.data).not.toHaveProperty("seconds");
    for (const type of ["Host", "Subscription", "GiftSub"]) {
      const least = { type, viewer: -1, month: -1, count: -1 };
      expect(read(item(chat.Message, least)).type).toBe("provider.event");
    }
    expect(read(item(moderation.Ban, { bannedBy: 7 })).type).toBe("moderation.ban");
  });

  it("has nothing that is empty", ({ expect }) => {
    const sender = {
      username: "reedling",
      displayname: "",
      avatar: "",
      badges: ["", { name: "" }],
    };
    const draft = read(item(chat.Message, { type: "", sender }));
    expect(draft.type).toBe("chat.message");
    const user = { name: "reedling", url: "https://dlive.tv/reedling", badges: [] };
    expect(draft.data).toMatchObject({ user });
    expect(JSON.stringify(draft.data)).not.toContain('""');
    const nameless = { username: "", displayname: "Reedling" };
    expect(dataOf(item(chat.Message, { sender: nameless }))).toMatchObject({
      user: { key: "dlive:Reedling", name: "Reedling" },
    });
  });

  it("a sticker is a message whose text is :emote/…:", ({ expect }) => {
    const text = ":emote/channel/otterbrook/5c0ffee51ab1_m0ss:";
    const image = "https://images.prd.dlivecdn.com/emote/5c0ffee51ab1_m0ss";
    const { fragments } = messageIn(read(item(chat["Message that is a sticker"])));
    expect(fragments).toEqual([{ type: "sticker", text, id: "5c0ffee51ab1_m0ss", image }]);
    const among = messageIn(read(item(chat.Message, { content: `look ${text}` })));
    expect(among.fragments.map(({ type }) => type)).toEqual(["text"]);
  });

  it("emojis are pairs of first and last index", ({ expect }) => {
    expect(messageIn(read(item(chat["Message with emojis"]))).fragments).toEqual([
      { type: "emoji", text: ":wave:" },
      { type: "text", text: " hello " },
      { type: "emoji", text: ":fish:" },
    ]);
  });

  it("the unit of emojis is not documented: it is the one in which they are emojis", ({
    expect,
  }) => {
    const content = "😂 é 👍 hi";
    for (const emojis of [
      [0, 1, 5, 6],
      [0, 0, 4, 4],
      [0, 3, 8, 11],
    ]) {
      const { fragments } = messageIn(read(item(chat.Message, { content, emojis })));
      expect(fragments.map(({ type, text }) => `${type} ${text}`)).toEqual([
        "emoji 😂",
        "text  é ",
        "emoji 👍",
        "text  hi",
      ]);
    }
  });

  it.for([[[0]], [[3, 1]], [[0, 99]], [[-1, 2]], [[0.5, 2]], [[0, 5, 2, 7, 9]]])(
    "keeps its words where the pairs make no sense: %j",
    ([emojis], { expect }) => {
      const said = messageIn(read(item(chat["Message with emojis"], { emojis })));
      expect(said.text).toBe(":wave: hello :fish:");
    },
  );

  it("has its links and mentions by themselves", ({ expect }) => {
    const { fragments } = messageIn(read(item(chat["Message with a link"])));
    expect(fragments.map(({ type }) => type)).toEqual(["text", "link", "text", "mention"]);
  });
});

describe("somebody", () => {
  it.for([
    ["Message of the owner", ["broadcaster", "verified"], ["founder"]],
    ["Message of a subscribed moderator", ["moderator", "subscriber"], ["keeper"]],
    ["Message of the staff's bot", ["bot", "verified"], []],
  ] as const)("has the roles and badges of: %s", ([name, roles, badges], { expect }) => {
    const user = { roles, badges: badges.map((set) => ({ set })) };
    expect(dataOf(item(chat[name]))).toMatchObject({ user });
  });

  it("is staff by role, and verified by neither NONE nor AFFILIATE", ({ expect }) => {
    const rolesOf = (role: string, partnerStatus: string) => {
      const sender = { username: "reedling", partnerStatus };
      return (dataOf({ type: "Follow", role, sender }) as { user: { roles: string[] } }).user.roles;
    };
    expect(rolesOf("Staff", "NONE")).toEqual(["staff"]);
    expect(rolesOf("None", "AFFILIATE")).toEqual([]);
    expect(rolesOf("None", "GLOBAL_PARTNER_SUSPENDED")).toEqual([]);
  });

  it("is known by the username, which stays, and shown by the other", ({ expect }) => {
    const user = (sender: object) => (dataOf({ type: "Follow", sender }) as { user: object }).user;
    expect(user({ username: "pike", displayname: "The Pike" })).toMatchObject({
      id: "pike",
      name: "The Pike",
      url: "https://dlive.tv/The%20Pike",
    });
    expect(user({ username: "pike" })).toMatchObject({ id: "pike", name: "pike" });
    expect(user({ displayname: "The Pike" })).toMatchObject({ id: "The Pike" });
    expect(user({ username: "pike", avatar: null })).not.toHaveProperty("avatar");
  });

  it("has a page even where half a surrogate pair is in the name", ({ expect }) => {
    const sender = { username: "pike\ud83d" };
    expect(dataOf({ type: "Follow", sender })).toMatchObject({
      user: { url: "https://dlive.tv/pike%EF%BF%BD" },
    });
  });
});

describe("all the others", () => {
  it("a host's viewers are called viewer, or viewers", ({ expect }) => {
    const host = { user: { id: "millrace" }, viewers: 41, kind: "host", direction: "in" };
    expect(dataOf(item(people.Host))).toMatchObject(host);
    expect(dataOf(item(people.Host, { viewer: null, viewers: "17" }))).toMatchObject({
      viewers: 17,
    });
    expect(dataOf(item(people.Host, { viewer: null }))).toMatchObject({ viewers: 0 });
  });

  it.for([
    ["Subscription", { kind: "new", months: 1 }],
    ["Subscription of a second month", { kind: "renewal", months: 2 }],
    ["ExtendSub", { kind: "renewal", months: 3, streak: 4 }],
    ["SubStreak", { kind: "renewal", streak: 5 }],
    ["GiftSubReceive", { kind: "new", gift: { from: { name: "heronwatch" } } }],
  ] as const)("%s is told as %j", ([name, subscription], { expect }) => {
    expect((dataOf(item(people[name])) as { subscription: object }).subscription).toEqual(
      subscription,
    );
  });

  it("subscriptions given away are counted, with who got them", ({ expect }) => {
    const given = { user: { id: "reedling" }, count: 2, recipients: [{ name: "pikefan" }] };
    expect(dataOf(item(people.GiftSub))).toMatchObject(given);
    expect(dataOf({ type: "GiftSub" })).toEqual({ count: 1, recipients: [] });
  });

  it("somebody banned or timed out is the sender, and by whom is told", ({ expect }) => {
    const by = {
      key: "dlive:heronwatch",
      id: "heronwatch",
      login: "heronwatch",
      name: "Heron Watch",
    };
    expect(dataOf(item(moderation.Ban))).toMatchObject({ user: { id: "mudslinger" }, by });
    expect(dataOf(item(moderation.Timeout))).toMatchObject({ by, seconds: 300 });
    expect(dataOf(item(moderation.Ban, { bannedBy: {} }))).not.toHaveProperty("by");
  });

  it.for([
    ["DEFAULT", false, false],
    ["SUB_ONLY", false, true],
    ["FOLLOW_ONLY", true, false],
  ] as const)("the chat's mode %s is told in our words as well", ([mode, ...only], { expect }) => {
    const [followersOnly, subscribersOnly] = only;
    const settings = { mode, followersOnly, subscribersOnly };
    expect(dataOf(item(chat.ChatMode, { mode }))).toEqual(settings);
    expect(dataOf(item(chat.ChatMode, { type: "CHAT_MODE", mode }))).toEqual(settings);
  });

  it("deleted messages are told by all their ids", ({ expect }) => {
    expect(dataOf(item(chat.Delete))).toEqual({ messageIds: item(chat.Delete)["ids"] });
  });

  it("a new emote is told with its picture, or as the bare word it came as", ({ expect }) => {
    const image = "https://images.example/emote/riverwave.png";
    expect(dataOf(item(chat.Emote))).toEqual({
      emote: { id: "riverwave", name: "riverwave", image },
    });
    const bare = dataOf(item(chat.Emote, { emote: ":emote/channel/a/b:" }));
    expect(bare).toEqual({ emote: { id: ":emote/channel/a/b:", name: ":emote/channel/a/b:" } });
  });
});
