import { exports } from "cloudflare:workers";
import { describe, it } from "vitest";

import { call, makeChannel, ORIGIN, postNotes } from "../support/api.ts";
import { deliveriesOf, Hook, shown, webhookObject, type ShownWebhook } from "../support/hooks.ts";

describe("a webhook", () => {
  it("is shown without its secret, which is shown once", async ({ expect }) => {
    const channel = await makeChannel();
    const made = await new Hook().attach(channel, { types: ["custom.*"], ratePerSecond: 5 });
    expect(made.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(made.publicKey).toMatch(/^whpk_[A-Za-z0-9+/]{43}=$/);
    const read = await shown(channel, made.id);
    expect(read).toMatchObject({
      id: made.id,
      url: made.url,
      types: ["custom.*"],
      providers: [],
      ordering: "none",
      batch: null,
      ratePerSecond: 5,
      enabled: true,
      health: { state: "healthy" },
    });
    expect(read).not.toHaveProperty("secret");
    const list = await call<{ data: ShownWebhook[] }>("GET", `/channels/${channel}/webhooks`);
    expect(list.body.data.map(({ id }) => id)).toEqual([made.id]);
    expect(JSON.stringify(list.body)).not.toContain(made.secret.slice(6));
  });

  it("is changed in part, and only if it is as expected", async ({ expect }) => {
    const channel = await makeChannel();
    const { id } = await new Hook().attach(channel);
    const path = `/channels/${channel}/webhooks/${id}`;
    const tag = (await call("GET", path)).headers.get("etag") ?? "";
    const first = await call("PATCH", path, { enabled: false }, { headers: { "if-match": tag } });
    expect(first.body).toMatchObject({ enabled: false, health: { reason: "requested" } });
    const second = await call("PATCH", path, { enabled: true }, { headers: { "if-match": tag } });
    expect(second.status).toBe(412);
    expect((await shown(channel, id)).enabled).toBe(false);
  });

  it("is gone once it is taken away, and is sent nothing more", async ({ expect }) => {
    const channel = await makeChannel();
    const gone = new Hook();
    const stays = new Hook();
    const { id } = await gone.attach(channel);
    await stays.attach(channel);
    const path = `/channels/${channel}/webhooks/${id}`;
    expect((await call("DELETE", path)).status).toBe(204);
    expect((await call("GET", path)).status).toBe(404);
    expect((await call("DELETE", path)).status).toBe(404);
    await postNotes(channel, ["after"]);
    await stays.until(2);
    expect(await gone.until(0)).toHaveLength(1);
    const keys = await fetchKeys();
    expect(keys.filter(({ kid }) => kid.startsWith(id))).toEqual([]);
  });

  it("is gone with its channel", async ({ expect }) => {
    const channel = await makeChannel();
    const hook = new Hook();
    const { id } = await hook.attach(channel);
    const object = await webhookObject(channel, id);
    expect(await object.find()).not.toBeNull();
    await call("DELETE", `/channels/${channel}`);
    expect(await object.find()).toBeNull();
  });

  it("publishes its keys, the one in grace as well", async ({ expect }) => {
    const channel = await makeChannel();
    const { id, publicKey } = await new Hook().attach(channel);
    const path = `/channels/${channel}/webhooks/${id}`;
    const rotated = await call<ShownWebhook>("POST", `${path}/rotate`, { graceSeconds: 60 });
    expect(rotated.body.publicKey).not.toBe(publicKey);
    const { body } = await call<{ publicKey: string; keys: { publicKey: string; id: string }[] }>(
      "GET",
      `${path}/public-key`,
    );
    expect(body.publicKey).toBe(rotated.body.publicKey);
    expect(body.keys.map((key) => key.publicKey)).toEqual([rotated.body.publicKey, publicKey]);
    const published = (await fetchKeys()).map(({ kid }) => kid);
    for (const key of body.keys) expect(published).toContain(key.id);
    await call("POST", `${path}/rotate`, { graceSeconds: 0 });
    const after = await call<{ keys: unknown[] }>("GET", `${path}/public-key`);
    expect(after.body.keys).toHaveLength(1);
  });

  it.for([
    [{ url: "ftp://hooks.example/x" }, "/url"],
    [{ url: "no address" }, "/url"],
    [{ url: "https://user:pass@hooks.example/x" }, "/url"],
    [{ types: ["no.such.type"] }, "/types"],
    [{ providers: ["?"] }, "/providers"],
    [{ ordering: "some" }, "/ordering"],
    [{ batch: { max: 0, waitMs: 10 } }, "/batch/max"],
    [{ ratePerSecond: 0 }, "/ratePerSecond"],
    [{ colour: "red" }, ""],
  ] as const)("is refused where it cannot be: %j", async ([settings, pointer], { expect }) => {
    const channel = await makeChannel();
    const { status, body } = await call("POST", `/channels/${channel}/webhooks`, {
      url: "https://hooks.example/x",
      ...settings,
    });
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: "invalid_input", errors: [{ pointer }] });
    const list = await call("GET", `/channels/${channel}/webhooks`);
    expect(list.body).toEqual({ data: [], next: null });
  });

  it("needs a key that may manage webhooks, of this channel", async ({ expect }) => {
    const channel = await makeChannel();
    const other = await makeChannel();
    const make = async (scopes: string[], channels: string[]): Promise<string> => {
      const asked = { name: "k", scopes, channels };
      return (await call<{ key: string }>("POST", "/keys", asked)).body.key;
    };
    const path = `/channels/${channel}/webhooks`;
    const reader = await make(["events:read"], [channel]);
    const stranger = await make(["webhooks:manage"], [other]);
    const manager = await make(["webhooks:manage"], [channel]);
    expect((await call("GET", path, undefined, { key: null })).status).toBe(401);
    expect((await call("GET", path, undefined, { key: reader })).status).toBe(403);
    expect((await call("GET", path, undefined, { key: stranger })).status).toBe(403);
    expect((await call("GET", path, undefined, { key: manager })).status).toBe(200);
  });
});

describe("a test", () => {
  it("is sent once, signed and marked, and is on record", async ({ expect }) => {
    const channel = await makeChannel();
    const hook = new Hook();
    const { id } = await hook.attach(channel);
    await hook.reply({ status: 500 });
    const path = `/channels/${channel}/webhooks/${id}`;
    const { status, body } = await call<{ id: string; kind: string }>("POST", `${path}/test`);
    expect([status, body.kind]).toEqual([202, "test"]);
    const [, test] = await hook.until(2);
    expect(JSON.parse(test?.body ?? "")).toMatchObject({ type: "webhook.test", test: true });
    expect(test?.headers["webhook-signature"]).toMatch(/^v1,\S+ v1a,\S+$/);
    expect(await deliveriesOf(channel, id)).toEqual([]);
  });

  it("is not sent to a disabled endpoint", async ({ expect }) => {
    const channel = await makeChannel();
    const { id } = await new Hook().attach(channel, { enabled: false });
    const { status, body } = await call("POST", `/channels/${channel}/webhooks/${id}/test`);
    expect([status, body["code"]]).toEqual([409, "webhook_disabled"]);
  });
});

async function fetchKeys(): Promise<{ kid: string }[]> {
  const response = await exports.default.fetch(`${ORIGIN}/.well-known/jwks.json`);
  const { keys }: { keys: { kid: string }[] } = await response.json();
  return keys;
}

describe("a channel's webhooks", () => {
  it("are a hundred at most, also where more are asked for at once", async ({ expect }) => {
    const channel = await makeChannel();
    const make = () =>
      call<{ code?: string }>("POST", `/channels/${channel}/webhooks`, {
        url: "https://receiver.example/hook",
        enabled: false,
      });
    const answers = await Promise.all(Array.from({ length: 130 }, make));
    const made = answers.filter(({ status }) => status === 201);
    const refused = answers.filter(({ status }) => status !== 201);
    expect(made).toHaveLength(100);
    expect(new Set(refused.map(({ status, body }) => `${status} ${body.code}`))).toEqual(
      new Set(["409 webhook_limit"]),
    );
    const list = await call<{ data: { id: string }[] }>(
      "GET",
      `/channels/${channel}/webhooks?limit=200`,
    );
    expect(list.body.data).toHaveLength(100);
    // One that is taken away makes room for another, and one that is changed stays.
    const [first, second] = list.body.data;
    await call("PATCH", `/channels/${channel}/webhooks/${second?.id}`, { types: ["chat.*"] });
    await call("DELETE", `/channels/${channel}/webhooks/${first?.id}`);
    expect((await make()).status).toBe(201);
    expect((await make()).status).toBe(409);
  });

  it("publish four keys at most, however often they are rotated", async ({ expect }) => {
    const channel = await makeChannel();
    const { body } = await call<{ id: string }>("POST", `/channels/${channel}/webhooks`, {
      url: "https://receiver.example/hook",
      enabled: false,
    });
    const rotate = () =>
      call("POST", `/channels/${channel}/webhooks/${body.id}/rotate`, { graceSeconds: 604_800 });
    for (let round = 0; round < 3; round++) await rotate();
    await Promise.all(Array.from({ length: 8 }, rotate));
    const response = await exports.default.fetch(`${ORIGIN}/.well-known/jwks.json`);
    const { keys } = await response.json<{ keys: { kid: string }[] }>();
    const own = keys.map(({ kid }) => kid).filter((kid) => kid.startsWith(body.id));
    const shown = await call<{ keys: { id: string }[] }>(
      "GET",
      `/channels/${channel}/webhooks/${body.id}/public-key`,
    );
    expect(own).toHaveLength(4);
    expect(shown.body.keys.map(({ id }) => id).toSorted()).toEqual(own.toSorted());
  });
});
