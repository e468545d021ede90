import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, it, vi } from "vitest";

import worker from "../../src/index.ts";
import { ChannelObject } from "../../src/objects/channel/object.ts";
import { meterDatabases } from "../../src/store/history/databases.ts";
import { meterDatabase } from "../../src/store/history/metered.ts";
import { call, makeChannel, postNotes } from "../support/api.ts";
import { readHistory } from "../support/history.ts";
import { methodOf } from "../support/methods.ts";
import { drained } from "../support/objects.ts";
import { connect } from "../support/sockets.ts";

const DAY_MS = 86_400_000;

/** Runs the cron as it would run at a time. */
async function runAt(time: number): Promise<void> {
  const controller = createScheduledController({ scheduledTime: new Date(time) });
  await worker.scheduled(controller, env);
}

const countKept = async (number: number): Promise<number> => (await readHistory(number)).length;

const countBlocks = async (number: number): Promise<number> =>
  (await env.DB.prepare("SELECT count(*) AS n FROM blocks WHERE place >> 32 = ?")
    .bind(number)
    .first<number>("n")) ?? 0;

describe("every minute", () => {
  it("takes away what deleted channels left behind", async ({ expect }) => {
    const channel = await makeChannel();
    const { body } = await call<{ number: number }>("GET", `/channels/${channel}`);
    await postNotes(channel, ["a", "b", "c"]);
    await drained(channel);
    expect(await countKept(body.number)).toBe(3);
    await call("DELETE", `/channels/${channel}`);
    await runAt(Date.now());
    expect(await countKept(body.number)).toBe(0);
    await runAt(Date.now() + 120_000);
    const purges = await env.DB.prepare("SELECT * FROM purges WHERE channel = ?")
      .bind(body.number)
      .all();
    expect(purges.results).toEqual([]);
  });

  it("asks the database 30 times at most in a minute in which there is nothing to do", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    await postNotes(channel, ["a"]);
    await drained(channel);
    await runAt(fifth());
    let asked = 0;
    const metered = meterDatabases(env, (count) => {
      asked += count;
    });
    const controller = createScheduledController({ scheduledTime: new Date(fifth()) });
    await worker.scheduled(controller, metered);
    expect(asked).toBeLessThanOrEqual(30);
  });

  it("forgets requests after a day", async ({ expect }) => {
    const channel = await makeChannel();
    const post = () =>
      call("POST", `/channels/${channel}/tickets`, undefined, {
        headers: { "idempotency-key": "k" },
      });
    await post();
    expect((await post()).headers.get("idempotency-replayed")).toBe("true");
    await runAt(Date.now() + DAY_MS + 60_000);
    expect((await post()).headers.get("idempotency-replayed")).toBe(null);
  });
});

/** The next minute in which everything is looked after. */
const fifth = (): number => Math.ceil(Date.now() / 300_000) * 300_000;

describe("a run", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("closes a channel to strangers that could not be told so when it was", async ({ expect }) => {
    const channel = await makeChannel({ public: true });
    const socket = await connect(channel, "", { key: null });
    await socket.nextOf("hello");
    vi.spyOn(ChannelObject.prototype, "refresh").mockRejectedValue(new Error("lost"));
    const changed = await call("PATCH", `/channels/${channel}`, { public: false });
    expect([changed.status, changed.body["code"]]).toEqual([503, "unavailable"]);
    vi.restoreAllMocks();
    await runAt(Date.now());
    expect((await socket.closed).code).toBe(4001);
  });

  it("makes a channel known to an object that could not be told of it", async ({ expect }) => {
    const id = await makeChannel();
    // So that its object is awake, and knows of none.
    await call("DELETE", `/channels/${id}`);
    vi.spyOn(ChannelObject.prototype, "refresh").mockRejectedValue(new Error("lost"));
    expect((await call("POST", "/channels", { id })).status).toBe(201);
    vi.restoreAllMocks();
    await runAt(Date.now());
    expect(await postNotes(id, ["a"])).toHaveLength(1);
  });

  it("tells an object of a change that the database alone knows of", async ({ expect }) => {
    const channel = await makeChannel({ public: true });
    const socket = await connect(channel, "", { key: null });
    await socket.nextOf("hello");
    const at = Date.now() + 1;
    await env.DB.prepare("UPDATE channels SET public = 0, updated_at = ? WHERE id = ?")
      .bind(at, channel)
      .run();
    await runAt(fifth());
    expect((await socket.closed).code).toBe(4001);
  });

  it("does the rest of its work where one channel fails", async ({ expect }) => {
    const [first = "", second = ""] = [await makeChannel(), await makeChannel()].toSorted();
    const doomed = [await makeChannel(), await makeChannel()];
    for (const id of doomed) await postNotes(id, ["a"]);
    const numbers = await Promise.all(
      [first, second, ...doomed].map(
        async (id) => (await call<{ number: number }>("GET", `/channels/${id}`)).body.number,
      ),
    );
    for (const id of doomed) await drained(id);
    const destroy = methodOf(ChannelObject.prototype, "destroy");
    const ensure = methodOf(ChannelObject.prototype, "ensure");
    vi.spyOn(ChannelObject.prototype, "destroy").mockImplementation(function orFail(
      this: ChannelObject,
      number,
    ) {
      if (number === numbers[2]) return Promise.reject(new Error("broken"));
      return destroy.call(this, number);
    });
    const ensured: string[] = [];
    vi.spyOn(ChannelObject.prototype, "ensure").mockImplementation(function orFail(
      this: ChannelObject,
      seen,
    ) {
      const number = seen?.number ?? 0;
      if (number === numbers[0]) return Promise.reject(new Error("broken"));
      if (number === numbers[1]) ensured.push(second);
      return ensure.call(this, seen);
    });
    for (const id of doomed) await call("DELETE", `/channels/${id}`);
    await runAt(fifth());
    expect(ensured).toEqual([second]);
    const left = await env.DB.prepare("SELECT channel FROM purges WHERE channel IN (?, ?)")
      .bind(numbers[2] ?? 0, numbers[3] ?? 0)
      .all();
    expect(left.results).toContainEqual({ channel: numbers[2] });
    expect(await countKept(numbers[3] ?? 0)).toBe(0);
    vi.restoreAllMocks();
    await runAt(Date.now());
    expect(await countKept(numbers[2] ?? 0)).toBe(0);
  });
});

/** Puts something in the way of D1's own limits: what a run asks, and whether it was refused. */
function countAsked(): { asked: number } {
  const count = { asked: 0 };
  const { DB } = env;
  const metered = meterDatabase(DB, (queries) => {
    count.asked += queries;
  });
  Object.assign(env, { DB: metered });
  undo.push(() => Object.assign(env, { DB }));
  return count;
}

const undo: (() => void)[] = [];

/** Writes so many channels, whose objects need not be there. */
async function writeChannels(prefix: string, count: number, untold = 0): Promise<void> {
  await env.DB.prepare(
    `INSERT INTO channels
       (id, name, epoch, public, retention_days, mode, created_at, updated_at, untold)
     SELECT ?1 || substr('0000' || value, -4), 'x', 'aaaaaaaaaa', 0, 30, 'always', 0, 0, ?3
     FROM json_each(?2)`,
  )
    .bind(prefix, JSON.stringify(Array.from({ length: count }, (_, index) => index)), untold)
    .run();
}

/** Has every object answer at once, whatever it is asked. */
function replaceObjects(): void {
  const { CHANNEL, HUB } = env;
  const nothing = (): Promise<null> => Promise.resolve(null);
  const stub = { refresh: nothing, ensure: nothing, dismiss: nothing, destroy: nothing };
  Object.assign(env, { CHANNEL: { getByName: () => stub }, HUB: { getByName: () => stub } });
  undo.push(() => Object.assign(env, { CHANNEL, HUB }));
}

describe("what a run asks of the database", () => {
  afterEach(async () => {
    for (const restore of undo.splice(0)) restore();
    vi.restoreAllMocks();
    await env.DB.batch(
      [
        "channels WHERE id GLOB 'a-[0-9]*'",
        "channels WHERE id GLOB 'b-[0-9]*'",
        "revocations",
        "purges",
        "rounds",
      ].map((which) => env.DB.prepare(`DELETE FROM ${which}`)),
    );
  });

  it("is no more than D1 answers, however much of everything there is to do", async ({
    expect,
  }) => {
    replaceObjects();
    await writeChannels("a-", 600);
    await writeChannels("b-", 200, 1);
    const numbered = JSON.stringify(Array.from({ length: 200 }, (_, index) => index));
    await env.DB.prepare(
      `INSERT INTO revocations (credential, channels, reached, created_at)
       SELECT 'r' || value, '["a-0001"]', NULL, value FROM json_each(?)`,
    )
      .bind(numbered)
      .run();
    await env.DB.prepare(
      `INSERT INTO purges (channel, created_at, id) SELECT 1000000 + value, 0, NULL FROM json_each(?)`,
    )
      .bind(numbered)
      .run();
    const reports = vi.spyOn(console, "error").mockReturnValue();
    for (let run = 0; run < 5; run++) {
      const count = countAsked();
      await runAt(fifth() + run * 60_000);
      expect(count.asked).toBeLessThanOrEqual(900);
    }
    expect(reports).not.toHaveBeenCalled();
    const left = await env.DB.prepare("SELECT count(*) AS n FROM revocations").first("n");
    expect(left).toBeLessThan(50);
  });

  it("is shared: a channel with much to take away does not stand before the others", async ({
    expect,
  }) => {
    replaceObjects();
    const write = `INSERT INTO blocks (place, last, first_at, last_at, idx, words, text)
       WITH RECURSIVE n(seq) AS (SELECT 1 UNION ALL SELECT seq + 1 FROM n WHERE seq < ?2)
       SELECT ?1 << 32 | seq, seq, 0, 0, '{"kinds":[],"of":[],"at":[]}', x'', x'' FROM n`;
    await env.DB.prepare(write).bind(2_000_001, 6_000).run();
    await env.DB.prepare(write).bind(2_000_002, 10).run();
    for (const channel of [2_000_001, 2_000_002]) {
      const statement = "INSERT INTO purges (channel, created_at, id) VALUES (?, ?, NULL)";
      await env.DB.prepare(statement).bind(channel, channel).run();
    }
    await runAt(fifth() + 60_000);
    expect(await countBlocks(2_000_002)).toBe(0);
    expect(await countBlocks(2_000_001)).toBeGreaterThan(0);
    await runAt(fifth() + 120_000);
    expect(await countBlocks(2_000_001)).toBe(0);
  });
});
