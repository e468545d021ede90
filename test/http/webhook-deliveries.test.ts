import { describe, it } from "vitest";

import { call, chat, makeChannel, postNotes } from "../support/api.ts";
import {
  delivered,
  Hook,
  shown,
  textsIn,
  until,
  type ShownDelivery,
  type ShownWebhook,
} from "../support/hooks.ts";

interface ShownRecovery {
  readonly id: string;
  readonly status: string;
  readonly count: number | null;
  readonly delivered: number;
  readonly failed: number;
  readonly remaining: number | null;
}

const recovered = (channel: string, id: string, recovery: string): Promise<ShownRecovery> =>
  until(
    async () => {
      const path = `/channels/${channel}/webhooks/${id}/recoveries/${recovery}`;
      return (await call<ShownRecovery>("GET", path)).body;
    },
    ({ status }) => status === "done" || status === "cancelled",
  );

describe("deliveries", () => {
  it("are listed by what became of them, newest first, in pages", async ({ expect }) => {
    const channel = await makeChannel();
    const hook = new Hook();
    const { id } = await hook.attach(channel, { ordering: "channel" });
    await hook.reply({ status: 204 }, { status: 400 }, { status: 204 });
    await postNotes(channel, ["1", "2", "3", "4"]);
    await delivered(channel, id, (all) => all.every(({ status }) => status !== "pending"));
    const path = `/channels/${channel}/webhooks/${id}/deliveries`;
    const list = async (query: string) =>
      (await call<{ data: ShownDelivery[]; next: string | null }>("GET", `${path}?${query}`)).body;
    expect((await list("status=failed")).data.map(({ id: each }) => each)).toEqual(["d_3"]);
    const first = await list("limit=3");
    expect(first.data.map(({ id: each }) => each)).toEqual(["d_5", "d_4", "d_3"]);
    const second = await list(`limit=3&after=${first.next}`);
    expect(second.data.map(({ id: each }) => each)).toEqual(["d_2", "d_1"]);
    expect(second.next).toBeNull();
    expect((await call("GET", `${path}/d_9`)).body["code"]).toBe("delivery_not_found");
    expect((await call("GET", `${path}?colour=red`)).status).toBe(400);
  });

  it("show their attempts in full, and nothing that is secret", async ({ expect }) => {
    const channel = await makeChannel();
    const hook = new Hook();
    const { id } = await hook.attach(channel);
    const headers = { "set-cookie": "session=hidden", "x-api-token": "hidden", "x-kept": "kept" };
    await hook.reply({ status: 400, headers, body: `${"x".repeat(5_000)} ada@example.com` });
    await postNotes(channel, ["1"]);
    const [delivery] = await delivered(channel, id, ([last]) => last?.status === "failed");
    expect(delivery?.why).toBe("permanent");
    const [attempt] = delivery?.attempts ?? [];
    expect(attempt).toMatchObject({
      class: "permanent",
      reason: "refused",
      trigger: "scheduled",
      why: "permanent",
      nextAttemptAt: null,
      response: { status: 400, bytes: 5_016, cut: true, headers: { "x-kept": "kept" } },
    });
    expect(attempt?.response?.body).toHaveLength(4_096);
    expect(attempt?.headersMs).toBeTypeOf("number");
    expect(attempt?.endMs).toBeGreaterThanOrEqual(attempt?.headersMs ?? 0);
    expect(JSON.stringify(delivery)).not.toMatch(/hidden|ada@|v1a?,/);
  });

  it("are tried at once when somebody asks for it", async ({ expect }) => {
    const channel = await makeChannel();
    const hook = new Hook();
    const { id } = await hook.attach(channel);
    const path = `/channels/${channel}/webhooks/${id}/deliveries`;
    await hook.reply({ status: 500 }, { status: 400 }, { status: 204 });
    await postNotes(channel, ["again"]);
    await delivered(channel, id, ([last]) => last?.attempts.length === 1);
    // It waits for five seconds.
    expect((await call("POST", `${path}/d_2/retry`)).status).toBe(202);
    await delivered(channel, id, ([last]) => last?.status === "failed");
    // It has been given up on, and what it said is in the log.
    expect((await call("POST", `${path}/d_2/retry`)).status).toBe(202);
    const [delivery] = await delivered(channel, id, ([last]) => last?.status === "succeeded");
    expect(delivery?.attempts.map(({ number, trigger }) => [number, trigger])).toEqual([
      [1, "scheduled"],
      [2, "manual"],
      [3, "manual"],
    ]);
    const [, ...received] = await hook.until(4);
    expect(new Set(received.map(({ body }) => body)).size).toBe(1);
    expect(new Set(received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    await call("PATCH", `/channels/${channel}/webhooks/${id}`, { enabled: false });
    expect((await call("POST", `${path}/d_2/retry`)).body["code"]).toBe("webhook_disabled");
  });
});

describe("all that waits for its next try", () => {
  it("is delivered at once when somebody asks for it, at the pace", async ({ expect }) => {
    const channel = await makeChannel();
    const hook = new Hook();
    const { id } = await hook.attach(channel, { ordering: "channel", ratePerSecond: 50 });
    const path = `/channels/${channel}/webhooks/${id}`;
    // The first waits for an hour, and until then nothing else is sent either.
    await hook.reply({ status: 503, headers: { "retry-after": "3600" } });
    await postNotes(channel, ["1", "2", "3", "4"]);
    await delivered(channel, id, (all) => all.some(({ attempts }) => attempts.length === 1));
    await hook.reply({ status: 204 });
    const key = { headers: { "idempotency-key": `again-${id}` } };
    const asked = await call<ShownWebhook>("POST", `${path}/retry`, undefined, key);
    expect(asked.status).toBe(202);
    expect(asked.body).toMatchObject({ id, enabled: true, health: { state: "healthy" } });
    expect(asked.body).not.toHaveProperty("secret");
    await delivered(channel, id, (all) => all.every(({ status }) => status === "succeeded"));
    expect(textsIn(await hook.until(6))).toEqual(["1", "1", "2", "3", "4"]);
    expect((await call("POST", `${path}/retry`, undefined, key)).status).toBe(202);
  });

  it("is not where the webhook is disabled, or there is none", async ({ expect }) => {
    const channel = await makeChannel();
    const { id } = await new Hook().attach(channel, { enabled: false });
    const path = `/channels/${channel}/webhooks`;
    expect((await call("POST", `${path}/${id}/retry`)).body["code"]).toBe("webhook_disabled");
    expect((await call("POST", `${path}/wh_none/retry`)).body["code"]).toBe("webhook_not_found");
  });
});

describe("a recovery", () => {
  it("brings what was missed while the endpoint was disabled, oldest first", async ({ expect }) => {
    const channel = await makeChannel();
    const hook = new Hook();
    const [before = ""] = await postNotes(channel, ["0"]);
    const { id } = await hook.attach(channel);
    const path = `/channels/${channel}/webhooks/${id}`;
    await postNotes(channel, ["1"]);
    await hook.until(2);
    await call("PATCH", path, { enabled: false });
    const missed = Array.from({ length: 300 }, (_, index) => `m${index}`);
    await postNotes(channel, missed);
    await call("PATCH", path, { enabled: true });
    const { status, body, headers } = await call<ShownRecovery>("POST", `${path}/recoveries`, {
      after: before,
      only: "missing",
    });
    expect(status).toBe(202);
    expect(headers.get("location")).toBe(`/v1${path}/recoveries/${body.id}`);
    // The webhook's own events of being disabled are among them.
    expect(body.count).toBe(301);
    const done = await recovered(channel, id, body.id);
    expect(done).toMatchObject({ status: "done", delivered: 301, failed: 0, remaining: 0 });
    const texts = textsIn((await hook.until(303)).slice(2)).filter((text) => text !== undefined);
    expect(texts).toEqual(missed);
    // What was brought is missing no more.
    const again = await call<ShownRecovery>("POST", `${path}/recoveries`, {
      after: before,
      only: "missing",
    });
    expect((await recovered(channel, id, again.body.id)).count).toBe(0);
  }, 60_000);

  it("brings what was given up on, and only that", async ({ expect }) => {
    const channel = await makeChannel();
    const hook = new Hook();
    const { id } = await hook.attach(channel, { ordering: "channel" });
    const path = `/channels/${channel}/webhooks/${id}`;
    await hook.reply({ status: 400 }, { status: 204 }, { status: 400 }, { status: 204 });
    await postNotes(channel, ["1", "2", "3", "4"]);
    await delivered(channel, id, (all) => all.every(({ status }) => status !== "pending"));
    const asked = { since: "2020-01-01T00:00:00Z", only: "failed" };
    const { body } = await call<ShownRecovery>("POST", `${path}/recoveries`, asked);
    expect(body.count).toBe(2);
    await recovered(channel, id, body.id);
    expect(textsIn(await hook.until(7)).slice(4)).toEqual(["1", "3"]);
    const again = await call<ShownRecovery>("POST", `${path}/recoveries`, asked);
    expect((await recovered(channel, id, again.body.id)).count).toBe(0);
  });

  it("says what is wrong with where it is to begin", async ({ expect }) => {
    const channel = await makeChannel();
    const { id } = await new Hook().attach(channel);
    const path = `/channels/${channel}/webhooks/${id}/recoveries`;
    const { status, body } = await call("POST", path, { after: "2026-01-01T00:00:00Z" });
    expect(status).toBe(400);
    expect(body["errors"]).toEqual([
      { pointer: "/after", detail: "is no position; a time goes into since" },
    ]);
  });

  it("ends when it is called off, and brings nothing more", async ({ expect }) => {
    const channel = await makeChannel();
    const hook = new Hook();
    await postNotes(
      channel,
      Array.from({ length: 200 }, (_, index) => String(index)),
    );
    const { id } = await hook.attach(channel, { ratePerSecond: 10 });
    const path = `/channels/${channel}/webhooks/${id}/recoveries`;
    const asked = { since: "2020-01-01T00:00:00Z", only: "all" };
    const { body } = await call<ShownRecovery>("POST", path, asked);
    await hook.until(3);
    const cancelled = await call<ShownRecovery>("POST", `${path}/${body.id}/cancel`);
    expect(cancelled.body.status).toBe("cancelled");
    const { health } = await until(
      () => shown(channel, id),
      (webhook) => webhook.health.pending === 0,
    );
    expect(health.state).toBe("healthy");
    const count = (await hook.until(0)).length;
    await postNotes(channel, ["live"]);
    expect(textsIn((await hook.until(count + 1)).slice(count))).toEqual(["live"]);
    const list = await call<{ data: ShownRecovery[] }>("GET", path);
    expect(list.body.data.map(({ status }) => status)).toEqual(["cancelled"]);
  });

  it("says no text that was deleted", async ({ expect }) => {
    const channel = await makeChannel();
    const hook = new Hook();
    const post = (...events: object[]) => call("POST", `/channels/${channel}/events`, events);
    await post(chat("m1", "a secret"), chat("m2", "stays"));
    await post({ type: "chat.message.deleted", data: { messageIds: ["m1"] } });
    const { id } = await hook.attach(channel, { types: ["chat.message"] });
    const path = `/channels/${channel}/webhooks/${id}/recoveries`;
    await call("POST", path, { since: "2020-01-01T00:00:00Z", only: "all" });
    expect(textsIn(await hook.until(3))).toEqual(["", "stays"]);
  });

  it.for([
    [{}, "/after"],
    [{ after: "abc-1", since: "2020-01-01T00:00:00Z" }, "/after"],
    [{ after: "zzzzzzzzzz-1" }, "/after"],
    [{ after: "none" }, "/after"],
    [{ since: "2026-01-01T00:00:00Z", until: "soon" }, "/until"],
  ] as const)("is refused where it says no range: %j", async ([asked, pointer], { expect }) => {
    const channel = await makeChannel();
    const { id } = await new Hook().attach(channel);
    const path = `/channels/${channel}/webhooks/${id}/recoveries`;
    const { status, body } = await call("POST", path, asked);
    expect([400, 410]).toContain(status);
    expect(body).toMatchObject({ errors: [{ pointer }] });
  });
});

describe("a recovery whose end is before its beginning", () => {
  it("is refused, by times, by places, and whatever is there between them", async ({ expect }) => {
    const channel = await makeChannel();
    const { id } = await new Hook().attach(channel, { enabled: false });
    const path = `/channels/${channel}/webhooks/${id}/recoveries`;
    const [first, second] = await postNotes(channel, ["a", "b"]);
    for (const asked of [
      { since: "2026-01-02T00:00:00Z", until: "2026-01-01T00:00:00Z" },
      { since: "2099-01-02T00:00:00Z", until: "2099-01-01T00:00:00Z" },
      { since: "2026-01-01T00:00:00Z", until: "2026-01-01T00:00:00Z" },
      // The same time, said in two ways.
      { since: "2026-01-01T02:00:00+02:00", until: "2026-01-01T00:00:00Z" },
      { after: second, until: first },
      { after: second, until: "2026-01-01T00:00:00Z" },
      { since: "2099-01-01T00:00:00Z", until: first },
    ]) {
      const { status, body } = await call<{ errors: object[] }>("POST", path, asked);
      expect([asked, status, body.errors]).toMatchObject([asked, 400, [{ pointer: "/until" }]]);
    }
    const { body } = await call<{ data: object[] }>("GET", path);
    expect(body.data).toEqual([]);
  });
});
