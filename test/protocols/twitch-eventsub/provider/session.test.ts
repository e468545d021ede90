import { describe, it } from "vitest";

import { provider } from "../../../../src/protocols/twitch-eventsub/index.ts";
import { AT, draftsOf, only, typesOf } from "../../support/drive.ts";
import { linkTo } from "../../support/samples.ts";
import channel from "../frames/channel.json";
import chat from "../frames/chat.json";
import moderation from "../frames/moderation.json";
import money from "../frames/money.json";
import notices from "../frames/notices.json";
import revocations from "../frames/revocations.json";
import session from "../frames/session.json";
import { samples } from "../samples.ts";
import { ALL_SCOPES, Talk, Twitch } from "../talk.ts";

const ADDRESS = session.reconnect.payload.session.reconnect_url;
const handOverOf = (talk: Talk): string | null => talk.last("session-replace")?.handOver ?? null;

function welcome(seconds: unknown): object {
  const own = { ...session.welcome.payload.session, keepalive_timeout_seconds: seconds };
  return { ...session.welcome, payload: { session: own } };
}

describe("a socket", () => {
  it("a client says nothing: its first frame would end the socket", ({ expect }) => {
    const talk = Talk.begin();
    for (const { frame } of Object.values(samples.occurrences)) talk.receive(frame);
    expect(talk.all("frame-send")).toEqual([]);
  });

  it("asks for a sign of life each 30 s, and gives up after half as long again", ({ expect }) => {
    const { url } = provider.dial(linkTo(samples));
    expect(url).toBe("wss://eventsub.wss.twitch.tv/ws?keepalive_timeout_seconds=30");
    const talk = Talk.begin();
    expect(only(talk.receive(session.keepalive), "timer-set")).toEqual([
      { type: "timer-set", timer: "silence", afterMs: 45_000 },
    ]);
    expect(only(talk.fire("silence"), "session-fail")[0]?.failure.reason).toBe("silent");
  });

  it("goes by what the welcome says of signs of life", ({ expect }) => {
    for (const [seconds, afterMs] of [
      [10, 15_000],
      [null, 45_000],
      ["soon", 45_000],
      [-1, 45_000],
    ] as const) {
      const talk = new Talk();
      talk.open();
      const set = only(talk.receive(welcome(seconds)), "timer-set");
      expect(set).toContainEqual({ type: "timer-set", timer: "silence", afterMs });
    }
  });

  it("that is not welcomed is of no use", ({ expect }) => {
    const talk = new Talk();
    expect(only(talk.open(), "timer-set")).toContainEqual({
      type: "timer-set",
      timer: "welcome",
      afterMs: 15_000,
    });
    expect(only(talk.fire("welcome"), "session-fail")[0]?.failure).toMatchObject({
      remedy: "retry",
      reason: "handshake_timeout",
    });
  });

  it("that is welcomed twice begins nothing anew", ({ expect }) => {
    const talk = Talk.begin();
    expect(typesOf(talk.receive(session.welcome))).toEqual(["timer-set"]);
  });

  it.for([
    [4000, "retry", "provider_error"],
    [4001, "stop", "inbound_refused"],
    [4002, "retry", "silent"],
    [4003, "retry", "subscribed_late"],
    [4004, "retry", "hand_over_failed"],
    [4005, "retry", "connection_lost"],
    [4006, "retry", "connection_lost"],
    [4007, "retry", "hand_over_failed"],
    [1006, "retry", "socket_closed"],
  ] as const)("that is closed by %i is dialled again, or it stops: %s, %s", (row, { expect }) => {
    const [code, remedy, reason] = row;
    expect(provider.closed({ code, reason: "" })).toMatchObject({ remedy, reason });
  });

  it("tells whether the stream is live, as far as it has heard", ({ expect }) => {
    const talk = Talk.begin();
    expect(talk.connection?.live).toBeNull();
    talk.receive(channel.online);
    expect(talk.connection?.live).toBe(true);
    const told = talk.all("connection-observe").length;
    talk.receive(channel.rerun);
    talk.receive(channel.online);
    expect(talk.all("connection-observe")).toHaveLength(told);
    talk.receive(channel.offline);
    expect(talk.connection?.live).toBe(false);
  });
});

describe("a reconnect", () => {
  it("the address to reconnect by is dialled as it is, with nothing added", ({ expect }) => {
    const talk = Talk.begin();
    talk.receive(session.reconnect);
    const replaced = talk.last("session-replace");
    expect(replaced?.reason).toBe("provider_restarting");
    const link = linkTo(samples, { handOver: handOverOf(talk) });
    expect(provider.dial(link)).toEqual({ url: ADDRESS, protocols: [] });
  });

  it("what was subscribed moves with a reconnect, and is gone after any other end", ({
    expect,
  }) => {
    const talk = Talk.begin();
    talk.receive(session.reconnect);
    const twitch = new Twitch();
    const successor = Talk.begin(twitch, { handOver: handOverOf(talk) });
    expect(twitch.askedFor).toEqual([]);
    expect(successor.all("session-ready")).toHaveLength(1);
    expect(successor.connection).toEqual(talk.connection);
    const anew = Talk.begin(new Twitch());
    expect(anew.twitch.askedFor.length).toBeGreaterThan(50);
  });

  it("in the middle of subscribing leaves the rest to the new socket", ({ expect }) => {
    const talk = new Talk();
    talk.open();
    talk.receive(session.welcome);
    for (let index = 0; index < 5; index += 1) talk.answerOne();
    talk.receive(session.reconnect);
    const asking = talk.asking.length;
    expect(asking).toBe(2);
    talk.answerAll();
    expect(talk.twitch.askedFor).toHaveLength(6);
    // The answers to the old one's last requests are not heard by the new one: they are there by now.
    const twitch = new Twitch();
    const there = talk.twitch.askedFor.slice(4);
    twitch.rule = ({ method, body }) =>
      method === "POST" && there.includes(String(body["type"]))
        ? { status: 409, body: { message: "subscription already exists" } }
        : undefined;
    const successor = Talk.begin(twitch, { handOver: handOverOf(talk) });
    expect(twitch.asked.filter(({ method }) => method === "DELETE")).toEqual([]);
    const statuses = Object.values(successor.places).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set(["subscribed"]));
    expect(successor.connection?.status).toBe("connected");
  });

  it("to an address that is not Twitch's is not followed", ({ expect }) => {
    for (const address of [
      "wss://eventsub.example/ws",
      "ws://cell.eventsub.wss.twitch.tv/ws",
      "wss://twitch.tv.example/",
    ]) {
      const talk = Talk.begin();
      const own = { ...session.reconnect.payload.session, reconnect_url: address };
      talk.receive({ ...session.reconnect, payload: { session: own } });
      const link = linkTo(samples, { handOver: handOverOf(talk) });
      expect(provider.dial(link).url).toContain("wss://eventsub.wss.twitch.tv/ws");
      const twitch = new Twitch();
      Talk.begin(twitch, { handOver: handOverOf(talk) });
      expect(twitch.askedFor.length).toBeGreaterThan(50);
    }
  });

  it("without an address, or one after the other, is waited out", ({ expect }) => {
    const talk = Talk.begin();
    expect(typesOf(talk.receive(session["reconnect to nowhere"]))).toEqual(["timer-set"]);
    let handOver: string | null = null;
    for (let hop = 0; hop < 5; hop += 1) {
      const next: Talk = Talk.begin(new Twitch(), { handOver });
      next.receive(session.reconnect);
      handOver = handOverOf(next);
      expect(handOver).not.toBeNull();
    }
    const last = Talk.begin(new Twitch(), { handOver });
    last.at = AT + 1_000;
    expect(typesOf(last.receive(session.reconnect))).toEqual(["timer-set"]);
    const good = Talk.begin(new Twitch(), { handOver });
    good.at = AT + 60_000;
    expect(typesOf(good.receive(session.reconnect))).toContain("session-replace");
  });

  it("with a hand-over that cannot be read begins from nothing", ({ expect }) => {
    for (const handOver of ["", "{}", "no JSON", '{"address":"nowhere"}']) {
      const link = linkTo(samples, { handOver });
      expect(provider.dial(link).url).toContain("keepalive_timeout_seconds");
      expect(() => provider.open(link)).not.toThrow();
    }
  });
});

describe("a revocation", () => {
  it("ends one subscription, and the others go on", ({ expect }) => {
    const talk = Talk.begin();
    const effects = talk.receive(revocations.moderator_removed);
    expect(talk.connection).toMatchObject({ status: "connected", reason: "moderator_removed" });
    expect(talk.places["channel.follow"]).toMatchObject({
      status: "refused",
      reason: "moderator_removed",
    });
    expect(draftsOf(effects)).toEqual([]);
    expect(typesOf(effects)).not.toContain("session-fail");
    expect(draftsOf(talk.receive(chat.message))).toHaveLength(1);
  });

  it("of the last one ends the session, for good", ({ expect }) => {
    const chatOnly = Object.assign(new Twitch(), { scopes: ["user:read:chat"] });
    chatOnly.rule = ({ method, body }) =>
      method === "POST" && body["type"] !== "channel.chat.message"
        ? { status: 403, body: {} }
        : undefined;
    const talk = Talk.begin(chatOnly);
    const effects = talk.receive(revocations.chat_user_banned);
    expect(only(effects, "session-fail")[0]?.failure).toMatchObject({
      remedy: "stop",
      reason: "chat_user_banned",
    });
  });

  it("of the type that tells of all moderation has the single ones asked for", ({ expect }) => {
    const talk = Talk.begin();
    const { subscription } = revocations.moderator_removed.payload;
    const own = { ...subscription, type: "channel.moderate" };
    talk.receive({ ...revocations.moderator_removed, payload: { subscription: own } });
    talk.answerAll();
    expect(talk.twitch.askedFor.slice(-3)).toContain("channel.vip.remove");
    expect(talk.places["channel.ban"]).toEqual({ status: "subscribed" });
  });
});

describe("what two types tell of", () => {
  const withScopes = (...scopes: string[]): Talk =>
    Talk.begin(Object.assign(new Twitch(), { scopes }));

  it("is told once: a raid, a donation, a clear, a mode", ({ expect }) => {
    const talk = Talk.begin();
    const twice = [
      notices.raid,
      notices.donation,
      moderation["clear of all"],
      moderation["moderate: raid"],
      moderation["moderate: slow"],
    ];
    for (const frame of twice) expect(draftsOf(talk.receive(frame))).toEqual([]);
    const once = [
      channel["raid that came"],
      money.donation,
      moderation["moderate: clear"],
      moderation.settings,
    ];
    for (const frame of once) expect(draftsOf(talk.receive(frame))).toHaveLength(1);
  });

  it("is told by the other one where one is not heard", ({ expect }) => {
    const talk = withScopes("user:read:chat");
    expect(draftsOf(talk.receive(notices.donation))).toMatchObject([{ type: "channel.tip" }]);
    expect(draftsOf(talk.receive(moderation["clear of all"]))).toHaveLength(1);
  });

  it("is told by the other one where only what goes the other way is heard", ({ expect }) => {
    for (const [refused, frame, direction] of [
      ["to_broadcaster_user_id", notices.raid, "in"],
      ["from_broadcaster_user_id", moderation["moderate: raid"], "out"],
    ] as const) {
      const twitch = new Twitch();
      twitch.rule = ({ body }) =>
        Object.hasOwn(Object(body["condition"]), refused) ? { status: 403, body: {} } : undefined;
      const [raid] = draftsOf(Talk.begin(twitch).receive(frame));
      expect(raid).toMatchObject({ type: "channel.raid", data: { direction } });
    }
  });

  it("bits are told of by their own type, and by the chat where that is refused", ({ expect }) => {
    const typesIn = (talk: Talk): string[] =>
      draftsOf(talk.receive(chat["message with bits"])).map(({ type }) => type);
    expect(typesIn(Talk.begin())).toEqual(["chat.message"]);
    const talk = withScopes(...ALL_SCOPES.filter((scope) => scope !== "bits:read"));
    expect(typesIn(talk)).toEqual(["chat.message", "channel.cheer"]);
    const id = chat["message with bits"].payload.event.message_id;
    const [, cheer] = draftsOf(talk.receive(chat["message with bits"]));
    // The same key as in IRC.
    expect(cheer?.key).toBe(`cheer/twitch/${id}`);
  });
});
