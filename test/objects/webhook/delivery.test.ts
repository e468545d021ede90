import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { Webhook } from "standardwebhooks";
import { afterEach, describe, it, vi } from "vitest";

import { call, chat, makeChannel, postNotes } from "../../support/api.ts";
import { passForWebhook } from "../../support/clock.ts";
import {
  delivered,
  deliveriesOf,
  Hook,
  shown,
  textsIn,
  until,
  webhookObject,
  type ShownDelivery,
} from "../../support/hooks.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** How long after its last attempt a delivery is to be tried again. */
function waitOf(delivery: ShownDelivery | undefined): number {
  const last = delivery?.attempts.at(-1);
  return Date.parse(last?.nextAttemptAt ?? "") - Date.parse(last?.at ?? "");
}

/**
 * What lies between the first and the last of these being sent. By the relay's own clock, and over
 * all of them: what a request takes to arrive says nothing.
 */
function spreadOf(deliveries: readonly ShownDelivery[]): number {
  const times = deliveries.map(({ attempts }) => Date.parse(attempts[0]?.at ?? ""));
  return Math.max(...times) - Math.min(...times);
}

describe("an event", () => {
  it("arrives after the greeting, signed, with its id", async ({ expect }) => {
    const channel = await makeChannel();
    const hook = new Hook();
    const { id, secret } = await hook.attach(channel);
    const [position = ""] = await postNotes(channel, ["hello"]);
    const [greeting, event] = await hook.until(2);
    const verifier = new Webhook(secret);
    expect(verifier.verify(greeting?.body ?? "", greeting?.headers ?? {})).toMatchObject({
      type: "webhook.verification",
      test: true,
    });
    expect(verifier.verify(event?.body ?? "", event?.headers ?? {})).toMatchObject({
      id: position,
      type: "custom.note",
      data: { text: "hello" },
    });
    expect(event?.headers).toMatchObject({
      "webhook-id": position,
      "content-type": "application/cloudevents+json",
      "user-agent": "Tributary-Webhooks/1 (relay.test)",
    });
    expect(event?.headers["traceparent"]).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    const [delivery] = await delivered(channel, id, ([last]) => last?.status === "succeeded");
    expect(delivery).toMatchObject({ messageId: position, eventIds: [position], why: "delivered" });
    const [attempt] = delivery?.attempts ?? [];
    expect(attempt).toMatchObject({
      number: 1,
      trigger: "scheduled",
      class: "success",
      nextAttemptAt: null,
      response: { status: 204 },
    });
    expect(JSON.stringify(attempt)).not.toContain("v1,");
  });

  it("that the filter leaves out does not", async ({ expect }) => {
    const channel = await makeChannel();
    const hook = new Hook();
    await hook.attach(channel, { types: ["chat.message"] });
    await postNotes(channel, ["a note"]);
    await call("POST", `/channels/${channel}/events`, [chat("m1", "a message")]);
    expect(textsIn(await hook.until(2))).toEqual(["a message"]);
  });

  it("is tried again by the schedule, with the same id and body", async ({ expect }) => {
    const channel = await makeChannel();
    const hook = new Hook();
    const { id } = await hook.attach(channel);
    await hook.reply({ status: 500, body: "no" }, { status: 200, body: "yes" });
    await postNotes(channel, ["again"]);
    const [failed] = await delivered(channel, id, ([last]) => last?.attempts.length === 1);
    const waitMs = waitOf(failed);
    expect(waitMs).toBeGreaterThanOrEqual(3_900);
    const object = await webhookObject(channel, id);
    // Half of it goes by, and then all of it.
    await passForWebhook(Math.floor(waitMs / 2), object);
    expect((await deliveriesOf(channel, id))[0]?.attempts).toHaveLength(1);
    await passForWebhook(waitMs, object);
    const [, first, second] = await hook.until(3);
    expect(second?.body).toBe(first?.body);
    expect(second?.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);
    const [delivery] = await delivered(channel, id, ([last]) => last?.status === "succeeded");
    expect(delivery?.attempts.map(({ number, reason }) => [number, reason])).toEqual([
      [1, "server_error"],
      [2, "accepted"],
    ]);
    expect(delivery?.attempts[0]?.response).toMatchObject({ body: "no", bytes: 2, cut: false });
  });

  it("waits in its own object while that is put away, and is sent when it wakes", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const hook = new Hook();
    const { id } = await hook.attach(channel);
    await hook.reply({ status: 503, headers: { "retry-after": "2" } }, { status: 204 });
    await postNotes(channel, ["later"]);
    const [asked] = await delivered(channel, id, ([last]) => last?.attempts.length === 1);
    const waitMs = waitOf(asked);
    expect(waitMs).toBeGreaterThanOrEqual(2_000);
    const object = await webhookObject(channel, id);
    await evictDurableObject(object);
    await passForWebhook(waitMs, object);
    await hook.until(3);
    const [delivery] = await delivered(channel, id, ([last]) => last?.status === "succeeded");
    expect(delivery?.attempts.map(({ why }) => why)).toEqual(["retry_after", "delivered"]);
  });

  it("is tried again under its id where its object is restarted in the middle of an attempt", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const hook = new Hook();
    const { id } = await hook.attach(channel);
    await hook.reply({ fault: "silent" }, { status: 204 });
    const [position = ""] = await postNotes(channel, ["in mid-air"]);
    await hook.until(2);
    const before = await webhookObject(channel, id);
    await runInDurableObject(before, (_, state) => state.abort()).catch(() => {});
    await passForWebhook(20_000, await webhookObject(channel, id));
    const [, first, second] = await hook.until(3);
    expect(first?.headers["webhook-id"]).toBe(position);
    expect(second?.headers["webhook-id"]).toBe(position);
    expect(second?.body).toBe(first?.body);
    const [delivery] = await delivered(channel, id, ([last]) => last?.status === "succeeded");
    // What nobody answered, and nobody could write down, is no attempt on record.
    expect(delivery?.attempts.map(({ number, reason }) => [number, reason])).toEqual([
      [1, "accepted"],
    ]);
  });

  it("is taken once, however often it is handed over", async ({ expect }) => {
    const channel = await makeChannel();
    const hook = new Hook();
    const { id } = await hook.attach(channel);
    const [position = ""] = await postNotes(channel, ["one"]);
    const [epoch = ""] = position.split("-");
    const object = await webhookObject(channel, id);
    await hook.until(2);
    const text = JSON.stringify({ id: position, data: { text: "one" } });
    const event = { seq: 1, type: "custom.note", provider: "api", platform: "api", text };
    const filter = { types: [], providers: [], platforms: [], forModerators: true };
    const handOver = { epoch, from: 0, to: 1, filter, events: [event] };
    const taken = await Promise.all([object.take(handOver), object.take(handOver)]);
    expect(taken.map(({ takenTo }) => takenTo)).toEqual([1, 1]);
    // What does not follow is asked for from where it is.
    const ahead = { ...handOver, from: 5, to: 6, events: [{ ...event, seq: 6 }] };
    expect(await object.take(ahead)).toEqual({ takenTo: 1, wants: "more" });
    await postNotes(channel, ["two"]);
    expect(textsIn(await hook.until(3))).toEqual(["one", "two"]);
  });

  it("comes in order where that is asked for, behind one that is yet to be taken", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const hook = new Hook();
    const { id } = await hook.attach(channel, { ordering: "channel" });
    await hook.reply({ status: 503, headers: { "retry-after": "1" } }, { status: 204 });
    await postNotes(channel, ["1", "2", "3", "4", "5", "6", "7", "8"]);
    const received = await hook.until(10);
    expect(textsIn(received)).toEqual(["1", "1", "2", "3", "4", "5", "6", "7", "8"]);
    const deliveries = await delivered(channel, id, (all) =>
      all.every(({ status }) => status === "succeeded"),
    );
    expect(deliveries).toHaveLength(8);
  });

  it("comes in batches where that is asked for, none of them too large", async ({ expect }) => {
    const channel = await makeChannel();
    const hook = new Hook();
    const { secret } = await hook.attach(channel, { batch: { max: 3, waitMs: 150 } });
    const ids = await postNotes(channel, ["1", "2", "3", "4", "5", "6", "7"]);
    const received = await hook.until(4);
    const batches = received.slice(1).toSorted((a, b) => a.body.length - b.body.length);
    expect(new Set(textsIn(batches))).toEqual(new Set(["1", "2", "3", "4", "5", "6", "7"]));
    const [epoch] = (ids[0] ?? "").split("-");
    const names = new Set(batches.map(({ headers }) => headers["webhook-id"]));
    expect(names).toEqual(new Set([`${epoch}-1..3`, `${epoch}-4..6`, `${epoch}-7..7`]));
    for (const { body, headers } of batches) {
      expect(headers["content-type"]).toBe("application/cloudevents-batch+json");
      expect(Array.isArray(new Webhook(secret).verify(body, headers))).toBe(true);
    }
  });

  it("comes no faster than the endpoint wants it", async ({ expect }) => {
    const channel = await makeChannel();
    const hook = new Hook();
    const { id } = await hook.attach(channel, { ratePerSecond: 10 });
    await postNotes(channel, ["1", "2", "3", "4", "5", "6"]);
    const deliveries = await delivered(
      channel,
      id,
      (all) => all.length === 6 && all.every(({ status }) => status === "succeeded"),
    );
    expect(spreadOf(deliveries)).toBeGreaterThan(400);
  });

  it("is sent to the new address if the endpoint moves in the middle of it", async ({ expect }) => {
    const channel = await makeChannel();
    const before = new Hook();
    const after = new Hook();
    const { id } = await before.attach(channel);
    await before.reply({ status: 410, delayMs: 400 });
    await postNotes(channel, ["moved"]);
    await before.until(2);
    await call("PATCH", `/channels/${channel}/webhooks/${id}`, { url: after.url });
    expect(textsIn(await after.until(1))).toEqual(["moved"]);
    const [delivery] = await delivered(channel, id, ([last]) => last?.status === "succeeded");
    expect(delivery?.attempts.map(({ why }) => why)).toEqual(["endpoint_changed", "delivered"]);
    expect((await shown(channel, id)).enabled).toBe(true);
  });
});

describe("an endpoint", () => {
  it("that says 410 is disabled, which is an event of the channel", async ({ expect }) => {
    const channel = await makeChannel();
    const gone = new Hook();
    const other = new Hook();
    const { id } = await gone.attach(channel);
    await other.attach(channel, { types: ["webhook.*"] });
    await gone.reply({ status: 410 });
    await postNotes(channel, ["last words"]);
    const [, told] = await other.until(2);
    expect(JSON.parse(told?.body ?? "")).toMatchObject({
      type: "webhook.disabled",
      subject: `webhook/${id}`,
      data: { webhookId: id, host: new URL(gone.url).host, reason: "gone" },
    });
    expect(await shown(channel, id)).toMatchObject({
      enabled: false,
      health: { state: "disabled", reason: "gone" },
    });
    await postNotes(channel, ["nobody there"]);
    expect(await gone.until(0)).toHaveLength(2);
  });

  it("that is enabled again begins with what happens from then on", async ({ expect }) => {
    const channel = await makeChannel();
    const hook = new Hook();
    const { id } = await hook.attach(channel);
    const path = `/channels/${channel}/webhooks/${id}`;
    await call("PATCH", path, { enabled: false });
    await postNotes(channel, ["missed"]);
    await call("PATCH", path, { enabled: true });
    await postNotes(channel, ["heard"]);
    expect(textsIn(await hook.until(2))).toEqual(["heard"]);
  });

  it("that asks for consent to be asked for is sent nothing before it is given", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const hook = new Hook();
    await hook.reply(
      {
        status: 200,
        headers: { "webhook-allowed-origin": "relay.test", "webhook-allowed-rate": "600" },
      },
      { status: 204 },
    );
    const { id } = await hook.attach(channel, { handshake: "cloudevents", ratePerSecond: 100 });
    await postNotes(channel, ["1", "2", "3"]);
    const [asked, ...rest] = await hook.until(5);
    expect(asked).toMatchObject({
      method: "OPTIONS",
      headers: { "webhook-request-origin": "relay.test", "webhook-request-rate": "6000" },
    });
    expect(rest.map(({ method }) => method)).toEqual(["POST", "POST", "POST", "POST"]);
    // 600 a minute are one in a tenth of a second.
    const deliveries = await delivered(
      channel,
      id,
      (all) => all.length === 3 && all.every(({ status }) => status === "succeeded"),
    );
    expect(spreadOf(deliveries)).toBeGreaterThan(180);
    expect((await shown(channel, id)).health.state).toBe("healthy");
  });

  it("that does not consent is sent nothing", async ({ expect }) => {
    const channel = await makeChannel();
    const hook = new Hook();
    await hook.reply({ status: 200, headers: { "webhook-allowed-origin": "other.example" } });
    const { id } = await hook.attach(channel, { handshake: "cloudevents" });
    await postNotes(channel, ["unwanted"]);
    const { health } = await until(
      () => shown(channel, id),
      (webhook) => webhook.health.reason !== null,
    );
    expect(health).toMatchObject({ state: "unverified" });
    expect(health.reason).toContain("relay.test");
    expect((await hook.until(1)).map(({ method }) => method)).toEqual(["OPTIONS"]);
  });

  it("that hangs costs the others nothing", async ({ expect }) => {
    const channel = await makeChannel();
    const stuck = new Hook();
    const well = new Hook();
    await stuck.attach(channel, { ordering: "channel" });
    await well.attach(channel, { ordering: "channel" });
    await stuck.reply({ fault: "silent" });
    const texts = Array.from({ length: 30 }, (_, index) => String(index));
    await postNotes(channel, texts);
    expect(textsIn(await well.until(31))).toEqual(texts);
    expect(await stuck.until(2)).toHaveLength(2);
  });
});
