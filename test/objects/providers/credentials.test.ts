import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, it, vi } from "vitest";

import { IDLE } from "../../../src/channel/redial.ts";
import { readMasterKeys } from "../../../src/lib/master-keys.ts";
import {
  connect as dialProvider,
  type ConnectHost,
} from "../../../src/objects/providers/connect.ts";
import { openCredentials } from "../../../src/objects/providers/credentials.ts";
import { makeOutboundTurns } from "../../../src/objects/providers/outbound.ts";
import { provider as restream } from "../../../src/protocols/restream/index.ts";
import { findProvider, type ProviderRow } from "../../../src/store/journal/providers.ts";
import { call, makeChannel } from "../../support/api.ts";
import { Emulated } from "../../support/emulated.ts";
import { until } from "../../support/hooks.ts";

const dlive = new Emulated("dlive");
beforeEach(async () => {
  await dlive.reset();
});
afterEach(() => {
  vi.restoreAllMocks();
});

const SECRET = { credentials: { appToken: "the-owners-secret-token" } };

/** A link that is not dialled, so that nothing but the change is looked at. */
async function linked(settings: Record<string, unknown> = {}): Promise<{
  path: string;
  channel: string;
  id: string;
}> {
  const channel = await makeChannel();
  const id = await dlive.link(channel, { enabled: false, ...settings });
  return { path: `/channels/${channel}/providers/${id}`, channel, id };
}

const ELSEWHERE = "ws://127.0.0.2:9/";

describe("credentials that are kept", () => {
  it("are for the host that they were given for: another needs them in the same request", async ({
    expect,
  }) => {
    const { path } = await linked(SECRET);
    const before = await call("GET", path);
    for (const url of [ELSEWHERE, "wss://stranger.example/", null]) {
      const { status, body } = await call("PATCH", path, { url });
      expect([url, status, body["code"]]).toEqual([url, 400, "invalid_input"]);
      expect(body["errors"]).toMatchObject([{ pointer: "/credentials" }]);
    }
    expect((await call("GET", path)).body).toEqual(before.body);
    const given = await call("PATCH", path, { url: ELSEWHERE, ...SECRET });
    expect([given.status, given.body["url"]]).toEqual([200, ELSEWHERE]);
  });

  it("stay where the host stays, whatever else of the address changes", async ({ expect }) => {
    const { path } = await linked(SECRET);
    const url = new URL("/elsewhere?x=1", dlive.url).href;
    expect((await call("PATCH", path, { url })).status).toBe(200);
  });

  it("stand in nobody's way where there is nothing secret in them", async ({ expect }) => {
    const { path } = await linked();
    expect((await call("PATCH", path, { url: ELSEWHERE })).status).toBe(200);
  });

  it("go to no address that may not be dialled, not even to be renewed", async ({ expect }) => {
    const asked: string[] = [];
    vi.spyOn(globalThis, "fetch").mockImplementation(async (request) => {
      asked.push(request instanceof Request ? request.url : String(request));
      return new Response(null, { status: 500 });
    });
    const credentials = {
      clientId: "c",
      clientSecret: "a-client-secret",
      refreshToken: "a-refresh",
    };
    const host: ConnectHost = {
      turns: makeOutboundTurns(),
      isPrivateAllowed: false,
      openCredentials: async () => ({
        ok: true,
        text: JSON.stringify(credentials),
        isOld: false,
      }),
      saveCredentials: async () => {},
      hooks: { heard: () => null },
      deployment: () => ({}),
    };
    const row = { id: "p_1", url: "wss://10.0.0.1/ws", target: {} } as ProviderRow;
    const { outcome } = await dialProvider(host, row, restream, IDLE, null);
    expect(outcome).toMatchObject({ type: "fault", fault: { reason: "address_refused" } });
    expect(asked).toEqual([]);
  });
});

describe("credentials that are set anew", () => {
  it("are not overwritten by what a renewal of the old ones comes to", async ({ expect }) => {
    const channel = await makeChannel();
    const exchange = { isAsked: false, mayAnswer: false };
    const { fetch } = globalThis;
    vi.spyOn(globalThis, "fetch").mockImplementation(async (request, init) => {
      const url = request instanceof Request ? request.url : String(request);
      if (!url.includes("/oauth/token")) return fetch(request, init);
      exchange.isAsked = true;
      while (!exchange.mayAnswer) await scheduler.wait(5);
      return Response.json({ access_token: "access-of-the-old-owner", refresh_token: "next" });
    });
    const made = await call<{ id: string }>("POST", `/channels/${channel}/providers`, {
      protocol: "restream",
      target: {},
      url: new Emulated("restream").url,
      credentials: {
        clientId: "c",
        clientSecret: "client-secret-of-the-old-owner",
        refreshToken: "refresh-of-the-old-owner",
      },
    });
    await until(
      async () => exchange.isAsked,
      (asked) => asked,
    );
    const path = `/channels/${channel}/providers/${made.body.id}`;
    await call("PATCH", path, { credentials: { accessToken: "access-of-the-new-owner" } });
    const kept = () =>
      runInDurableObject(env.CHANNEL.getByName(channel), (_, { storage }) =>
        openCredentials(
          readMasterKeys(env),
          made.body.id,
          findProvider(storage.sql, made.body.id)?.credentials ?? "",
        ),
      );
    const saved = vi.spyOn(crypto.subtle, "encrypt");
    exchange.mayAnswer = true;
    // What the exchange came to is looked at by the time it is sealed.
    await until(
      async () => saved.mock.results.length,
      (count) => count > 0,
    );
    const opened = await kept();
    const text = JSON.stringify({ accessToken: "access-of-the-new-owner" });
    expect(opened).toEqual({ ok: true, text, isOld: false });
    await call("DELETE", `/channels/${channel}`);
  });
});
