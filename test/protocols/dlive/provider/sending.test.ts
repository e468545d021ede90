import { describe, it } from "vitest";

import { provider } from "../../../../src/protocols/dlive/index.ts";
import type { SendContent } from "../../../../src/protocols/session.ts";
import { AT, drive, only, type Driven } from "../../support/drive.ts";
import { linkTo } from "../../support/samples.ts";
import { samples, STREAMER } from "../samples.ts";

const TOKEN = "dl-4pp-t0ken";
const IDENTIFIER = `dlive:${STREAMER}`;
const hello: SendContent = { kind: "chat", style: "text", text: "hello" };

/** A session that is ready, with a token or without. */
function started(change: { url?: string; credentials?: Record<string, string> } = {}): Driven {
  const credentials = change.credentials ?? { appToken: TOKEN };
  const session = drive(provider.open(linkTo(samples, { url: null, ...change, credentials })));
  session.opened();
  for (const frame of samples.greeting) session.receives(frame);
  return session;
}

function says(session: Driven, content: SendContent = hello) {
  return session.sends({ job: "j-1", identifier: IDENTIFIER, content });
}

function answered(status: number, body: unknown) {
  const session = provider.open(linkTo(samples, { url: null, credentials: { appToken: TOKEN } }));
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return session.handle({ type: "request-answered", at: AT, request: "j-1", status, body: text });
}

describe("a message", () => {
  it("messages are sent by a mutation over HTTP, with the bare token", ({ expect }) => {
    const [issued, asked, ...more] = says(started());
    expect(issued).toEqual({ type: "send-issue", job: "j-1" });
    expect(more).toEqual([]);
    expect(asked).toMatchObject({
      type: "request-issue",
      request: "j-1",
      exchange: {
        url: "https://api.dlive.tv/",
        method: "POST",
        headers: { authorization: TOKEN, "content-type": "application/json" },
      },
    });
    const [{ exchange } = { exchange: { body: "{}" } }] = only(says(started()), "request-issue");
    const input = { streamer: STREAMER, message: "hello", roomRole: "Member", subscribing: false };
    expect(JSON.parse(exchange.body ?? "")).toMatchObject({ variables: { input } });
    expect(JSON.parse(exchange.body ?? "")).toHaveProperty("query");
  });

  it.for([
    ["ws://127.0.0.1:4100/graphql", "http://127.0.0.1:4100/"],
    ["wss://dlive.example/", "https://dlive.example/"],
    ["wss://dlive.example:8443", "https://dlive.example:8443/"],
  ] as const)("goes to the same host and port as %s", ([url, http], { expect }) => {
    const [asked] = only(says(started({ url })), "request-issue");
    expect(asked?.exchange.url).toBe(http);
  });

  it("cannot be said without a token, nor by another account", ({ expect }) => {
    const failure = { reason: "not_writable", retryable: false };
    const failed = [{ type: "send-fail", job: "j-1", failure }];
    expect(says(started({ credentials: {} }))).toEqual(failed);
    expect(says(started(), { ...hello, as: "dlive:somebody" })).toEqual(failed);
    expect(says(started(), { ...hello, as: IDENTIFIER })).toHaveLength(2);
  });

  it.for([
    [hello, null],
    [{ ...hello, text: " \n" }, "empty"],
    [{ ...hello, style: "emote" }, "emote_unsupported"],
    [{ ...hello, replyTo: "m-1" }, "reply_unsupported"],
    [{ kind: "ui", interface: {} }, "kind_unsupported"],
  ] as const)("is looked at before it is taken on: %j", ([content, reason], { expect }) => {
    expect(provider.sending?.check(content)?.reason ?? null).toBe(reason);
  });

  it("makes the connection writable", ({ expect }) => {
    for (const [credentials, writable] of [
      [{ appToken: TOKEN }, true],
      [{}, false],
    ] as const) {
      const session = drive(provider.open(linkTo(samples, { credentials })));
      session.opened();
      const told = samples.greeting.flatMap((frame) => session.receives(frame));
      const [observed] = only(told, "connection-observe");
      expect(observed?.connection).toMatchObject({ writable, ready: writable });
    }
  });
});

describe("the answer to a mutation", () => {
  const sent = (inner: unknown) => ({ data: { sendStreamchatMessage: inner } });

  it.for([{ err: null, message: { id: "m-1" } }, { message: { id: "m-1" } }, {}])(
    "confirms it where it tells of no error: %j",
    (inner, { expect }) => {
      expect(answered(200, sent(inner))).toEqual([{ type: "send-confirm", job: "j-1" }]);
    },
  );

  it.for([
    [200, sent({ err: { code: 1040, message: "you are banned" } }), "refused", false],
    [200, sent({ err: { code: 1, message: "sending too frequently" } }), "rate_limited", true],
    [200, { data: null, errors: [{ message: "bad input" }] }, "refused", false],
    [200, { data: { sendStreamchatMessage: null } }, "refused", false],
    [200, "<html>", "refused", false],
    [200, "", "refused", false],
    [400, {}, "refused", false],
    [401, { errors: [{ message: "unauthorized" }] }, "token_invalid", false],
    [403, {}, "token_invalid", false],
    [429, {}, "rate_limited", true],
    [500, {}, "outcome_unknown", false],
    [502, "bad gateway", "outcome_unknown", false],
  ] as const)("%i %j fails it as %s", ([status, body, reason, retryable], { expect }) => {
    const [failed, ...more] = answered(status, body);
    expect(failed).toMatchObject({ type: "send-fail", job: "j-1", failure: { reason, retryable } });
    expect(more).toEqual([]);
    expect(JSON.stringify(failed)).not.toContain(TOKEN);
  });

  it("is not known where nobody answered: it is not sent again", ({ expect }) => {
    const lost = provider
      .open(linkTo(samples, { credentials: { appToken: TOKEN } }))
      .handle({ type: "request-lost", at: AT, request: "j-1" });
    const failure = { reason: "outcome_unknown", retryable: false };
    expect(lost).toEqual([{ type: "send-fail", job: "j-1", failure }]);
  });
});
