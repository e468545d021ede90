import { createScheduledController, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, it, vi, type ExpectStatic } from "vitest";

import worker from "../../../src/index.ts";
import type { Bucket } from "../../../src/store/history/bucket.ts";
import { call, makeChannel, numbers, postNotes, textsOf } from "../../support/api.ts";
import type { ShownPage } from "../../support/api.ts";
import { BUCKET, countBlocks, listBucket, listNamed, putBlocksOf } from "../../support/archive.ts";
import { pass } from "../../support/clock.ts";
import { failing, Fault } from "../../support/faults.ts";
import { makeEvents, numberOf } from "../../support/history.ts";
import { evictChannel } from "../../support/hubs.ts";
import { drained, forgetJournal } from "../../support/objects.ts";
import { connect } from "../../support/sockets.ts";

const DAY_MS = 86_400_000;

// So many blocks as make a volume and leave some.
const OLD = 70;
const NEW = ["new 1", "new 2"];

afterEach(() => {
  vi.restoreAllMocks();
});

/** A channel whose history has blocks of the past; its journal goes on after them. */
async function aged(): Promise<{ channel: string; number: number }> {
  const channel = await makeChannel();
  const number = await numberOf(channel);
  for (let at = 0; at < OLD; at += 10) await postNotes(channel, numbers(at + 1, at + 10));
  await drained(channel);
  await forgetJournal(channel);
  const { body } = await call<ShownPage>("GET", `/channels/${channel}/events?order=asc&limit=100`);
  const at = Date.now() - 2 * DAY_MS;
  const events = makeEvents(OLD).map((event, index) => ({
    ...event,
    type: "custom.note",
    at: at + index,
    text: JSON.stringify(body.events[index]),
  }));
  await env.DB.batch([
    env.DB.prepare("DELETE FROM blocks WHERE place >> 32 = ?").bind(number),
    env.DB.prepare("DELETE FROM block_types WHERE channel = ?").bind(number),
  ]);
  await putBlocksOf(number, events, 1);
  await evictChannel(channel);
  await postNotes(channel, [NEW[0] ?? ""]);
  await drained(channel);
  await forgetJournal(channel);
  await postNotes(channel, [NEW[1] ?? ""]);
  return { channel, number };
}

const ALL = [...numbers(1, OLD), ...NEW];

const SOON_MS = 3_700_000;

/** Everything that the channel's readers see: a page, one that resumes and one that rewinds. */
async function checkRead(channel: string, expect: ExpectStatic): Promise<void> {
  const page = await call<ShownPage>("GET", `/channels/${channel}/events?order=asc&limit=100`);
  expect(textsOf(page.body.events)).toEqual(ALL);
  const [oldest] = page.body.events;
  const resumed = await connect(channel, `?after=${oldest?.id}`);
  expect(textsOf(await resumed.events(ALL.length - 1))).toEqual(ALL.slice(1));
  resumed.close();
  const rewound = await connect(channel, `?rewind=${ALL.length}`);
  expect(textsOf(await rewound.events(ALL.length))).toEqual(ALL);
  rewound.close();
}

/** The old blocks are in the bucket now, as one volume. */
async function checkAway(number: number, expect: ExpectStatic): Promise<void> {
  expect(await listBucket(number)).toHaveLength(1);
  expect(await listNamed(number)).toEqual(await listBucket(number));
  expect(await countBlocks(number)).toBeLessThan(OLD - 60);
}

const objectOf = (channel: string) => env.CHANNEL.getByName(channel);

/** Runs the cron as it would run at a time, with a bucket that may fail. */
async function runAt(time: number, bucket: Bucket = BUCKET): Promise<void> {
  const controller = createScheduledController({ scheduledTime: new Date(time) });
  await worker.scheduled(controller, { ...env, ARCHIVE: bucket } as never);
}

describe("a channel with a bucket", () => {
  it("puts its old blocks away by its alarm, and a socket that comes back hears archive, blocks and journal as one", async ({
    expect,
  }) => {
    const { channel, number } = await aged();
    expect(await listBucket(number)).toEqual([]);
    await pass(SOON_MS, [channel]);
    await checkAway(number, expect);
    await checkRead(channel, expect);
  });

  it("puts its old blocks away though its alarm was lost, with its memory and its name", async ({
    expect,
  }) => {
    const { channel, number } = await aged();
    await runInDurableObject(objectOf(channel), async (_, state) => {
      state.storage.sql.exec("DELETE FROM alarms WHERE name = 'archive'");
      await state.storage.deleteAlarm();
      await state.storage.sync();
      state.abort();
    }).catch(() => {});
    expect((await call("GET", `/channels/${channel}/status`)).status).toBe(200);
    await pass(SOON_MS, [channel]);
    await checkAway(number, expect);
    await checkRead(channel, expect);
  });

  it("tries again where the bucket was away, and nothing else of it waits for that", async ({
    expect,
  }) => {
    vi.spyOn(console, "error").mockReturnValue();
    const { channel, number } = await aged();
    const put = vi.spyOn(BUCKET, "put").mockRejectedValue(new Error("the bucket is away"));
    await pass(SOON_MS, [channel]);
    expect(await listNamed(number)).toEqual([]);
    await checkRead(channel, expect);
    put.mockRestore();
    for (let tries = 0; tries < 3; tries++) await pass(SOON_MS, [channel]);
    await checkAway(number, expect);
    await checkRead(channel, expect);
  });
});

describe("a deleted channel with volumes", () => {
  it("leaves no object in the bucket and no row, wherever taking them away is cut off", async ({
    expect,
  }) => {
    vi.spyOn(console, "error").mockReturnValue();
    const { channel, number } = await aged();
    await pass(SOON_MS, [channel]);
    // What was begun and not ended, and what is of an earlier log: more than goes at once.
    for (let at = 0; at < 1_000; at += 100) {
      const some = Array.from({ length: 100 }, (_, index) => at + index);
      await Promise.all(
        some.map((index) => BUCKET.put(`channels/${number}/earlier/${index}`, "x")),
      );
    }
    expect((await call("DELETE", `/channels/${channel}`)).status).toBe(204);
    let time = Date.now();
    for (const when of ["before", "after"] as const) {
      for (let at = 1; at <= 3; at++) {
        const methods = ["list", "delete"];
        await runAt((time += 600_000), failing(BUCKET, methods, new Fault(at, when)));
      }
    }
    await runAt((time += 600_000));
    await runAt((time += 600_000));
    expect(await listBucket(number)).toEqual([]);
    expect(await listNamed(number)).toEqual([]);
    for (const table of ["volume_types", "archive_turns", "purges"]) {
      const { results } = await env.DB.prepare(`SELECT * FROM ${table} WHERE channel = ?`)
        .bind(number)
        .all();
      expect([table, results]).toEqual([table, []]);
    }
  });
});
