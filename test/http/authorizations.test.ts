import { runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { beforeEach, describe, it, vi } from "vitest";

import type { AuthorizationView } from "../../src/calls/authorization.ts";
import { readMasterKeys } from "../../src/lib/master-keys.ts";
import { sealSecrets } from "../../src/objects/providers/log-in.ts";
import { call, makeChannel, ORIGIN, type Answered } from "../support/api.ts";
import { Emulated } from "../support/emulated.ts";
import { until } from "../support/hooks.ts";

const restream = new Emulated("restream");
const CLIENT = { clientId: "an-application", clientSecret: "the-secret-of-it" };

beforeEach(async () => {
  vi.spyOn(console, "error").mockReturnValue();
  await restream.reset();
});

const pathOf = (channel: string): string => `/channels/${channel}/providers/authorizations`;

interface Options {
  readonly key?: string;
  readonly headers?: Record<string, string>;
}

function begin(
  channel: string,
  more: object = {},
  options: Options = {},
): Promise<Answered<AuthorizationView>> {
  const asked = { protocol: "restream", url: restream.url, ...CLIENT, ...more };
  return call<AuthorizationView>("POST", pathOf(channel), asked, options);
}

/** Opens the page for consent as a browser does; answers where it is sent back to. */
async function consent({ authorizeUrl }: AuthorizationView): Promise<string> {
  const answer = await fetch(authorizeUrl ?? "", { redirect: "manual" });
  return answer.headers.get("location") ?? "";
}

async function comeBack(address: string, method = "GET") {
  const answer = await exports.default.fetch(address, { method });
  return { status: answer.status, headers: answer.headers, html: await answer.text() };
}

async function read(channel: string, { id }: AuthorizationView): Promise<AuthorizationView> {
  return (await call<AuthorizationView>("GET", `${pathOf(channel)}/${id}`)).body;
}

interface Health {
  readonly id: string;
  readonly phase: string;
}

async function providersOf(channel: string): Promise<readonly Health[]> {
  const { body } = await call<{ providers: Health[] }>("GET", `/channels/${channel}/status`);
  return body.providers;
}

/** All that the channel's object keeps of its log-ins. */
function keptOf(channel: string): Promise<string> {
  return runInDurableObject(env.CHANNEL.getByName(channel), (_, { storage }) =>
    JSON.stringify(storage.sql.exec("SELECT * FROM authorizations").toArray()),
  );
}

describe("a log-in with Restream", () => {
  it("links the account of whoever consents, which is heard from then on", async ({ expect }) => {
    const channel = await makeChannel();
    const { status, body } = await begin(channel);
    expect([status, body]).toMatchObject([
      201,
      { kind: "code", status: "pending", redirectUri: `${ORIGIN}/oauth/callback`, provider: null },
    ]);
    const page = await comeBack(await consent(body));
    expect([page.status, page.html]).toEqual([200, expect.stringContaining("Linked")]);
    const ended = await read(channel, body);
    expect(ended).toMatchObject({ status: "done", authorizeUrl: null, reason: null });
    const open = await until(
      () => providersOf(channel),
      ([each]) => each?.phase === "open",
    );
    expect(open.map(({ id }) => id)).toEqual([ended.provider]);
  });

  it("gives new credentials to a provider that is linked already", async ({ expect }) => {
    const channel = await makeChannel();
    const provider = await restream.link(channel, {
      credentials: { ...CLIENT, refreshToken: "used-up" },
    });
    await until(
      () => providersOf(channel),
      ([each]) => each?.phase === "stopped",
    );
    const { body } = await begin(channel, { provider });
    expect((await comeBack(await consent(body))).status).toBe(200);
    await until(
      () => providersOf(channel),
      ([each]) => each?.phase === "open",
    );
    expect((await read(channel, body)).provider).toBe(provider);
    expect(await providersOf(channel)).toHaveLength(1);
  });

  it("takes what comes back once, and says so to whoever comes again", async ({ expect }) => {
    const channel = await makeChannel();
    const { body } = await begin(channel);
    const address = await consent(body);
    const pages = await Promise.all([comeBack(address), comeBack(address), comeBack(address)]);
    const count = (code: number): number => pages.filter(({ status }) => status === code).length;
    expect([count(200), count(409)]).toEqual([1, 2]);
    expect(await providersOf(channel)).toHaveLength(1);
  });

  it("is not ended by whoever asks for the headers alone", async ({ expect }) => {
    const channel = await makeChannel();
    const { body } = await begin(channel);
    const address = await consent(body);
    expect((await comeBack(address, "HEAD")).html).toBe("");
    expect((await read(channel, body)).status).toBe("pending");
    expect((await comeBack(address)).status).toBe(200);
  });

  it.for([
    ["the owner says no", { consent: "deny" }, 403, "denied", "consent_denied"],
    ["there is no consent", { consent: "invalid" }, 502, "failed", "consent_failed"],
    ["the code has run out", { codeLifeMs: 0 }, 502, "failed", "code_refused"],
    ["the secret is wrong", { client: { id: "x", secret: "y" } }, 502, "failed", "client_invalid"],
    ["the answer is garbage", { tokenAnswer: "garbage" }, 502, "failed", "answer_unreadable"],
    ["there is no refresh token", { tokenAnswer: "bare" }, 502, "failed", "answer_unreadable"],
    ["the service is broken", { tokenAnswer: "broken" }, 502, "failed", "provider_down"],
  ] as const)("says what to do where %s", async ([, knobs, status, state, reason], { expect }) => {
    await restream.do({ action: "knobs", ...knobs });
    const channel = await makeChannel();
    const { body } = await begin(channel);
    const page = await comeBack(await consent(body));
    expect([page.status, page.html]).toEqual([status, expect.stringContaining(reason)]);
    const ended = await read(channel, body);
    expect(ended).toMatchObject({ status: state, reason, provider: null });
    expect(ended.detail?.length).toBeGreaterThan(10);
    expect(await providersOf(channel)).toEqual([]);
  });

  it("does not take a code that was used in another log-in", async ({ expect }) => {
    const channel = await makeChannel();
    await comeBack(await consent((await begin(channel)).body));
    await restream.do({ action: "knobs", consent: "again" });
    const { body } = await begin(channel);
    await comeBack(await consent(body));
    expect(await read(channel, body)).toMatchObject({ status: "failed", reason: "code_refused" });
  });

  it("waits for a service that is slow", async ({ expect }) => {
    await restream.do({ action: "knobs", tokenDelayMs: 1_500 });
    const channel = await makeChannel();
    const { body } = await begin(channel);
    const page = comeBack(await consent(body));
    expect((await page).status).toBe(200);
  });

  it("comes to nothing for a state that is forged, of another, or none", async ({ expect }) => {
    const channel = await makeChannel();
    const { body } = await begin(channel);
    const address = new URL(await consent(body));
    const state = address.searchParams.get("state") ?? "";
    for (const other of ["", "x", `${state}x`, state.slice(1), "é".repeat(5_000)]) {
      address.searchParams.set("state", other);
      const page = await comeBack(address.toString());
      expect([page.status, page.html.includes("state_invalid")]).toEqual([400, true]);
    }
    expect((await comeBack(`${ORIGIN}/oauth/callback`)).status).toBe(400);
    expect((await read(channel, body)).status).toBe("pending");
  });

  it("comes to nothing where whoever began it may not link any more", async ({ expect }) => {
    const channel = await makeChannel();
    const asked = { name: "k", scopes: ["channels:manage"], channels: [channel] };
    const { body: made } = await call<{ id: string; key: string }>("POST", "/keys", asked);
    const { body } = await begin(channel, {}, { key: made.key });
    const address = await consent(body);
    await call("DELETE", `/keys/${made.id}`);
    expect((await comeBack(address)).status).toBe(502);
    expect(await read(channel, body)).toMatchObject({ status: "failed", reason: "forbidden" });
    expect(await providersOf(channel)).toEqual([]);
  });

  it("comes to nothing once it was taken away, or its channel", async ({ expect }) => {
    const channel = await makeChannel();
    const { body } = await begin(channel);
    const address = await consent(body);
    expect((await call("DELETE", `${pathOf(channel)}/${body.id}`)).status).toBe(204);
    expect((await comeBack(address)).status).toBe(404);
    const { body: other } = await begin(channel);
    const later = await consent(other);
    await call("DELETE", `/channels/${channel}`);
    expect((await comeBack(later)).status).toBe(404);
    await makeChannel({ id: channel });
    expect((await comeBack(later)).status).toBe(404);
  });

  it("keeps no secret in the clear, none once it has ended, and shows none", async ({ expect }) => {
    const channel = await makeChannel();
    const { body } = await begin(channel);
    expect(await keptOf(channel)).not.toContain(CLIENT.clientSecret);
    await comeBack(await consent(body));
    const kept = await keptOf(channel);
    expect(JSON.parse(kept)).toMatchObject([{ secrets: "" }]);
    const list = JSON.stringify((await call("GET", pathOf(channel))).body);
    expect(list).toContain(body.id);
    for (const text of [kept, list]) expect(text).not.toContain(CLIENT.clientSecret);
  });

  it("ends as it began where it was sealed before there were proof keys", async ({ expect }) => {
    const channel = await makeChannel();
    const { body } = await begin(channel);
    const sealed = await sealSecrets(readMasterKeys(env), body.id, CLIENT);
    await runInDurableObject(env.CHANNEL.getByName(channel), (_, { storage }) => {
      storage.sql.exec("UPDATE authorizations SET secrets = ? WHERE id = ?", sealed, body.id);
    });
    const kept = await read(channel, body);
    expect(new URL(kept.authorizeUrl ?? "").searchParams.get("client_id")).toBe(CLIENT.clientId);
    await comeBack(await consent(kept));
    expect(await read(channel, body)).toMatchObject({ status: "done", reason: null });
  });

  it("is begun once by the same request", async ({ expect }) => {
    const channel = await makeChannel();
    const headers = { "idempotency-key": crypto.randomUUID() };
    const first = await begin(channel, {}, { headers });
    const again = await begin(channel, {}, { headers });
    expect(again.body.id).toBe(first.body.id);
    expect((await call<{ data: object[] }>("GET", pathOf(channel))).body.data).toHaveLength(1);
  });

  it("is one of the 20 newest", async ({ expect }) => {
    const channel = await makeChannel();
    for (let count = 0; count < 22; count += 1) await begin(channel);
    const { body } = await call<{ data: object[] }>("GET", `${pathOf(channel)}?limit=200`);
    expect(body.data).toHaveLength(20);
  });

  it("has a page that asks nobody for anything, and repeats nothing that a stranger wrote", async ({
    expect,
  }) => {
    const { headers, html } = await comeBack(
      `${ORIGIN}/oauth/callback?state=%3Cscript%3E&error=%3Cimg%20src%3Dx%3E`,
    );
    expect(html).not.toMatch(/<img|<script>/);
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("cache-control")).toBe("no-store");
  });

  it.for([
    [{ protocol: "dlive" }, 400, "protocol_unknown"],
    [{ protocol: "unknown" }, 400, "protocol_unknown"],
    [{ clientSecret: undefined }, 400, "invalid_input"],
    [{ target: { streamer: "a" } }, 400, "invalid_input"],
    [{ url: "https://restream.example" }, 400, "invalid_input"],
    [{ provider: "p_none" }, 404, "provider_not_found"],
  ] as const)("cannot begin with %o", async ([more, status, code], { expect }) => {
    const channel = await makeChannel();
    const answer = await begin(channel, more);
    expect([answer.status, answer.body]).toMatchObject([status, { code }]);
    expect(JSON.stringify(answer.body)).not.toContain(CLIENT.clientSecret);
  });

  it("is no provider of that name: other methods on the list of log-ins are refused", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    for (const method of ["PATCH", "DELETE"]) {
      const { status, headers } = await call(method, pathOf(channel), {});
      expect([status, headers.get("allow")]).toEqual([405, "GET, HEAD, POST"]);
    }
  });
});
