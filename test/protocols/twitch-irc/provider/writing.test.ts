import { describe, it } from "vitest";

import { readLink } from "../../../../src/protocols/link-input.ts";
import type {
  HttpExchange,
  ProviderEffect,
  SendContent,
} from "../../../../src/protocols/session.ts";
import { provider } from "../../../../src/protocols/twitch-irc/index.ts";
import { AT, only, typesOf } from "../../support/drive.ts";
import { linkTo } from "../../support/samples.ts";
import { CHANNEL, CONNECTION, samples } from "../samples.ts";

const HOUR = 3_600_000;
const GOOD = {
  client_id: "tw-cl1ent",
  login: "relaybot",
  scopes: ["user:read:chat", "user:write:chat"],
  user_id: "80213000",
  expires_in: 14_000,
};

/** A session that is in its room, and an account whose token Twitch has said something of. */
function begin(given: Partial<ReturnType<typeof linkTo>> = {}) {
  const session = provider.open({ ...linkTo(samples), ...given });
  const opened = session.handle({ type: "socket-opened", at: AT });
  for (const frame of samples.greeting) {
    const text = samples.write?.(frame) ?? "";
    session.handle({ type: "frame-received", at: AT, frame: text });
  }
  const answer = (request: string, status: number, body: unknown) =>
    session.handle({
      type: "request-answered",
      at: AT,
      request,
      status,
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  const send = (content: Partial<Extract<SendContent, { kind: "chat" }>>, to = CONNECTION) =>
    session.handle({
      type: "send-requested",
      at: AT,
      send: {
        job: "job-1",
        identifier: to,
        content: { kind: "chat", style: "text", text: "hello", ...content },
      },
    });
  return { session, opened, answer, send, validated: () => answer("validation", 200, GOOD) };
}

const asked = (effects: readonly ProviderEffect[]): HttpExchange[] =>
  only(effects, "request-issue").map(({ exchange }) => exchange);
const bodyOf = (effects: readonly ProviderEffect[]): unknown =>
  JSON.parse(asked(effects)[0]?.body ?? "null");
const connectionIn = (effects: readonly ProviderEffect[]) =>
  only(effects, "connection-observe").at(-1)?.connection;

describe("a user's token", () => {
  it("is looked at when the socket opens, and each hour", ({ expect }) => {
    const { session, opened, validated } = begin();
    expect(asked(opened)).toEqual([
      {
        url: "https://id.twitch.tv/oauth2/validate",
        method: "GET",
        headers: { authorization: "OAuth tw-4cc3ss-t0ken", accept: "application/json" },
      },
    ]);
    const effects = validated();
    expect(only(effects, "timer-set")).toEqual([
      { type: "timer-set", timer: "validation", afterMs: HOUR },
    ]);
    expect(connectionIn(effects)).toMatchObject({ writable: true, ready: true, reason: null });
    const again = session.handle({ type: "timer-fired", at: AT + HOUR, timer: "validation" });
    expect(asked(again)).toHaveLength(1);
  });

  it("is asked about at the address that was set by hand", ({ expect }) => {
    const { opened, validated, send } = begin({ url: "ws://127.0.0.1:4100/deep/path?x=1" });
    expect(asked(opened)[0]?.url).toBe("http://127.0.0.1:4100/oauth2/validate");
    validated();
    expect(asked(send({}))[0]?.url).toBe("http://127.0.0.1:4100/helix/chat/messages");
  });

  it("that nobody can write with is told of, and reading goes on", ({ expect }) => {
    const useless = [
      [{ ...GOOD, scopes: ["chat:read"] }, "scope_missing"],
      [{ ...GOOD, scopes: null }, "scope_missing"],
      [{ ...GOOD, client_id: "another" }, "token_wrong_client"],
    ] as const;
    for (const [body, reason] of useless) {
      const effects = begin().answer("validation", 200, body);
      expect(connectionIn(effects)).toMatchObject({
        status: "connected",
        writable: false,
        reason,
      });
      expect(typesOf(effects)).not.toContain("session-fail");
    }
  });

  it("of which nothing is said stays as it was, and is asked about soon again", ({ expect }) => {
    for (const [status, body] of [
      [500, ""],
      [200, "no JSON"],
      [429, "{}"],
    ] as const) {
      const { answer, validated } = begin();
      validated();
      const effects = answer("validation", status, body);
      expect(effects).toEqual([{ type: "timer-set", timer: "validation", afterMs: 60_000 }]);
    }
    const lost = begin().session.handle({ type: "request-lost", at: AT, request: "validation" });
    expect(lost).toEqual([{ type: "timer-set", timer: "validation", afterMs: 60_000 }]);
  });

  it("that was refused is renewed once, by a socket that takes over: reading is not cut", ({
    expect,
  }) => {
    const { answer, validated } = begin();
    validated();
    const effects = answer("validation", 401, { status: 401, message: "invalid access token" });
    expect(connectionIn(effects)).toMatchObject({
      status: "connected",
      writable: false,
      reason: "token_invalid",
    });
    const [replaced] = only(effects, "session-replace");
    expect(replaced?.reason).toBe("token_invalid");
    expect(typesOf(answer("validation", 401, ""))).not.toContain("session-replace");
    const successor = begin({ handOver: replaced?.handOver ?? null });
    const refused = successor.answer("validation", 401, "");
    expect(typesOf(refused)).not.toContain("session-replace");
    expect(connectionIn(successor.validated())).toMatchObject({ writable: true, reason: null });
  });

  it("without a refresh token is told of as refused, and reading goes on", ({ expect }) => {
    const credentials = { clientId: "tw-cl1ent", accessToken: "tw-4cc3ss-t0ken" };
    const effects = begin({ credentials }).answer("validation", 401, "");
    expect(typesOf(effects)).toEqual(["timer-set", "connection-observe"]);
  });

  it("is handed over with what is known of it, so that sends do not wait", ({ expect }) => {
    const { session, validated } = begin();
    validated();
    const effects = session.handle({ type: "frame-received", at: AT, frame: "RECONNECT\r\n" });
    const successor = begin({ handOver: only(effects, "session-replace")[0]?.handOver ?? null });
    expect(asked(successor.send({}))).toHaveLength(1);
  });

  it("may be given with the word that IRC wants before it", ({ expect }) => {
    const credentials = { clientId: "c", accessToken: "oauth:abcdef" };
    expect(asked(begin({ credentials }).opened)[0]?.headers["authorization"]).toBe("OAuth abcdef");
    expect(provider.secrets(credentials).toSorted()).toEqual(["abcdef", "oauth:abcdef"]);
  });

  it("with a letter that no header takes is no credential", ({ expect }) => {
    for (const accessToken of ["two words", "line\nbreak", "tökén"]) {
      const input = { target: { channel: CHANNEL }, credentials: { clientId: "c", accessToken } };
      expect(readLink(provider, { ...input, url: null }, false).problems.length).toBeGreaterThan(0);
    }
  });
});

describe("a renewal", () => {
  const link = linkTo(samples);

  it("is asked for with the refresh token, and with the app's secret where there is one", ({
    expect,
  }) => {
    const exchange = provider.renewal?.forced(link);
    expect(exchange).toMatchObject({ url: "https://id.twitch.tv/oauth2/token", method: "POST" });
    expect(Object.fromEntries(new URLSearchParams(exchange?.body))).toEqual({
      grant_type: "refresh_token",
      refresh_token: "tw-r3fresh-t0ken",
      client_id: "tw-cl1ent",
      client_secret: "tw-s3cret",
    });
    const { clientSecret: _, ...open } = link.credentials as { clientSecret: string };
    const form = provider.renewal?.forced({ ...link, credentials: open })?.body;
    expect(new URLSearchParams(form).has("client_secret")).toBe(false);
  });

  it("is never due by the clock, since reading needs no token", ({ expect }) => {
    expect(provider.renewal?.due(link, AT + 1e12)).toBeNull();
    expect(provider.renewal?.forced({ ...link, credentials: {} })).toBeNull();
  });

  it("keeps the new refresh token, or the old where none came", ({ expect }) => {
    const renewed = (body: object) =>
      provider.renewal?.answered(link, { status: 200, body: JSON.stringify(body) }, AT);
    expect(renewed({ access_token: "new", refresh_token: "next" })).toMatchObject({
      ok: true,
      credentials: { accessToken: "new", refreshToken: "next", clientId: "tw-cl1ent" },
    });
    expect(renewed({ access_token: "new" })).toMatchObject({
      ok: true,
      credentials: { accessToken: "new", refreshToken: "tw-r3fresh-t0ken" },
    });
  });

  it("that Twitch refuses is final, and any other is not", ({ expect }) => {
    const remedy = (status: number) => {
      const renewed = provider.renewal?.answered(link, { status, body: "" }, AT);
      return renewed?.ok === false ? renewed.failure.remedy : null;
    };
    expect([400, 401, 403, 429, 500, 200].map(remedy)).toEqual([
      "stop",
      "stop",
      "stop",
      "slow",
      "retry",
      "retry",
    ]);
  });
});

describe("a message that is written", () => {
  it("goes by the API, as the token's user, into this room", ({ expect }) => {
    const { validated, send } = begin();
    validated();
    const effects = send({ text: "hello\r\n there ", replyTo: "m-1" });
    expect(typesOf(effects)).toEqual(["send-issue", "request-issue"]);
    expect(asked(effects)[0]).toMatchObject({
      url: "https://api.twitch.tv/helix/chat/messages",
      method: "POST",
      headers: { authorization: "Bearer tw-4cc3ss-t0ken", "client-id": "tw-cl1ent" },
    });
    expect(bodyOf(effects)).toEqual({
      broadcaster_id: "52880011",
      sender_id: "80213000",
      message: "hello there",
      reply_parent_message_id: "m-1",
    });
    expect(bodyOf(send({ style: "emote", text: "waves" }))).toMatchObject({ message: "/me waves" });
  });

  it("is not written before Twitch has said whose the token is, or for another account", ({
    expect,
  }) => {
    const early = begin().send({});
    expect(only(early, "send-fail")[0]?.failure).toEqual({
      reason: "not_writable",
      retryable: false,
    });
    const { validated, send } = begin();
    validated();
    expect(typesOf(send({ as: "twitch-irc:somebody" }))).toEqual(["send-fail"]);
  });

  it("is looked at before it is taken on", ({ expect }) => {
    const check = (content: object) => {
      const whole = { kind: "chat", style: "text", text: "hi", ...content };
      return provider.sending?.check(whole as SendContent)?.reason ?? null;
    };
    expect(check({})).toBeNull();
    expect(check({ text: "😀".repeat(500) })).toBeNull();
    expect(check({ text: "😀".repeat(501) })).toBe("too_long");
    expect(check({ text: "x".repeat(498), style: "emote" })).toBe("too_long");
    expect(check({ text: " \n " })).toBe("empty");
    expect(check({ kind: "ui", interface: {} })).toBe("kind_unsupported");
  });

  it("has arrived only where Twitch says that it was sent", ({ expect }) => {
    const { validated, answer } = begin();
    validated();
    const sent = { data: [{ message_id: "m-7", is_sent: true }] };
    expect(answer("job-1", 200, sent)).toEqual([{ type: "send-confirm", job: "job-1" }]);
  });

  const drop = (code: string): unknown => ({
    data: [{ message_id: "", is_sent: false, drop_reason: { code, message: "no" } }],
  });

  it.for([
    [200, drop("msg_ratelimit"), "rate_limited", true],
    [200, drop("msg_slowmode"), "rate_limited", true],
    [200, drop("msg_duplicate"), "duplicate", true],
    [200, drop("msg_emoteonly"), "room_mode", false],
    [200, drop("msg_followersonly_zero"), "room_mode", false],
    [200, drop("msg_subsonly"), "room_mode", false],
    [200, drop("msg_r9k"), "room_mode", false],
    [200, drop("msg_timedout"), "timed_out", true],
    [200, drop("msg_banned"), "banned", false],
    [200, drop("msg_channel_blocked"), "banned", false],
    [200, drop("msg_rejected"), "held", false],
    [200, drop("automod_held"), "held", false],
    [200, drop("msg_rejected_mandatory"), "refused", false],
    [200, drop("msg_bad_characters"), "refused", false],
    [200, drop("msg_requires_verified_phone_number"), "account_unverified", false],
    [200, drop("msg_banned_email_alias"), "account_unverified", false],
    [200, drop("msg_warned"), "warned", false],
    [200, drop("something_new"), "refused", false],
    [200, { data: [{ is_sent: false, drop_reason: [{ code: "msg_banned" }] }] }, "banned", false],
    [200, { data: [{ is_sent: false }] }, "refused", false],
    [200, { data: [] }, "outcome_unknown", false],
    [200, "no JSON", "outcome_unknown", false],
    [400, {}, "refused", false],
    [403, {}, "banned", false],
    [422, {}, "too_long", false],
    [429, {}, "rate_limited", true],
    [500, {}, "outcome_unknown", false],
  ] as const)("has failed, and it is said why: %i %j is %s", (row, { expect }) => {
    const [status, body, reason, retryable] = row;
    const [failed] = only(begin().answer("job-1", status, body), "send-fail");
    expect(failed?.failure).toMatchObject({ reason, retryable });
  });

  it("for its rate may be said again when the rate begins anew", ({ expect }) => {
    const { session } = begin();
    const refusal = { request: "job-1", status: 429, body: "{}" };
    const waits = [12_000, 1e12].map((retryAfterMs) =>
      session.handle({ type: "request-answered", at: AT, ...refusal, retryAfterMs }),
    );
    const untold = begin().answer("job-1", 429, "{}");
    expect(
      [...waits, untold].map((effects) => only(effects, "send-fail")[0]?.failure.retryAfterMs),
    ).toEqual([12_000, 60_000, 30_000]);
  });

  it("that a token is too old for can be sent again once that is renewed", ({ expect }) => {
    const { validated, answer } = begin();
    validated();
    const effects = answer("job-1", 401, "");
    expect(only(effects, "send-fail")[0]?.failure).toEqual({
      reason: "token_invalid",
      retryable: true,
    });
    expect(typesOf(effects)).toContain("session-replace");
  });

  it("of which nothing was heard has an unknown outcome", ({ expect }) => {
    const effects = begin().session.handle({ type: "request-lost", at: AT, request: "job-1" });
    expect(only(effects, "send-fail")[0]?.failure.reason).toBe("outcome_unknown");
  });
});
