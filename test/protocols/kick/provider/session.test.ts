import { describe, it } from "vitest";

import { provider } from "../../../../src/protocols/kick/index.ts";
import { EVENTS } from "../../../../src/protocols/kick/wire/frames.ts";
import type { HttpExchange } from "../../../../src/protocols/session.ts";
import { AT, draftsOf, drive, only, typesOf, type Driven } from "../../support/drive.ts";
import { linkTo } from "../../support/samples.ts";
import { answerAsKick, held, ok, TOKEN, type KickAnswer } from "../answers.ts";
import channel from "../frames/channel.json";
import chat from "../frames/chat.json";
import { CONNECTION, samples } from "../samples.ts";

type Given = Partial<ReturnType<typeof linkTo>>;
type Answer = (exchange: HttpExchange) => KickAnswer;

/** A session whose exchanges are answered so, and what all of it came to. */
function begin(answer: Answer = answerAsKick, given: Given = {}) {
  const asked: HttpExchange[] = [];
  const session = provider.open(linkTo(samples, { credentials: {}, ...given }));
  const driven = drive(session, {
    answer: (exchange) => {
      asked.push(exchange);
      return answer(exchange);
    },
  });
  const opened = driven.opened();
  const effects = [...opened, ...driven.greeted()];
  return { session, driven, asked, effects };
}

/** Kick, but for the answers to some paths: `GET /public/v1/…`. */
function butFor(answers: Readonly<Record<string, KickAnswer | readonly KickAnswer[]>>): Answer {
  const left = new Map(Object.entries(answers).map(([path, each]) => [path, [each].flat()]));
  return (exchange) => {
    const path = `${exchange.method} ${new URL(exchange.url).pathname}`;
    const queue = left.get(path);
    const next = queue !== undefined && queue.length > 1 ? queue.shift() : queue?.[0];
    return next ?? answerAsKick(exchange);
  };
}

const LIST = "GET /public/v1/events/subscriptions";
const SUBSCRIBE = "POST /public/v1/events/subscriptions";
const TIDY = "DELETE /public/v1/events/subscriptions";
const CHANNELS = "GET /public/v1/channels";
const failureOf = (effects: ReturnType<Driven["opened"]>) =>
  only(effects, "session-fail")[0]?.failure;
const connectionOf = (effects: ReturnType<Driven["opened"]>) =>
  only(effects, "connection-observe").at(-1)?.connection;

const taken = (events: readonly string[], errors: Readonly<Record<string, string>> = {}) =>
  ok(
    events.map((name) =>
      errors[name] === undefined
        ? { name, version: 1, subscription_id: `01M7QNEW${name}`, error: "" }
        : { name, version: 1, error: errors[name] },
    ),
  );

describe("a session with Kick", () => {
  it("asks for a token, whose channel it is, and what is subscribed, and for nothing more", ({
    expect,
  }) => {
    const { asked, effects } = begin();
    expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "POST https://id.kick.com/oauth/token",
      "GET https://api.kick.com/public/v1/channels?slug=otter-brook",
      "GET https://api.kick.com/public/v1/events/subscriptions?broadcaster_user_id=700100",
    ]);
    expect(asked[0]?.body).toBe(
      "grant_type=client_credentials&client_id=kick-cl1ent&client_secret=kick-s3cret",
    );
    expect(only(effects, "route-claim").map(({ key }) => key)).toEqual(["700100"]);
    expect(connectionOf(effects)).toMatchObject({
      identifier: CONNECTION,
      status: "connected",
      reason: "awaiting_delivery",
      target: { id: "700100", url: "https://kick.com/otter-brook" },
      writable: false,
      live: false,
    });
  });

  it("claims what is said before it subscribes, so that nothing comes that nobody hears", ({
    expect,
  }) => {
    const { effects } = begin(butFor({ [LIST]: ok([]), [SUBSCRIBE]: taken(EVENTS) }));
    const order = effects.flatMap((effect) =>
      effect.type === "route-claim"
        ? ["claim"]
        : effect.type === "request-issue"
          ? [effect.request]
          : [],
    );
    expect(order).toEqual(["token", "channel", "claim", "list", "subscribe"]);
  });

  it("subscribes to what is missing only, and takes away what comes twice", ({ expect }) => {
    const older = held(EVENTS.slice(0, 4), "A");
    const newer = held(EVENTS.slice(0, 2), "B");
    const foreign = held(EVENTS, "C").map((each) => ({ ...each, broadcaster_user_id: 1 }));
    const { asked, effects } = begin(
      butFor({
        [LIST]: ok([...newer, ...older, ...foreign]),
        [SUBSCRIBE]: taken(EVENTS.slice(4)),
        [TIDY]: { status: 204, body: "" },
      }),
    );
    const [removed] = asked.filter(({ method }) => method === "DELETE");
    expect(removed?.url).toBe(
      "https://api.kick.com/public/v1/events/subscriptions?id=01M7QB0000&id=01M7QB0001",
    );
    const made = asked.find(
      ({ url, method }) => method === "POST" && url.endsWith("subscriptions"),
    );
    expect(JSON.parse(made?.body ?? "")).toEqual({
      broadcaster_user_id: 700100,
      events: EVENTS.slice(4).map((name) => ({ name, version: 1 })),
      method: "webhook",
    });
    expect(typesOf(effects)).toContain("session-ready");
  });

  it("takes a refusal within an answer of 200 for what it is", ({ expect }) => {
    const some = begin(
      butFor({
        [LIST]: ok([]),
        [SUBSCRIBE]: taken(EVENTS, { "kicks.gifted": "invalid event" }),
      }),
    );
    expect(connectionOf(some.effects)).toMatchObject({
      status: "connected",
      reason: "subscription_refused",
      target: { refused: ["kicks.gifted"] },
    });
    const all = (error: string) =>
      failureOf(
        begin(
          butFor({
            [LIST]: ok([]),
            [SUBSCRIBE]: taken(EVENTS, Object.fromEntries(EVENTS.map((each) => [each, error]))),
          }),
        ).effects,
      );
    expect(all("no")).toMatchObject({ remedy: "slow", reason: "subscription_refused" });
    expect(all("subscription limit exceeded")).toMatchObject({ reason: "quota_exceeded" });
  });

  it("asks for another token once, where the one it has is refused", ({ expect }) => {
    const refused = { status: 401, body: "{}" };
    const once = begin(butFor({ [CHANNELS]: [refused, answerAsKick(exchangeOf(CHANNELS))] }));
    expect(typesOf(once.effects)).toContain("session-ready");
    expect(once.asked.filter(({ url }) => url.endsWith("/oauth/token"))).toHaveLength(2);
    const always = begin(butFor({ [CHANNELS]: refused }));
    expect(failureOf(always.effects)).toMatchObject({ remedy: "slow", reason: "token_invalid" });
    expect(always.asked).toHaveLength(4);
  });

  it.for([
    ["POST /oauth/token", { status: 401, body: "{}" }, "token_invalid"],
    ["POST /oauth/token", { status: 200, body: "{}" }, "answer_unreadable"],
    [CHANNELS, ok([]), "channel_unknown"],
    [CHANNELS, { status: 403, body: "<!DOCTYPE html>" }, "upstream_blocked"],
    [CHANNELS, { status: 403, body: "{}" }, "refused"],
    [CHANNELS, { status: 429, body: "{}" }, "rate_limited"],
    [CHANNELS, { status: 500, body: "{}" }, "provider_down"],
    [LIST, ok({}), "answer_unreadable"],
  ] as const)(
    "says what stands in the way: %s answered %o is %s",
    ([path, answer, reason], { expect }) => {
      const failure = failureOf(begin(butFor({ [path]: answer })).effects);
      expect(failure?.reason).toBe(reason);
      expect(failure?.remedy).not.toBe("stop");
      expect(failure?.detail).not.toContain("kick-s3cret");
    },
  );

  it("without an app says that there is none, and looks again", ({ expect }) => {
    const { effects } = begin(answerAsKick, { deployment: { KICK_CLIENT_ID: "alone" } });
    expect(failureOf(effects)).toMatchObject({ remedy: "slow", reason: "app_missing" });
  });

  it("is reached where the deployment says Kick is", ({ expect }) => {
    const deployment = {
      ...samples.deployment,
      KICK_API_URL: "http://127.0.0.1:4100/",
      KICK_AUTH_URL: "http://127.0.0.1:4200",
    };
    const { asked } = begin(answerAsKick, { deployment });
    expect(asked.map(({ url }) => new URL(url).host)).toEqual([
      "127.0.0.1:4200",
      "127.0.0.1:4100",
      "127.0.0.1:4100",
    ]);
  });
});

function exchangeOf(path: string): HttpExchange {
  const [method, pathname] = path.split(" ") as ["GET", string];
  return { method, url: `https://api.kick.com${pathname}`, headers: {} };
}

describe("a look each hour", () => {
  const HOUR = 3_600_000;
  const answered = (session: ReturnType<typeof begin>["session"], answer: Answer, at: number) => {
    const pending = [...session.handle({ type: "timer-fired", at, timer: "look" })];
    const all = [];
    for (let effect = pending.shift(); effect !== undefined; effect = pending.shift()) {
      all.push(effect);
      if (effect.type !== "request-issue" && effect.type !== "route-claim") continue;
      const given =
        effect.type === "route-claim" ? { status: 200, body: "" } : answer(effect.exchange);
      const { request } = effect;
      pending.push(...session.handle({ type: "request-answered", at, request, ...given }));
    }
    return all;
  };

  it("is set, and tells a hole where a subscription had gone, from the last delivery on", ({
    expect,
  }) => {
    const { session, driven, effects } = begin();
    expect(only(effects, "timer-set")).toEqual([
      { type: "timer-set", timer: "look", afterMs: HOUR },
    ]);
    driven.receives(chat["chat.message.sent"]);
    const lost = butFor({
      [LIST]: ok(held(EVENTS.slice(1))),
      [SUBSCRIBE]: taken(EVENTS.slice(0, 1)),
    });
    const told = answered(session, lost, AT + HOUR);
    expect(draftsOf(told)).toMatchObject([
      {
        type: "connection.gap",
        data: {
          identifier: CONNECTION,
          from: new Date(AT).toISOString(),
          to: new Date(AT + HOUR).toISOString(),
          cause: "subscription_lost",
        },
      },
    ]);
    expect(only(told, "timer-set")).toHaveLength(1);
    expect(typesOf(told)).not.toContain("session-ready");
  });

  it("ends nothing where it comes to nothing, and is made again soon", ({ expect }) => {
    const { session, driven } = begin();
    const blocked = butFor({ [CHANNELS]: { status: 403, body: "<html>" } });
    const told = answered(session, blocked, AT + HOUR);
    expect(typesOf(told)).not.toContain("session-fail");
    expect(connectionOf(told)).toMatchObject({ status: "connected", reason: "upstream_blocked" });
    expect(only(told, "timer-set")[0]?.afterMs).toBe(300_000);
    expect(draftsOf(driven.receives(chat["chat.message.sent"]))).toHaveLength(1);
    const well = answered(session, answerAsKick, AT + HOUR + 300_000);
    expect(connectionOf(well)).toMatchObject({ reason: null });
  });

  it("finds that a live channel is not told of", ({ expect }) => {
    const { session } = begin();
    const live = butFor({
      [CHANNELS]: ok([{ broadcaster_user_id: 700100, stream: { is_live: true } }]),
    });
    const told = answered(session, live, AT + HOUR);
    expect(connectionOf(told)).toMatchObject({ reason: "no_delivery", live: true });
  });

  it("tells no hole at the first time, nor of what was refused before", ({ expect }) => {
    const nothing = butFor({ [LIST]: ok([]), [SUBSCRIBE]: taken(EVENTS) });
    expect(draftsOf(begin(nothing).effects)).toEqual([]);
    const known = begin(nothing, { heard: { at: AT - HOUR, isAny: true } });
    expect(draftsOf(known.effects).map(({ type }) => type)).toEqual(["connection.gap"]);
  });

  it("asks for a token when the one before has run out", ({ expect }) => {
    const { session } = begin();
    const asked: string[] = [];
    const listen: Answer = (exchange) => {
      asked.push(new URL(exchange.url).pathname);
      return answerAsKick(exchange);
    };
    answered(session, listen, AT + HOUR);
    expect(asked[0]).toBe("/public/v1/channels");
    asked.length = 0;
    answered(session, listen, AT + 5_184_000_000);
    expect(asked[0]).toBe("/oauth/token");
    expect(TOKEN.status).toBe(200);
  });
});

describe("a delivery", () => {
  it("changes whether the channel is live", ({ expect }) => {
    const { driven } = begin(answerAsKick, { heard: { at: AT, isAny: true } });
    const on = driven.receives(channel["livestream.status.updated on"]);
    expect(connectionOf(on)).toMatchObject({ live: true, reason: null });
    expect(typesOf(driven.receives(chat["chat.message.sent"]))).toEqual(["events-observe"]);
  });

  it("is heard before the session is ready, and tells of no connection then", ({ expect }) => {
    const session = drive(provider.open(linkTo(samples)));
    session.opened();
    expect(typesOf(session.receives(chat["chat.message.sent"]))).toEqual(["events-observe"]);
  });
});

describe("a text", () => {
  const send = (text: string, more: object = {}) => ({
    job: "job-1",
    identifier: CONNECTION,
    content: { kind: "chat" as const, style: "text" as const, text, ...more },
  });
  const writer: Given = { credentials: { accessToken: "kick-4cc3ss", refreshToken: "kick-r" } };
  const outcome = (status: number, body: string, given: Given = writer) => {
    const { session, driven } = begin(answerAsKick, given);
    driven.sends(send("hello"));
    const answer = { type: "request-answered", at: AT, request: "job-1", status, body } as const;
    return session.handle(answer);
  };

  it("is said as the token's own user, once", ({ expect }) => {
    const { driven } = begin(answerAsKick, writer);
    const [issued, asked] = driven.sends(send("hello\nall", { replyTo: "m-1" }));
    expect(issued).toEqual({ type: "send-issue", job: "job-1" });
    expect(asked).toMatchObject({
      exchange: {
        url: "https://api.kick.com/public/v1/chat",
        headers: { authorization: "Bearer kick-4cc3ss" },
      },
    });
    const { body = "" } = asked?.type === "request-issue" ? asked.exchange : {};
    expect(JSON.parse(body)).toEqual({
      broadcaster_user_id: 700100,
      content: "hello all",
      reply_to_message_id: "m-1",
      type: "user",
    });
  });

  it.for([
    [200, { data: { is_sent: true, message_id: "m" } }, "send-confirm", undefined],
    [200, { data: { is_sent: false } }, "send-fail", { reason: "refused", retryable: false }],
    [200, {}, "send-fail", { reason: "outcome_unknown", retryable: false }],
    [400, {}, "send-fail", { reason: "refused", retryable: false }],
    [403, { message: "banned" }, "send-fail", { reason: "refused", retryable: false }],
    [403, "<html>", "send-fail", { reason: "upstream_blocked", retryable: true }],
    [429, {}, "send-fail", { reason: "rate_limited", retryable: true, retryAfterMs: 5000 }],
    [500, {}, "send-fail", { reason: "outcome_unknown", retryable: false }],
  ] as const)("answered %i %o is %s: %o", ([status, body, type, failure], { expect }) => {
    const [ended] = outcome(status, typeof body === "string" ? body : JSON.stringify(body));
    expect(ended).toMatchObject({ type, ...(failure !== undefined && { failure }) });
  });

  it("has the token renewed once, where that can be", ({ expect }) => {
    const renewed = outcome(401, "{}");
    expect(renewed[0]).toMatchObject({ failure: { reason: "token_invalid", retryable: true } });
    expect(connectionOf(renewed)).toMatchObject({ writable: false, reason: "token_invalid" });
    expect(only(renewed, "session-replace")).toHaveLength(1);
    const again = outcome(401, "{}", { ...writer, handOver: '{"isRenewed":true}' });
    expect(only(again, "session-replace")).toEqual([]);
    const bare = outcome(401, "{}", { credentials: { accessToken: "kick-4cc3ss" } });
    expect(typesOf(bare)).toEqual(["send-fail", "connection-observe"]);
  });

  it("of more than 500 characters, or of none, is not taken on", ({ expect }) => {
    const check = (text: string) => provider.sending?.check(send(text).content)?.reason;
    expect([check("x".repeat(501)), check("😀".repeat(500)), check("  ")]).toEqual([
      "too_long",
      undefined,
      "empty",
    ]);
  });

  it("is not said without a token", ({ expect }) => {
    const { driven } = begin();
    expect(driven.sends(send("hello"))).toMatchObject([
      { type: "send-fail", failure: { reason: "not_writable" } },
    ]);
  });
});

describe("a channel's name", () => {
  it("is taken as people write it", ({ expect }) => {
    const read = (channel: string) => provider.Target.safeParse({ channel }).data;
    expect(read(" Otter_Brook ")).toEqual({ channel: "otter-brook" });
    expect(read("https://kick.com/otter")).toBeUndefined();
  });
});
