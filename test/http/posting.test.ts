import { describe, it } from "vitest";

import {
  call,
  chat,
  makeChannel,
  textsOf,
  type ShownEvent,
  type ShownPage,
} from "../support/api.ts";

const post = <T = { ids: string[] }>(channel: string, body: unknown, headers = {}) =>
  call<T>("POST", `/channels/${channel}/events`, body, { headers });

const eventsOf = async (channel: string): Promise<readonly ShownEvent[]> =>
  (await call<ShownPage>("GET", `/channels/${channel}/events?order=asc&limit=500`)).body.events;

describe("posted events", () => {
  it("are told with the api as their provider, and as they were posted", async ({ expect }) => {
    const channel = await makeChannel();
    const { body } = await post(channel, {
      ...chat("m1", "hello"),
      platform: "twitch",
      time: "2026-11-21T10:00:00.5+02:00",
      subject: "about/this",
      test: true,
    });
    expect(await eventsOf(channel)).toEqual([
      {
        specversion: "1.0",
        id: body.ids[0],
        source: `/channels/${channel}`,
        type: "chat.message",
        subject: "about/this",
        time: "2026-11-21T08:00:00.500Z",
        recordedtime: expect.stringMatching(/Z$/),
        sequence: "000000000001",
        provider: "api",
        platform: "twitch",
        test: true,
        data: chat("m1", "hello").data,
      },
    ]);
  });

  it("are all taken or none", async ({ expect }) => {
    const channel = await makeChannel();
    const { status, body } = await post<{ errors: { pointer: string }[] }>(channel, [
      { type: "custom.a", data: {} },
      { type: "no.such", data: {} },
      { type: "chat.message", data: { user: 1 } },
      { type: "connection.closed", data: { identifier: "a", uuid: "b" } },
      { type: "custom.b", data: { long: "x".repeat(70_000) } },
    ]);
    expect(status).toBe(400);
    expect(body.errors.map(({ pointer }) => pointer)).toEqual([
      "/1/type",
      "/2/data/user",
      "/2/data/message",
      "/3/type",
      "/4/data",
    ]);
    expect(await eventsOf(channel)).toEqual([]);
  });

  it("lose secrets and e-mail addresses on the way in", async ({ expect }) => {
    const channel = await makeChannel();
    await post(channel, {
      type: "custom.tip",
      data: {
        email: "a@b.example",
        note: "write to c@d.example",
        token: "hush",
        nested: [{ password: "hush" }],
      },
    });
    const [event] = await eventsOf(channel);
    expect(event?.data).toEqual({
      email: "[redacted]",
      note: "write to [redacted]",
      token: "[redacted]",
      nested: [{ password: "[redacted]" }],
    });
  });

  it("keep what only looks like a secret", async ({ expect }) => {
    const channel = await makeChannel();
    const data = { tip: { tokens: 25 }, text: "@ada@mastodon.example https://x.example/?code=1" };
    await post(channel, { type: "custom.tip", data });
    expect((await eventsOf(channel))[0]?.data).toEqual(data);
  });

  it("can be 500 at once, and not one more", async ({ expect }) => {
    const channel = await makeChannel();
    const many = (count: number) =>
      Array.from({ length: count }, () => ({ type: "custom.a", data: {} }));
    expect((await post(channel, many(500))).body.ids).toHaveLength(500);
    expect((await post(channel, many(501))).status).toBe(400);
    expect((await post(channel, [])).status).toBe(400);
  });
});

describe("Idempotency-Key", () => {
  it("has a request carried out once, and answered the same twice", async ({ expect }) => {
    const channel = await makeChannel();
    const note = { type: "custom.note", data: { text: "once" } };
    const first = await post(channel, note, { "idempotency-key": "k1" });
    const second = await post(channel, note, { "idempotency-key": "k1" });
    expect(second.body).toEqual(first.body);
    expect([second.status, second.headers.get("idempotency-replayed")]).toEqual([201, "true"]);
    expect(first.headers.get("idempotency-replayed")).toBe(null);
    expect(textsOf(await eventsOf(channel))).toEqual(["once"]);
  });

  it("is refused with another request, and where it cannot be read", async ({ expect }) => {
    const channel = await makeChannel();
    const note = (text: string) => ({ type: "custom.note", data: { text } });
    await post(channel, note("a"), { "idempotency-key": "k1" });
    const other = await post<{ code: string }>(channel, note("b"), { "idempotency-key": "k1" });
    expect([other.status, other.body.code]).toEqual([422, "idempotency_mismatch"]);
    const long = await post<{ code: string }>(channel, note("c"), {
      "idempotency-key": "x".repeat(201),
    });
    expect([long.status, long.body.code]).toEqual([400, "bad_request"]);
    expect(textsOf(await eventsOf(channel))).toEqual(["a"]);
  });

  it("is each credential's own", async ({ expect }) => {
    const id = `idem-${crypto.randomUUID().slice(0, 8)}`;
    const make = { name: "k", scopes: ["channels:manage"] };
    const { body } = await call<{ key: string }>("POST", "/keys", make);
    const headers = { "idempotency-key": "same" };
    const first = await call("POST", "/channels", { id }, { headers });
    const other = await call("POST", "/channels", { id }, { headers, key: body.key });
    expect([first.status, other.status]).toEqual([201, 409]);
  });

  it("gives a key that is shown once to its repeat as well, and keeps it sealed", async ({
    expect,
  }) => {
    const make = { name: "k", scopes: ["events:read"] };
    const headers = { "idempotency-key": `key-${crypto.randomUUID()}` };
    const first = await call<{ key: string }>("POST", "/keys", make, { headers });
    const second = await call<{ key: string }>("POST", "/keys", make, { headers });
    expect(second.body).toEqual(first.body);
    const { env } = await import("cloudflare:workers");
    const { results } = await env.DB.prepare("SELECT * FROM idempotency").all();
    expect(JSON.stringify(results)).not.toContain(first.body.key.slice(17));
  });

  it("is refused while the first request is under way", async ({ expect }) => {
    const channel = await makeChannel();
    const note = { type: "custom.note", data: { text: "at once" } };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () =>
        post<{ code?: string }>(channel, note, { "idempotency-key": "k" }),
      ),
    );
    for (const { status, body } of answers) {
      expect([201, 409]).toContain(status);
      if (status === 409) expect(body.code).toBe("idempotency_in_flight");
    }
    expect(answers.some(({ status }) => status === 201)).toBe(true);
    expect(textsOf(await eventsOf(channel))).toEqual(["at once"]);
  });
});
