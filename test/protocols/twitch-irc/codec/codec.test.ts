import { describe, it } from "vitest";

import type { EventDraft } from "../../../../src/event/event.ts";
import type { Message, User } from "../../../../src/event/shapes.ts";
import { provider } from "../../../../src/protocols/twitch-irc/index.ts";
import { draftOf, draftsOf, greeted, typesOf, type Driven } from "../../support/drive.ts";
import { linkTo } from "../../support/samples.ts";
import chat from "../frames/chat.json";
import deletions from "../frames/deletions.json";
import moderation from "../frames/moderation.json";
import money from "../frames/money.json";
import notices from "../frames/notices.json";
import subscriptions from "../frames/subscriptions.json";
import { samples, withTags } from "../samples.ts";

function start(): Driven {
  return greeted(provider.open(linkTo(samples)), samples.greeting, samples.write);
}

const draft = (frame: object): EventDraft => draftOf(start().receives(frame));
const drafts = (frame: object): EventDraft[] => draftsOf(start().receives(frame));

/** The data of the first event that a line becomes. */
function dataOf(frame: object): { message?: Message; user?: User } {
  const [first] = drafts(frame);
  if (first === undefined) throw new Error("no event");
  return first.data as { message?: Message; user?: User };
}

function said(frame: object): Message {
  const { message } = dataOf(frame);
  if (message === undefined) throw new Error("no message");
  return message;
}

function author(frame: object): User {
  const { user } = dataOf(frame);
  if (user === undefined) throw new Error("no user");
  return user;
}

/** A line of somebody's with another text. */
function saying(text: string, tags: object = {}): object {
  const frame = withTags(chat.PRIVMSG, tags);
  return { ...frame, params: [frame.params[0], text] };
}

/** Cuts a message into its emotes and the texts between them. */
function cut({ fragments }: Message): string[] {
  return fragments.map(({ type, text, id }) => (type === "emote" ? `${id}=${text}` : text));
}

describe("a message", () => {
  it("has who wrote it, with badges, months, colour and roles", ({ expect }) => {
    expect(author(chat["PRIVMSG of the broadcaster"])).toEqual({
      key: "twitch:52880011",
      id: "52880011",
      login: "otterbrook",
      name: "OtterBrook",
      color: "#1E90FF",
      roles: ["broadcaster", "subscriber"],
      badges: [
        { set: "broadcaster", id: "1" },
        { set: "subscriber", id: "3012", info: "34" },
      ],
      anonymous: false,
    });
  });

  it("has roles from the tags as well as from badges", ({ expect }) => {
    const bare = { badges: "", "badge-info": "" };
    expect(author(saying("hi", { ...bare, mod: "1", subscriber: "1", vip: "1" })).roles).toEqual([
      "moderator",
      "subscriber",
      "vip",
    ]);
  });

  it("places of emotes count code points, within the words of /me", ({ expect }) => {
    expect(cut(said(chat["PRIVMSG with emotes"]))).toEqual([
      "25=Kappa",
      " 😂 ",
      "25=Kappa",
      " ",
      "1902=Keepo",
    ]);
    const waved = said(chat["PRIVMSG that is /me"]);
    expect([waved.action, cut(waved)]).toEqual([true, ["waves ", "25=Kappa"]]);
  });

  it("the places of one emote may be split over several entries, and make no sense", ({
    expect,
  }) => {
    const split = saying("Kappa a Kappa", { emotes: "25:0-4/25:8-12" });
    expect(cut(said(split))).toEqual(["25=Kappa", " a ", "25=Kappa"]);
    const broken = ["25:4-0", "25:0-400", "25:9-12", "25:", ":0-4", "25:a-b", "25:0-4,0-4"];
    for (const emotes of broken) {
      const message = said(saying("Kappa a", { emotes }));
      expect(message.text).toBe("Kappa a");
    }
  });

  it("a display name may be empty, or end in a space", ({ expect }) => {
    expect(author(saying("hi", { "display-name": "" })).name).toBe("pixelfern");
    expect(author(saying("hi", { "display-name": "PixelFern " })).name).toBe("PixelFern");
    expect(author(chat["PRIVMSG of a name in kana"]).name).toBe("かごなどむ");
  });

  it("says which one it answers, and whether it is the first or highlighted", ({ expect }) => {
    expect(said(chat["PRIVMSG that is an answer"]).replyTo).toBe(
      "5f0d6f0c-0000-4f5e-9e5c-000000000001",
    );
    expect(said(chat["PRIVMSG that is somebody's first"]).first).toBe(true);
    expect(said(chat["PRIVMSG that is highlighted"]).highlighted).toBe(true);
  });

  it("a message of a shared chat comes with an id of its own, and the id it has everywhere", ({
    expect,
  }) => {
    const elsewhere = draft(chat["PRIVMSG of another room"]);
    expect(elsewhere.key).toBe("chat/twitch/7a0d6f0c-6a55-4f5e-9e5c-0000000000aa");
    expect(elsewhere.data).toMatchObject({ source: { key: "twitch:41250077", id: "41250077" } });
    expect(draft(chat["PRIVMSG of this room, shared"]).data).not.toHaveProperty("source");
  });

  it("a text may end in a character that is not seen", ({ expect }) => {
    for (const text of ["again \u{E0000}", "again\u{E0000}", "again \u{E0000}\u{E0000} "]) {
      expect(said(saying(text)).text).toBe("again");
    }
    const waved = said(saying("\u0001ACTION waves \u{E0000}\u0001"));
    expect([waved.action, waved.text]).toEqual([true, "waves"]);
    expect(said(saying("spaces  ")).text).toBe("spaces  ");
    const announced = { ...notices.announcement, params: ["#otterbrook", "soon \u{E0000}"] };
    expect(draft(announced).data).toMatchObject({ text: "soon" });
  });

  it("of /me has its emotes where they were counted, whatever stands before them", ({ expect }) => {
    const waved = said(saying("\u0001ACTION ab Kappa ((Kappa))\u0001", { emotes: "25:11-15" }));
    expect(cut(waved)).toEqual(["ab Kappa ((", "25=Kappa", "))"]);
  });

  it("that was kept by somebody though it was deleted is not told", ({ expect }) => {
    const effects = start().receives(saying("gone", { historical: "1", "rm-deleted": "1" }));
    expect(typesOf(effects)).toEqual(["timer-set", "timer-set"]);
    expect(drafts(saying("kept", { historical: "1" }))).toHaveLength(1);
  });

  it("has neither id nor key where the server tells of no tags", ({ expect }) => {
    const bare = draft({ ...chat.PRIVMSG, tags: {} });
    expect(bare).not.toHaveProperty("key");
    expect(bare.data).toMatchObject({ user: { login: "pixelfern", anonymous: true } });
    expect(said({ ...chat.PRIVMSG, tags: {} })).not.toHaveProperty("id");
  });
});

describe("what is given", () => {
  it("bits are counted by their tag, whatever the text says", ({ expect }) => {
    const [message, cheer, ...more] = drafts(saying("cheer9000 hi", { bits: "5" }));
    expect(message?.type).toBe("chat.message");
    expect(cheer?.data).toMatchObject({
      amount: { value: "5", currency: "bits", kind: "virtual" },
      message: { text: "cheer9000 hi" },
    });
    expect(more).toEqual([]);
  });

  it("names nobody where the giver wants no name", ({ expect }) => {
    const [message, cheer] = drafts(money["bits without a name"]);
    expect(cheer?.data).not.toHaveProperty("user");
    expect(message?.data).toMatchObject({ user: { id: "anonymous", anonymous: true } });
  });

  it("names nobody by either of the accounts that stand for one, and by none of their names", ({
    expect,
  }) => {
    const unmarked = withTags(money["bits without a name"], { badges: "" });
    for (const frame of [unmarked, withTags(unmarked, { "user-id": undefined })]) {
      const [message, cheer] = drafts(frame);
      expect(cheer?.data).not.toHaveProperty("user");
      expect(message?.data).toMatchObject({ user: { id: "anonymous", anonymous: true } });
      expect(author(frame)).not.toHaveProperty("login");
    }
    const kept = withTags(subscriptions.giftpaidupgrade, {
      "msg-param-sender-login": "ananonymousgifter",
      "msg-param-sender-name": "AnAnonymousGifter",
    });
    expect(draft(kept).data).toMatchObject({ subscription: { kind: "upgrade" } });
    expect(JSON.stringify(draft(kept).data)).not.toContain("nymousgifter");
  });

  it("of money is exact, in the currency's large units", ({ expect }) => {
    const amounts = [
      ...drafts(money["a Hype Chat"]).slice(1),
      ...drafts(money["a Hype Chat without words"]).slice(1),
      ...drafts(money.charitydonation),
      ...drafts(money.midnightsquid),
    ].map(({ data }) => (data as { amount: object }).amount);
    expect(amounts).toEqual([
      { value: "5", currency: "USD", kind: "fiat" },
      { value: "140", currency: "JPY", kind: "fiat" },
      { value: "5.5", currency: "USD", kind: "fiat" },
      { value: "6", currency: "BRL", kind: "fiat" },
    ]);
    expect(drafts(money["a Hype Chat without words"])[1]?.data).not.toHaveProperty("message");
  });

  it("is a plain message where it makes no sense", ({ expect }) => {
    for (const tags of [{ bits: "many" }, { "pinned-chat-paid-amount": "5-00" }, { bits: "0" }]) {
      expect(drafts(saying("hi", tags)).map(({ type }) => type)).toEqual(["chat.message"]);
    }
  });
});

describe("a subscription", () => {
  const told = (frame: object) => (draft(frame).data as { subscription: object }).subscription;

  it("has its tier, its months, and its streak where that is shared", ({ expect }) => {
    expect(told(subscriptions.sub)).toEqual({ kind: "new", tier: "prime", months: 1 });
    expect(told(subscriptions.resub)).toEqual({
      kind: "renewal",
      tier: "2000",
      months: 14,
      streak: 9,
      message: "fourteen months!",
    });
    expect(told(withTags(subscriptions.resub, { "msg-param-should-share-streak": "0" }))).toEqual({
      kind: "renewal",
      tier: "2000",
      months: 14,
      message: "fourteen months!",
    });
  });

  it("subscribers of old told of their months by another name", ({ expect }) => {
    expect(told(subscriptions["resub of old"])).toMatchObject({ kind: "renewal", months: 12 });
  });

  it("that was a gift names the giver, where one is named", ({ expect }) => {
    expect(told(subscriptions["resub of a gift"])).toMatchObject({
      gift: { from: { key: "twitch:80213344", login: "pixelfern", name: "PixelFern" } },
    });
    expect(told(subscriptions.giftpaidupgrade)).toEqual({
      kind: "upgrade",
      gift: { from: { login: "pixelfern", name: "PixelFern" } },
    });
    expect(told(subscriptions.anongiftpaidupgrade)).toEqual({ kind: "upgrade" });
  });

  it("each gift of a bomb comes as a notice of its own, and names the purchase in two ways", ({
    expect,
  }) => {
    const pairs = [
      [subscriptions.submysterygift, subscriptions["subgift in a bomb"]],
      [subscriptions["submysterygift of old"], subscriptions["subgift in a bomb of old"]],
      [
        subscriptions["submysterygift without a name"],
        subscriptions["subgift in a bomb without a name"],
      ],
    ] as const;
    for (const [purchase, gift] of pairs) {
      const bought = draft(purchase);
      const given = draft(gift);
      expect([bought.type, given.type]).toEqual([
        "channel.subscription.gift",
        "channel.subscription",
      ]);
      const { gift: bomb } = bought.data as { gift: { id: string } };
      expect(given.data).toMatchObject({ subscription: { gift: { id: bomb.id } } });
    }
    expect(draft(subscriptions["subgift in a bomb"]).data).toMatchObject({
      user: { key: "twitch:80213363", name: "HazelQuark" },
      subscription: { gift: { from: { key: "twitch:80213345", name: "TealOtter" } } },
    });
    const unnamed = draft(subscriptions["subgift in a bomb without a name"]).data;
    expect((unnamed as { subscription: { gift: object } }).subscription.gift).toEqual({ id: "77" });
  });

  it.for(["subgift", "subgift with the hash of nothing", "subgift of 2018"] as const)(
    "that is given by itself is one gift, with its receiver: %s",
    (name, { expect }) => {
      const { type, data } = draft(subscriptions[name]);
      expect(type).toBe("channel.subscription.gift");
      expect(data).toMatchObject({ count: 1, user: { login: "tealotter" } });
      expect((data as { recipients: object[] }).recipients).toHaveLength(1);
      expect(data).not.toHaveProperty("gift");
    },
  );

  it("that nobody is said to have given has no giver", ({ expect }) => {
    for (const name of ["anonsubgift", "anonsubmysterygift"] as const) {
      expect(draft(subscriptions[name]).data).not.toHaveProperty("user");
    }
  });
});

describe("a notice", () => {
  it("of a raid has who comes, how many, and a picture", ({ expect }) => {
    expect(draft(notices.raid).data).toMatchObject({
      user: {
        login: "tealotter",
        avatar: "https://pictures.example/tealotter-profile_image-300x300.png",
      },
      viewers: 42,
      kind: "raid",
      direction: "in",
    });
  });

  it("is in Twitch's words, but for an announcement", ({ expect }) => {
    const text = (frame: object) => (draft(frame).data as { text: string }).text;
    expect(text(notices.announcement)).toBe("we begin in five minutes");
    expect(text(notices.viewermilestone)).toContain("sparked a watch streak");
    expect(text(notices.ritual)).not.toContain("HeyGuys");
  });

  it("a notice of another room is never a subscription, a gift or a raid of this one", ({
    expect,
  }) => {
    for (const kind of ["sub", "resub", "subgift", "submysterygift", "raid", "announcement"]) {
      const frame = withTags(notices["sharedchatnotice of a sub"], { "source-msg-id": kind });
      expect(draft(frame).type).toBe("chat.notice");
    }
    expect(draft(notices["raid of this room, shared"]).type).toBe("channel.raid");
  });

  it("nobody knows is kept as it came, with Twitch's words", ({ expect }) => {
    expect(draft(notices["a kind nobody knows"]).data).toMatchObject({
      nativeType: "USERNOTICE.otterparade",
      payload: { tags: { "system-msg": "TealOtter leads a parade of 7 otters!" } },
    });
  });
});

describe("moderation", () => {
  it("names whom it is about, and for how long", ({ expect }) => {
    expect(draft(moderation["CLEARCHAT for a while"]).data).toMatchObject({
      user: { key: "twitch:80213399", login: "spamkettle9000" },
      seconds: 600,
    });
    expect(draft(moderation["CLEARCHAT that is a ban"]).key).toMatch(
      /^cleared\/twitch\/52880011\/80213399\/\d+$/,
    );
  });

  it("clears everything only where nobody is meant", ({ expect }) => {
    const frame = moderation["CLEARCHAT for a while"];
    const nameless = {
      ...withTags(frame, { "target-user-id": undefined }),
      params: ["#otterbrook"],
    };
    expect(drafts(nameless)).toEqual([]);
    const byId = { ...frame, params: ["#otterbrook"] };
    expect(draft(byId).type).toBe("moderation.timeout");
  });

  it("a deletion's room id is empty, and its text is not kept", ({ expect }) => {
    const deleted = draft(deletions.CLEARMSG);
    expect(deleted.data).toEqual({
      messageIds: ["5f0d6f0c-6a55-4f5e-9e5c-00000000dead"],
      user: { login: "spamkettle9000" },
    });
    expect(JSON.stringify(deleted)).not.toContain("kettles");
  });

  it("a room's state is whole after the JOIN, and afterwards only what changed", ({ expect }) => {
    expect(draft(moderation["ROOMSTATE with all on"]).data).toEqual({
      emoteOnly: true,
      followersOnly: true,
      subscribersOnly: true,
      slowSeconds: 30,
      unique: true,
    });
    expect(draft(moderation["ROOMSTATE of what changed"]).data).toEqual({ slowSeconds: 5 });
    const off = withTags(moderation["ROOMSTATE of what changed"], { "followers-only": "-1" });
    expect(draft(off).data).toEqual({ slowSeconds: 5, followersOnly: false });
  });
});
