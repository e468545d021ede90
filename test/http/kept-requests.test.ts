import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, it, vi } from "vitest";

import worker from "../../src/index.ts";
import { beginRequest, forgetOldest } from "../../src/store/history/idempotency.ts";
import { ADMIN, call, makeChannel, postNotes } from "../support/api.ts";
import { tokenOf } from "../support/gateways.ts";
import { drained } from "../support/objects.ts";

const DAY_MS = 86_400_000;

/** How many requests are kept of a credential, or of all. */
async function kept(credential = "%"): Promise<number> {
  const row = await env.DB.prepare("SELECT count(*) AS n FROM idempotency WHERE credential LIKE ?")
    .bind(credential)
    .first<{ n: number }>();
  return row?.n ?? 0;
}

/** So many requests of a credential, a millisecond after each other. */
async function begin(credential: string, count: number, from: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, index) => ({ index, at: from + index }));
  await env.DB.batch(
    rows.map(({ index, at }) =>
      env.DB.prepare(
        "INSERT INTO idempotency (id, credential, fingerprint, created_at) VALUES (?, ?, 'f', ?)",
      ).bind(`${credential}-${index}`, credential, at),
    ),
  );
}

afterEach(() => void vi.restoreAllMocks());

describe("a request with an Idempotency-Key", () => {
  it("is remembered only where there is something to do, and for those who may do it", async ({
    expect,
  }) => {
    const channel = await makeChannel({ public: true });
    const { body } = await call<{ key: string }>("POST", `/channels/${channel}/overlay-keys`, {
      name: "o",
    });
    const viewer = await tokenOf(channel, ["interact:write"]);
    const before = await kept();
    const asks: [string, string][] = [
      ["/no/such/address", body.key],
      [`/channels/${channel}/nothing`, ADMIN],
      [`/channels/${channel}/events/none`, ADMIN],
      [`/channels/${channel}/events`, body.key],
      [`/channels/${channel}/events`, viewer],
      [`/channels/${channel}/webhooks`, viewer],
      ["/channels", body.key],
      ["/channels/no-such-channel/events", ADMIN],
      ["/keys", viewer],
    ];
    for (const [path, key] of asks) {
      const headers = { "idempotency-key": crypto.randomUUID() };
      const { status } = await call("POST", path, {}, { key, headers });
      expect([path, status < 500 && status >= 400]).toEqual([path, true]);
    }
    expect(await kept()).toBe(before);
    const note = { type: "custom.note", data: {} };
    const headers = { "idempotency-key": crypto.randomUUID() };
    const first = await call("POST", `/channels/${channel}/events`, note, { headers });
    const again = await call("POST", `/channels/${channel}/events`, note, { headers });
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(again.body).toEqual(first.body);
    expect(await kept()).toBe(before + 1);
  });
});

describe("the requests that are kept", () => {
  it("are the newest of a credential, whatever others do", async ({ expect }) => {
    const now = Date.now();
    await begin("key:one", 30, now);
    await begin("key:other", 30, now);
    await forgetOldest(env.DB, "key:one", { keep: 10, max: 100 });
    expect([await kept("key:one"), await kept("key:other")]).toEqual([10, 30]);
    const request = { id: "key:one-29", credential: "key:one", fingerprint: "f", now };
    expect(await beginRequest(env.DB, request, 0)).not.toBeNull();
    expect(await beginRequest(env.DB, { ...request, id: "key:one-19" }, 0)).toBeNull();
  });

  it("are forgotten after a day as fast as they come, beside the requests themselves", async ({
    expect,
  }) => {
    await begin("key:past", 500, Date.now() - 2 * DAY_MS);
    // One request in a thousand sees to it: this one.
    vi.spyOn(Math, "random").mockReturnValue(0);
    const channel = await makeChannel();
    const headers = { "idempotency-key": "now" };
    await call("POST", `/channels/${channel}/tickets`, undefined, { headers });
    await vi.waitFor(async () => expect(await kept("key:past")).toBe(0));
    expect(await kept("admin")).toBeGreaterThan(0);
  });

  it("are forgotten though there is a channel that cannot be tidied", async ({ expect }) => {
    await begin("key:old", 100, Date.now() - 2 * DAY_MS);
    const channel = await makeChannel();
    await postNotes(channel, ["a"]);
    await drained(channel);
    await env.DB.prepare(
      "CREATE TRIGGER stuck BEFORE DELETE ON blocks BEGIN SELECT RAISE(ABORT, 'stuck'); END",
    ).run();
    await call("DELETE", `/channels/${channel}`);
    await worker.scheduled(createScheduledController({ scheduledTime: new Date() }), env);
    await env.DB.prepare("DROP TRIGGER stuck").run();
    expect(await kept("key:old")).toBe(0);
  });
});
