import { describe, it } from "vitest";

import type { Principal } from "../../../../src/event/principal.ts";
import type { Json } from "../../../../src/lib/json.ts";
import { gateway } from "../../../../src/protocols/astro/index.ts";
import { AT, facts, Room, type Client } from "../../support/gateway-room.ts";

const TOKEN = "test_token";

const principal: Principal = {
  kind: "token",
  credentialId: "c-1",
  scopes: ["events:read", "chat:write"],
  channels: [{ id: "demo", number: 21 }],
};

const ULID = /^[0-9A-HJKMNP-TV-Z]{26}$/;
const TS = "2025-11-21T04:40:00Z";

function room(): Room {
  const on = new Room(gateway, [facts(), facts({ id: "other", number: 22 })]);
  on.credentials.set(TOKEN, principal);
  on.credentials.set("key", { ...principal, kind: "key", credentialId: "c-2", channels: null });
  on.credentials.set("mute", { ...principal, credentialId: "c-3", scopes: ["chat:write"] });
  return on;
}

function joined(on = room()): Client {
  const client = on.join(null, null);
  client.hears();
  return client;
}

/** What a client leaves to the one that takes over from it, as a token holds it. */
function left(client: Client): Json {
  const what = gateway.handOver?.(client.session.snapshot()) ?? null;
  return JSON.parse(JSON.stringify(what)) as Json;
}

function roomsOf(client: Client): object {
  return (client.session.snapshot() as { rooms: object }).rooms;
}

function subscribe(topic: string, about: object = {}, nonce: unknown = "n-1"): object {
  return { type: "subscribe", nonce, data: { topic, token: TOKEN, token_type: "jwt", ...about } };
}

function unsubscribe(topic: string, about: object = {}): object {
  return { type: "unsubscribe", nonce: "n-2", data: { topic, ...about } };
}

function answer(data: object, rest: object = { nonce: "n-1" }): object {
  return { id: like(ULID), ts: TS, type: "response", ...rest, data };
}

/** Stands for a text of a form where values are compared. */
function like(form: RegExp): unknown {
  return { asymmetricMatch: (value: unknown) => form.test(String(value)) };
}

const follow = {
  type: "channel.follow" as const,
  platform: "twitch",
  data: {
    user: {
      key: "twitch:14027",
      id: "14027",
      login: "newt",
      name: "Newt",
      roles: [],
      badges: [],
      anonymous: false,
    },
  },
};

const live = { type: "stream.online" as const, platform: "twitch", data: {} };

describe("a socket that opens", () => {
  it("a client is welcomed at once, and may have asked before it knows", ({ expect }) => {
    const client = room().join(null, null);
    expect(client.hears()).toEqual([
      {
        id: expect.stringMatching(ULID),
        ts: TS,
        type: "welcome",
        data: { message: expect.any(String), client_id: expect.stringMatching(ULID) },
      },
    ]);
  });
});

describe("a subscription", () => {
  it("an answer names the room by its own name, however it was asked for", ({ expect }) => {
    const client = joined();
    const data = {
      message: "successfully subscribed to topic",
      topic: "channel.follow",
      room: "demo",
    };
    expect(client.says(subscribe("channel.follow", { room: "demo" })).hears()).toEqual([
      answer(data),
    ]);
    expect(client.says(subscribe("channel.follow", { room: "21" })).hears()).toEqual([
      answer(data),
    ]);
  });

  it("a subscription without a room is to the token's own", ({ expect }) => {
    for (const about of [{}, { room: "" }, { room: null }]) {
      const response = joined().says(subscribe("channel.tips", about)).hearsOne();
      expect(response).toMatchObject({ data: { topic: "channel.tips", room: "demo" } });
    }
    const [refused] = joined()
      .says(subscribe("channel.tips", { token: "key" }))
      .hears();
    expect(refused).toMatchObject({ error: "err_bad_request", data: { message: "missing room" } });
  });

  it("a client may leave out the nonce and the type of its token", ({ expect }) => {
    const client = joined().says({
      type: "subscribe",
      data: { topic: "channel.tips", token: TOKEN },
    });
    const [response] = client.hears();
    expect(response).toMatchObject({ type: "response", data: { room: "demo" } });
    expect(response).not.toHaveProperty("nonce");
  });

  it("takes a token of any type, by either of its names", ({ expect }) => {
    for (const token_type of ["jwt", "apikey", "oauth", "oauth2"]) {
      const [response] = joined().says(subscribe("channel.tips", { token_type })).hears();
      expect(response).not.toHaveProperty("error");
    }
    const [refused] = joined()
      .says(subscribe("channel.tips", { token_type: "basic" }))
      .hears();
    expect(refused).toEqual(
      answer({ message: "unknown token type" }, { nonce: "n-1", error: "err_bad_request" }),
    );
  });

  it("by a token that does not hold, or is of another room, is refused as the document has it", ({
    expect,
  }) => {
    const refused = answer(
      { message: "invalid token" },
      { nonce: "n-1", error: "err_unauthorized" },
    );
    for (const about of [{ token: "nope" }, { token: "" }, { token: "mute" }, { room: "other" }]) {
      expect(joined().says(subscribe("channel.follow", about)).hears()).toEqual([refused]);
    }
  });

  it("to a room called like something every object has is one like any other", ({ expect }) => {
    const on = room();
    on.channels.set("constructor", facts({ id: "constructor", number: 23 }));
    const client = joined(on);
    client.sleeps = true;
    const asked = { token: "key", room: "constructor" };
    client.says(subscribe("channel.stream.status", asked));
    expect(client.hearsOne()).toMatchObject({ data: { room: "constructor" } });
    on.happens([live], { channel: "constructor" });
    expect(client.hearsOne()).toMatchObject({ type: "message", room: "constructor" });
    client.says(unsubscribe("channel.stream.status", { room: "constructor" }));
    client.hears();
    expect(on.follows.get(client)?.has("constructor")).toBe(false);
  });

  it("to a room or a topic that is not there is a bad request", ({ expect }) => {
    const client = joined();
    client.says(subscribe("channel.tips", { token: "key", room: "nowhere" }));
    client.says(subscribe("channel.nope"));
    expect(client.hears()).toEqual([
      answer({ message: "unknown room" }, { nonce: "n-1", error: "err_bad_request" }),
      answer({ message: "unknown topic" }, { nonce: "n-1", error: "err_bad_request" }),
    ]);
  });

  it("is refused where there are more than can be remembered", ({ expect }) => {
    const rooms = Array.from({ length: 80 }, (_, at) => `a-rather-long-name-of-a-channel-${at}`);
    const on = new Room(
      gateway,
      rooms.map((id) => facts({ id })),
    );
    on.credentials.set("key", { ...principal, channels: null });
    const client = joined(on);
    for (const id of rooms) client.says(subscribe("channel.tips", { token: "key", room: id }));
    const answers = client.hears();
    const refused = answers.filter((each) => "error" in each);
    expect(refused[0]).toMatchObject({ data: { message: "limit exceeded" } });
    expect(on.follows.get(client)?.size).toBe(80 - refused.length);
    expect(80 - refused.length).toBeGreaterThan(30);
    expect(JSON.stringify(client.session.snapshot()).length).toBeLessThan(12_500);
  });
});

describe("what happens in a room", () => {
  it("is told to who subscribed, in that room and under that topic, once", ({ expect }) => {
    const on = room();
    const [client, other] = [joined(on), joined(on)];
    client.says(subscribe("channel.stream.status", { token: "key", room: "demo" }));
    client.says(subscribe("channel.stream.status", { token: "key", room: "other" }));
    other.says(subscribe("channel.tips"));
    client.hears();
    other.hears();
    on.happens([live]);
    on.happens([{ ...live, type: "stream.offline" }], { channel: "other" });
    const message = { id: expect.stringMatching(ULID), ts: TS, type: "message" };
    const topic = "channel.stream.status";
    expect(client.hears()).toEqual([
      { ...message, topic, room: "demo", data: { isLive: true } },
      { ...message, topic, room: "other", data: { isLive: false } },
    ]);
    expect(other.hears()).toEqual([]);
  });

  it("has one id under one topic for all, and another under another", ({ expect }) => {
    const on = room();
    const [one, two] = [joined(on), joined(on)];
    one.says(subscribe("channel.activities"));
    two.says(subscribe("channel.activities")).says(subscribe("channel.stream.status"));
    one.hears();
    two.hears();
    on.happens([follow, live]);
    const first = one.hearsOne();
    const [same, other] = two.hears();
    expect(first).toEqual(same);
    expect(other?.["id"]).not.toBe(first["id"]);
  });

  it("what two topics have is told under the newer one", ({ expect }) => {
    const on = room();
    const [both, old] = [joined(on), joined(on)];
    both.says(subscribe("channel.activities")).says(subscribe("channel.follow"));
    old.says(subscribe("channel.follow"));
    both.hears();
    old.hears();
    on.happens([follow]);
    expect(both.hears()).toMatchObject([{ topic: "channel.activities" }]);
    expect(old.hears()).toMatchObject([{ topic: "channel.follow", data: { type: "follow" } }]);
  });
});

describe("to unsubscribe", () => {
  it("needs no token, and is of one room", ({ expect }) => {
    const on = room();
    const client = joined(on);
    for (const id of ["demo", "other"]) {
      const token = id === "demo" ? TOKEN : "key";
      client.says(subscribe("channel.stream.status", { token, room: id }));
    }
    client.hears();
    client.says(unsubscribe("channel.stream.status", { room: "21" }));
    const data = {
      message: "successfully unsubscribed from topic",
      topic: "channel.stream.status",
      room: "demo",
    };
    expect(client.hears()).toEqual([answer(data, { nonce: "n-2" })]);
    on.happens([live]);
    on.happens([live], { channel: "other" });
    expect(client.hears()).toMatchObject([{ room: "other" }]);
    expect([...(on.follows.get(client)?.keys() ?? [])]).toEqual(["other"]);
  });

  it("without a room is of all", ({ expect }) => {
    const on = room();
    const client = joined(on);
    for (const id of ["demo", "other"]) {
      client.says(subscribe("channel.stream.status", { token: "key", room: id }));
    }
    client.says(subscribe("channel.tips", { room: "demo" }));
    client.hears();
    const response = client.says(unsubscribe("channel.stream.status")).hearsOne();
    expect(response["data"]).toEqual({
      message: "successfully unsubscribed from topic",
      topic: "channel.stream.status",
    });
    on.happens([live]);
    on.happens([live], { channel: "other" });
    expect(client.hears()).toEqual([]);
    expect([...(on.follows.get(client)?.keys() ?? [])]).toEqual(["demo"]);
  });

  it("of what is still looked into counts when that is granted", ({ expect }) => {
    const on = room();
    const client = joined(on);
    const { session } = client;
    const frame = (said: object) =>
      session.handle({ type: "frame-received", at: AT, frame: JSON.stringify(said) });
    const looks = [
      ...frame(subscribe("channel.tips", { room: "demo" })),
      ...frame(subscribe("channel.tips.moderation", { room: "demo" })),
    ];
    frame(unsubscribe("channel.tips"));
    looks.push(...frame(subscribe("channel.activities", { room: "demo" })));
    on.perform(client, looks);
    expect(client.hears()).toHaveLength(3);
    expect(session.snapshot()).toMatchObject({
      rooms: { demo: { topics: { "channel.tips.moderation": 0, "channel.activities": 0 } } },
    });
    expect(JSON.stringify(session.snapshot())).not.toContain('"channel.tips":');
  });
});

describe("an error", () => {
  it("an error has the published word, and the document's for who speaks as it does", ({
    expect,
  }) => {
    const said = ["hello", "[]", '{"type":"ping","nonce":"n-1"}', '{"type":"subscribe"}', "{}"];
    const errors = (client: Client): unknown[] => {
      for (const text of said) client.says(text);
      return client.hears().map(({ error }) => error);
    };
    expect(errors(joined())).toEqual([
      "err_bad_request",
      "err_bad_request",
      "invalid_message_type",
      "err_bad_request",
      "err_bad_request",
    ]);
    const old = joined().says(subscribe("channel.tips", { token_type: "oauth" }));
    old.hears();
    const words = Array(4).fill("invalid_message");
    words.splice(3, 0, "err_bad_request");
    expect(errors(old)).toEqual(words);
  });

  it("names the command it is about, where that can be read", ({ expect }) => {
    const client = joined();
    client.says({ type: "subscribe", nonce: "n-7" }).says({ type: "nope", nonce: 8 }).says("nope");
    const answers = client.hears();
    expect(answers.map(({ nonce }) => nonce)).toEqual(["n-7", 8, undefined]);
  });
});

describe("the pace", () => {
  it("a command each 100 ms is taken, with bursts up to 100, and a refusal over it names none", ({
    expect,
  }) => {
    const on = room();
    const client = joined(on);
    for (let at = 0; at < 102; at += 1) client.says(subscribe("channel.tips"));
    const answers = client.hears();
    expect(answers.filter((each) => !("error" in each))).toHaveLength(100);
    expect(answers.slice(100)).toEqual(
      Array(2).fill(answer({ message: "rate limit exceeded" }, { error: "rate_limit_exceeded" })),
    );
    on.at = AT + 100;
    client.says(subscribe("channel.tips")).says(subscribe("channel.tips"));
    const [granted, refused] = client.hears();
    expect(granted).not.toHaveProperty("error");
    expect(refused).toMatchObject({ error: "rate_limit_exceeded" });
  });

  it("counts what cannot be read as well", ({ expect }) => {
    const client = joined();
    for (let at = 0; at < 101; at += 1) client.says("nope");
    expect(client.hears().at(-1)).toMatchObject({ error: "rate_limit_exceeded" });
  });
});

describe("a planned hand-over", () => {
  it("gives a token, with which a new socket has the subscriptions of the old", ({ expect }) => {
    const on = room();
    const client = joined(on);
    client.says(subscribe("channel.stream.status", { token: "key", room: "other" }));
    client.says(subscribe("channel.stream.status"));
    client.hears();
    client.hand({ type: "hand-over-planned", at: AT, token: "sealed" });
    expect(client.hears()).toEqual([
      {
        type: "reconnect",
        data: { message: "The server is shutting down.", reconnect_token: "sealed" },
      },
    ]);
    const kept = left(client);
    expect(JSON.stringify(kept)).not.toContain(TOKEN);
    const next = on.join(null, null, kept);
    expect(next.hears()).toMatchObject([{ type: "welcome" }]);
    on.happens([live]);
    on.happens([live], { channel: "other" });
    expect(next.hears()).toEqual(client.hears());
    expect(next.session.principals()).toHaveLength(2);
  });

  it("with a token that does not hold is the end of the socket", ({ expect }) => {
    for (const brought of [null, {}, { rooms: [] }]) {
      const client = room().join(null, null, brought);
      expect([client.hears(), client.closed]).toMatchObject([[], { code: 1008 }]);
    }
    expect(gateway.admit({ path: "/", query: { reconnect_token: "t" }, offered: [] })).toEqual({
      channel: null,
      credential: null,
      subprotocol: null,
      about: null,
      bring: "t",
    });
  });

  it("leaves behind what cannot be followed any more", ({ expect }) => {
    const on = room();
    const client = joined(on);
    client.says(subscribe("channel.tips", { token: "key", room: "other" }));
    client.says(subscribe("channel.tips"));
    const kept = left(client);
    on.channels.delete("other");
    const next = on.join(null, null, kept);
    expect(next.session.snapshot()).toMatchObject({ rooms: { demo: {} } });
    expect(JSON.stringify(next.session.snapshot())).not.toContain("other");
  });
});

describe("a room that is gone", () => {
  const gone = { type: "channel-gone", at: AT, channel: "demo" } as const;

  it("is subscribed no more, of which Astro has no word, and the others go on", ({ expect }) => {
    const on = room();
    const client = joined(on);
    client.says(subscribe("channel.stream.status"));
    client.says(subscribe("channel.stream.status", { token: "key", room: "other" }));
    client.hears();
    on.channels.delete("demo");
    client.hand(gone);
    expect([client.hears(), client.closed]).toEqual([[], null]);
    expect(Object.keys(roomsOf(client))).toEqual(["other"]);
    on.happens([live], { channel: "other" });
    expect(client.hearsOne()).toMatchObject({ type: "message", room: "other" });
  });

  it("is followed again where there is one of its name that may be read", ({ expect }) => {
    const on = room();
    const client = joined(on);
    client.says(subscribe("channel.stream.status"));
    client.hears();
    on.follows.get(client)?.delete("demo");
    client.hand(gone);
    on.happens([live]);
    expect(client.hearsOne()).toMatchObject({ type: "message", room: "demo" });
  });

  it("is let go of where it was unsubscribed before that was answered", ({ expect }) => {
    const { session } = joined();
    const follow = { type: "channel-follow", requestId: "restore demo", channel: "demo" };
    const answer = { ok: true, value: facts() } as const;
    expect(session.handle(gone)).toEqual([]);
    expect(
      session.handle({ type: "follow-answered", at: AT, requestId: follow.requestId, answer }),
    ).toEqual([{ type: "channel-unfollow", channel: "demo" }]);
  });
});

describe("a session that slept", () => {
  it("knows all it has to, and no token", ({ expect }) => {
    const client = joined();
    client.says(subscribe("channel.tips"));
    expect(JSON.stringify(client.session.snapshot())).not.toContain(TOKEN);
    expect(client.session.principals()).toMatchObject([{ credentialId: "c-1" }]);
    client.says(subscribe("channel.activities", { token: "key", room: "demo" }));
    client.says(unsubscribe("channel.tips"));
    expect(client.session.principals()).toMatchObject([{ credentialId: "c-2" }]);
    expect(client.session.snapshot()).toMatchObject({
      rooms: { demo: { topics: { "channel.activities": 0 } } },
    });
    for (const kept of [null, {}, [], "state"]) expect(gateway.restore(kept)).toBeNull();
  });
});
