import { describe, it } from "vitest";

import type { ExchangeAnswer } from "../../../../src/protocols/hook.ts";
import { provider } from "../../../../src/protocols/kick/index.ts";
import { draftsOf } from "../../support/drive.ts";
import { held, ok, TOKEN } from "../answers.ts";
import chat from "../frames/chat.json";
import { BROADCASTER, DEPLOYMENT, samples } from "../samples.ts";

const { hook } = provider;
if (hook === undefined) throw new Error("Kick has no hook");

const HEADERS: Readonly<Record<string, string>> = {
  "kick-event-message-id": "01M7QX",
  "kick-event-message-timestamp": "2026-10-02T19:30:05Z",
  "kick-event-signature": "c2lnbmVk",
  "kick-event-type": "chat.message.sent",
  "kick-event-version": "1",
};
const header = (name: string): string | null => HEADERS[name.toLowerCase()] ?? null;

describe("a webhook of Kick's", () => {
  it("is signed over its name, its time and its body", ({ expect }) => {
    expect(hook.readSignature(header)).toEqual({
      signature: "c2lnbmVk",
      prefix: "01M7QX.2026-10-02T19:30:05Z.",
    });
    expect(hook.readSignature(() => null)).toBeNull();
  });

  it("is for the broadcaster in its body, and heard by any link to them", ({ expect }) => {
    const body = JSON.stringify(chat["chat.message.sent"].body);
    const read = hook.read(header, body);
    expect(read?.key).toBe(BROADCASTER);
    const drafts = draftsOf(hook.hear(samples.target, read?.frame ?? ""));
    expect(drafts).toMatchObject([{ type: "chat.message", connectionId: "kick:otter-brook" }]);
    for (const bad of ["", "[]", "{}", '{"broadcaster":{}}', '{"broadcaster":null}']) {
      expect(hook.read(header, bad)).toBeNull();
    }
  });

  it("is verified by the key out of its armour", ({ expect }) => {
    const pem = "-----BEGIN PUBLIC KEY-----\nMIIB\nIjAN\n-----END PUBLIC KEY-----\n";
    expect(hook.readKey(ok({ public_key: pem }))).toBe("MIIBIjAN");
    for (const body of ["", "{}", '{"data":{"public_key":"none"}}']) {
      expect(hook.readKey({ status: 200, body })).toBeNull();
    }
    expect(hook.readKey({ ...ok({ public_key: pem }), status: 500 })).toBeNull();
    const url = "https://api.kick.com/public/v1/public-key";
    expect(hook.askKey({})).toMatchObject({ url, method: "GET" });
  });
});

describe("the end of hearing", () => {
  const next = (...answers: ExchangeAnswer[]) => hook.leave(DEPLOYMENT, BROADCASTER, answers);

  it("takes all subscriptions to the channel away", ({ expect }) => {
    expect(next()).toMatchObject({ exchange: { url: "https://id.kick.com/oauth/token" } });
    expect(next(TOKEN)).toMatchObject({ exchange: { method: "GET" } });
    const list = ok(held(["kicks.gifted", "moderation.banned"]));
    expect(next(TOKEN, list)).toMatchObject({
      exchange: {
        method: "DELETE",
        url: "https://api.kick.com/public/v1/events/subscriptions?id=01M7QA0000&id=01M7QA0001",
      },
    });
    expect(next(TOKEN, list, { status: 204, body: "" })).toEqual({ type: "done" });
  });

  it("is over where nothing is left, or nothing may be asked", ({ expect }) => {
    expect(next(TOKEN, ok([]))).toEqual({ type: "done" });
    expect(next({ status: 401, body: "{}" })).toEqual({ type: "done" });
    expect(hook.leave({}, BROADCASTER, [])).toEqual({ type: "done" });
  });

  it("is put off where Kick cannot be asked at the moment", ({ expect }) => {
    for (const answer of [null, { status: 503, body: "" }, { status: 403, body: "<html>" }]) {
      expect(next(answer)).toEqual({ type: "later" });
      expect(next(TOKEN, answer)).toEqual({ type: "later" });
    }
  });
});
