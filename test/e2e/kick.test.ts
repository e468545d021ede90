import { afterAll, beforeAll, describe, it } from "vitest";

import type { AuthorizationView } from "../../src/calls/authorization.ts";
import { startKick, type KickService } from "../emulators/kick/server.ts";
import { call, freePort, startRelay, type StartedRelay } from "./support/relay.ts";

interface Page {
  readonly events: readonly { type: string; data: { message?: { text: string } } }[];
}

const SLUG = "otter-brook";
let kick: KickService;
let relay: StartedRelay;
let env: Record<string, string>;

beforeAll(async () => {
  kick = await startKick();
  env = {
    KICK_CLIENT_ID: "a-kick-app",
    KICK_CLIENT_SECRET: "a-kick-secret",
    KICK_API_URL: kick.url,
    KICK_AUTH_URL: kick.url,
  };
  relay = await startRelay({ port: await freePort(), env });
  kick.do({ action: "channel", slug: SLUG }, { action: "webhook", url: `${relay.url}/hooks/kick` });
  await call(relay, "POST", "/channels", { id: "mine" });
  const link = { protocol: "kick", target: { channel: SLUG } };
  await call(relay, "POST", "/channels/mine/providers", link);
  await untilConnected();
});
afterAll(async () => {
  await relay.kill();
  await kick.close();
});

async function untilConnected(): Promise<void> {
  for (;;) {
    const path = "/channels/mine/connections";
    const { data } = await call<{ data: { status: string }[] }>(relay, "GET", path);
    if (data[0]?.status === "connected") return;
  }
}

async function untilWritable(): Promise<void> {
  for (;;) {
    const path = "/channels/mine/connections";
    const { data } = await call<{ data: { writable: boolean }[] }>(relay, "GET", path);
    if (data[0]?.writable) return;
  }
}

async function heard(): Promise<string[]> {
  const { events } = await call<Page>(relay, "GET", "/channels/mine/events?order=asc&limit=500");
  return events.map(({ type, data }) => data.message?.text ?? type);
}

const said = async (): Promise<string[]> =>
  (await heard()).filter((each) => !each.startsWith("connection."));

const chat = (text: string, more: object = {}) => ({ event: "chat.message.sent", text, ...more });

describe("Kick, on a relay as its users start it", () => {
  it("is heard at the relay's own address, and answered once it is on disk", async ({ expect }) => {
    await kick.happen(chat("first", { id: "m-1" }));
    expect(kick.truth().answers).toEqual([200]);
    expect(await said()).toEqual(["first"]);
  });

  it("loses and doubles nothing over `kill -9`, and tells of no gap", async ({ expect }) => {
    const { data, url } = relay;
    await relay.kill();
    relay = await startRelay({ data, port: Number(new URL(url).port), env });
    const before = kick.truth().answers.length;
    // The relay may not have looked at what is subscribed by then: it hears all the same.
    await kick.happen(chat("first", { id: "m-1" }));
    await kick.happen(chat("second", { id: "m-2" }));
    expect(kick.truth().answers.slice(before)).toEqual([200, 200]);
    expect(await said()).toEqual(["first", "second"]);
    await untilConnected();
    expect(kick.truth().subscriptions).toHaveLength(10);
    expect(await heard()).not.toContain("connection.gap");
  });

  it("is refused where its deliveries are spoilt or foreign", async ({ expect }) => {
    const before = kick.truth().answers.length;
    await kick.happen(chat("hello", { isSpoilt: true }));
    await kick.happen(chat("forged", { key: "foreign" }));
    expect(kick.truth().answers.slice(before)).toEqual([401, 401]);
    expect(await said()).toEqual(["first", "second"]);
  });

  it("writes once an account has consented, though the relay was killed meanwhile", async ({
    expect,
  }) => {
    const path = "/channels/mine/providers";
    const { data: linked } = await call<{ data: { id: string }[] }>(relay, "GET", path);
    const asked = { protocol: "kick", provider: linked[0]?.id };
    const begun = await call<AuthorizationView>(relay, "POST", `${path}/authorizations`, asked);
    const { data, url } = relay;
    await relay.kill();
    relay = await startRelay({ data, port: Number(new URL(url).port), env });
    const page = await fetch(begun.authorizeUrl ?? "");
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("Linked")]);
    await untilWritable();
    await call(relay, "POST", "/channels/mine/messages", { text: "written" });
    while (kick.truth().posted.length === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(kick.truth().posted.map(({ content }) => content)).toEqual(["written"]);
  });

  it("is told of nothing any more once the channel is gone", async ({ expect }) => {
    await call(relay, "DELETE", "/channels/mine");
    while (kick.truth().subscriptions.length > 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(relay.output()).not.toContain("a-kick-secret");
    expect(kick.truth().subscriptions).toEqual([]);
  });
});
