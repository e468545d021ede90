import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it } from "vitest";

import { ERASURES_MAX_BYTES } from "../../../src/calls/history.ts";
import { PROVIDERS_MAX } from "../../../src/calls/provider.ts";
import { addErasures } from "../../../src/store/journal/erasures.ts";
import {
  addAttempts,
  listAttempts,
  type AttemptRecord,
} from "../../../src/store/queue/attempts.ts";
import { migrateQueue } from "../../../src/store/queue/schema.ts";
import { call, makeChannel, postNotes } from "../../support/api.ts";

/*
 * An answer of an object stays below what a call can carry, whatever there is: pages and slices
 * are bounded where they are read, and these are the lists.
 */

describe("an object's answer", () => {
  it("is that a history is not up to date, where too much is still to be erased in it", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const [id] = await postNotes(channel, ["a"]);
    const ids = Array.from({ length: 1_000 }, () => "x".repeat(60));
    const scope = { kind: "messages" as const, ids };
    const erasure = { provider: "api", platform: "api", scope };
    const bytes = JSON.stringify({ seq: 1, ...erasure }).length;
    await runInDurableObject(env.CHANNEL.getByName(channel), (_, { storage }) => {
      for (let seq = 1; seq * bytes <= ERASURES_MAX_BYTES + bytes; seq += 1) {
        addErasures(storage.sql, [{ seq, ...erasure }]);
      }
    });
    const page = await call("GET", `/channels/${channel}/events`);
    expect([page.status, page.body["code"]]).toEqual([503, "unavailable"]);
    expect(page.headers.get("retry-after")).not.toBe(null);
    // What the journal has is known to be erased where it was.
    expect((await call("GET", `/channels/${channel}/events/${id}`)).status).toBe(200);
  });

  it("has the last attempts of a delivery that was tried again and again", async ({ expect }) => {
    const stub = env.WEBHOOK.getByName(`attempts/${crypto.randomUUID()}`);
    await runInDurableObject(stub, async (_, { storage }) => {
      migrateQueue(storage.sql);
      const record = (number: number): AttemptRecord => ({
        number,
        at: 0,
        trigger: "manual",
        class: "transient",
        reason: "server_error",
        detail: null,
        url: "https://hooks.example/",
        traceId: null,
        requestHeaders: {},
        requestBytes: 1,
        status: 500,
        responseHeaders: { long: "h".repeat(10_000) },
        body: "字".repeat(4_000),
        bodyBytes: 12_000,
        bodyCut: false,
        headersMs: 1,
        endMs: 1,
        nextAt: null,
        why: "manual",
      });
      for (let number = 1; number <= 400; number += 1) {
        addAttempts(storage.sql, [{ delivery: 1, record: record(number) }]);
      }
      const listed = listAttempts(storage.sql, 1).map(({ number }) => number);
      expect([listed.length > 100, listed.length < 250, listed.at(-1)]).toEqual([true, true, 400]);
      expect(listed).toEqual(Array.from(listed, (_each, index) => 401 - listed.length + index));
      await storage.deleteAll();
    });
  });

  it("lists all providers of a channel, which has so many at most", async ({ expect }) => {
    const channel = await makeChannel();
    const link = (streamer: string) =>
      call("POST", `/channels/${channel}/providers`, {
        protocol: "dlive",
        target: { streamer },
        enabled: false,
      });
    for (let index = 0; index < PROVIDERS_MAX; index += 1) {
      expect((await link(`s${index}`)).status).toBe(201);
    }
    const { status, body } = await link("one-more");
    expect([status, body["code"]]).toEqual([409, "provider_limit"]);
    const { body: list } = await call<{ data: unknown[] }>(
      "GET",
      `/channels/${channel}/providers?limit=200`,
    );
    expect(list.data).toHaveLength(PROVIDERS_MAX);
  });
});
