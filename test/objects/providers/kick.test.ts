import { env, exports } from "cloudflare:workers";
import { afterEach, beforeEach, describe, it } from "vitest";

import type { AuthorizationView } from "../../../src/calls/authorization.ts";
import { EVENTS } from "../../../src/protocols/kick/wire/frames.ts";
import { call } from "../../support/api.ts";
import { deliver, kick, KickListener } from "../../support/kick.ts";

const SLUG = "otter-brook";
const listeners: KickListener[] = [];

beforeEach(async () => {
  await kick.reset();
  await kick.do({ action: "channel", slug: SLUG });
});

afterEach(async () => {
  for (const listener of listeners.splice(0)) await listener.end();
});

async function listen(settings: Record<string, unknown> = {}): Promise<KickListener> {
  const listener = await KickListener.to(SLUG, settings);
  listeners.push(listener);
  return listener;
}

async function listenReady(settings: Record<string, unknown> = {}): Promise<KickListener> {
  const listener = await listen(settings);
  await listener.untilConnection({ status: "connected" });
  return listener;
}

describe("a link to Kick", () => {
  it("subscribes to everything, once, and hears what is delivered", async ({ expect }) => {
    const heard = await listenReady();
    const { subscriptions } = await kick.truth();
    expect(subscriptions.map(({ event }) => event).toSorted()).toEqual(EVENTS.toSorted());
    const [delivery] = await kick.happen({ event: "chat.message.sent", text: "good evening" });
    expect(delivery && (await deliver(delivery))).toBe(200);
    await heard.until((events) => events.some(({ type }) => type === "chat.message"));
    const said = heard.events.find(({ type }) => type === "chat.message");
    expect(said).toMatchObject({
      provider: "kick",
      platform: "kick",
      connectionid: `kick:${SLUG}`,
      data: { message: { text: "good evening" } },
    });
  });

  it("has on disk what it has answered for", async ({ expect }) => {
    const heard = await listenReady();
    expect(await deliver(await kick.delivery({ event: "chat.message.sent" }))).toBe(200);
    expect(await heard.said()).toEqual(["hello"]);
  });

  it("waits for a first delivery, and says so", async ({ expect }) => {
    const heard = await listen();
    await heard.untilConnection({ status: "connected", reason: "awaiting_delivery" });
    await deliver(await kick.delivery({ event: "channel.followed" }));
    await heard.untilConnection({ status: "connected", reason: null });
    expect(heard.events.map(({ type }) => type)).toContain("channel.follow");
  });

  it("tells a message once, however often and under whichever name it is delivered", async ({
    expect,
  }) => {
    const heard = await listenReady();
    await kick.do({ action: "double" });
    const copies = await kick.happen({ event: "chat.message.sent", text: "twice" });
    expect(copies).toHaveLength(2);
    const [first, second] = copies;
    if (first === undefined || second === undefined) throw new Error("not doubled");
    expect(first.headers["kick-event-message-id"]).not.toBe(
      second.headers["kick-event-message-id"],
    );
    expect(await Promise.all(copies.map((each) => deliver(each)))).toEqual([200, 200]);
    expect([await deliver(first), await deliver(second)]).toEqual([200, 200]);
    expect(await heard.said()).toEqual(["twice"]);
  });

  it("takes what comes hours late, with its own time", async ({ expect }) => {
    const heard = await listenReady();
    const at = "2026-01-01T08:00:00Z";
    const late = await kick.delivery({ event: "chat.message.sent", text: "late", at });
    expect(await deliver(late)).toBe(200);
    await heard.until((events) => events.some(({ type }) => type === "chat.message"));
    const said = heard.events.find(({ type }) => type === "chat.message");
    expect(said).toMatchObject({ time: "2026-01-01T08:00:00.000Z" });
  });

  it("of two channels shares one subscription, and both hear", async ({ expect }) => {
    const [one, other] = [await listenReady(), await listenReady()];
    expect((await kick.truth()).subscriptions).toHaveLength(EVENTS.length);
    await deliver(await kick.delivery({ event: "chat.message.sent" }));
    expect([await one.said(), await other.said()]).toEqual([["hello"], ["hello"]]);
    await one.end();
    await deliver(await kick.delivery({ event: "chat.message.sent", text: "again" }));
    expect(await other.said()).toEqual(["hello", "again"]);
    expect((await kick.truth()).subscriptions).toHaveLength(EVENTS.length);
  });

  it("takes its subscriptions away once nobody hears", async ({ expect }) => {
    const heard = await listenReady();
    const path = `/channels/${heard.channel}/providers/${heard.provider}`;
    expect((await call("DELETE", path)).status).toBe(204);
    while ((await kick.truth()).subscriptions.length > 0) await scheduler.wait(5);
    expect(await deliver(await kick.delivery({ event: "chat.message.sent" }))).toBe(200);
    expect(await heard.said()).toEqual([]);
  });

  it("hears nothing while it is paused, and subscribes again afterwards", async ({ expect }) => {
    const heard = await listenReady();
    const path = `/channels/${heard.channel}/providers/${heard.provider}`;
    expect((await call("PATCH", path, { enabled: false })).status).toBe(200);
    while ((await kick.truth()).subscriptions.length > 0) await scheduler.wait(5);
    await deliver(await kick.delivery({ event: "chat.message.sent" }));
    expect((await call("PATCH", path, { enabled: true })).status).toBe(200);
    while ((await kick.truth()).subscriptions.length < EVENTS.length) await scheduler.wait(5);
    expect(await heard.said()).toEqual([]);
  });

  it("hears the others where one subscription is refused within an answer of 200", async ({
    expect,
  }) => {
    await kick.do({ action: "refuse", events: ["kicks.gifted"], error: "invalid event" });
    const heard = await listen();
    await heard.untilConnection({ status: "connected", reason: "subscription_refused" });
    const told = heard.events.findLast(({ type }) => type === "connection.updated");
    expect(told?.data).toMatchObject({ target: { refused: ["kicks.gifted"] } });
    expect((await kick.truth()).subscriptions).toHaveLength(EVENTS.length - 1);
  });

  it("says when Kick has no such channel, refuses the app, or is behind a wall", async ({
    expect,
  }) => {
    const unknown = await KickListener.to("nobody-here");
    listeners.push(unknown);
    await unknown.untilConnection({ status: "error", reason: "channel_unknown" });
    await kick.do({ action: "secret", value: "another" });
    const refused = await listen();
    await refused.untilConnection({ status: "error", reason: "token_invalid" });
    await kick.do(
      { action: "secret", value: "a-kick-secret" },
      { action: "fault", path: "/public/v1/channels", status: 403, isPage: true },
    );
    const blocked = await listen();
    await blocked.untilConnection({ reason: "upstream_blocked" });
    expect((await kick.truth()).subscriptions).toEqual([]);
  });

  it("hears what is delivered while Kick's API is away, without a gap", async ({ expect }) => {
    const heard = await listenReady();
    await kick.do({ action: "fault", path: "/oauth/token", status: 500 });
    const path = `/channels/${heard.channel}/providers/${heard.provider}/reconnect`;
    expect((await call("POST", path)).status).toBe(202);
    await heard.untilConnection({ status: "connecting", reason: "provider_down" });
    expect(await deliver(await kick.delivery({ event: "chat.message.sent" }))).toBe(200);
    expect(await heard.said()).toEqual(["hello"]);
    await kick.do({ action: "release" });
    await call("POST", path);
    await heard.untilConnection({ status: "connected" });
    expect(heard.events.map(({ type }) => type)).not.toContain("connection.gap");
  });

  it("subscribes again to what was lost, and tells since when", async ({ expect }) => {
    const heard = await listenReady();
    await deliver(await kick.delivery({ event: "chat.message.sent" }));
    await kick.do({ action: "forget" });
    await call("POST", `/channels/${heard.channel}/providers/${heard.provider}/reconnect`);
    await heard.until((events) => events.some(({ type }) => type === "connection.gap"));
    const gap = heard.events.find(({ type }) => type === "connection.gap");
    expect(gap?.data).toMatchObject({ identifier: `kick:${SLUG}`, cause: "subscription_lost" });
    expect((await kick.truth()).subscriptions).toHaveLength(EVENTS.length);
  });
});

describe("a Kick channel with a user's token", () => {
  const credentials = { accessToken: "user-token", refreshToken: "user-refresh" };
  const ended = /^send\.(confirmed|failed)$/;

  async function say(heard: KickListener, body: object): Promise<void> {
    const before = heard.events.filter(({ type }) => ended.test(type)).length;
    const { status } = await call("POST", `/channels/${heard.channel}/messages`, body);
    if (status !== 202) throw new Error(`not taken on: ${status}`);
    await heard.until((all) => all.filter(({ type }) => ended.test(type)).length > before);
  }

  it("is written to, and its answers are answers", async ({ expect }) => {
    const heard = await listenReady({ credentials });
    await say(heard, { text: "hello", replyTo: "m-1" });
    expect(heard.events.map(({ type }) => type)).toContain("send.confirmed");
    expect((await kick.truth()).posted).toMatchObject([
      { content: "hello", replyTo: "m-1", token: "user-token" },
    ]);
  });

  it("has its token renewed once it was refused, and goes on hearing", async ({ expect }) => {
    const heard = await listenReady({ credentials });
    await kick.do({ action: "endTokens" });
    await say(heard, { text: "too late" });
    await heard.untilConnection({ writable: false, reason: "token_invalid" });
    await heard.untilConnection({ writable: true });
    await say(heard, { text: "in time" });
    const { posted } = await kick.truth();
    expect(posted.map(({ content }) => content)).toEqual(["in time"]);
    expect(posted[0]?.token).not.toBe("user-token");
  });

  it("is heard without one, and cannot be written to", async ({ expect }) => {
    const heard = await listenReady();
    const answer = await call("POST", `/channels/${heard.channel}/messages`, { text: "hello" });
    expect(answer.status).toBe(409);
  });
});

describe("a log-in with Kick", () => {
  const pathOf = (channel: string): string => `/channels/${channel}/providers/authorizations`;

  const begin = (channel: string, more: object) =>
    call<AuthorizationView & { code: string; detail: string }>("POST", pathOf(channel), {
      protocol: "kick",
      ...more,
    });

  /** Opens the page for consent as a browser does, and goes where it is sent. */
  async function consent({ authorizeUrl }: AuthorizationView): Promise<string> {
    const page = await fetch(authorizeUrl ?? "", { redirect: "manual" });
    return page.headers.get("location") ?? "";
  }

  async function comeBack(address: string): Promise<number> {
    const page = await exports.default.fetch(address);
    await page.arrayBuffer();
    return page.status;
  }

  async function write(heard: KickListener): Promise<string | undefined> {
    await heard.untilConnection({ writable: true });
    await call("POST", `/channels/${heard.channel}/messages`, { text: "hello" });
    await heard.until((events) => events.some(({ type }) => type === "send.confirmed"));
    return (await kick.truth()).posted.at(-1)?.content;
  }

  it("has a channel that is heard written to as well", async ({ expect }) => {
    const heard = await listenReady();
    const { status, body } = await begin(heard.channel, { provider: heard.provider });
    expect([status, body.kind, body.status]).toEqual([201, "code", "pending"]);
    expect(await comeBack(await consent(body))).toBe(200);
    expect(await write(heard)).toBe("hello");
    const read = await call<AuthorizationView>("GET", `${pathOf(heard.channel)}/${body.id}`);
    expect(read.body).toMatchObject({ status: "done", provider: heard.provider });
  });

  it("takes a code once, and only with the proof of its own log-in", async ({ expect }) => {
    const heard = await listenReady();
    const one = (await begin(heard.channel, { provider: heard.provider })).body;
    const other = (await begin(heard.channel, { provider: heard.provider })).body;
    const [back, another] = [new URL(await consent(one)), new URL(await consent(other))];
    const state = another.searchParams.get("state") ?? "";
    const mixed = new URL(back);
    mixed.searchParams.set("state", state);
    expect(await comeBack(mixed.href)).toBe(502);
    expect(await comeBack(back.href)).toBe(502);
    expect(await comeBack(back.href)).toBe(409);
  });

  it("comes to nothing where the account says no", async ({ expect }) => {
    await kick.do({ action: "consent", value: "deny" });
    const heard = await listenReady();
    const { body } = await begin(heard.channel, { provider: heard.provider });
    expect(await comeBack(await consent(body))).toBe(403);
  });

  it("is refused at once where the relay has no app, or another one is brought", async ({
    expect,
  }) => {
    const heard = await listenReady();
    const target = { channel: "another" };
    const brought = await begin(heard.channel, { target, clientId: "mine", clientSecret: "own" });
    expect([brought.status, brought.body.code]).toEqual([400, "invalid_input"]);
    const { KICK_CLIENT_SECRET: secret } = env as { KICK_CLIENT_SECRET?: string };
    Object.assign(env, { KICK_CLIENT_SECRET: undefined });
    const without = await begin(heard.channel, { target });
    Object.assign(env, { KICK_CLIENT_SECRET: secret });
    expect([without.status, without.body.code]).toEqual([503, "unavailable"]);
    expect(without.body.detail).toContain("KICK_CLIENT_ID and KICK_CLIENT_SECRET");
  });
});
