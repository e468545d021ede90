import { describe, it } from "vitest";

import { provider } from "../../../../src/protocols/twitch-irc/index.ts";
import { AT, draftsOf, drive, greeted, only, typesOf, type Driven } from "../../support/drive.ts";
import { linkTo } from "../../support/samples.ts";
import chat from "../frames/chat.json";
import handshake from "../frames/handshake.json";
import moderation from "../frames/moderation.json";
import other from "../frames/other.json";
import { samples } from "../samples.ts";
import { writeLine } from "../write.ts";

const READER = linkTo(samples, { credentials: {} });

function begin(given: Partial<typeof READER> = {}): Driven {
  return drive(provider.open({ ...READER, ...given }), samples);
}

function start(given: Partial<typeof READER> = {}): Driven {
  return greeted(provider.open({ ...READER, ...given }), samples.greeting, samples.write);
}

const sentBy = (effects: ReturnType<Driven["opened"]>): string[] =>
  only(effects, "frame-send").map(({ frame }) => frame);

describe("a dial", () => {
  it("asks for tags and commands, then for a name, and enters the room once it is greeted", ({
    expect,
  }) => {
    const session = begin();
    expect(sentBy(session.opened())).toEqual([
      "CAP REQ :twitch.tv/tags twitch.tv/commands",
      expect.stringMatching(/^NICK justinfan\d{7}$/),
    ]);
    expect(sentBy(session.receives(handshake.welcome))).toEqual(["JOIN #otterbrook"]);
    expect(typesOf(session.receives(handshake.capabilities))).not.toContain("session-ready");
    expect(typesOf(session.receives(handshake["room state"]))).toContain("session-ready");
  });

  it("nobody answers to the name that reads, and it is another at each dial", ({ expect }) => {
    const names = ["dial-1", "dial-2", "a1b2c3d4-0000-4000-8000-000000000000", ""].map(
      (dialId) => sentBy(begin({ dialId }).opened())[1],
    );
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^NICK justinfan\d{7}$/);
  });

  it("needs no account, and shows none to the chat", ({ expect }) => {
    const [{ credentials }] = samples.credentials;
    for (const frame of sentBy(begin({ credentials }).opened())) {
      for (const secret of Object.values(credentials)) expect(frame).not.toContain(secret);
      expect(frame).not.toContain("PASS");
    }
  });

  it("takes a login as people write it", ({ expect }) => {
    expect(provider.Target.parse({ channel: " OtterBrook " })).toEqual({ channel: "otterbrook" });
    for (const channel of ["otter brook", "ötter", "https://twitch.tv/otter", "x".repeat(26)]) {
      expect(provider.Target.safeParse({ channel }).success).toBe(false);
    }
  });

  it("tells of the room with its id, which emotes are looked up by", ({ expect }) => {
    const session = begin();
    session.opened();
    const effects = session.receives(handshake["room state"]);
    expect(only(effects, "connection-observe")[0]?.connection).toMatchObject({
      identifier: "twitch-irc:otterbrook",
      status: "connected",
      reason: null,
      target: { platform: "twitch", id: "52880011", name: "otterbrook" },
      writable: false,
    });
    expect(draftsOf(effects).map(({ type }) => type)).toEqual(["chat.settings.updated"]);
  });
});

describe("a room", () => {
  it("is entered with its whole state: one of what changed is no sign of it", ({ expect }) => {
    const session = begin();
    session.opened();
    session.receives(handshake.welcome);
    const changed = session.receives(moderation["ROOMSTATE of what changed"]);
    expect(typesOf(changed)).not.toContain("session-ready");
    expect(typesOf(changed)).not.toContain("timer-clear");
    expect(draftsOf(changed).map(({ type }) => type)).toEqual(["chat.settings.updated"]);
    expect(typesOf(session.receives(handshake["room state"]))).toContain("session-ready");
  });
});

describe("a room that cannot be entered", () => {
  it("a room that is not there is answered with silence", ({ expect }) => {
    const session = begin();
    session.opened();
    const [waits] = only(session.receives(handshake.welcome), "timer-set").filter(
      ({ timer }) => timer === "room",
    );
    expect(waits?.afterMs).toBe(10_000);
    const [failed] = only(session.fires("room"), "session-fail");
    expect(failed?.failure).toMatchObject({
      remedy: "slow",
      reason: "channel_unavailable",
      isError: true,
    });
    expect(failed?.failure.detail).toMatch(/spelling.*renamed/);
  });

  it.for([
    ["channel suspended", "stop", "channel_unavailable"],
    ["channel closed for its terms", "stop", "channel_unavailable"],
    ["banned", "stop", "banned"],
    ["no such room", "slow", "channel_unavailable"],
    ["login refused", "slow", "login_refused"],
    ["login unsuccessful", "slow", "login_refused"],
    ["capabilities refused", "stop", "capability_refused"],
  ] as const)("is told of with what can be done: %s", ([name, remedy, reason], { expect }) => {
    const session = begin();
    session.opened();
    const [failed] = only(session.receives(handshake[name]), "session-fail");
    expect(failed?.failure).toMatchObject({ remedy, reason });
    expect(failed?.failure.detail.length).toBeGreaterThan(30);
  });

  it("is one that never greets us", ({ expect }) => {
    const session = begin();
    session.opened();
    expect(only(session.fires("welcome"), "session-fail")[0]?.failure.reason).toBe(
      "handshake_timeout",
    );
  });
});

describe("a frame", () => {
  it("one frame holds several lines, and a line may go on in the next frame", ({ expect }) => {
    const text = [chat.PRIVMSG, chat["PRIVMSG of a moderator"], other.PING].map(writeLine).join("");
    const whole = start().receives(text);
    expect(draftsOf(whole)).toHaveLength(2);
    expect(sentBy(whole)).toEqual(["PONG :tmi.twitch.tv"]);
    const told = JSON.stringify(draftsOf(whole));
    const broken = Array.from({ length: text.length }, (_, at) => at).filter((at) => {
      const session = start();
      const parts = [text.slice(0, at), text.slice(at)].filter((part) => part !== "");
      const effects = parts.flatMap((part) => session.receives(part));
      const isSame = JSON.stringify(draftsOf(effects)) === told;
      return !isSame || typesOf(effects).includes("frame-reject");
    });
    expect(broken).toEqual([]);
  });

  it("that never ends a line is not kept for ever", ({ expect }) => {
    const session = start();
    const effects = ["@a=", ..."x".repeat(20).split("")].map((part) =>
      session.receives(part.repeat(1_000)),
    );
    expect(effects.flat().filter(({ type }) => type === "frame-reject").length).toBeGreaterThan(0);
    session.receives("\r\n");
    expect(draftsOf(session.receives(chat.PRIVMSG))).toHaveLength(1);
  });

  it("with one bad line loses no other", ({ expect }) => {
    const effects = start().receives(`what?\r\n${writeLine(chat.PRIVMSG)}`);
    expect(typesOf(effects)).toContain("frame-reject");
    expect(draftsOf(effects)).toHaveLength(1);
  });

  it("of a whisper is in no event", ({ expect }) => {
    expect(draftsOf(start().receives(other.WHISPER))).toEqual([]);
  });
});

describe("a socket", () => {
  it("answers a PING with its words", ({ expect }) => {
    expect(sentBy(start().receives("PING :some words\r\n"))).toEqual(["PONG :some words"]);
    expect(sentBy(start().receives("PING\r\n"))).toEqual(["PONG :"]);
  });

  it("that is quiet is asked whether it lives, and given up without an answer", ({ expect }) => {
    const session = start();
    const timers = only(session.receives(other.PONG), "timer-set");
    expect(timers.map(({ timer, afterMs }) => [timer, afterMs])).toEqual([
      ["probe", 60_000],
      ["silence", 70_000],
    ]);
    expect(sentBy(session.fires("probe"))).toEqual(["PING :tributary"]);
    expect(only(session.fires("silence"), "session-fail")[0]?.failure.reason).toBe("silent");
  });

  it("whose server goes away is replaced before it is left", ({ expect }) => {
    const [replaced] = only(start().receives(other.RECONNECT), "session-replace");
    expect(replaced).toMatchObject({ reason: "provider_restarting", handOver: expect.any(String) });
  });

  it("whose server goes away again and again is not replaced at any pace", ({ expect }) => {
    let handOver: string | null = null;
    const paces = Array.from({ length: 7 }, () => {
      const [replaced] = only(start({ handOver }).receives(other.RECONNECT), "session-replace");
      handOver = replaced?.handOver ?? handOver;
      return replaced?.handOver !== undefined;
    });
    expect(paces).toEqual([true, true, true, true, true, false, false]);
    const later = provider.open({ ...READER, handOver });
    later.handle({ type: "socket-opened", at: AT });
    const effects = later.handle({
      type: "frame-received",
      at: AT + 60_000,
      frame: writeLine(other.RECONNECT),
    });
    expect(only(effects, "session-replace")[0]).toHaveProperty("handOver");
  });

  it("goes on with any hand-over, also one that cannot be read", ({ expect }) => {
    for (const handOver of ["", "{}", "7", '{"isRenewed":1}']) {
      expect(draftsOf(start({ handOver }).receives(chat.PRIVMSG))).toHaveLength(1);
    }
  });
});
