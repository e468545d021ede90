import { afterAll, beforeAll, describe, it } from "vitest";

import type { AuthorizationView } from "../../src/calls/authorization.ts";
import { startEmulator } from "../emulators/index.ts";
import { call, freePort, startRelay, type StartedRelay } from "./support/relay.ts";

const restream = await startEmulator("restream");
let relay: StartedRelay;

beforeAll(async () => {
  relay = await startRelay({ port: await freePort() });
  await call(relay, "POST", "/channels", { id: "mine" });
});
afterAll(async () => {
  await relay.kill();
  await restream.close();
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
