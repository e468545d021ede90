import { describe, it } from "vitest";

import type { Json } from "../../../../src/lib/json.ts";
import { provider } from "../../../../src/protocols/astro/index.ts";
import { draftsOf, drive, greeted, only, typesOf } from "../../support/drive.ts";
import { linkTo } from "../../support/samples.ts";
import activities from "../frames/activities.json";
import handshake from "../frames/handshake.json";
import { ROOM, samples, TOKEN } from "../samples.ts";
import { ALIVE, granted, open, pacedThrough, refused, sent } from "../session.ts";

const connectionIn = (effects: Parameters<typeof only>[0]) =>
  only(effects, "connection-observe").map(({ connection }) => connection);

describe("the handshake", () => {
  it("asks for the first topic as soon as the socket is open", ({ expect }) => {
    expect(provider.dial(linkTo(samples))).toEqual({
      url: "wss://astro.streamelements.com/",
      protocols: [],
    });
    const effects = open({ topics: ["channel.tips", "channel.follow"], room: ROOM }).opened();
    expect(sent(effects)).toEqual([
      {
        type: "subscribe",
        nonce: "dial-1/channel.tips",
        data: { topic: "channel.tips", room: ROOM, token: TOKEN, token_type: "jwt" },
      },
    ]);
    expect(only(effects, "timer-set")).toEqual([
      { type: "timer-set", timer: "ready", afterMs: 30_000 },
      { type: "timer-set", timer: "pace", afterMs: 100 },
      { type: "timer-set", timer: "answer:channel.tips", afterMs: 15_000 },
    ]);
  });

  it("leaves the room out where none is given: it is the token's", ({ expect }) => {
    const [first] = sent(open({ topics: ["channel.tips"] }).opened());
    expect(first?.data).not.toHaveProperty("room");
  });

  it("asks for one topic each 100 ms, and for each just once", ({ expect }) => {
    const topics = ["channel.a", "channel.b", "channel.c"];
    const session = open({ topics });
    const names = [...sent(session.opened()), ...pacedThrough(session)].map(
      ({ data }) => data.topic,
    );
    expect(names).toEqual(topics);
    expect(session.fires("pace")).toEqual([]);
  });

  it.for([
    ["jwt", "jwt"],
    ["apikey", "apikey"],
    ["oauth2", "oauth2"],
    ["oauth", "oauth2"],
  ] as const)("says what kind of token it is: %s", ([tokenType, token_type], { expect }) => {
    const link = linkTo(samples, { credentials: { token: TOKEN, tokenType } });
    expect(sent(drive(provider.open(link)).opened())[0]?.data).toMatchObject({ token_type });
  });

  it("a token of type oauth is sent as oauth2", ({ expect }) => {
    const link = linkTo(samples, { credentials: { token: TOKEN, tokenType: "oauth" } });
    const [first] = sent(drive(provider.open(link)).opened());
    expect(first?.data.token_type).toBe("oauth2");
    expect(provider.Credentials.safeParse({ token: TOKEN, tokenType: "bot" }).success).toBe(false);
  });

  it("the first frame is a welcome, or there is none", ({ expect }) => {
    const ready = ["session-ready", "connection-observe", "session-settled"];
    const rest = (effects: Parameters<typeof only>[0]) =>
      typesOf(effects).filter((type) => !type.startsWith("timer-"));
    const modern = open();
    modern.opened();
    expect(modern.receives(handshake.welcome)).toEqual(ALIVE);
    expect(rest(modern.receives(handshake.granted))).toEqual(ready);
    expect(modern.receives(handshake.welcome)).toEqual(ALIVE);
    const old = open();
    old.opened();
    expect(rest(old.receives(handshake.granted))).toEqual(ready);
  });

  it("is given up after 30 s without a topic", ({ expect }) => {
    const session = open();
    session.opened();
    session.receives(handshake.welcome);
    const [failed] = only(session.fires("ready"), "session-fail");
    expect(failed?.failure).toMatchObject({ remedy: "retry", reason: "handshake_timeout" });
    expect(greeted(provider.open(linkTo(samples)), samples.greeting).fires("ready")).toEqual([]);
  });
});

describe("an answer", () => {
  it("a response may spell its type in capitals", ({ expect }) => {
    const session = open();
    session.opened();
    const effects = session.receives({ ...handshake.granted, type: "RESPONSE" });
    expect(typesOf(effects)).toContain("session-ready");
  });

  it("a response's data is an object, or the bare text", ({ expect }) => {
    for (const data of ["successfully subscribed to topic", undefined, null, 7, {}]) {
      const session = open();
      session.opened();
      expect(typesOf(session.receives({ ...handshake.granted, data }))).toContain("session-ready");
    }
  });

  it("may name its topic instead of a nonce, or nothing at all", ({ expect }) => {
    for (const frame of [
      { type: "response", data: { topic: "channel.activities" } },
      { type: "response", nonce: null, data: "successfully subscribed to topic" },
      { type: "response", nonce: "another's", data: { topic: "channel.activities" } },
    ]) {
      const session = open();
      session.opened();
      expect(typesOf(session.receives(frame))).toContain("session-ready");
    }
  });

  it("to nothing that was asked is counted", ({ expect }) => {
    const problems = (frame: object) =>
      only(
        greeted(provider.open(linkTo(samples)), samples.greeting).receives(frame),
        "frame-reject",
      );
    const of = (what: string) => [
      { type: "frame-reject", problem: `a response to nothing that was asked: ${what}` },
    ];
    expect(problems({ type: "response" })).toEqual(of("ok"));
    expect(problems({ type: "response", nonce: "another's" })).toEqual(of("ok"));
    expect(problems({ type: "response", error: "err_bad_request" })).toEqual(of("err_bad_request"));
    expect(problems({ type: "response", error: { code: 7 } })).toEqual(of("unknown"));
    // Whole: what is cut could be half of a secret, which nobody knows.
    const long = "e".repeat(300);
    expect(problems({ type: "response", error: long })).toEqual(of(long));
    // Somebody waits, but the nonce is not theirs.
    const session = open();
    session.opened();
    const effects = session.receives({ type: "response", nonce: "another's" });
    expect(only(effects, "frame-reject")).toEqual(of("ok"));
  });

  it("answers come in any order, and once is enough", ({ expect }) => {
    const topics = ["channel.a", "channel.b", "channel.c"];
    for (const order of [topics, topics.toReversed(), ["channel.b", "channel.c", "channel.a"]]) {
      const session = open({ topics, room: ROOM });
      session.opened();
      pacedThrough(session);
      const told = order.flatMap((topic) => [...session.receives(granted(topic))]);
      expect(only(told, "session-ready")).toHaveLength(1);
      expect(only(told, "session-settled")).toHaveLength(1);
      expect(connectionIn(told).at(-1)).toMatchObject({ status: "connected", reason: null });
      expect(session.receives(granted("channel.a"))).toEqual(ALIVE);
    }
  });

  it("that comes before it was asked for spares the asking", ({ expect }) => {
    const session = open({ topics: ["channel.a", "channel.b"] });
    session.opened();
    session.receives(granted("channel.b"));
    expect(pacedThrough(session)).toEqual([]);
  });
});

describe("the connection", () => {
  const later = (topic: string) => refused(topic, "err_internal_error");
  const DETAIL = 'StreamElements answered "err_internal_error no". It is asked again.';

  it("is there when every topic has an answer: until then events of some are missed", ({
    expect,
  }) => {
    const lastAnswers = {
      granted: granted("channel.c"),
      "refused for good": refused("channel.c", "err_unauthorized"),
      "refused for now": later("channel.c"),
      silence: null,
    };
    for (const [what, last] of Object.entries(lastAnswers)) {
      const session = open({ topics: ["channel.a", "channel.b", "channel.c"], room: ROOM });
      session.opened();
      const early = [granted("channel.a"), refused("channel.b", "err_unauthorized")].flatMap(
        (frame) => [...session.receives(frame)],
      );
      pacedThrough(session);
      expect(connectionIn(early)).toEqual([]);
      expect(typesOf(early)).not.toContain("session-ready");
      const told = last === null ? session.fires("answer:channel.c") : session.receives(last);
      expect(connectionIn(told), what).toMatchObject([{ status: "connected" }]);
      const types = typesOf(told).filter((type) => type !== "timer-set");
      expect(types).toEqual(["session-ready", "connection-observe", "session-settled"]);
    }
  });

  it("waits 30 s for the first answers, and no longer: what there is must do", ({ expect }) => {
    const session = open({ topics: ["channel.a", "channel.b"], room: ROOM });
    session.opened();
    session.receives(granted("channel.a"));
    const told = session.fires("ready");
    expect(typesOf(told)).toEqual(["session-ready", "connection-observe", "session-settled"]);
    expect(connectionIn(told)).toMatchObject([{ status: "connected", reason: "topics_pending" }]);
    const answered = connectionIn(session.receives(granted("channel.b")));
    expect(answered).toMatchObject([{ status: "connected", reason: null }]);
  });

  it("shows each topic with what has become of it", ({ expect }) => {
    const session = open({ topics: ["channel.a", "channel.b"], room: ROOM });
    session.opened();
    session.receives(granted("channel.a"));
    const [connection] = connectionIn(session.receives(later("channel.b")));
    expect(connection).toEqual({
      identifier: `astro:${ROOM}`,
      uuid: "dial-1",
      platform: "streamelements",
      status: "connected",
      reason: "topics_pending",
      target: {
        platform: "streamelements",
        id: ROOM,
        topics: {
          "channel.a": { status: "subscribed" },
          "channel.b": { status: "pending", reason: "provider_error", detail: DETAIL },
        },
      },
      writable: false,
      ready: false,
      live: null,
    });
  });

  it("a response may name no room, or another than was asked for", ({ expect }) => {
    const identifierAfter = (target: Json, data: object) => {
      const session = open(target);
      session.opened();
      const frame = { ...handshake.granted, data: { topic: "channel.activities", ...data } };
      const [first] = connectionIn(session.receives(frame));
      return first?.identifier;
    };
    const topics = ["channel.activities"];
    expect(identifierAfter({ topics }, { room: "canonical" })).toBe("astro:canonical");
    expect(identifierAfter({ topics }, {})).toBe("astro:provider-1");
    expect(identifierAfter({ topics }, { room: "a place" })).toBe("astro:provider-1");
    expect(identifierAfter({ topics, room: "asked" }, { room: "canonical" })).toBe("astro:asked");
  });

  it("keeps its name, whatever later answers say", ({ expect }) => {
    const session = open({ topics: ["channel.a", "channel.b"] });
    session.opened();
    session.receives(later("channel.b"));
    const room = (name: string, topic: string) => {
      const [connection] = connectionIn(session.receives(granted(topic, name)));
      return connection?.identifier;
    };
    expect(room("first", "channel.a")).toBe("astro:first");
    expect(room("second", "channel.b")).toBe("astro:first");
    const [draft] = draftsOf(session.receives({ ...activities.follow, room: "third" }));
    expect(draft?.connectionId).toBe("astro:first");
  });
});

describe("what may be linked", () => {
  it.for([
    { topics: ["channel.activities", "channel.activities"] },
    { topics: Array.from({ length: 51 }, (_gone, i) => `channel.t${i}`) },
    { topics: ["Channel.Activities"] },
    { topics: ["channel."] },
    { topics: ["__proto__"] },
    { topics: ["channel.activities"], room: "a place" },
  ])("is not %j", (target, { expect }) => {
    expect(provider.Target.safeParse(target).success).toBe(false);
  });

  it("is fifty topics, also ones that nobody knows", ({ expect }) => {
    const topics = Array.from({ length: 49 }, (_gone, i) => `channel.t-${i}_x`);
    expect(provider.Target.safeParse({ topics: [...topics, "astro"] }).error).toBeUndefined();
  });
});
