import { createVerify } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { afterEach, beforeEach, describe, it } from "vitest";

import { startKick, type Delivery, type KickService } from "../emulators/kick/server.ts";

let kick: KickService;
beforeEach(async () => {
  kick = await startKick();
  kick.do({ action: "channel", slug: "otter-brook" });
});
afterEach(() => kick.close());

async function ask(method: string, path: string, body?: string, token?: string): Promise<Response> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return fetch(kick.url + path, { method, headers, ...(body !== undefined && { body }) });
}

async function appToken(secret = "a-kick-secret"): Promise<string> {
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: "an-app",
    client_secret: secret,
  });
  const answer = await ask("POST", "/oauth/token", form.toString());
  return ((await answer.json()) as { access_token: string }).access_token;
}

const CHAT = "chat.message.sent";
const subscriptions = "/public/v1/events/subscriptions";

async function subscribe(events: readonly string[]): Promise<{ error: string }[]> {
  const token = await appToken();
  const found = await ask("GET", "/public/v1/channels?slug=otter-brook", undefined, token);
  const { data } = (await found.json()) as { data: [{ broadcaster_user_id: number }] };
  const wish = {
    broadcaster_user_id: data[0].broadcaster_user_id,
    events: events.map((name) => ({ name, version: 1 })),
    method: "webhook",
  };
  const answer = await ask("POST", subscriptions, JSON.stringify(wish), token);
  return ((await answer.json()) as { data: { error: string }[] }).data;
}

async function isSigned(delivery: Delivery | undefined): Promise<boolean> {
  const { headers = {}, body = "" } = delivery ?? {};
  const answer = await ask("GET", "/public/v1/public-key");
  const { data } = (await answer.json()) as { data: { public_key: string } };
  const id = headers["kick-event-message-id"] ?? "";
  const time = headers["kick-event-message-timestamp"] ?? "";
  const signature = headers["kick-event-signature"] ?? "";
  return createVerify("RSA-SHA256")
    .update(`${id}.${time}.${body}`)
    .verify(data.public_key, signature, "base64");
}

describe("the emulated Kick", () => {
  it("delivers what was subscribed to, signed with the key that it publishes", async ({
    expect,
  }) => {
    expect(await kick.happen({ event: CHAT })).toEqual([]);
    expect(await subscribe([CHAT])).toMatchObject([{ error: "" }]);
    const [delivery] = await kick.happen({ event: CHAT, text: "hello" });
    expect(delivery && JSON.parse(delivery.body)).toMatchObject({ content: "hello" });
    expect(await isSigned(delivery)).toBe(true);
  });

  it("spoils, forges and changes its key where it is told to", async ({ expect }) => {
    const one = async (more: object) =>
      (await kick.happen({ event: CHAT, isUnasked: true, ...more }))[0];
    expect(await isSigned(await one({ isSpoilt: true }))).toBe(false);
    expect(await isSigned(await one({ key: "foreign" }))).toBe(false);
    const before = await one({});
    kick.do({ action: "rotateKey" });
    expect(await isSigned(before)).toBe(false);
    expect(await isSigned(await one({}))).toBe(true);
  });

  it("delivers twice, under two names, to who has subscribed twice", async ({ expect }) => {
    await subscribe([CHAT]);
    kick.do({ action: "double" });
    const [first, second] = await kick.happen({ event: CHAT });
    expect(first?.body).toBe(second?.body);
    expect(first?.headers["kick-event-message-id"]).not.toBe(
      second?.headers["kick-event-message-id"],
    );
  });

  it("refuses within an answer of 200, forgets, and answers as badly as it is told", async ({
    expect,
  }) => {
    kick.do({ action: "refuse", events: ["kicks.gifted"], error: "invalid event" });
    expect((await subscribe([CHAT, "kicks.gifted"])).map(({ error }) => error)).toEqual([
      "",
      "invalid event",
    ]);
    kick.do({ action: "forget" });
    expect(kick.truth().subscriptions).toEqual([]);
    kick.do({ action: "fault", path: subscriptions, status: 403, isPage: true, times: 1 });
    const blocked = await ask("GET", subscriptions);
    expect([blocked.status, blocked.headers.get("content-type")]).toEqual([
      403,
      "text/html; charset=UTF-8",
    ]);
    expect((await ask("GET", subscriptions)).status).toBe(401);
    expect(await appToken("another")).toBeUndefined();
  });

  it("delivers to the address that the app has, and keeps what it was answered", async ({
    expect,
  }) => {
    const app = createServer((_request, response) => response.writeHead(200).end());
    await new Promise<void>((resolve) => app.listen(0, "127.0.0.1", resolve));
    const { port } = app.address() as AddressInfo;
    kick.do({ action: "webhook", url: `http://127.0.0.1:${port}/hooks/kick` });
    await kick.happen({ event: CHAT, isUnasked: true });
    expect(kick.truth().answers).toEqual([200]);
    app.close();
  });
});
