import { describe, it } from "vitest";

import { post, type Exchange } from "../../../src/objects/webhook/http.ts";
import { Hook } from "../../support/hooks.ts";

// For what never comes: it is waited for to the end.
const DEADLINE_MS = 4_000;

const send = (url: string, deadlineMs = 60_000) =>
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

  it("is failed by a connection that breaks before the headers have come", async ({ expect }) => {
    const hook = new Hook();
    await hook.reply({ fault: "reset" });
    const { outcome, detail } = await send(hook.url);
    expect(outcome).toEqual({ type: "failed", fault: "connection" });
    expect(detail).toBeTruthy();
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

/** What may become of a body once its headers have come, and what the record says of it. */
const BODIES = [
  ["comes whole", {}, null],
  ["never ends", { fault: "drip" }, /not.*end/i],
  ["never comes", { fault: "stall" }, /not.*end/i],
  ["breaks off", { fault: "cut" }, /./],
  ["is huge", { fault: "flood" }, null],
  ["cannot be decoded", { fault: "garble" }, /./],
  ["comes though the request was not read", { fault: "unread" }, null],
  ["comes though the request was not read, and the connection is shut", { fault: "shut" }, null],
] as const;

const isEndless = (fault: string): boolean => fault === "drip" || fault === "stall";

describe("an answer whose body", () => {
  it.for(BODIES)("%s is what its status says", async ([, reply, detail], { expect }) => {
    const deadlineMs = "fault" in reply && isEndless(reply.fault) ? DEADLINE_MS : 60_000;
    const attempt = async (status: number): Promise<Exchange> => {
      const hook = new Hook();
      await hook.reply({ status, headers: { "retry-after": "9" }, body: "so", ...reply });
      const body = "x".repeat(1024 * 1024);
      return post({ method: "POST", url: hook.url, headers: {}, body }, deadlineMs);
    };
    const statuses = [200, 410, 429, 500];
    const exchanges = await Promise.all(statuses.map(attempt));
    for (const [index, exchange] of exchanges.entries()) {
      const status = statuses[index];
      expect(exchange.outcome).toEqual({ type: "answered", status, retryAfter: "9" });
      expect(exchange.answer?.status).toBe(status);
      expect(exchange.headersMs).not.toBeNull();
      if (detail === null) expect(exchange.detail).toBeNull();
      else expect(exchange.detail).toMatch(detail);
    }
  });
});
