import { env, exports } from "cloudflare:workers";
import { afterEach, beforeEach, describe, it, vi } from "vitest";

import { ADMIN, call, makeChannel, ORIGIN } from "../support/api.ts";
import { tokenOf } from "../support/gateways.ts";

/** What the rate limit has counted, by what it was counted for; beyond so many it refuses. */
const counts = new Map<string, number>();
let limit = Infinity;

function limited({ key }: { key: string }): Promise<{ success: boolean }> {
  const count = (counts.get(key) ?? 0) + 1;
  counts.set(key, count);
  return Promise.resolve({ success: count <= limit });
}

beforeEach(() => {
  counts.clear();
  limit = Infinity;
  vi.spyOn(env.RATE_LIMIT, "limit").mockImplementation(limited);
});
afterEach(() => void vi.restoreAllMocks());

/** Asks from an address. */
function ask(path: string, address: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set("cf-connecting-ip", address);
  return exports.default.fetch(`${ORIGIN}${path}`, { ...init, headers });
}

const bearer = (credential: string) => ({ headers: { authorization: `Bearer ${credential}` } });

describe("the rate limit", () => {
  it("counts an address, whatever credentials are made up there", async ({ expect }) => {
    limit = 5;
    const statuses: number[] = [];
    for (let index = 0; index < 8; index++) {
      const { status } = await ask("/v1/channels", "192.0.2.1", bearer(`made-up-${index}`));
      statuses.push(status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
    expect((await ask("/v1/channels", "192.0.2.2", bearer("made-up"))).status).toBe(401);
  });

  it("asks the database nothing for a request that is one too many", async ({ expect }) => {
    limit = 0;
    const prepare = vi.spyOn(env.DB, "withSession");
    const paths = ["/v1/channels", "/readyz", "/.well-known/jwks.json", "/v1/channels/x/events"];
    for (const path of paths) {
      const response = await ask(path, "192.0.2.3", bearer("made-up"));
      expect([path, response.status, response.headers.get("retry-after")]).toEqual([
        path,
        429,
        "60",
      ]);
    }
    expect(prepare).not.toHaveBeenCalled();
  });

  it("counts an IPv6 network as one", async ({ expect }) => {
    for (const end of ["1", "2", "ffff:1"]) await ask("/v1/channels", `2001:db8:7:7::${end}`);
    expect([...counts]).toEqual([["address 2001:db8:7:7::", 3]]);
  });

  it("counts a credential that holds by what it is, from wherever and however it comes", async ({
    expect,
  }) => {
    const { body } = await call<{ id: string; key: string }>("POST", "/keys", {
      name: "k",
      scopes: ["channels:manage"],
    });
    counts.clear();
    await ask("/v1/channels", "192.0.2.1", bearer(body.key));
    await ask("/v1/channels", "192.0.2.2", { headers: { authorization: `BEARER   ${body.key}` } });
    await ask(`/v1/channels?token=${body.key}`, "192.0.2.3");
    expect(counts.get(`credential key:${body.id}`)).toBe(3);
    limit = 3;
    expect((await ask("/v1/channels", "192.0.2.4", bearer(body.key))).status).toBe(429);
  });

  it.for(["KEY 1", "KEY, KEY", "", " ", "KEY\t2"])(
    "finds no second credential behind the first: Bearer %s",
    async (said, { expect }) => {
      const authorization = `Bearer ${said.replaceAll("KEY", ADMIN)}`;
      const { status } = await ask("/v1/channels", "192.0.2.5", { headers: { authorization } });
      expect(status).toBe(401);
    },
  );

  it("holds for gateways: their upgrades, their requests, and what viewers ask", async ({
    expect,
  }) => {
    const token = await tokenOf(await makeChannel());
    const websocket = { headers: { upgrade: "websocket" } };
    const asks: [string, RequestInit][] = [
      ["/gateways/dlive/", websocket],
      ["/gateways/astro/", websocket],
      [`/gateways/restream/ws?accessToken=${token}`, websocket],
      [`/gateways/interactive-sync/?client_id=c&access_token=${token}`, websocket],
      ["/gateways/dlive/", { method: "POST", body: "{}" }],
      ["/gateways/interactive-sync/user/interface/query", { method: "POST", body: "{}" }],
      ["/v1/channels/x/socket", websocket],
    ];
    limit = 0;
    for (const [path, init] of asks) {
      const { status, headers } = await ask(path, "192.0.2.6", init);
      expect([path, status, headers.get("retry-after")]).toEqual([path, 429, "60"]);
    }
  });

  it("tells a page of another origin that it is to slow down, and when to come back", async ({
    expect,
  }) => {
    limit = 0;
    const origin = "https://pages.example";
    const asks: [string, RequestInit, string][] = [
      ["/v1/channels", {}, origin],
      ["/v1/channels/x/events", { method: "POST", body: "[]" }, origin],
      ["/v1/channels/x/stream", {}, origin],
      ["/v1/channels/x/socket", {}, origin],
      ["/v1/openapi.json", {}, origin],
      ["/v1/nothing", {}, origin],
      ["/gateways/dlive/", { method: "POST", body: "{}" }, "*"],
      ["/gateways/interactive-sync/user/interface/query", { method: "POST", body: "{}" }, "*"],
    ];
    for (const [path, init, allowed] of asks) {
      const { status, headers } = await ask(path, "192.0.2.8", { ...init, headers: { origin } });
      expect([path, status, headers.get("access-control-allow-origin")]).toEqual([
        path,
        429,
        allowed,
      ]);
      expect([path, headers.get("access-control-expose-headers")]).toEqual([
        path,
        expect.stringContaining("retry-after"),
      ]);
    }
  });

  it("lets a page ask for leave, without which it could not read the refusal", async ({
    expect,
  }) => {
    limit = 0;
    for (const path of ["/v1/channels", "/gateways/dlive/"]) {
      const { status, headers } = await ask(path, "192.0.2.9", {
        method: "OPTIONS",
        headers: { origin: "https://pages.example", "access-control-request-method": "POST" },
      });
      expect([path, status]).toEqual([path, 204]);
      expect(headers.get("access-control-allow-methods")).toContain("POST");
    }
  });

  it("tells nobody that the relay is alive any less often", async ({ expect }) => {
    limit = 0;
    expect((await ask("/livez", "192.0.2.7")).status).toBe(200);
  });
});
