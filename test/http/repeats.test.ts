import { env } from "cloudflare:workers";
import { afterEach, describe, it } from "vitest";

import { call, makeChannel, type Answered, type ShownPage, textsOf } from "../support/api.ts";
import { Emulated } from "../support/emulated.ts";
import { Hook, until } from "../support/hooks.ts";
import { connect } from "../support/sockets.ts";

type Body = Record<string, unknown>;

const dlive = new Emulated("dlive");

let keys = 0;
/** A key that no other test has, and that anybody might use. */
const nextKey = (): string => `${Date.now()}-${(keys += 1)}`;

const ask = (path: string, body: unknown, key: string, as?: string): Promise<Answered<Body>> =>
  call<Body>("POST", path, body, {
    headers: { "idempotency-key": key },
    ...(as !== undefined && { key: as }),
  });

/** What is lost of a request: its Worker, after all was done and before anything could be kept. */
async function loseAnswer(): Promise<void> {
  await env.DB.prepare(
    "UPDATE idempotency SET status = NULL, answer = NULL, created_at = created_at - 120000",
  ).run();
}

/** All that was remembered at the door is gone. */
async function loseDoor(): Promise<void> {
  await env.DB.prepare("DELETE FROM idempotency").run();
}

/** From now on no answer can be written down. */
async function breakAnswers(): Promise<void> {
  await env.DB.prepare(
    `CREATE TRIGGER no_answers BEFORE UPDATE ON idempotency WHEN NEW.status > 0
     BEGIN SELECT RAISE(ABORT, 'away'); END`,
  ).run();
}

afterEach(async () => {
  await env.DB.prepare("DROP TRIGGER IF EXISTS no_answers").run();
});

const note = (text: string) => ({ type: "custom.note", data: { text } });

/** What is made by a request, and how many there are of it. */
interface Making {
  readonly prepare: (channel: string) => Promise<{ path: string; body: unknown }>;
  readonly count: (channel: string, path: string) => Promise<number>;
  /** What of the answer may be another: times and states that go on. */
  readonly same?: (body: Body) => unknown;
}

const listed = async (path: string): Promise<Body[]> =>
  (await call<{ data: Body[] }>("GET", path)).body.data;

const MAKINGS: Record<string, Making> = {
  events: {
    prepare: async (channel) => ({
      path: `/channels/${channel}/events`,
      body: [note("a"), note("b")],
    }),
    count: async (channel) => {
      const { body } = await call<ShownPage>("GET", `/channels/${channel}/events`);
      return textsOf(body.events).filter((text) => text === "a").length;
    },
  },
  "a send": {
    prepare: async (channel) => {
      await dlive.reset();
      const socket = await connect(channel);
      await dlive.link(channel, { credentials: { appToken: "an-app-token" } });
      let event = await socket.nextEvent("connection.updated");
      while (event.data["status"] !== "connected") {
        event = await socket.nextEvent("connection.updated");
      }
      socket.close();
      return { path: `/channels/${channel}/messages`, body: { text: "once please" } };
    },
    count: async (channel) => {
      await until(
        async () => (await call<ShownPage>("GET", `/channels/${channel}/events`)).body.events,
        (events) => events.some(({ type }) => type === "send.confirmed"),
      );
      const { mutations } = await dlive.truth();
      await call("DELETE", `/channels/${channel}`);
      return (mutations as unknown[]).length;
    },
  },
  "a channel": {
    prepare: async (channel) => ({ path: "/channels", body: { id: `${channel}-2` } }),
    count: async (channel) => {
      const { status } = await call("GET", `/channels/${channel}-2`);
      return status === 200 ? 1 : 0;
    },
  },
  "an API key": {
    prepare: async (channel) => ({
      path: "/keys",
      body: { name: channel, scopes: ["events:read"], channels: [channel] },
    }),
    count: async (channel) => {
      const all = await listed("/keys?limit=200");
      return all.filter(({ name }) => name === channel).length;
    },
  },
  "an overlay key": {
    prepare: async (channel) => ({
      path: `/channels/${channel}/overlay-keys`,
      body: { name: "o" },
    }),
    count: async (channel) => (await listed(`/channels/${channel}/overlay-keys`)).length,
  },
  "a provider": {
    prepare: async (channel) => ({
      path: `/channels/${channel}/providers`,
      body: {
        protocol: "restream",
        credentials: { accessToken: "x" },
        enabled: false,
      },
    }),
    count: async (channel) => (await listed(`/channels/${channel}/providers`)).length,
  },
  "a webhook": {
    prepare: async (channel) => ({
      path: `/channels/${channel}/webhooks`,
      body: { url: new Hook().url, types: ["custom.note"] },
    }),
    count: async (channel) => (await listed(`/channels/${channel}/webhooks`)).length,
    same: ({ id, secret, publicKey, url }) => ({ id, secret, publicKey, url }),
  },
  "a rotation": {
    prepare: async (channel) => {
      const { id } = await new Hook().attach(channel, { types: ["custom.note"] });
      return { path: `/channels/${channel}/webhooks/${id}/rotate`, body: {} };
    },
    count: async (_, path) => {
      const answer = await call<{ keys: unknown[] }>("GET", path.replace(/rotate$/, "public-key"));
      return answer.body.keys.length - 1;
    },
    same: ({ id, secret, publicKey }) => ({ id, secret, publicKey }),
  },
  "a test event": {
    prepare: async (channel) => {
      const { id } = await new Hook().attach(channel, { types: ["custom.note"] });
      return { path: `/channels/${channel}/webhooks/${id}/test`, body: undefined };
    },
    count: async (_, path) =>
      (await listed(path.replace(/test$/, "deliveries"))).filter(({ kind }) => kind === "test")
        .length,
    same: ({ id, messageId }) => ({ id, messageId }),
  },
  "a recovery": {
    prepare: async (channel) => {
      const { id } = await new Hook().attach(channel, { types: ["custom.note"] });
      const since = "2020-01-01T00:00:00Z";
      return {
        path: `/channels/${channel}/webhooks/${id}/recoveries`,
        body: { since, only: "all" },
      };
    },
    count: async (_, path) => (await listed(path)).length,
    same: ({ id, after }) => ({ id, after }),
  },
};

describe.for(Object.entries(MAKINGS))("%s", ([, making]) => {
  const same = making.same ?? ((body: Body) => body);

  it.for([
    ["its Worker is lost before it can answer", loseAnswer],
    ["the door has forgotten all of it", loseDoor],
  ] as const)("is made once, and answered the same, though %s", async ([, lose], { expect }) => {
    const channel = await makeChannel();
    const { path, body } = await making.prepare(channel);
    const key = nextKey();
    const first = await ask(path, body, key);
    await lose();
    const second = await ask(path, body, key);
    expect([second.status, same(second.body)]).toEqual([first.status, same(first.body)]);
    expect(await making.count(channel, path)).toBe(1);
  });

  it("is answered, and made once, though its answer cannot be kept", async ({ expect }) => {
    const channel = await makeChannel();
    const { path, body } = await making.prepare(channel);
    const key = nextKey();
    await breakAnswers();
    const first = await ask(path, body, key);
    expect(first.status).toBeLessThan(500);
    await env.DB.prepare("DROP TRIGGER no_answers").run();
    await loseAnswer();
    const second = await ask(path, body, key);
    expect([second.status, same(second.body)]).toEqual([first.status, same(first.body)]);
    expect(await making.count(channel, path)).toBe(1);
  });

  it("is made once by two that ask at once", async ({ expect }) => {
    const channel = await makeChannel();
    const { path, body } = await making.prepare(channel);
    const key = nextKey();
    const both = await Promise.all([ask(path, body, key), ask(path, body, key)]);
    for (const { status } of both) expect(status).toBeLessThan(500);
    expect(await making.count(channel, path)).toBe(1);
  });
});

describe("an Idempotency-Key", () => {
  it("of one program does not take another's events", async ({ expect }) => {
    const channel = await makeChannel();
    const make = { name: "other", scopes: ["events:write"] };
    const { body } = await call<{ key: string }>("POST", "/keys", make);
    const path = `/channels/${channel}/events`;
    const first = await ask(path, note("mine"), "1");
    const second = await ask(path, note("a tip of 500"), "1", body.key);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body).not.toEqual(first.body);
    const page = await call<ShownPage>("GET", `${path}?order=asc`);
    expect(textsOf(page.body.events)).toEqual(["mine", "a tip of 500"]);
  });

  it("names the same request however its channel is written: by id, by number, or in escapes", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const row = await env.DB.prepare("SELECT number FROM channels WHERE id = ?")
      .bind(channel)
      .first<{ number: number }>();
    const number = String(row?.number);
    const escaped = `%${channel.charCodeAt(0).toString(16)}${channel.slice(1)}`;
    const key = nextKey();
    const first = await ask(`/channels/${channel}/events`, note("once"), key);
    for (const written of [number, escaped, channel]) {
      const again = await ask(`/channels/${written}/events`, note("once"), key);
      expect([written, again.headers.get("idempotency-replayed")]).toEqual([written, "true"]);
      expect(again.body).toEqual(first.body);
      // Another request with its key is refused, by whichever name.
      const other = await ask(`/channels/${written}/events`, note("twice"), key);
      expect([written, other.status]).toEqual([written, 422]);
    }
    await loseDoor();
    await ask(`/channels/${number}/events`, note("once"), key);
    const page = await call<ShownPage>("GET", `/channels/${channel}/events`);
    expect(textsOf(page.body.events)).toEqual(["once"]);
  });

  it("is taken by no other request while nobody knows what its first has done", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const path = `/channels/${channel}/events`;
    const key = nextKey();
    await ask(path, note("a"), key);
    // As after an answer of 500 to a call that was carried out all the same.
    await env.DB.prepare("UPDATE idempotency SET status = 0, answer = NULL").run();
    const other = await ask(path, note("b"), key);
    expect([other.status, other.body["code"]]).toEqual([422, "idempotency_mismatch"]);
    const again = await ask(path, note("a"), key);
    expect(again.status).toBe(201);
    const page = await call<ShownPage>("GET", path);
    expect(textsOf(page.body.events)).toEqual(["a"]);
  });

  it("keeps what failed for the same request, which may try again at once", async ({ expect }) => {
    const channel = await makeChannel();
    const path = "/channels";
    const body = { id: `${channel}-3` };
    const key = nextKey();
    await env.DB.prepare(
      `CREATE TRIGGER no_channels BEFORE INSERT ON channels BEGIN SELECT RAISE(ABORT, 'away'); END`,
    ).run();
    const first = await ask(path, body, key);
    await env.DB.prepare("DROP TRIGGER no_channels").run();
    expect(first.status).toBe(503);
    const other = await ask(path, { id: `${channel}-4` }, key);
    expect(other.status).toBe(422);
    expect((await ask(path, body, key)).status).toBe(201);
  });

  it("greets a new endpoint once, however often it is asked for", async ({ expect }) => {
    const channel = await makeChannel();
    const hook = new Hook();
    const key = nextKey();
    const body = { url: hook.url };
    const first = await ask(`/channels/${channel}/webhooks`, body, key);
    await loseAnswer();
    await ask(`/channels/${channel}/webhooks`, body, key);
    const path = `/channels/${channel}/webhooks/${String(first.body["id"])}/deliveries`;
    const greetings = async () =>
      (await listed(path)).filter(({ kind }) => kind === "verification");
    await until(greetings, ([greeting]) => greeting?.["status"] === "succeeded");
    expect(await greetings()).toHaveLength(1);
  });
});
