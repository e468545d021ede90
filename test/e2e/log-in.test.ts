import { afterAll, beforeAll, describe, it } from "vitest";

import type { AuthorizationView } from "../../src/calls/authorization.ts";
import { startEmulator } from "../emulators/index.ts";
import { call, freePort, startRelay, type StartedRelay } from "./support/relay.ts";

const [restream, twitch] = await Promise.all([
  startEmulator("restream"),
  startEmulator("twitch-irc"),
]);
let relay: StartedRelay;

beforeAll(async () => {
  relay = await startRelay({ port: await freePort() });
  await call(relay, "POST", "/channels", { id: "mine" });
});
afterAll(async () => {
  await relay.kill();
  await Promise.all([restream.close(), twitch.close()]);
});

const PATH = "/channels/mine/providers/authorizations";

function begin(more: object = {}): Promise<AuthorizationView> {
  const asked = { protocol: "restream", url: restream.url, clientId: "c", clientSecret: "s" };
  return call<AuthorizationView>(relay, "POST", PATH, { ...asked, ...more });
}

/** Opens the page for consent as a browser does, and goes where it is sent. */
async function consent({ authorizeUrl }: AuthorizationView): Promise<Response> {
  return fetch(authorizeUrl ?? "");
}

const read = ({ id }: AuthorizationView): Promise<AuthorizationView> =>
  call<AuthorizationView>(relay, "GET", `${PATH}/${id}`);

describe("a log-in with Restream, on a running relay", () => {
  it("goes on after `kill -9`, and the account is heard with tokens that are renewed", async ({
    expect,
  }) => {
    await restream.do({ action: "knobs", expiresInSeconds: 1 });
    const begun = await begin();
    const { data, url } = relay;
    await relay.kill();
    relay = await startRelay({ data, port: Number(new URL(url).port) });
    const page = await consent(begun);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("Linked")]);
    expect(await read(begun)).toMatchObject({ status: "done" });
    await restream.waitFor("subscribed>=1");
    // Each refresh token works once: what came of the log-in has been renewed by then.
    const { tokens } = restream.truth();
    expect(tokens.refreshes.map(({ grantType, status }) => [grantType, status])).toEqual([
      ["authorization_code", 200],
      ["refresh_token", 200],
    ]);
    const page2 = await consent(begun);
    expect(page2.status).toBe(409);
  });

  it("tells nobody but the provider of its secrets", async ({ expect }) => {
    const begun = await begin({ clientSecret: "a-secret-of-its-own" });
    await restream.do({ action: "knobs", consent: "deny" });
    const page = await consent(begun);
    expect([page.status, (await read(begun)).status]).toEqual([403, "denied"]);
    expect(relay.output()).not.toContain("a-secret-of-its-own");
    expect(JSON.stringify(await read(begun))).not.toContain("a-secret-of-its-own");
  });
});

/** Whose every token of the emulator is. */
const ACCOUNT = "relaybot";

function beginTwitch(more: object = {}): Promise<AuthorizationView> {
  const asked = { protocol: "twitch-irc", url: twitch.url, clientId: "a-client" };
  return call<AuthorizationView>(relay, "POST", PATH, { ...asked, ...more });
}

/** Types the word on the page that it is for. */
const type = ({ verificationUri }: AuthorizationView): Promise<Response> =>
  fetch(verificationUri ?? "");

async function ended(begun: AuthorizationView): Promise<AuthorizationView> {
  for (;;) {
    const now = await read(begun);
    if (now.status !== "pending") return now;
  }
}

describe("a log-in with Twitch, on a running relay", () => {
  it("goes on by itself after `kill -9` while it waits, and the account writes", async ({
    expect,
  }) => {
    await twitch.do({ action: "knobs", deviceIntervalSeconds: 1 });
    const begun = await beginTwitch();
    await twitch.waitFor("deviceAsks>=1");
    const { data, url } = relay;
    await relay.kill();
    // Typed while the relay is down: it is asked for when it is back.
    await type(begun);
    relay = await startRelay({ data, port: Number(new URL(url).port) });
    const end = await ended(begun);
    expect(end).toMatchObject({ status: "done", reason: null });
    const { data: linked } = await call<{ data: object[] }>(
      relay,
      "GET",
      "/channels/mine/providers",
    );
    expect(linked).toContainEqual(
      expect.objectContaining({ id: end.provider, target: { channel: ACCOUNT } }),
    );
    await twitch.waitFor("joins>=1");
    for (;;) {
      const { data: map } = await call<{ data: { identifier: string; writable: boolean }[] }>(
        relay,
        "GET",
        "/channels/mine/connections",
      );
      if (
        map.some(({ identifier, writable }) => identifier === `twitch-irc:${ACCOUNT}` && writable)
      )
        break;
    }
    await call(relay, "POST", "/channels/mine/messages", {
      text: "Hello from my own account",
      to: [`twitch-irc:${ACCOUNT}`],
    });
    await twitch.waitFor("posted>=1");
    const { posted, issued } = twitch.truth();
    expect(posted).toMatchObject([
      { text: "Hello from my own account", token: issued[0]?.accessToken },
    ]);
    expect(issued).toHaveLength(1);
    for (const { accessToken, refreshToken } of issued) {
      expect(relay.output()).not.toContain(accessToken);
      expect(relay.output()).not.toContain(refreshToken);
    }
  });

  it("says so where the owner refuses", async ({ expect }) => {
    await twitch.do({ action: "knobs", consent: "deny" });
    const begun = await beginTwitch({ target: { channel: "elsewhere" } });
    await type(begun);
    expect(await ended(begun)).toMatchObject({ status: "denied", reason: "consent_denied" });
  });
});
