import { describe, it } from "vitest";

import { WANTED } from "../../../../src/protocols/twitch-eventsub/provider/wanted.ts";
import { draftsOf } from "../../support/drive.ts";
import chat from "../frames/chat.json";
import session from "../frames/session.json";
import { ALL_SCOPES, OWNER, READER, Talk, Twitch, type Answer, type Asked } from "../talk.ts";

const isRequest = ({ method, path }: Asked): boolean =>
  method === "POST" && path.endsWith("/subscriptions");
const UUID = "f1c2a387-161a-49f9-a165-0f21d7a4e1c4";

/** Twitch, with an answer of its own to the request for one type. */
function refusing(type: string, answer: (time: number) => Answer | null | undefined): Twitch {
  const twitch = new Twitch();
  let times = 0;
  twitch.rule = (asked) => {
    if (!isRequest(asked) || asked.body["type"] !== type) return undefined;
    times += 1;
    return answer(times);
  };
  return twitch;
}

const say = (status: number, message: string): Answer => ({ status, body: { status, message } });

/** Somebody else's channel, heard by an account of one's own. */
function elsewhere(twitch = new Twitch()): Twitch {
  return Object.assign(twitch, { userId: READER, login: "relaybot" });
}

describe("what is wanted", () => {
  it("what is to be heard is asked for over HTTP, within ten seconds of the welcome", ({
    expect,
  }) => {
    const talk = new Talk();
    talk.open();
    expect(talk.asking).toEqual(["validation"]);
    talk.receive(session.welcome);
    expect(talk.asking).toEqual(["validation"]);
    talk.answerOne();
    expect(talk.asking).toEqual([
      "subscribe channel.chat.message",
      "subscribe channel.chat.notification",
    ]);
    talk.answerAll();
    expect(talk.twitch.askedFor.slice(0, 3)).toEqual([
      "channel.chat.message",
      "channel.chat.notification",
      "channel.chat.message_delete",
    ]);
  });

  it("is asked for in the same way where the welcome comes last", ({ expect }) => {
    const talk = new Talk();
    talk.open();
    talk.answerAll();
    expect(talk.twitch.askedFor).toEqual([]);
    talk.receive(session.welcome);
    expect(talk.asking).toHaveLength(2);
  });

  it("names the session, and the people that its kind of condition names", ({ expect }) => {
    const { twitch } = Talk.begin(elsewhere());
    const bodies = twitch.asked.filter(isRequest).map(({ body }) => body);
    const of = (type: string) => bodies.filter((body) => body["type"] === type);
    expect(of("channel.chat.message")).toEqual([
      {
        type: "channel.chat.message",
        version: "1",
        condition: { broadcaster_user_id: OWNER, user_id: READER },
        transport: { method: "websocket", session_id: session.welcome.payload.session.id },
      },
    ]);
    expect(of("channel.follow")[0]).toMatchObject({
      version: "2",
      condition: { broadcaster_user_id: OWNER, moderator_user_id: READER },
    });
    expect(of("stream.online")[0]?.["condition"]).toEqual({ broadcaster_user_id: OWNER });
    expect(of("channel.raid").map((body) => body["condition"])).toEqual([
      { to_broadcaster_user_id: OWNER },
      { from_broadcaster_user_id: OWNER },
    ]);
    expect(of("channel.guest_star_session.begin")[0]).toMatchObject({ version: "beta" });
    const post = twitch.asked.find(isRequest);
    expect(post?.headers).toEqual({
      authorization: "Bearer tw-4cc3ss-t0ken",
      "client-id": "tw-cl1ent",
      "content-type": "application/json",
    });
  });

  it("is not what another type tells of, nor what is no matter of the channel", ({ expect }) => {
    const types = new Set(WANTED.map(({ type }) => type));
    const left = [
      "channel.subscribe",
      "channel.subscription.message",
      "channel.subscription.gift",
      "channel.cheer",
      "user.whisper.message",
      "user.update",
      "user.authorization.revoke",
      "extension.bits_transaction.create",
      "drop.entitlement.grant",
      "conduit.shard.disabled",
    ];
    expect(left.filter((type) => types.has(type))).toEqual([]);
    expect(WANTED.length).toBe(new Set(WANTED.map(({ name }) => name)).size);
  });

  it("is not asked for where the token lacks a scope, and it is said which", ({ expect }) => {
    const twitch = Object.assign(new Twitch(), {
      scopes: ["user:read:chat"],
    });
    const talk = Talk.begin(twitch);
    expect(twitch.askedFor).not.toContain("channel.follow");
    expect(talk.places["channel.follow"]).toEqual({
      status: "refused",
      reason: "scope_missing",
      detail: "Give the token the right: moderator:read:followers.",
    });
    expect(talk.places["channel.moderate"]?.detail).toContain("moderator:read:blocked_terms");
    expect(talk.connection).toMatchObject({ status: "connected", reason: "subscriptions_refused" });
  });

  it("is asked for where the token may manage what it need but read", ({ expect }) => {
    const scopes = ALL_SCOPES.map((scope) => scope.replace(":read:", ":manage:"));
    const twitch = Object.assign(new Twitch(), { scopes });
    const talk = Talk.begin(twitch);
    expect(new Set(Object.values(talk.places).map(({ status }) => status))).toEqual(
      new Set(["subscribed"]),
    );
    expect(twitch.askedFor).toContain("channel.suspicious_user.message");
  });

  it("is moderation by one type where all of its scopes are granted, else by several", ({
    expect,
  }) => {
    const single = ["channel.ban", "channel.unban", "channel.moderator.add", "channel.vip.add"];
    const whole = Talk.begin();
    expect(whole.twitch.askedFor).toContain("channel.moderate");
    expect(whole.twitch.askedFor.filter((type) => single.includes(type))).toEqual([]);
    expect(Object.keys(whole.places)).not.toContain("channel.ban");
    const less = ALL_SCOPES.filter((scope) => scope !== "moderator:read:warnings");
    const parts = Talk.begin(Object.assign(new Twitch(), { scopes: less }));
    expect(parts.twitch.askedFor.filter((type) => single.includes(type))).toEqual(single);
    const refused = Talk.begin(refusing("channel.moderate", () => say(403, "no")));
    expect(refused.twitch.askedFor.filter((type) => single.includes(type))).toEqual(single);
  });

  it("is told of as connected once all is answered, and not before", ({ expect }) => {
    const talk = new Talk();
    talk.open();
    talk.receive(session.welcome);
    expect(talk.connection).toMatchObject({
      status: "connecting",
      reason: "subscriptions_pending",
    });
    talk.answerAll();
    expect(talk.all("connection-observe")).toHaveLength(2);
    expect(talk.connection).toMatchObject({
      identifier: "twitch-eventsub:otterbrook",
      status: "connected",
      reason: null,
      writable: true,
      target: { platform: "twitch", id: OWNER, name: "otterbrook" },
    });
    expect(new Set(Object.values(talk.places).map(({ status }) => status))).toEqual(
      new Set(["subscribed"]),
    );
    expect(JSON.stringify(talk.connection).length).toBeLessThan(8_000);
  });

  it("is told of as it is after a time, where some answers are slow", ({ expect }) => {
    const talk = new Talk();
    talk.open();
    talk.receive(session.welcome);
    talk.answerOne();
    talk.answerOne();
    talk.fire("late");
    expect(talk.connection).toMatchObject({ status: "connected" });
    expect(talk.places["channel.chat.message"]).toEqual({ status: "subscribed" });
    expect(talk.places["channel.follow"]).toEqual({ status: "pending" });
    talk.answerAll();
    expect(talk.places["channel.follow"]).toEqual({ status: "subscribed" });
  });
});

describe("a refusal", () => {
  it.for([
    ["channel.chat.message", "banned"],
    ["channel.follow", "not_moderator"],
    ["channel.bits.use", "not_broadcaster"],
  ] as const)("of %s on somebody else's channel says what a person must do", (row, { expect }) => {
    const [type, reason] = row;
    const talk = Talk.begin(elsewhere(refusing(type, () => say(403, "missing authorization"))));
    expect(talk.places[type]).toMatchObject({ status: "refused", reason });
    expect(talk.places[type]?.detail).toMatch(/^[A-Z].*\.$/);
    expect(talk.places["stream.online"]).toEqual({ status: "subscribed" });
  });

  it("on one's own channel is for want of a scope", ({ expect }) => {
    const talk = Talk.begin(refusing("channel.bits.use", () => say(403, "missing authorization")));
    expect(talk.places["channel.bits.use"]).toEqual({
      status: "refused",
      reason: "scope_missing",
      detail: "Give the token the right: bits:read.",
    });
  });

  it("for a bad request is that one's alone", ({ expect }) => {
    const talk = Talk.begin(refusing("channel.follow", () => say(400, "invalid version")));
    expect(talk.places["channel.follow"]).toMatchObject({ reason: "bad_request" });
    expect(talk.places["channel.follow"]?.detail).toContain("invalid version");
    expect(talk.all("session-fail")).toEqual([]);
  });

  it("because the session is gone ends it", ({ expect }) => {
    const words = "websocket transport session does not exist or has already disconnected";
    const talk = Talk.begin(refusing("channel.chat.message", () => say(400, words)));
    expect(talk.last("session-fail")?.failure).toMatchObject({ remedy: "retry" });
  });

  it("of everything ends it, for what is wanted first", ({ expect }) => {
    const twitch = new Twitch();
    twitch.rule = (asked) => (isRequest(asked) ? say(403, "no") : undefined);
    const talk = Talk.begin(twitch);
    expect(talk.last("session-fail")?.failure).toMatchObject({
      remedy: "stop",
      reason: "scope_missing",
    });
  });

  it("for too many sockets ends it for a while, but for one that hears something", ({ expect }) => {
    const words = "number of websocket transports limit exceeded";
    const first = Talk.begin(refusing("channel.chat.message", () => say(429, words)));
    expect(first.last("session-fail")?.failure).toMatchObject({
      remedy: "slow",
      reason: "too_many_sockets",
    });
    const later = Talk.begin(refusing("channel.follow", () => say(429, words)));
    expect(later.all("session-fail")).toEqual([]);
    expect(later.places["channel.follow"]).toMatchObject({ reason: "too_many_sockets" });
  });

  it("for the rate is asked for again after a pause, and nothing in between", ({ expect }) => {
    const twitch = refusing("channel.chat.notification", (time) =>
      time === 1 ? say(429, "Too Many Requests") : undefined,
    );
    const talk = Talk.begin(twitch);
    expect(talk.last("timer-set")).toMatchObject({ timer: "retry subscriptions", afterMs: 2_000 });
    const before = twitch.askedFor.length;
    expect(before).toBeLessThan(5);
    talk.fire("retry subscriptions");
    talk.answerAll();
    expect(talk.places["channel.chat.notification"]).toEqual({ status: "subscribed" });
    expect(talk.connection?.status).toBe("connected");
  });

  it("for the rate is waited for as long as Twitch says, and never longer than its window", ({
    expect,
  }) => {
    for (const [retryAfterMs, afterMs] of [
      [41_000, 41_000],
      [0, 2_000],
      [86_400_000, 60_000],
    ] as const) {
      const limited = { ...say(429, "Too Many Requests"), retryAfterMs };
      const twitch = refusing("channel.follow", (time) => (time === 1 ? limited : undefined));
      const talk = Talk.begin(twitch);
      expect(talk.last("timer-set")).toEqual({
        type: "timer-set",
        timer: "retry subscriptions",
        afterMs,
      });
      talk.fire("retry subscriptions");
      talk.answerAll();
      expect(talk.places["channel.follow"]).toEqual({ status: "subscribed" });
    }
  });

  it.for([
    ["no_answer", null],
    ["provider_down", { status: 503, body: "" }],
  ] as const)("by %s five times over is one", ([reason, answer], { expect }) => {
    const talk = Talk.begin(refusing("channel.follow", () => answer));
    for (let pause = 0; pause < 4; pause += 1) {
      talk.fire("retry subscriptions");
      talk.answerAll();
    }
    expect(talk.places["channel.follow"]).toMatchObject({ status: "refused", reason });
  });

  it("for its cost is told, and what would cost more is not asked for", ({ expect }) => {
    const words = "the total cost of subscriptions exceeds the limit";
    const spent = Talk.begin(elsewhere(refusing("stream.online", () => say(429, words))));
    expect(spent.places["stream.online"]).toMatchObject({ reason: "cost_limit" });
    const twitch = elsewhere(new Twitch());
    twitch.rule = (asked) =>
      isRequest(asked)
        ? { status: 202, body: { data: [{ id: "s" }], total_cost: 10, max_total_cost: 10 } }
        : undefined;
    const full = Talk.begin(twitch);
    expect(twitch.askedFor).not.toContain("stream.online");
    expect(full.places["stream.online"]).toMatchObject({ reason: "cost_limit" });
    expect(full.connection?.target).toMatchObject({ cost: { total: 10, max: 10 } });
  });
});

describe("a refusal for what passes", () => {
  const words = "the total cost of subscriptions exceeds the limit";
  const isPublic = ({ body }: Asked): boolean => /^stream|raid/.test(String(body["type"]));

  it("is asked about again by itself, and with it all that waited for the same", ({ expect }) => {
    const twitch = elsewhere(new Twitch());
    let isSpent = true;
    twitch.rule = (asked) =>
      isRequest(asked) && isPublic(asked) && isSpent ? say(429, words) : undefined;
    const talk = Talk.begin(twitch);
    expect(talk.all("timer-set")).toContainEqual({
      type: "timer-set",
      timer: "again",
      afterMs: 120_000,
    });
    const told = talk.connection;
    const askedFor = twitch.askedFor.length;
    talk.fire("again");
    talk.answerAll();
    // One is enough to see that it lasts; nothing has changed, and so it is told.
    expect(twitch.askedFor).toHaveLength(askedFor + 1);
    expect(talk.connection).toEqual(told);
    isSpent = false;
    talk.fire("again");
    talk.answerAll();
    expect(talk.connection).toMatchObject({ status: "connected", reason: null });
    expect(talk.places["stream.offline"]).toEqual({ status: "subscribed" });
  });

  it.for([403, 409, 400])("is not one of %i, which lasts", (status, { expect }) => {
    const twitch = refusing("channel.follow", () => ({ status, body: { id: UUID } }));
    const talk = Talk.begin(twitch);
    const askedFor = twitch.askedFor.length;
    talk.fire("again");
    talk.answerAll();
    expect(twitch.askedFor).toHaveLength(askedFor);
    expect(talk.places["channel.follow"]?.status).toBe("refused");
  });

  it("is not that of moderation as a whole, of which the parts tell by now", ({ expect }) => {
    const twitch = refusing("channel.moderate", (time) => (time <= 5 ? null : undefined));
    const talk = Talk.begin(twitch);
    for (let pause = 0; pause < 4; pause += 1) {
      talk.fire("retry subscriptions");
      talk.answerAll();
    }
    expect(talk.places["channel.moderate"]).toMatchObject({ reason: "no_answer" });
    expect(talk.places["channel.ban"]).toEqual({ status: "subscribed" });
    talk.fire("again");
    talk.answerAll();
    expect(talk.places["channel.moderate"]).toMatchObject({ status: "refused" });
  });

  it("is heard of otherwise until it is had, also while it is asked about", ({ expect }) => {
    let isAway = true;
    const twitch = refusing("channel.bits.use", () => (isAway ? null : undefined));
    const talk = Talk.begin(twitch);
    const typesOf = () => draftsOf(talk.receive(chat["message with bits"])).map(({ type }) => type);
    for (let pause = 0; pause < 4; pause += 1) {
      talk.fire("retry subscriptions");
      talk.answerAll();
    }
    expect(talk.places["channel.bits.use"]).toMatchObject({ reason: "no_answer" });
    expect(typesOf()).toEqual(["chat.message", "channel.cheer"]);
    talk.fire("again");
    expect(talk.asking).toEqual(["subscribe channel.bits.use"]);
    expect(typesOf()).toEqual(["chat.message", "channel.cheer"]);
    isAway = false;
    talk.answerAll();
    expect(talk.places["channel.bits.use"]).toEqual({ status: "subscribed" });
    expect(typesOf()).toEqual(["chat.message"]);
  });
});

describe("a subscription that somebody left behind", () => {
  const exists = (body: object): Twitch =>
    refusing("channel.follow", (time) => (time === 1 ? { status: 409, body } : undefined));
  const follows = ({ asked }: Twitch): string[] =>
    asked
      .filter(({ request }) => request.endsWith(" channel.follow"))
      .map(({ method, query }) => `${method} ${[...query.values()].join()}`.trim());

  it("a subscription that somebody left behind is in the way of the same one", ({ expect }) => {
    for (const body of [{ id: UUID }, { data: [{ id: UUID }] }, { subscription_id: UUID }]) {
      const twitch = exists({ status: 409, message: "subscription already exists", ...body });
      const talk = Talk.begin(twitch);
      expect(follows(twitch)).toEqual(["POST", `DELETE ${UUID}`, "POST"]);
      expect(talk.places["channel.follow"]).toEqual({ status: "subscribed" });
    }
  });

  it("is looked for where the answer does not say which", ({ expect }) => {
    const list = (sessionId: string, moderator = OWNER): Answer => ({
      status: 200,
      body: {
        data: [
          {
            id: "left-1",
            type: "channel.follow",
            condition: { broadcaster_user_id: OWNER, moderator_user_id: moderator },
            transport: { method: "websocket", session_id: sessionId },
          },
        ],
      },
    });
    const listing = (answer: Answer): Twitch => {
      const twitch = exists({ status: 409, message: "subscription already exists" });
      const { rule } = twitch;
      twitch.rule = (asked) =>
        asked.method === "GET" && asked.path.endsWith("/subscriptions") ? answer : rule(asked);
      return twitch;
    };
    const other = listing(list("a dead session"));
    Talk.begin(other);
    expect(follows(other)).toEqual(["POST", "GET channel.follow", "DELETE left-1", "POST"]);
    const own = listing(list(session.welcome.payload.session.id));
    expect(Talk.begin(own).places["channel.follow"]).toEqual({ status: "subscribed" });
    expect(follows(own)).toEqual(["POST", "GET channel.follow"]);
    const somebodys = listing(list("a dead session", "1234"));
    Talk.begin(somebodys);
    expect(follows(somebodys)).toEqual(["POST", "GET channel.follow", "POST"]);
  });

  it("is not taken for one that has ended, which is listed for a while", ({ expect }) => {
    const condition = { broadcaster_user_id: OWNER, moderator_user_id: OWNER };
    const transport = { method: "websocket", session_id: "a dead session" };
    const listed = ["websocket_disconnected", "websocket_failed_ping_pong", "enabled"].map(
      (status) => ({ id: `is-${status}`, type: "channel.follow", status, condition, transport }),
    );
    const twitch = exists({ status: 409, message: "subscription already exists" });
    const { rule } = twitch;
    twitch.rule = (asked) =>
      asked.method === "GET" && asked.path.endsWith("/subscriptions")
        ? { status: 200, body: { data: listed } }
        : rule(asked);
    Talk.begin(twitch);
    expect(follows(twitch)).toEqual(["POST", "GET channel.follow", "DELETE is-enabled", "POST"]);
  });

  it("and comes back each time is left to whoever has it", ({ expect }) => {
    const twitch = refusing("channel.follow", () => ({ status: 409, body: { id: UUID } }));
    const talk = Talk.begin(twitch);
    expect(talk.places["channel.follow"]).toMatchObject({ reason: "subscription_exists" });
    expect(follows(twitch).filter((each) => each === "POST")).toHaveLength(3);
    expect(talk.connection?.status).toBe("connected");
  });
});
