import { describe, it } from "vitest";

import { provider } from "../../../../src/protocols/twitch-eventsub/index.ts";
import { AT, only, typesOf } from "../../support/drive.ts";
import { linkTo } from "../../support/samples.ts";
import session from "../frames/session.json";
import { CONNECTION, samples } from "../samples.ts";
import { ALL_SCOPES, OWNER, READER, Talk, Twitch, type Asked } from "../talk.ts";

const HOUR = 3_600_000;

const isValidation = ({ path }: Asked): boolean => path === "/oauth2/validate";

/** Twitch, of which one token alone is good. */
function accepting(token: string): Twitch {
  const twitch = new Twitch();
  twitch.rule = ({ headers }) =>
    headers["authorization"]?.endsWith(` ${token}`) === true
      ? undefined
      : { status: 401, body: { status: 401, message: "invalid access token" } };
  return twitch;
}

function send(talk: Talk, given: object = {}) {
  return talk.handle({
    type: "send-requested",
    at: talk.at,
    send: {
      job: "job-1",
      identifier: CONNECTION,
      content: { kind: "chat", style: "text", text: "hello", ...given },
    },
  });
}

describe("a token", () => {
  it("is looked at when the socket opens, and each hour", ({ expect }) => {
    const talk = Talk.begin();
    expect(talk.twitch.asked[0]).toMatchObject({
      method: "GET",
      path: "/oauth2/validate",
      headers: { authorization: "OAuth tw-4cc3ss-t0ken" },
    });
    expect(talk.all("timer-set")).toContainEqual({
      type: "timer-set",
      timer: "validation",
      afterMs: HOUR,
    });
    talk.fire("validation");
    talk.answerAll();
    expect(talk.twitch.asked.filter(isValidation)).toHaveLength(2);
    expect(talk.all("connection-observe").at(-1)?.connection.status).toBe("connected");
  });

  it("of somebody else has the channel's id looked up by its login", ({ expect }) => {
    const talk = Talk.begin(Object.assign(new Twitch(), { userId: READER, login: "relaybot" }));
    const looked = talk.twitch.asked.filter(({ path }) => path === "/helix/users");
    expect(looked.map(({ query }) => query.get("login"))).toEqual(["otterbrook"]);
    expect(talk.connection?.target?.id).toBe(OWNER);
    expect(Talk.begin().twitch.asked.some(({ path }) => path === "/helix/users")).toBe(false);
  });

  it("finds no channel where nobody goes by the login", ({ expect }) => {
    const twitch = Object.assign(new Twitch(), { userId: READER, login: "relaybot" });
    twitch.rule = ({ path }) =>
      path === "/helix/users" ? { status: 200, body: { data: [] } } : undefined;
    expect(Talk.begin(twitch).last("session-fail")?.failure).toMatchObject({
      remedy: "slow",
      reason: "channel_unavailable",
      isError: true,
    });
  });

  it("of somebody renamed, or for somebody renamed, goes on with whose the login was", ({
    expect,
  }) => {
    const nobody = ({ path }: Asked) =>
      path === "/helix/users" ? { status: 200, body: { data: [] } } : undefined;
    for (const [userId, before, login] of [
      [OWNER, "otterbrook", "otterlake"],
      [READER, "relaybot", "relaybot"],
    ] as const) {
      const known = Talk.begin(Object.assign(new Twitch(), { userId, login: before }));
      const { place = null } = known.last("place-keep") ?? {};
      const twitch = Object.assign(new Twitch(), { userId, login, rule: nobody });
      const talk = Talk.begin(twitch, { place });
      expect(talk.connection).toMatchObject({ status: "connected", target: { id: OWNER } });
      // What was found for another login says nothing of this one.
      const other = Talk.begin(Object.assign(new Twitch(), { userId, login, rule: nobody }), {
        place: `another ${OWNER}`,
      });
      expect(other.last("session-fail")?.failure.reason).toBe("channel_unavailable");
    }
  });

  it.for([[null], [{ status: 500, body: "" }], [{ status: 200, body: "no JSON" }]] as const)(
    "of which nothing is said is asked about soon again: %j",
    ([answer], { expect }) => {
      let isAway = true;
      const twitch = new Twitch();
      twitch.rule = (asked) => (isValidation(asked) && isAway ? answer : undefined);
      const talk = Talk.begin(twitch);
      expect(talk.last("timer-set")).toMatchObject({ timer: "validation", afterMs: 2_000 });
      expect(twitch.askedFor).toEqual([]);
      isAway = false;
      talk.fire("validation");
      talk.answerAll();
      expect(talk.connection?.status).toBe("connected");
    },
  );

  it("of another application is of no use", ({ expect }) => {
    const twitch = new Twitch();
    twitch.rule = (asked) =>
      isValidation(asked)
        ? { status: 200, body: { client_id: "another", user_id: OWNER, scopes: ALL_SCOPES } }
        : undefined;
    expect(Talk.begin(twitch).last("session-fail")?.failure).toMatchObject({
      remedy: "stop",
      reason: "token_wrong_client",
    });
  });
});

describe("a token that was refused", () => {
  it("is renewed beside the socket, and then all is asked for", ({ expect }) => {
    const talk = Talk.begin(accepting("new"));
    expect(typesOf(talk.effects)).toContain("credentials-renew");
    expect(talk.all("session-fail")).toEqual([]);
    talk.renewed("new");
    talk.answerAll();
    expect(talk.connection?.status).toBe("connected");
    expect(talk.all("credentials-renew")).toHaveLength(1);
  });

  it("costs nothing of what is heard: the socket stays", ({ expect }) => {
    const talk = Talk.begin();
    talk.twitch.rule = accepting("new").rule;
    talk.fire("validation");
    talk.answerAll();
    expect(typesOf(talk.effects)).not.toContain("session-replace");
    const askedFor = talk.twitch.askedFor.length;
    talk.at = AT + HOUR;
    talk.renewed("new");
    talk.answerAll();
    expect(talk.twitch.askedFor).toHaveLength(askedFor);
    expect(talk.connection).toMatchObject({ status: "connected", reason: null, writable: true });
  });

  it("and is again right after is of no use, but what is subscribed is heard", ({ expect }) => {
    const first = Talk.begin(accepting("none"));
    first.renewed("new");
    first.answerAll();
    expect(first.all("credentials-renew")).toHaveLength(1);
    expect(first.last("session-fail")?.failure).toMatchObject({
      remedy: "stop",
      reason: "token_invalid",
    });
    const later = Talk.begin();
    later.twitch.rule = accepting("none").rule;
    later.fire("validation");
    later.answerAll();
    later.renewed("new");
    later.answerAll();
    expect(later.all("session-fail")).toEqual([]);
    expect(later.connection).toMatchObject({
      status: "connected",
      reason: "token_invalid",
      writable: false,
    });
  });

  it("is not given up for what was on its way with the old one", ({ expect }) => {
    const twitch = new Twitch();
    const talk = new Talk(twitch);
    talk.open();
    talk.receive(session.welcome);
    talk.answerOne();
    twitch.rule = accepting("new").rule;
    talk.answerOne();
    expect(talk.all("credentials-renew")).toHaveLength(1);
    talk.renewed("new");
    // The other one of the two still has the old token.
    talk.answerAll();
    expect(talk.all("session-fail")).toEqual([]);
    expect(talk.all("credentials-renew")).toHaveLength(1);
    expect(talk.connection).toMatchObject({ status: "connected", reason: null });
  });

  it("is not asked with for ever, where Twitch says that it is good all the same", ({ expect }) => {
    const twitch = new Twitch();
    twitch.rule = ({ body }) =>
      body["type"] === "channel.follow" ? { status: 401, body: {} } : undefined;
    const talk = Talk.begin(twitch);
    talk.renewed("new");
    talk.answerAll();
    expect(talk.places["channel.follow"]).toMatchObject({ reason: "token_invalid" });
    expect(talk.connection?.status).toBe("connected");
    expect(talk.all("credentials-renew")).toHaveLength(1);
  });

  it("and cannot be renewed is told of, where something is heard", ({ expect }) => {
    const credentials = { clientId: "tw-cl1ent", accessToken: "tw-4cc3ss-t0ken" };
    const talk = Talk.begin(new Twitch(), { credentials });
    talk.twitch.rule = accepting("none").rule;
    talk.fire("validation");
    talk.answerAll();
    expect(talk.connection).toMatchObject({ status: "connected", reason: "token_invalid" });
    const begun = Talk.begin(accepting("none"), { credentials });
    expect(begun.last("session-fail")?.failure.reason).toBe("token_invalid");
  });

  it("and whose renewal fails is renewed again, unless it never will be", ({ expect }) => {
    const fail = (talk: Talk, remedy: "retry" | "stop") => {
      talk.twitch.rule = accepting("none").rule;
      talk.fire("validation");
      talk.answerAll();
      const failure = { remedy, reason: "renewal_failed", detail: "No." } as const;
      return talk.handle({
        type: "credentials-renewed",
        at: AT,
        renewed: { ok: false, failure },
      });
    };
    const talk = Talk.begin();
    expect(only(fail(talk, "retry"), "timer-set")).toMatchObject([{ timer: "renewal" }]);
    expect(talk.connection).toMatchObject({ status: "connected", reason: "renewal_failed" });
    expect(typesOf(talk.fire("renewal"))).toEqual(["credentials-renew"]);
    expect(only(fail(Talk.begin(), "stop"), "timer-set")).toEqual([]);
  });
});

describe("a message that is written", () => {
  it("goes by the API, as the token's user, into this channel", ({ expect }) => {
    const talk = Talk.begin(Object.assign(new Twitch(), { userId: READER, login: "relaybot" }));
    const effects = send(talk);
    expect(typesOf(effects)).toEqual(["send-issue", "request-issue"]);
    const [asked] = only(effects, "request-issue");
    expect(asked?.exchange.url).toBe("https://api.twitch.tv/helix/chat/messages");
    expect(JSON.parse(asked?.exchange.body ?? "")).toEqual({
      broadcaster_id: OWNER,
      sender_id: READER,
      message: "hello",
    });
    const body = JSON.stringify({ data: [{ message_id: "m-7", is_sent: true }] });
    expect(
      talk.handle({ type: "request-answered", at: AT, request: "job-1", status: 200, body }),
    ).toEqual([{ type: "send-confirm", job: "job-1" }]);
  });

  it("needs leave to write, and somebody who may", ({ expect }) => {
    const reasonOf = (talk: Talk, given?: object) =>
      only(send(talk, given), "send-fail")[0]?.failure.reason;
    const early = new Talk();
    early.open();
    expect(reasonOf(early)).toBe("not_writable");
    const reader = Talk.begin(Object.assign(new Twitch(), { scopes: ["user:read:chat"] }));
    expect(reader.connection).toMatchObject({ writable: false });
    expect(reasonOf(reader)).toBe("scope_missing");
    expect(reasonOf(Talk.begin(), { as: "twitch-eventsub:somebody" })).toBe("not_writable");
  });

  it("for which the token is too old can be sent again once that is renewed", ({ expect }) => {
    const talk = Talk.begin();
    send(talk);
    const effects = talk.handle({
      type: "request-answered",
      at: AT,
      request: "job-1",
      status: 401,
      body: "",
    });
    expect(only(effects, "send-fail")[0]?.failure).toEqual({
      reason: "token_invalid",
      retryable: true,
    });
    expect(typesOf(effects)).toContain("credentials-renew");
  });

  it("of which nothing was heard has an unknown outcome", ({ expect }) => {
    const lost = Talk.begin().handle({ type: "request-lost", at: AT, request: "job-1" });
    expect(only(lost, "send-fail")[0]?.failure.reason).toBe("outcome_unknown");
  });
});

describe("an address that was set by hand", () => {
  it("is asked over HTTP as well, and may send to where it likes", ({ expect }) => {
    const url = "ws://127.0.0.1:4100/ws";
    const talk = new Talk(new Twitch(), { url });
    talk.open();
    talk.receive(session.welcome);
    expect(talk.last("request-issue")?.exchange.url).toBe("http://127.0.0.1:4100/oauth2/validate");
    talk.answerAll();
    expect(new URL(talk.last("request-issue")?.exchange.url ?? "").host).toBe("127.0.0.1:4100");
    const own = {
      ...session.reconnect.payload.session,
      reconnect_url: "ws://127.0.0.1:4100/ws?c=1",
    };
    talk.receive({ ...session.reconnect, payload: { session: own } });
    const { handOver = null } = talk.last("session-replace") ?? {};
    expect(provider.dial(linkTo(samples, { url, handOver })).url).toBe(
      "ws://127.0.0.1:4100/ws?c=1",
    );
  });
});
