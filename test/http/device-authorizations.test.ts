import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, it, vi } from "vitest";

import type { AuthorizationView } from "../../src/calls/authorization.ts";
import { call, makeChannel, type Answered } from "../support/api.ts";
import { Emulated } from "../support/emulated.ts";
import { until } from "../support/hooks.ts";

const twitch = new Emulated("twitch-irc");
const CLIENT = { clientId: "a-client" };
/** Whose every token of the emulator is. */
const ACCOUNT = "relaybot";

let logged: unknown[][] = [];
beforeEach(async () => {
  logged = [];
  vi.spyOn(console, "error").mockImplementation((...words: unknown[]) => {
    logged.push(words);
  });
  await twitch.reset();
  await twitch.do({ action: "knobs", deviceIntervalSeconds: 1 });
});

const pathOf = (channel: string): string => `/channels/${channel}/providers/authorizations`;

function begin(
  channel: string,
  more: object = {},
  options: { key?: string; headers?: Record<string, string> } = {},
): Promise<Answered<AuthorizationView>> {
  const asked = { protocol: "twitch-irc", url: twitch.url, ...CLIENT, ...more };
  return call<AuthorizationView>("POST", pathOf(channel), asked, options);
}

/** The owner of the account types the word, and does what the emulator is told they do. */
async function type({ verificationUri }: AuthorizationView): Promise<void> {
  await (await fetch(verificationUri ?? "")).arrayBuffer();
}

async function read(channel: string, { id }: AuthorizationView): Promise<AuthorizationView> {
  return (await call<AuthorizationView>("GET", `${pathOf(channel)}/${id}`)).body;
}

function ended(channel: string, begun: AuthorizationView): Promise<AuthorizationView> {
  return until(
    () => read(channel, begun),
    ({ status }) => status !== "pending",
  );
}

interface Linked {
  readonly id: string;
  readonly target: { readonly channel: string };
}

async function providersOf(channel: string): Promise<readonly Linked[]> {
  return (await call<{ data: Linked[] }>("GET", `/channels/${channel}/providers`)).body.data;
}

interface Asked {
  readonly userCode: string;
  readonly message: string;
  readonly at: number;
}

async function asksOf({ userCode }: AuthorizationView): Promise<Asked[]> {
  const { deviceAsks } = (await twitch.truth()) as unknown as { deviceAsks: Asked[] };
  return deviceAsks.filter((each) => each.userCode === userCode);
}

/** All that the channel's object keeps of its log-ins. */
function keptOf(channel: string): Promise<string> {
  return runInDurableObject(env.CHANNEL.getByName(channel), (_, { storage }) =>
    JSON.stringify(storage.sql.exec("SELECT * FROM authorizations").toArray()),
  );
}

/** The object goes from memory, and comes back when it is next called. */
async function vanish(channel: string): Promise<void> {
  await runInDurableObject(env.CHANNEL.getByName(channel), (_, ctx) => {
    ctx.abort("put away by a test");
  }).catch(() => {});
}

describe("a log-in with Twitch", () => {
  it("shows a word and where it is typed, and links the account's own channel", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const { status, body } = await begin(channel);
    expect([status, body]).toMatchObject([
      201,
      {
        kind: "device",
        status: "pending",
        authorizeUrl: null,
        redirectUri: null,
        provider: null,
        userCode: expect.stringMatching(/^[A-Z]{8}$/),
        verificationUri: expect.stringContaining(`device-code=${body.userCode}`),
      },
    ]);
    await type(body);
    const end = await ended(channel, body);
    expect(end).toMatchObject({
      status: "done",
      reason: null,
      userCode: null,
      verificationUri: null,
    });
    expect(await providersOf(channel)).toMatchObject([
      { id: end.provider, target: { channel: ACCOUNT } },
    ]);
    await twitch.until("joins>=1");
    await twitch.until("validations>=2");
  });

  it("links what was named, and gives new credentials to what is linked already", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const { body: first } = await begin(channel, { target: { channel: "RiverMoss" } });
    await type(first);
    const { provider } = await ended(channel, first);
    expect(await providersOf(channel)).toMatchObject([
      { id: provider, target: { channel: "rivermoss" } },
    ]);
    const { body: again } = await begin(channel, { provider });
    await type(again);
    expect(await ended(channel, again)).toMatchObject({ status: "done", provider });
    expect(await providersOf(channel)).toMatchObject([{ target: { channel: "rivermoss" } }]);
  });

  it("asks as often as it is told, and less often once it is told that", async ({ expect }) => {
    await twitch.do({ action: "knobs", slowDowns: 1 });
    const channel = await makeChannel();
    const { body } = await begin(channel);
    await until(
      () => asksOf(body),
      ({ length }) => length >= 2,
    );
    const [first, second] = await asksOf(body);
    expect([first?.message, second?.message]).toEqual(["slow_down", "authorization_pending"]);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(6_000);
  });

  it.for([
    ["the owner says no", { consent: "deny" }, "denied", "consent_denied"],
    ["nobody types it in time", { deviceLifeSeconds: 2 }, "expired", "consent_expired"],
    ["the answer with the tokens is lost", { deviceAnswer: "lost" }, "failed", "answer_lost"],
    ["the answer is garbage", { deviceAnswer: "garbage" }, "failed", "answer_lost"],
    ["the service breaks over it", { deviceAnswer: "broken" }, "failed", "answer_lost"],
  ] as const)("says what became of it where %s", async ([, knobs, status, reason], { expect }) => {
    await twitch.do({ action: "knobs", ...knobs });
    const channel = await makeChannel();
    const { body } = await begin(channel);
    if (reason !== "consent_expired") await type(body);
    const end = await ended(channel, body);
    expect(end).toMatchObject({ status, reason, provider: null, userCode: null });
    expect(end.detail?.length).toBeGreaterThan(10);
    expect(await providersOf(channel)).toEqual([]);
    expect(JSON.parse(await keptOf(channel))).toMatchObject([{ secrets: "" }]);
  });

  it("asks a service that does not answer again, and goes on", async ({ expect }) => {
    await twitch.do({ action: "refuseRequest", path: "/oauth2/token", status: 503, times: 1 });
    const channel = await makeChannel();
    const { body } = await begin(channel);
    await type(body);
    expect((await ended(channel, body)).status).toBe("done");
  });

  it("cannot begin with an application that is not known, nor while the service is away", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    await twitch.do({ action: "knobs", clientId: "another" });
    const wrong = await begin(channel);
    expect([wrong.status, wrong.body]).toMatchObject([
      400,
      { code: "invalid_input", errors: [{ pointer: "/clientId" }] },
    ]);
    await twitch.do({ action: "refuseRequest", path: "/oauth2/device", status: 503 });
    const away = await begin(channel);
    expect([away.status, away.body]).toMatchObject([503, { code: "unavailable" }]);
    expect(await keptOf(channel)).toBe("[]");
    const odd = await begin(channel, { target: { channel: "no such login" } });
    expect([odd.status, odd.body]).toMatchObject([
      400,
      { errors: [{ pointer: "/target/channel" }] },
    ]);
  });

  it("goes on wherever the object was lost: while it waits, and once it has the tokens", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const { body } = await begin(channel);
    await vanish(channel);
    // Links of other tests ask for the same now and then: it is refused until it was seen here.
    await twitch.do({ action: "refuseRequest", path: "/oauth2/validate", status: 503 });
    await type(body);
    // The tokens are there, and whose they are was not said.
    await until(
      () => keptOf(channel),
      (kept) => kept.includes('\\"granted\\"'),
    );
    await vanish(channel);
    await twitch.do({ action: "refuseRequest", path: "/nothing", status: 503 });
    const end = await ended(channel, body);
    expect(end.status).toBe("done");
    expect(await providersOf(channel)).toMatchObject([{ id: end.provider }]);
    expect((await asksOf(body)).filter(({ message }) => message === "granted")).toHaveLength(1);
  });

  it("comes to nothing where whoever began it may not link any more, or it was taken away", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const options = { name: "k", scopes: ["channels:manage"], channels: [channel] };
    const { body: made } = await call<{ id: string; key: string }>("POST", "/keys", options);
    const { body } = await begin(channel, {}, { key: made.key });
    await call("DELETE", `/keys/${made.id}`);
    await type(body);
    expect(await ended(channel, body)).toMatchObject({ status: "failed", reason: "forbidden" });
    const { body: other } = await begin(channel);
    expect((await call("DELETE", `${pathOf(channel)}/${other.id}`)).status).toBe(204);
    const { body: last } = await begin(channel, { target: { channel: "rivermoss" } });
    await type(other);
    await type(last);
    expect((await ended(channel, last)).status).toBe("done");
    expect(await providersOf(channel)).toMatchObject([{ target: { channel: "rivermoss" } }]);
  });

  it("shows no secret and logs none, keeps none in the clear, and none once it has ended", async ({
    expect,
  }) => {
    const secret = "the-secret-of-the-app";
    const channel = await makeChannel();
    const { body } = await begin(channel, { clientSecret: secret });
    const before = await keptOf(channel);
    await type(body);
    await ended(channel, body);
    const { issued } = (await twitch.truth()) as unknown as {
      issued: { accessToken: string; refreshToken: string }[];
    };
    const { accessToken = "", refreshToken = "" } = issued[0] ?? {};
    expect(JSON.parse(await keptOf(channel))).toMatchObject([{ secrets: "" }]);
    const list = JSON.stringify((await call("GET", pathOf(channel))).body);
    const events = JSON.stringify((await call("GET", `/channels/${channel}/events`)).body);
    const texts = [before, await keptOf(channel), list, events, JSON.stringify(logged)];
    for (const text of texts) {
      for (const each of [secret, accessToken, refreshToken]) {
        expect(each.length).toBeGreaterThan(10);
        expect(text).not.toContain(each);
      }
    }
    expect(list).not.toContain("device_code");
  });

  it("is begun once by the same request, and Twitch is asked once for it", async ({ expect }) => {
    const channel = await makeChannel();
    const headers = { "idempotency-key": crypto.randomUUID() };
    const first = await begin(channel, {}, { headers });
    const again = await begin(channel, {}, { headers });
    expect([again.body.id, again.body.userCode]).toEqual([first.body.id, first.body.userCode]);
  });
});
