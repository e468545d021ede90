import { describe, it } from "vitest";

import { post } from "../../../src/objects/webhook/http.ts";
import { Hook } from "../../support/hooks.ts";

const DEADLINE_MS = 600;

const send = (url: string, deadlineMs = 5_000) =>
  post({ method: "POST", url, headers: { "webhook-id": "a-1" }, body: "{}" }, deadlineMs);

describe("a request", () => {
  it("comes back with status, headers, body and times", async ({ expect }) => {
    const hook = new Hook();
    const headers = { "retry-after": "7", "x-kept": "kept" };
    await hook.reply({ status: 503, headers, body: "not now" });
    const exchange = await send(hook.url);
    expect(exchange).toMatchObject({
      outcome: { type: "answered", status: 503, retryAfter: "7" },
      detail: null,
      answer: { status: 503, body: "not now", bodyBytes: 7, bodyCut: false },
    });
    expect(exchange.answer?.headers["x-kept"]).toBe("kept");
    expect(exchange.headersMs ?? -1).toBeGreaterThanOrEqual(0);
    expect(exchange.endMs ?? -1).toBeGreaterThanOrEqual(exchange.headersMs ?? 0);
    const [received] = await hook.until(1);
    expect(received).toMatchObject({ method: "POST", body: "{}" });
  });

  it("is given up on when its headers do not come in time", async ({ expect }) => {
    const hook = new Hook();
    await hook.reply({ fault: "silent" });
    const exchange = await send(hook.url, DEADLINE_MS);
    expect(exchange.outcome).toEqual({ type: "failed", fault: "timeout" });
    expect([exchange.answer, exchange.headersMs]).toEqual([null, null]);
    expect(exchange.endMs ?? 0).toBeLessThan(2 * DEADLINE_MS);
  });

  it("is given up on when its body does not end in time, with what had come", async ({
    expect,
  }) => {
    const hook = new Hook();
    await hook.reply({ status: 200, fault: "drip" });
    const exchange = await send(hook.url, DEADLINE_MS);
    expect(exchange.outcome).toEqual({ type: "failed", fault: "timeout" });
    expect(exchange.answer?.status).toBe(200);
    expect(exchange.headersMs).not.toBeNull();
    expect(exchange.endMs ?? 0).toBeLessThan(2 * DEADLINE_MS);
  });

  it("is read no further than it is kept", async ({ expect }) => {
    const hook = new Hook();
    await hook.reply({ status: 200, fault: "flood" });
    const { outcome, answer } = await send(hook.url);
    expect(outcome).toMatchObject({ type: "answered", status: 200 });
    expect(answer?.bodyCut).toBe(true);
    expect(answer?.body).toHaveLength(4_096);
    expect(answer?.bodyBytes ?? Infinity).toBeLessThan(1024 * 1024);
  });

  it("is failed by a connection that breaks, before or after its headers", async ({ expect }) => {
    for (const reply of [{ fault: "reset" }, { status: 200, fault: "cut" }] as const) {
      const hook = new Hook();
      await hook.reply(reply);
      const { outcome, detail } = await send(hook.url);
      expect(outcome).toEqual({ type: "failed", fault: "connection" });
      expect(detail).toBeTruthy();
    }
    expect((await send("http://127.0.0.1:1/nobody")).outcome).toEqual({
      type: "failed",
      fault: "connection",
    });
  });

  it("is not sent on to where it is redirected", async ({ expect }) => {
    const elsewhere = new Hook();
    const hook = new Hook();
    await hook.reply({ status: 307, headers: { location: elsewhere.url } });
    expect((await send(hook.url)).outcome).toMatchObject({ type: "answered", status: 307 });
    expect(await elsewhere.until(0)).toEqual([]);
  });
});
