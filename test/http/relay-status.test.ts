import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, describe, it, vi } from "vitest";

import type { RelayStatus } from "../../src/http/schemas/relay-status.ts";
import worker from "../../src/index.ts";
import { ChannelObject } from "../../src/objects/channel/object.ts";
import { call, makeChannel, postNotes } from "../support/api.ts";
import { keyFor } from "../support/authority.ts";
import { Emulated } from "../support/emulated.ts";
import { Hook, shown, until, type Received } from "../support/hooks.ts";
import { methodOf } from "../support/methods.ts";
import { connect } from "../support/sockets.ts";

const restream = new Emulated("restream");
const SECRET = `whsec_${btoa("a-secret-of-twenty-four-b")}`;
const MINUTE = 60_000;

interface Alarm {
  readonly type: string;
  readonly data: { kind: string; channel: string | null; subject: string | null; detail: string };
}

let now = 0;
beforeEach(async () => {
  await restream.reset();
  // A time at which everything is looked after.
  now = Math.ceil(Math.max(now, Date.now()) / 300_000) * 300_000;
  await env.DB.batch(
    ["troubles", "alarms", "notes", "reports", "rounds"].map((table) =>
      env.DB.prepare(`DELETE FROM ${table}`),
    ),
  );
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  // What is wrong with the channels of one test is no news to the next.
  const { body } = await call<{ data: { id: string }[] }>("GET", "/channels?limit=200");
  for (const { id } of body.data) await call("DELETE", `/channels/${id}`);
});

/** Runs the cron at the next minute in which all are asked, with settings beside the usual. */
async function run(settings: Record<string, string> = {}): Promise<void> {
  now += 300_000;
  await runAt(now, settings);
}

async function runAt(time: number, settings: Record<string, string> = {}): Promise<void> {
  const controller = createScheduledController({ scheduledTime: new Date(time) });
  await worker.scheduled(controller, { ...env, ...settings });
}

const toldTo = (hook: Hook) => ({ ALARM_WEBHOOK_URL: hook.url, ALARM_WEBHOOK_SECRET: SECRET });
const read = ({ body }: Received): Alarm => JSON.parse(body) as Alarm;
const status = async (): Promise<RelayStatus> => (await call<RelayStatus>("GET", "/status")).body;

/** A channel with a provider that has given up. */
async function withStopped(): Promise<{ channel: string; provider: string }> {
  const channel = await makeChannel();
  await restream.do({ action: "token", value: "another" });
  const provider = await restream.link(channel);
  await until(
    () => call<{ providers: { phase: string }[] }>("GET", `/channels/${channel}/status`),
    ({ body }) => body.providers[0]?.phase === "stopped",
  );
  return { channel, provider };
}

/** A channel with a webhook whose receiver says that it is gone. */
async function withDisabled(): Promise<{ channel: string; webhook: string }> {
  const channel = await makeChannel();
  const hook = new Hook();
  const { id } = await hook.attach(channel);
  await hook.reply({ status: 410 });
  await postNotes(channel, ["a"]);
  await until(
    () => shown(channel, id),
    ({ enabled }) => !enabled,
  );
  return { channel, webhook: id };
}

describe("the relay's status", () => {
  it("tells of the database, the cron, channels and hubs, by what they have reported", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const socket = await connect(channel);
    await run();
    const body = await status();
    expect(body.database.bytes).toBeGreaterThan(0);
    expect(body.cron).toMatchObject({ lastRunAt: new Date(now).toISOString(), failing: [] });
    expect(body.channels.reported).toBe(body.channels.count);
    expect(body.channels.sockets).toBeGreaterThanOrEqual(1);
    expect(body.hubs.map(({ hub }) => hub)).toEqual([0, 1, 2, 3]);
    expect(body.history.maxLagMs).toBeGreaterThanOrEqual(0);
    socket.close();
  });

  it("names providers that stopped and webhooks that are disabled, but not by their owner", async ({
    expect,
  }) => {
    const stopped = await withStopped();
    const disabled = await withDisabled();
    const byOwner = await makeChannel();
    await new Hook().attach(byOwner, { enabled: false });
    await run();
    const body = await status();
    expect(body.providers.stopped).toEqual([
      expect.objectContaining({
        channel: stopped.channel,
        id: stopped.provider,
        protocol: "restream",
      }),
    ]);
    expect(body.webhooks.disabled).toEqual([disabled]);
    expect(body.troubles.map(({ kind }) => kind).toSorted()).toEqual([
      "provider_stopped",
      "webhook_disabled",
    ]);
    expect(body.alarms).toEqual({ enabled: false, waiting: 0 });
  });

  it("asks no object, and the database a bounded number of times", async ({ expect }) => {
    await Promise.all([makeChannel(), makeChannel(), makeChannel()]);
    await run();
    const asked = vi.spyOn(ChannelObject.prototype, "status");
    const ensured = vi.spyOn(ChannelObject.prototype, "ensure");
    const queries = vi.spyOn(env.DB, "withSession");
    await status();
    expect([asked.mock.calls.length, ensured.mock.calls.length]).toEqual([0, 0]);
    expect(queries.mock.calls.length).toBeLessThanOrEqual(2);
  });

  it("is for whoever has channels:manage, bound to no channel", async ({ expect }) => {
    const channel = await makeChannel();
    const ask = async (key: string | null): Promise<number> =>
      (await call("GET", "/status", undefined, { key })).status;
    expect(await ask((await keyFor([channel])).key)).toBe(403);
    expect(await ask((await keyFor(null, ["events:read"])).key)).toBe(403);
    expect(await ask((await keyFor(null, ["channels:manage"])).key)).toBe(200);
    expect(await ask(null)).toBe(401);
  });

  it("forgets what a channel had reported once it is gone", async ({ expect }) => {
    const { channel } = await withStopped();
    await run();
    await call("DELETE", `/channels/${channel}`);
    expect((await status()).providers.stopped).toEqual([]);
  });
});

describe("whoever operates the relay", () => {
  it("is told once when a trouble begins and once when it has ended, signed", async ({
    expect,
  }) => {
    const alarms = new Hook();
    const { channel, provider } = await withStopped();
    for (let runs = 0; runs < 3; runs++) await run(toldTo(alarms));
    const [began] = await alarms.until(1);
    if (began === undefined) throw new Error("not told");
    expect(read(began)).toMatchObject({
      type: "relay.trouble.began",
      data: { kind: "provider_stopped", channel, subject: provider },
    });
    // The time of the signature is the first run's, which is ahead of the clock.
    const signedAt = Number(began.headers["webhook-timestamp"]) * 1_000;
    vi.useFakeTimers({ toFake: ["Date"], now: signedAt });
    expect(new Webhook(SECRET).verify(began.body, began.headers)).toMatchObject({
      specversion: "1.0",
    });
    vi.useRealTimers();
    await call("DELETE", `/channels/${channel}/providers/${provider}`);
    for (let runs = 0; runs < 3; runs++) await run(toldTo(alarms));
    const told = (await alarms.until(2)).map(read);
    expect(told.map(({ type }) => type)).toEqual(["relay.trouble.began", "relay.trouble.ended"]);
    expect(told[1]?.data).toMatchObject({ kind: "provider_stopped", subject: provider });
    expect((await status()).troubles).toEqual([]);
  });

  it("is told in order and without a loss where the receiver was away", async ({ expect }) => {
    const alarms = new Hook();
    await alarms.reply({ status: 503 }, { status: 204 });
    vi.spyOn(console, "error").mockReturnValue();
    const { channel, provider } = await withStopped();
    await run(toldTo(alarms));
    expect((await status()).alarms.waiting).toBe(1);
    await call("DELETE", `/channels/${channel}/providers/${provider}`);
    await run(toldTo(alarms));
    const told = await alarms.until(3);
    expect(told.map((each) => read(each).type)).toEqual([
      "relay.trouble.began",
      "relay.trouble.began",
      "relay.trouble.ended",
    ]);
    expect(told[0]?.headers["webhook-id"]).toBe(told[1]?.headers["webhook-id"]);
    expect((await status()).alarms.waiting).toBe(0);
  });

  it("is told nothing unsigned", async ({ expect }) => {
    const alarms = new Hook();
    const logged = vi.spyOn(console, "error").mockReturnValue();
    await withStopped();
    await run({ ALARM_WEBHOOK_URL: alarms.url, ALARM_WEBHOOK_SECRET: "not-a-secret" });
    expect(logged).toHaveBeenCalledWith(
      "alarm could not be told",
      expect.objectContaining({ message: expect.stringContaining("whsec_") as string }),
    );
    expect(await alarms.until(0)).toEqual([]);
  });

  it.for([
    ["requests", "idempotency"],
    ["revocations", "revocations"],
    ["people", "person_erasures"],
  ] as const)(
    "is told of %s that fail run after run, and when that is done again",
    async ([work, table], { expect }) => {
      const alarms = new Hook();
      vi.spyOn(console, "error").mockReturnValue();
      await env.DB.exec(`ALTER TABLE ${table} RENAME TO ${table}_away`);
      try {
        for (let runs = 0; runs < 5; runs++) await runAt((now += MINUTE), toldTo(alarms));
        expect((await status()).cron.failing).toMatchObject([{ work, runs: 5 }]);
      } finally {
        await env.DB.exec(`ALTER TABLE ${table}_away RENAME TO ${table}`);
      }
      await runAt((now += MINUTE), toldTo(alarms));
      const told = (await alarms.until(2)).map(read);
      expect(told.map(({ type, data }) => [type, data.kind, data.subject])).toEqual([
        ["relay.trouble.began", "cron_failing", work],
        ["relay.trouble.ended", "cron_failing", work],
      ]);
    },
  );

  it("hears nothing of a trouble's end from an object that cannot be asked", async ({ expect }) => {
    const alarms = new Hook();
    vi.spyOn(console, "error").mockReturnValue();
    const { channel } = await withStopped();
    await run(toldTo(alarms));
    const ensure = methodOf(ChannelObject.prototype, "ensure");
    vi.spyOn(ChannelObject.prototype, "ensure").mockImplementation(function orFail(
      this: ChannelObject,
      seen,
    ) {
      const { name } = (this as unknown as { ctx: DurableObjectState }).ctx.id;
      if (name === channel) throw new Error("lost on the way");
      return ensure.call(this, seen);
    });
    await run(toldTo(alarms));
    expect((await alarms.until(1)).length).toBe(1);
    expect((await status()).troubles).toHaveLength(1);
  });
});
