import { createScheduledController, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it } from "vitest";

import type { ChannelCalls } from "../../src/calls/channel.ts";
import worker from "../../src/index.ts";
import { makeChannel } from "../support/api.ts";
import { LIMITS } from "../support/limits.ts";
import { OWNER } from "../support/objects.ts";

// Three bytes each: what counts in characters is a third of the way.
const WIDE_MAX = "字".repeat(Math.floor(LIMITS.valueBytes / 3) - 100);
const WIDE_OVER = "字".repeat(Math.floor(LIMITS.valueBytes / 3) + 1);
const MARKS = Array.from({ length: LIMITS.parameters + 1 }, () => "?").join(", ");
const MANY = Array.from({ length: LIMITS.parameters + 1 }, () => 1);
const LONG = `SELECT '${"x".repeat(LIMITS.statementBytes)}'`;
const META = "INSERT INTO meta (key, value) VALUES (?, ?)";

function onObject(channel: string, query: string, ...values: SqlStorageValue[]): Promise<unknown> {
  return runInDurableObject(env.CHANNEL.getByName(channel), (_, { storage }) =>
    storage.sql.exec(query, ...values).toArray(),
  );
}

describe("In these tests an object's storage", () => {
  it("takes what production takes", async ({ expect }) => {
    const channel = await makeChannel();
    await onObject(channel, META, "wide", WIDE_MAX);
    await expect(onObject(channel, "SELECT 1 AS one")).resolves.toEqual([{ one: 1 }]);
  });

  it("refuses a value of more than 2,000,000 bytes", async ({ expect }) => {
    const channel = await makeChannel();
    await expect(onObject(channel, META, "wide", WIDE_OVER)).rejects.toThrow("SQLITE_TOOBIG");
    const blob = new ArrayBuffer(LIMITS.valueBytes + 1);
    await expect(onObject(channel, "SELECT length(?)", blob)).rejects.toThrow("SQLITE_TOOBIG");
  });

  it("refuses a row of more than 2,000,000 bytes", async ({ expect }) => {
    const channel = await makeChannel();
    const half = "x".repeat(LIMITS.valueBytes / 2 + 1);
    await expect(onObject(channel, META, half, half)).rejects.toThrow("SQLITE_TOOBIG");
  });

  it("refuses more than 100 parameters and a statement over 100 KB", async ({ expect }) => {
    const channel = await makeChannel();
    await expect(onObject(channel, `SELECT ${MARKS}`, ...MANY)).rejects.toThrow("variables");
    await expect(onObject(channel, LONG)).rejects.toThrow("too long");
  });
});

describe("In these tests D1", () => {
  it("refuses a value of more than 2,000,000 bytes, alone, in a batch and in a session", async ({
    expect,
  }) => {
    const ask = (value: unknown) => env.DB.prepare("SELECT length(?) AS size").bind(value);
    await expect(ask(WIDE_MAX).first("size")).resolves.toBe(WIDE_MAX.length);
    await expect(ask(WIDE_OVER).first("size")).rejects.toThrow("SQLITE_TOOBIG");
    await expect(ask(WIDE_OVER).run()).rejects.toThrow("SQLITE_TOOBIG");
    await expect(ask(WIDE_OVER).all()).rejects.toThrow("SQLITE_TOOBIG");
    await expect(ask(WIDE_OVER).raw()).rejects.toThrow("SQLITE_TOOBIG");
    await expect(env.DB.batch([ask(1), ask(WIDE_OVER)])).rejects.toThrow("SQLITE_TOOBIG");
    const session = env.DB.withSession();
    const asked = session.prepare("SELECT length(?)").bind(WIDE_OVER);
    await expect(asked.run()).rejects.toThrow("SQLITE_TOOBIG");
    await expect(session.batch([asked])).rejects.toThrow("SQLITE_TOOBIG");
  });

  it("refuses more than 100 parameters and a statement over 100 KB", async ({ expect }) => {
    const many = env.DB.prepare(`SELECT ${MARKS}`).bind(...MANY);
    await expect(many.run()).rejects.toThrow("variables");
    await expect(env.DB.prepare(LONG).run()).rejects.toThrow("too long");
    await expect(env.DB.exec(LONG)).rejects.toThrow("too long");
  });

  it("answers 1,000 queries of an invocation and no more", async ({ expect }) => {
    const run = async (count: number): Promise<string[]> => {
      const refusals: string[] = [];
      await worker.scheduled(createScheduledController(), { ...env, DB: asking(count, refusals) });
      return refusals;
    };
    // What cron asks beside comes on top.
    expect(await run(LIMITS.queries - 100)).toEqual([]);
    expect(await run(LIMITS.queries + 1)).toEqual([
      expect.stringContaining("Too many API requests"),
    ]);
    expect(await run(LIMITS.queries - 100)).toEqual([]);
  });
});

/** A database that asks so many things for every statement with something bound to it. */
function asking(count: number, refusals: string[]): D1Database {
  const one = env.DB.prepare("SELECT 1 AS one");
  const all = async (): Promise<unknown> => {
    try {
      for (let asked = 0; asked < count / 2; asked++) await one.all();
      await env.DB.batch(Array.from({ length: count / 2 }, () => one));
    } catch (error) {
      // Cron goes on with the rest of its work.
      refusals.push(String(error));
    }
    return { results: [] };
  };
  let isAsked = false;
  return new Proxy(env.DB, {
    get(target, name) {
      if (name === "prepare" && !isAsked) {
        isAsked = true;
        return () => ({ bind: () => ({ all }) });
      }
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

describe("In these tests a call between objects", () => {
  it("carries no more than 32 MiB, there and back", async ({ expect }) => {
    const channel = env.CHANNEL.getByName(await makeChannel());
    const calls = channel as unknown as ChannelCalls;
    const half = "x".repeat(LIMITS.messageBytes / 2);
    const draft = { type: "custom.big", platform: "api", data: { a: half, b: half } } as const;
    const post = async (): Promise<unknown> => await calls.post(OWNER, [draft], 0);
    await expect(post()).rejects.toThrow("32MiB");
    await runInDurableObject(channel, (instance) => {
      Object.assign(instance, { runtime: { views: { connections: () => [half, half] } } });
    });
    const look = async (): Promise<unknown> => await calls.connections();
    await expect(look()).rejects.toThrow("32MiB");
  });
});
