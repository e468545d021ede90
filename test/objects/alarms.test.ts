import {
  evictDurableObject,
  createScheduledController,
  runDurableObjectAlarm,
  runInDurableObject,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, it, vi } from "vitest";

import worker from "../../src/index.ts";
import { keepAwake } from "../../src/objects/alarms.ts";
import { migrateJournal } from "../../src/store/journal/schema.ts";
import { call, makeChannel, postNotes } from "../support/api.ts";
import { Hook, webhookObject } from "../support/hooks.ts";
import { crowd, hubsOf } from "../support/hubs.ts";
import { connect } from "../support/sockets.ts";

beforeEach(() => crowd(2_000));

type Stub = DurableObjectStub;

const alarmOf = (stub: Stub): Promise<number | null> =>
  runInDurableObject(stub, (_, { storage }) => storage.getAlarm());

/** Takes an object's alarm away, as the platform does after six failures, and its memory as well. */
async function loseAlarm(stub: Stub): Promise<void> {
  const lost = runInDurableObject(stub, async (_, state) => {
    await state.storage.deleteAlarm();
    await state.storage.sync();
    state.abort();
  });
  await lost.catch(() => {});
}

/** Runs the cron in a minute in which every object is looked after. */
async function runCron(): Promise<void> {
  const scheduledTime = new Date(Math.ceil(Date.now() / 300_000) * 300_000);
  await worker.scheduled(createScheduledController({ scheduledTime }), env);
}

/** A channel that has something to be woken for: its provider is dialled again and again. */
async function busyChannel(): Promise<string> {
  const channel = await makeChannel();
  await call("POST", `/channels/${channel}/providers`, {
    protocol: "dlive",
    target: { streamer: "nobody" },
    url: "ws://127.0.0.1:9/",
  });
  return channel;
}

/** The alarm of a busy channel before it is lost, and after something has touched the channel. */
async function alarmsOfChannel(
  lose: (stub: DurableObjectStub) => Promise<unknown>,
  touch: (channel: string) => Promise<unknown>,
): Promise<{ before: number | null; after: number | null }> {
  const channel = await busyChannel();
  const object = () => env.CHANNEL.getByName(channel);
  const before = await alarmOf(object());
  await lose(object());
  await touch(channel);
  const after = await alarmOf(object());
  await call("DELETE", `/channels/${channel}`);
  return { before, after };
}

describe("an alarm that was lost", () => {
  it.for([
    ["an event", (channel: string) => postNotes(channel, ["a"])],
    ["a look at the status", (channel: string) => call("GET", `/channels/${channel}/status`)],
    ["the cron", () => runCron()],
  ] as const)("is set again in a channel by %s", async ([, touch], { expect }) => {
    const { before, after } = await alarmsOfChannel(loseAlarm, touch);
    expect(before).not.toBe(null);
    expect(after).not.toBe(null);
    expect(after).toBeLessThanOrEqual(Date.now() + 60_000);
  });

  it("is set again in a hub by the cron", async ({ expect }) => {
    crowd(0);
    const channel = await makeChannel();
    const socket = await connect(channel);
    await socket.nextOf("hello");
    const [name = ""] = await hubsOf(channel);
    const object = () => env.HUB.getByName(name);
    expect(await alarmOf(object())).not.toBe(null);
    await runInDurableObject(object(), (_, { storage }) => storage.deleteAlarm());
    await evictDurableObject(object());
    await runCron();
    expect(await alarmOf(object())).not.toBe(null);
    socket.close();
  });

  it("is set again in a webhook by the cron", async ({ expect }) => {
    const channel = await makeChannel();
    const hook = new Hook();
    await hook.reply({ status: 204 }, { status: 500 });
    const { id } = await hook.attach(channel);
    await postNotes(channel, ["not taken"]);
    await hook.until(2);
    const object = () => webhookObject(channel, id);
    await runDurableObjectAlarm(await object());
    expect(await alarmOf(await object())).not.toBe(null);
    await loseAlarm(await object());
    await runCron();
    expect(await alarmOf(await object())).not.toBe(null);
    await call("DELETE", `/channels/${channel}`);
  });
});

/** Takes an object's alarm away; what it knows of it stays, and two minutes go by. */
async function loseAlarmOnly(stub: Stub): Promise<void> {
  await runInDurableObject(stub, (_, { storage }) => storage.deleteAlarm());
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 120_000 });
}

describe("an alarm that was lost while its object stayed in memory", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it.for([
    ["an event", (channel: string) => postNotes(channel, ["a"])],
    ["a look at the status", (channel: string) => call("GET", `/channels/${channel}/status`)],
  ] as const)("is set again in a channel by %s", async ([, touch], { expect }) => {
    const { before, after } = await alarmsOfChannel(loseAlarmOnly, touch);
    expect(before).not.toBe(null);
    expect(after).not.toBe(null);
    expect(after).toBeLessThanOrEqual(Date.now() + 60_000);
  });

  it("is set again in a hub by an event of a channel that it follows", async ({ expect }) => {
    crowd(0);
    const channel = await makeChannel();
    const socket = await connect(channel);
    await socket.nextOf("hello");
    const [name = ""] = await hubsOf(channel);
    const object = () => env.HUB.getByName(name);
    await loseAlarmOnly(object());
    vi.setSystemTime(Date.now() + 120_000);
    await postNotes(channel, ["a"]);
    await socket.events(1);
    expect(await alarmOf(object())).not.toBe(null);
    socket.close();
  });

  it("is set again in a webhook by an event", async ({ expect }) => {
    const channel = await makeChannel();
    const hook = new Hook();
    await hook.reply({ status: 204 }, { status: 500 });
    const { id } = await hook.attach(channel);
    await postNotes(channel, ["not taken"]);
    await hook.until(2);
    const object = () => webhookObject(channel, id);
    await runDurableObjectAlarm(await object());
    await loseAlarmOnly(await object());
    await postNotes(channel, ["nor this"]);
    await hook.until(3);
    expect(await alarmOf(await object())).toBeLessThanOrEqual(Date.now() + 60_000);
    await call("DELETE", `/channels/${channel}`);
  });
});

describe("an object that cannot be put together", () => {
  it("is woken for another try, if it has anything to be woken for", async ({ expect }) => {
    const stub = env.CHANNEL.getByName(`broken-${crypto.randomUUID()}`);
    const fail = (): never => {
      throw new Error("a step of the schema fails");
    };
    await runInDurableObject(stub, async (_, { storage }) => {
      await expect(keepAwake(storage, fail)).rejects.toThrow("a step of the schema fails");
      expect(await storage.getAlarm()).toBe(null);
      migrateJournal(storage.sql);
      await expect(keepAwake(storage, fail)).rejects.toThrow("a step of the schema fails");
      expect(await storage.getAlarm()).toBeGreaterThan(Date.now());
      await storage.deleteAll();
    });
  });
});
