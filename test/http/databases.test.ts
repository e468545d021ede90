import { createScheduledController, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, beforeEach, describe, it, vi } from "vitest";

import worker from "../../src/index.ts";
import {
  ADMIN,
  call,
  chat,
  makeChannel,
  numbers,
  ORIGIN,
  postNotes,
  textsOf,
  type ShownPage,
} from "../support/api.ts";
import { countBlocks, listBucket, listNamed, putBlocksOf } from "../support/archive.ts";
import { pass } from "../support/clock.ts";
import { bindDatabases, SPARES, unbindDatabases } from "../support/databases.ts";
import { loseHistory, makeEvents, numberOf, readHistory } from "../support/history.ts";
import { until } from "../support/hooks.ts";
import { evictChannel } from "../support/hubs.ts";
import { drained, forgetJournal } from "../support/objects.ts";
import { connect } from "../support/sockets.ts";

const DAY_MS = 86_400_000;
const { SPARE_1 } = SPARES;

// The minutes in which all objects are asked.
let now = Math.ceil(Date.now() / 300_000) * 300_000;

async function run(): Promise<void> {
  now += 300_000;
  await worker.scheduled(createScheduledController({ scheduledTime: new Date(now) }), env);
}

beforeEach(() => bindDatabases({ HISTORY_1: SPARE_1 }));

afterEach(() => {
  vi.restoreAllMocks();
  unbindDatabases();
});

/** Two channels: one from before there was a further database, and one of after. */
async function makeBoth(settings: Record<string, unknown> = {}) {
  unbindDatabases();
  const earlier = await makeChannel(settings);
  await bindDatabases({ HISTORY_1: SPARE_1 });
  const later = await makeChannel(settings);
  return [
    { channel: earlier, number: await numberOf(earlier), own: env.DB, other: SPARE_1 },
    { channel: later, number: await numberOf(later), own: SPARE_1, other: env.DB },
  ];
}

/** Every row of every table of history that a channel has in a database, counted. */
async function countRows(number: number, db: D1Database): Promise<number> {
  const byPlace = ["blocks", "volumes"].map(
    (table) => `(SELECT count(*) FROM ${table} WHERE place >> 32 = ?1)`,
  );
  const byChannel = ["block_types", "volume_types", "archive_turns"].map(
    (table) => `(SELECT count(*) FROM ${table} WHERE channel = ?1)`,
  );
  const row = await db
    .prepare(`SELECT ${[...byPlace, ...byChannel].join(" + ")} AS count`)
    .bind(number)
    .first<{ count: number }>();
  return row?.count ?? -1;
}

/** The object begins anew, as it does with a deploy that brings another binding. */
async function restart(channel: string): Promise<void> {
  await runInDurableObject(env.CHANNEL.getByName(channel), (_, state) => state.abort()).catch(
    () => {},
  );
}

const pageOf = async (channel: string, query = "order=asc&limit=500"): Promise<ShownPage> =>
  (await call<ShownPage>("GET", `/channels/${channel}/events?${query}`)).body;

async function exportOf(channel: string): Promise<string> {
  const response = await exports.default.fetch(
    `${ORIGIN}/v1/channels/${channel}/events?order=asc`,
    { headers: { authorization: `Bearer ${ADMIN}`, accept: "application/jsonl" } },
  );
  return new TextDecoder().decode(await response.arrayBuffer());
}

describe("a relay with two databases for histories", () => {
  it("keeps each channel's history in the one of its making, for every way to read it", async ({
    expect,
  }) => {
    for (const { channel, number, own, other } of await makeBoth()) {
      await postNotes(channel, numbers(1, 10));
      const [said] = (
        await call<{ ids: string[] }>("POST", `/channels/${channel}/events`, [chat("m1", "hello")])
      ).body.ids;
      await postNotes(channel, numbers(11, 20));
      await drained(channel);
      await forgetJournal(channel);
      expect(await readHistory(number, own)).toHaveLength(21);
      expect(await countRows(number, other)).toBe(0);

      const up = await pageOf(channel);
      expect(up.events).toHaveLength(21);
      expect(await pageOf(channel, "order=desc&limit=500")).toMatchObject({
        events: up.events.toReversed(),
      });
      const messages = await pageOf(channel, "order=asc&types=chat.message");
      expect(messages.events.map(({ id }) => id)).toEqual([said]);
      const since = up.events[0]?.recordedtime ?? "";
      expect((await pageOf(channel, `order=asc&since=${since}`)).events).toEqual(
        up.events.slice(0, 100),
      );
      const lines = (await exportOf(channel)).trim().split("\n");
      expect(lines.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(
        up.events.map(({ id }) => id),
      );
      expect((await call("GET", `/channels/${channel}/events/${said}`)).status).toBe(200);
      const socket = await connect(channel, `?after=${up.events[0]?.id}`);
      expect((await socket.events(20)).map(({ id }) => id)).toEqual(
        up.events.slice(1).map(({ id }) => id),
      );
      socket.close();
    }
  });

  it("erases, cuts off what is too old and takes a deleted channel's rows away in its database, and nothing in the other", async ({
    expect,
  }) => {
    const both = await makeBoth({ retentionDays: 2 });
    for (const { channel } of both) {
      await call("POST", `/channels/${channel}/events`, [chat("m1", "sandbank")]);
      await postNotes(channel, numbers(1, 3));
      await drained(channel);
      await forgetJournal(channel);
    }
    for (const { channel, number, own } of both) {
      const deleted = { type: "chat.message.deleted", data: { messageIds: ["m1"] } };
      await call("POST", `/channels/${channel}/events`, [{ ...deleted, platform: "api" }]);
      await drained(channel);
      const kept = JSON.stringify(await readHistory(number, own));
      expect(kept).not.toContain("sandbank");
      expect(JSON.stringify((await pageOf(channel)).events)).not.toContain("sandbank");
    }
    const [first, second] = both as [(typeof both)[0], (typeof both)[0]];
    for (const { channel, number, own, other } of both) {
      await forgetJournal(channel);
      const untouched = await countRows(first.number, first.own);
      await runInDurableObject(env.CHANNEL.getByName(channel), async (object) => {
        await object["runtime"]?.onAlarm(["retention"], Date.now() + 3 * DAY_MS);
      });
      expect(await readHistory(number, own)).toEqual([]);
      expect(await countRows(number, other)).toBe(0);
      if (channel !== first.channel) {
        expect(await countRows(first.number, first.own)).toBe(untouched);
      }
    }
    for (const { channel } of both) {
      await postNotes(channel, ["again"]);
      await drained(channel);
    }
    await call("DELETE", `/channels/${second.channel}`);
    await run();
    await run();
    expect(await countRows(second.number, second.own)).toBe(0);
    expect(textsOf((await pageOf(first.channel)).events)).toEqual(["again"]);
    await call("DELETE", `/channels/${first.channel}`);
    await run();
    await run();
    expect(await countRows(first.number, first.own)).toBe(0);
  });

  it("has the rows of each channel's archive where its blocks are, and takes them away with it", async ({
    expect,
  }) => {
    for (const { channel, number, own, other } of await makeBoth()) {
      await postNotes(channel, numbers(1, 70));
      await drained(channel);
      await forgetJournal(channel);
      const page = await pageOf(channel);
      const at = Date.now() - 2 * DAY_MS;
      const events = makeEvents(70).map((event, index) => ({
        ...event,
        type: "custom.note",
        at: at + index,
        text: JSON.stringify(page.events[index]),
      }));
      await own.batch([
        own.prepare("DELETE FROM blocks WHERE place >> 32 = ?").bind(number),
        own.prepare("DELETE FROM block_types WHERE channel = ?").bind(number),
      ]);
      await putBlocksOf(number, events, 1, own);
      await evictChannel(channel);
      await postNotes(channel, ["new"]);
      await drained(channel);
      await forgetJournal(channel);
      await pass(3_700_000, [channel]);
      expect(await listNamed(number, own)).toEqual(await listBucket(number));
      expect(await listBucket(number)).toHaveLength(1);
      expect(await countBlocks(number, own)).toBeLessThan(10);
      expect(await countRows(number, other)).toBe(0);
      expect(textsOf((await pageOf(channel)).events)).toEqual([...numbers(1, 70), "new"]);
      await call("DELETE", `/channels/${channel}`);
      for (let runs = 0; runs < 3; runs++) await run();
      expect(await listBucket(number)).toEqual([]);
      expect(await countRows(number, own)).toBe(0);
    }
  });

  it("gives a history again that was put back by itself, and leaves the other alone", async ({
    expect,
  }) => {
    const logged = vi.spyOn(console, "error").mockReturnValue();
    const both = await makeBoth();
    for (const { channel } of both) {
      await postNotes(channel, ["a", "b", "c"]);
      await drained(channel);
    }
    const [, later] = both as [(typeof both)[0], (typeof both)[0]];
    await loseHistory(later.number, ({ seq }) => seq > 1, later.own);
    await run();
    await until(
      async () => (await readHistory(later.number, later.own)).length,
      (length) => length === 3,
    );
    const restored = logged.mock.calls.filter(([what]) =>
      /less than it was given/.test(String(what)),
    );
    expect(restored.map(([, about]) => about as object)).toEqual([
      expect.objectContaining({ channel: later.number }),
    ]);
  });

  it("tells of its databases in its status, and of the size of each", async ({ expect }) => {
    const channel = await makeChannel();
    await postNotes(channel, ["a"]);
    await drained(channel);
    await run();
    const { body } = await call<{ historyDatabases: object[]; troubles: object[] }>(
      "GET",
      "/status",
    );
    expect(body.historyDatabases).toEqual([
      { binding: "HISTORY_1", bytes: expect.any(Number), share: expect.any(Number), isBound: true },
    ]);
    expect(body.troubles).toEqual([]);
  });

  it("is ready once all of its databases have their tables, and while one of histories is away", async ({
    expect,
  }) => {
    vi.spyOn(console, "error").mockReturnValue();
    const ask = async (): Promise<string> =>
      (await exports.default.fetch(`${ORIGIN}/readyz`)).text();
    expect(await ask()).toBe("ready");
    Object.assign(env, { HISTORY_2: SPARES.SPARE_2 });
    expect(await ask()).toBe("not migrated");
    vi.spyOn(SPARES.SPARE_2, "prepare").mockImplementation(() => {
      throw new Error("the database is away");
    });
    expect(await ask()).toBe("ready");
  });

  it("sees to the channels of one database while the other is away", async ({ expect }) => {
    const logged = vi.spyOn(console, "error").mockReturnValue();
    const [earlier] = await makeBoth();
    vi.spyOn(SPARE_1, "withSession").mockImplementation(() => {
      throw new Error("the database is away");
    });
    vi.spyOn(SPARE_1, "prepare").mockImplementation(() => {
      throw new Error("the database is away");
    });
    await postNotes(earlier?.channel ?? "", ["a"]);
    await drained(earlier?.channel ?? "");
    await run();
    const { body } = await call<{ channels: { count: number; reported: number }; cron: object }>(
      "GET",
      "/status",
    );
    expect(body.channels.reported).toBe(body.channels.count);
    expect(body.cron).toMatchObject({ failing: [] });
    expect(logged.mock.calls.map(([what]) => what as string)).toContain(
      "history could not be asked",
    );
  });
});

describe("a channel whose history is in a database that is not bound", () => {
  it("is refused the same way wherever its history is asked for, is told of, and goes on once it is bound", async ({
    expect,
  }) => {
    const logged = vi.spyOn(console, "error").mockReturnValue();
    const channel = await makeChannel();
    const number = await numberOf(channel);
    const [first] = await postNotes(channel, ["a", "b", "c"]);
    await drained(channel);
    await forgetJournal(channel);
    unbindDatabases();
    await restart(channel);
    const detail = "The history of this channel is in a database that the relay cannot reach.";
    const refused = { code: "unavailable", detail };
    for (const path of [
      "events?order=asc",
      "events?order=desc",
      "events?types=custom.*&order=asc",
      `events?since=${new Date(Date.now() - DAY_MS).toISOString()}`,
      `events/${first}`,
    ]) {
      const { status, body } = await call("GET", `/channels/${channel}/${path}`);
      expect([path, status, body]).toEqual([path, 503, expect.objectContaining(refused)]);
    }
    // Nothing of it goes to another database.
    await postNotes(channel, ["d"]);
    await run();
    expect(await countRows(number, env.DB)).toBe(0);
    const messages = logged.mock.calls.map(([what, about]) => [what, about]);
    expect(messages).toContainEqual([
      "request failed",
      expect.objectContaining({ message: expect.stringContaining("HISTORY_1") }),
    ]);
    const { body } = await call<{ historyDatabases: object[]; troubles: object[] }>(
      "GET",
      "/status",
    );
    expect(body.troubles).toContainEqual(
      expect.objectContaining({ kind: "database_missing", subject: "HISTORY_1" }),
    );
    expect(body.historyDatabases).toContainEqual(
      expect.objectContaining({ binding: "HISTORY_1", isBound: false }),
    );

    await bindDatabases({ HISTORY_1: SPARE_1 });
    await restart(channel);
    await drained(channel);
    expect(textsOf((await pageOf(channel)).events)).toEqual(["a", "b", "c", "d"]);
    await run();
    expect((await call<{ troubles: object[] }>("GET", "/status")).body.troubles).toEqual([]);
  });

  it("is taken away once it is bound, and not before, where it was deleted meanwhile", async ({
    expect,
  }) => {
    vi.spyOn(console, "error").mockReturnValue();
    const channel = await makeChannel();
    const number = await numberOf(channel);
    await postNotes(channel, ["a"]);
    await drained(channel);
    unbindDatabases();
    await call("DELETE", `/channels/${channel}`);
    await run();
    await run();
    expect(await countRows(number, SPARE_1)).toBeGreaterThan(0);
    await bindDatabases({ HISTORY_1: SPARE_1 });
    await run();
    await run();
    expect(await countRows(number, SPARE_1)).toBe(0);
    const left = await env.DB.prepare("SELECT * FROM purges WHERE channel = ?").bind(number).all();
    expect(left.results).toEqual([]);
  });
});
