import { describe, it } from "vitest";

import type { DataOf } from "../../../../src/event/catalogue.ts";
import type { EventDraft } from "../../../../src/event/event.ts";
import { identify } from "../../../../src/event/nobody.ts";
import { toLogin } from "../../../../src/protocols/twitch-irc/codec/from-user.ts";
import { toDrafts } from "../../../../src/protocols/twitch-irc/codec/to-draft.ts";
import { parseLine } from "../../../../src/protocols/twitch-irc/wire/line.ts";
import { ada, samples } from "../../../support/samples.ts";
import { cheer, enter, kickAda, linesOf, makeRoom, spoken, toldOf } from "./room.ts";

const one = (...drafts: EventDraft[]) => {
  const [line, ...more] = toldOf(...drafts);
  if (line === undefined || more.length > 0) throw new Error("not one line");
  return line;
};

const nameless = { ...ada, ...identify("twitch", undefined), roles: [] };

describe("a message", () => {
  it("is told with its id, its author and the room's id on Twitch", ({ expect }) => {
    const { tags, prefix, params } = one(spoken("Hello :all "));
    expect(prefix).toBe("ada!ada@ada.tmi.twitch.tv");
    expect(params).toEqual(["#demo", "Hello :all "]);
    expect(tags).toMatchObject({
      id: "m-1",
      badges: "subscriber/12",
      "badge-info": "subscriber/12",
      color: "#8a2be2",
      "display-name": "Ada",
      "room-id": "900000001",
      subscriber: "1",
      mod: "0",
      "user-id": "900000001",
    });
  });

  it("of another platform has a login, an id and a badge that no account of Twitch has", ({
    expect,
  }) => {
    const { tags, prefix } = one(spoken("Hello", { platform: "kick", user: kickAda }));
    expect(prefix).toBe("_kick_ada!_kick_ada@_kick_ada.tmi.twitch.tv");
    expect(tags).toMatchObject({
      "user-id": "kick:7",
      "display-name": "Ada",
      badges: "subscriber/1,kick/1",
    });
  });

  it("has places of Twitch's emotes in code points, and of no other platform's", ({ expect }) => {
    const message = spoken("🎉é Kappa Kappa");
    const emote = { type: "emote" as const, text: "Kappa", id: "25" };
    const fragments = [
      { type: "text" as const, text: "🎉é " },
      emote,
      { type: "text" as const, text: " " },
      emote,
    ];
    const draft = (action: boolean, platform = "twitch"): EventDraft => ({
      ...message,
      platform,
      data: { ...message.data, message: { ...message.data.message, fragments, action } },
    });
    expect(one(draft(false)).tags["emotes"]).toBe("25:3-7,9-13");
    expect(one(draft(true)).tags["emotes"]).toBe("25:3-7,9-13");
    expect(one(draft(true)).params[1]).toBe("\u0001ACTION 🎉é Kappa Kappa\u0001");
    expect(one(draft(false, "kick")).tags["emotes"]).toBe("");
  });

  it("stays on its line, is no action by its text alone, and has at most 500 characters", ({
    expect,
  }) => {
    expect(one(spoken("a\r\nPRIVMSG #x :b\0")).params[1]).toBe("a  PRIVMSG #x :b ");
    expect(one(spoken("\u0001ACTION x\u0001")).params[1]).toBe(" ACTION x ");
    expect(one(spoken("🎉".repeat(800))).params[1]).toBe("🎉".repeat(500));
  });

  it("of very long names has a line that clients take", ({ expect }) => {
    const long = "x".repeat(20_000);
    const badges = Array.from({ length: 500 }, (_, at) => ({
      set: `set-${at}`,
      id: "1",
      info: "9",
    }));
    const { data, ...draft } = spoken(long, { id: long });
    const message = { ...data.message, replyTo: long };
    const user = { ...data.user, name: long, login: long, badges };
    const room = makeRoom();
    const client = enter(room);
    room.happens([{ ...draft, data: { ...data, user, message } }]);
    const [line = ""] = client.hears<string>();
    expect(line.indexOf(" ")).toBeLessThan(8_192);
    expect(line.length).toBeLessThan(9_000);
    expect(parseLine(line)?.command).toBe("PRIVMSG");
  });

  it("for one person, or that was deleted, is not told", ({ expect }) => {
    const message = spoken("Psst");
    const to: EventDraft = {
      ...message,
      data: { ...message.data, message: { ...message.data.message, to: { name: "Grace" } } },
    };
    const gone: EventDraft = {
      ...message,
      data: { ...message.data, message: { ...message.data.message, deleted: true } },
    };
    expect(toldOf(to, gone)).toEqual([]);
  });

  it("of Twitch is read as it was told by our own client of Twitch", ({ expect }) => {
    const line = one(spoken("Hello"));
    const [draft] = toDrafts("twitch-irc:demo", line) ?? [];
    expect(draft).toMatchObject({
      type: "chat.message",
      key: "chat/twitch/m-1",
      data: { user: { key: ada.key, login: "ada", name: "Ada" }, message: { text: "Hello" } },
    });
  });
});

describe("a login", () => {
  const people = [
    ["twitch", { key: "twitch:1", login: "alice", name: "Alice" }],
    ["twitch", { key: "twitch:2", login: "kick_alice", name: "Alice" }],
    ["kick", { key: "kick:1", login: "alice", name: "Alice" }],
    ["kick", { key: "kick:2", login: "alice-", name: "Alice" }],
    ["kick", { key: "kick:3", login: "a".repeat(40), name: "A" }],
    ["kick", { key: "kick:4", login: "a".repeat(41), name: "A" }],
    ["youtube", { key: "youtube:UC1", name: "Alice" }],
    ["youtube", { key: "youtube:UC2", name: "alice" }],
    ["youtube", { key: "youtube:UC3", name: "語" }],
    ["youtube", { key: "youtube:UC4", name: "" }],
    ["a-platform-of-a-very-long-name", { key: "x:1", name: "Alice" }],
    ["twitch", { key: "twitch:3", name: "アリス" }],
  ] as const;

  it("is one of Twitch's form, and nobody else's: of no other platform's, and of no other person's", ({
    expect,
  }) => {
    const logins = people.map(([platform, person]) => toLogin(person, platform));
    for (const login of logins) expect(login).toMatch(/^[a-z0-9_]{1,25}$/);
    expect(new Set(logins).size).toBe(people.length);
  });

  it("of somebody on Twitch is their own", ({ expect }) => {
    expect(toLogin({ login: "Ada" }, "twitch")).toBe("ada");
  });
});

describe("bits", () => {
  it("are told in one line with the words, whichever of the two came first", ({ expect }) => {
    for (const drafts of [
      [spoken("Cheer100 !buy"), cheer("Cheer100 !buy")],
      [cheer("Cheer100 !buy"), spoken("Cheer100 !buy")],
    ]) {
      const { command, params, tags } = one(...drafts);
      expect([command, params, tags["bits"]]).toEqual([
        "PRIVMSG",
        ["#demo", "Cheer100 !buy"],
        "100",
      ]);
    }
  });

  it("are told once with their words, whatever the words look like", ({ expect }) => {
    for (const drafts of [
      [spoken("!buy me"), cheer("!buy me")],
      [cheer("!buy me"), spoken("!buy me")],
      [spoken("!buy me"), spoken("!buy me", { id: "m-2" }), cheer("!buy me"), cheer("!buy me")],
    ]) {
      const lines = toldOf(...drafts);
      expect(lines.map(({ params, tags }) => [params[1], tags["bits"]])).toEqual(
        Array.from({ length: drafts.length / 2 }, () => ["!buy me", "100"]),
      );
    }
  });

  it("without a name are of the account that stands for nobody, as on Twitch", ({ expect }) => {
    const { user: _user, ...unnamed } = cheer("Anon100").data as DataOf<"channel.cheer">;
    const given: EventDraft = { ...cheer("Anon100"), type: "channel.cheer", data: unnamed };
    const badges = [{ set: "anonymous-cheerer", id: "1" }];
    const user = { ...nameless, name: "AnAnonymousCheerer", badges };
    for (const drafts of [[given], [spoken("Anon100", { user }), given]]) {
      const { prefix, tags } = one(...drafts);
      expect(prefix).toMatch(/^ananonymouscheerer!/);
      expect(tags).toMatchObject({
        badges: "anonymous-cheerer/1",
        bits: "100",
        "display-name": "AnAnonymousCheerer",
        "user-id": "407665396",
      });
    }
  });

  it("and their words are told once each where the two come apart", ({ expect }) => {
    const room = makeRoom();
    const client = enter(room);
    client.sleeps = true;
    const orders = [
      [spoken("Cheer100 !buy"), cheer("Cheer100 !buy")],
      [cheer("Cheer100 !buy"), spoken("Cheer100 !buy")],
    ];
    for (const drafts of [...orders, ...orders]) {
      for (const draft of drafts) room.happens([draft]);
      const lines = linesOf(client);
      expect(lines.filter(({ params }) => params[1]?.includes("!buy"))).toHaveLength(1);
      expect(lines.flatMap(({ tags }) => tags["bits"] ?? [])).toEqual(["100"]);
    }
  });

  it("for which something was bought are told without the words of its message", ({ expect }) => {
    const given = cheer("look at this");
    const gift = { name: "message_effect", count: 1 };
    const bought: EventDraft = { ...given, data: { ...given.data, gift } } as EventDraft;
    const lines = toldOf(spoken("look at this"), bought);
    expect(lines.map(({ params }) => params[1])).toEqual(["look at this", "Cheer100"]);
  });

  it("that came without words are told by their count", ({ expect }) => {
    const { params, tags } = one(cheer(null, "50"));
    expect([params[1], tags["bits"]]).toEqual(["Cheer50", "50"]);
  });

  it("are nothing but Twitch's: tips, and other platforms' units, are told in words", ({
    expect,
  }) => {
    const bits: EventDraft = { ...cheer("Cheer100"), platform: "kick" };
    for (const draft of [bits, samples["channel.cheer"], samples["channel.tip"]]) {
      const { command, tags } = one(draft);
      expect([command, tags["msg-id"], tags["bits"]]).toEqual([
        "USERNOTICE",
        "announcement",
        undefined,
      ]);
    }
    expect(one(samples["channel.tip"]).params[1]).toMatch(/^Ada gave 4,20 €: Hello/);
  });

  it("are not told of a tip that waits or was refused", ({ expect }) => {
    const { data } = samples["channel.tip"];
    const tips = (["pending", "rejected"] as const).map((moderation): EventDraft => ({
      ...samples["channel.tip"],
      data: { ...data, moderation },
    }));
    expect(toldOf(...tips)).toEqual([]);
  });
});

describe("moderation", () => {
  it("of a message is a CLEARMSG for each, under the ids that were told", ({ expect }) => {
    const lines = toldOf(samples["chat.message.deleted"]);
    expect(
      lines.map(({ command, tags }) => [command, tags["target-msg-id"], tags["login"]]),
    ).toEqual([
      ["CLEARMSG", "m-1", "grace"],
      ["CLEARMSG", "m-2", "grace"],
    ]);
  });

  it("of a person is a CLEARCHAT: a ban without a time, a timeout with one, never of everybody", ({
    expect,
  }) => {
    const { user } = samples["moderation.timeout"].data;
    const endless: EventDraft = { ...samples["moderation.timeout"], data: { user } };
    const lines = toldOf(
      samples["moderation.ban"],
      samples["moderation.timeout"],
      endless,
      samples["chat.cleared"],
    );
    expect(lines.map(({ params, tags }) => [params[1], tags["ban-duration"]])).toEqual([
      ["ada", undefined],
      ["ada", "600"],
      ["ada", "1"],
      ["grace", "1"],
    ]);
    const unnamed: EventDraft = { ...samples["chat.cleared"], data: { scope: "user" } };
    expect(toldOf(unnamed)).toEqual([]);
    const all: EventDraft = { ...samples["chat.cleared"], data: { scope: "all" } };
    expect(one(all).params).toEqual(["#demo"]);
  });

  it("of a room's modes is what changed, and Twitch's only", ({ expect }) => {
    const slow: EventDraft = { ...samples["chat.settings.updated"], data: { slowSeconds: 30 } };
    expect(one(slow).tags).toEqual({ slow: "30", "room-id": "900000001" });
    expect(toldOf({ ...slow, platform: "kick" })).toEqual([]);
  });
});

describe("what is done for a channel", () => {
  const { user, subscription } = samples["channel.subscription"].data;
  const sub = (given: object): EventDraft => ({
    ...samples["channel.subscription"],
    data: { user, subscription: { kind: "new", ...given } },
  });

  it("is a notice: sub, resub, a gift that is kept", ({ expect }) => {
    const { gift: _gift, ...own } = subscription;
    const kinds = [
      sub({ tier: "prime" }),
      sub(own),
      sub({ kind: "upgrade", gift: { from: { login: "grace", name: "Grace" } } }),
      sub({ kind: "upgrade" }),
    ].map((draft) => one(draft));
    expect(kinds.map(({ tags }) => [tags["msg-id"], tags["msg-param-sub-plan"]])).toEqual([
      ["sub", "Prime"],
      ["resub", "2000"],
      ["giftpaidupgrade", "1000"],
      ["primepaidupgrade", "1000"],
    ]);
    expect(kinds[1]?.tags).toMatchObject({
      "msg-param-cumulative-months": "12",
      "msg-param-streak-months": "3",
      "msg-param-should-share-streak": "1",
    });
    expect(kinds[1]?.params).toEqual(["#demo", "One year!"]);
  });

  it("is a gift of its giver: one, several with those who are named, and one of several", ({
    expect,
  }) => {
    const grace = { key: "twitch:900000002", id: "900000002", login: "grace", name: "Grace" };
    const alone: EventDraft = {
      ...samples["channel.subscription.gift"],
      data: { user: ada, count: 1, tier: "1000", recipients: [grace] },
    };
    const given = sub({ gift: { id: "g-1", from: grace } });
    const several = toldOf(samples["channel.subscription.gift"]);
    expect(one(alone).tags).toMatchObject({
      "msg-id": "subgift",
      login: "ada",
      "msg-param-recipient-user-name": "grace",
      "msg-param-recipient-id": "900000002",
    });
    expect(several.map(({ tags }) => [tags["msg-id"], tags["msg-param-mass-gift-count"]])).toEqual([
      ["submysterygift", "5"],
      ["subgift", undefined],
    ]);
    expect(one(given).tags).toMatchObject({
      "msg-id": "subgift",
      login: "grace",
      "msg-param-recipient-user-name": "ada",
      "msg-param-community-gift-id": "g-1",
    });
  });

  it("without a name is of the account that stands for nobody", ({ expect }) => {
    const gift: EventDraft = {
      ...samples["channel.subscription.gift"],
      data: { count: 3, recipients: [] },
    };
    expect(one(gift).tags).toMatchObject({
      "msg-id": "submysterygift",
      login: "ananonymousgifter",
      "user-id": "274598607",
    });
  });

  it("is a raid where somebody came, and nothing where the channel went", ({ expect }) => {
    const { data } = samples["channel.raid"];
    expect(one(samples["channel.raid"]).tags).toMatchObject({
      "msg-id": "raid",
      "msg-param-viewerCount": "120",
      "msg-param-login": "ada",
    });
    expect(toldOf({ ...samples["channel.raid"], data: { ...data, direction: "out" } })).toEqual([]);
  });
});
