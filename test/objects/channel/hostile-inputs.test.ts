import { runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, describe, it, vi } from "vitest";

import { ROW_MAX_BYTES } from "../../../src/event/group.ts";
import { Erasures } from "../../../src/event/tombstone.ts";
import { ADMIN, call, chat, makeChannel, ORIGIN, type ShownPage } from "../../support/api.ts";
import { numberOf, readHistory } from "../../support/history.ts";
import { until } from "../../support/hooks.ts";
import { drained } from "../../support/objects.ts";
import { connect, type TestSocket } from "../../support/sockets.ts";

const USER = chat("", "").data.user;

/** Posts, and answers the status and the ids. */
const post = (channel: string, events: unknown) =>
  call<{ ids: string[]; code: string }>("POST", `/channels/${channel}/events`, events);

/** Sees that a client that was there all the time hears what is said now, and was not cut. */
async function isUndisturbed(channel: string, healthy: TestSocket): Promise<boolean> {
  const text = `still here ${crypto.randomUUID()}`;
  await post(channel, { type: "custom.marker", data: { text } });
  for (;;) {
    const frame = await healthy.next();
    if (frame.events?.some(({ data }) => data["text"] === text)) return true;
  }
}

const rowsOf = (channel: string): Promise<number[]> =>
  runInDurableObject(env.CHANNEL.getByName(channel), (_, { storage }) =>
    storage.sql
      .exec<{ items: string }>("SELECT items FROM groups")
      .toArray()
      .map(({ items }) => new TextEncoder().encode(items).length),
  );

afterEach(() => {
  vi.restoreAllMocks();
});

describe("one bad input", () => {
  it("with fields and fragments that its type does not know ends nobody's socket", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const healthy = await connect(channel);
    const odd = [null, 7, "x", [], {}, { text: null }, { text: 1 }];
    for (const fragments of [...odd.map((each) => [each]), odd, null, "x", {}]) {
      const message = { text: "a@b.example", fragments };
      const { status } = await post(channel, {
        type: "channel.follow",
        data: { user: USER, message },
      });
      expect(status).toBe(201);
      const { status: refused } = await post(channel, {
        type: "chat.message",
        data: { user: USER, message },
      });
      expect(refused).toBe(400);
      const { status: own } = await post(channel, { type: "custom.odd", data: { message } });
      expect(own).toBe(201);
    }
    expect(await isUndisturbed(channel, healthy)).toBe(true);
    healthy.close();
  });

  it("is written down as its schema read it, not as it was posted", async ({ expect }) => {
    const channel = await makeChannel();
    const data = { user: { ...USER, constructor: "x", extra: { deep: 1 } }, unknown: "field" };
    const { body } = await post(channel, { type: "channel.follow", data });
    const { body: event } = await call("GET", `/channels/${channel}/events/${body.ids[0]}`);
    expect(event["data"]).toEqual({ user: USER });
  });

  it("that makes more than a row has room for is split by measured bytes", async ({ expect }) => {
    const channel = await makeChannel();
    const healthy = await connect(channel);
    // Four characters each, and 21 in the event.
    const numbers = `[${Array.from({ length: 2_800 }, () => "1e20").join(",")}]`;
    const event = `{"type":"custom.numbers","data":{"numbers":${numbers}}}`;
    const { status, body } = await post(channel, `[${Array(40).fill(event).join(",")}]`);
    expect(status).toBe(201);
    expect(body.ids).toHaveLength(40);
    const rows = await rowsOf(channel);
    expect(rows.length).toBeGreaterThan(1);
    expect(Math.max(...rows)).toBeLessThanOrEqual(ROW_MAX_BYTES);
    const page = await call<ShownPage>("GET", `/channels/${channel}/events?order=asc&limit=500`);
    expect(page.body.events).toHaveLength(40);
    await drained(channel);
    expect(await isUndisturbed(channel, healthy)).toBe(true);
    healthy.close();
  });

  it("is measured by what it is, whatever was said or not said of its length", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    // What it hears of these is more than a client may leave unread.
    const healthy = await connect(channel, "?types=custom.marker");
    const event = { type: "custom.wide", data: { text: "字".repeat(20_000) } };
    const bytes = new TextEncoder().encode(JSON.stringify(Array.from({ length: 11 }, () => event)));
    const chunked = () =>
      exports.default.fetch(`${ORIGIN}/v1/channels/${channel}/events`, {
        method: "POST",
        headers: { authorization: `Bearer ${ADMIN}`, "content-type": "application/json" },
        body: new ReadableStream({
          start(controller) {
            controller.enqueue(bytes);
            controller.close();
          },
        }),
      });
    const answers = await Promise.all(Array.from({ length: 6 }, chunked));
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(201));
    await Promise.all(answers.map((answer) => answer.text()));
    expect(Math.max(...(await rowsOf(channel)))).toBeLessThanOrEqual(ROW_MAX_BYTES);
    expect(await isUndisturbed(channel, healthy)).toBe(true);
    healthy.close();
  });

  it("of wide characters is refused by its bytes, not its characters", async ({ expect }) => {
    const channel = await makeChannel();
    const wide = (length: number) => ({ type: "custom.wide", data: { t: "字".repeat(length) } });
    expect((await post(channel, wide(21_000))).status).toBe(201);
    const { status, body } = await post(channel, wide(22_000));
    expect([status, body.code]).toEqual([400, "invalid_input"]);
  });

  it("with thousands of ids, or hundreds of bans at once, looks at each event once", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const healthy = await connect(channel);
    const COUNT = 1_000;
    for (let from = 0; from < COUNT; from += 500) {
      const said = Array.from({ length: 500 }, (_, index) =>
        chat(`m${from + index}`, "words", `u${from + index}`),
      );
      expect((await post(channel, said)).status).toBe(201);
    }
    const looks = vi.spyOn(Erasures.prototype, "apply");
    const messageIds = Array.from({ length: 5_000 }, (_, index) => `m${index * 2}`);
    const deleted = await post(channel, { type: "chat.message.deleted", data: { messageIds } });
    expect(deleted.status).toBe(201);
    const bans = Array.from({ length: 200 }, (_, index) => ({
      type: "moderation.ban",
      data: { user: { ...USER, id: `u${index}` } },
    }));
    expect((await post(channel, bans)).status).toBe(201);
    // One pass over the journal and the group itself for each of the two requests.
    expect(looks.mock.calls.length).toBeLessThanOrEqual(2 * (COUNT + 201));
    looks.mockRestore();
    const page = await call<ShownPage>(
      "GET",
      `/channels/${channel}/events?order=asc&limit=200&types=chat.message`,
    );
    const left = page.body.events.filter(
      ({ data }) => (data["message"] as { deleted?: true }).deleted !== true,
    );
    expect(left).toEqual([]);
    expect(await isUndisturbed(channel, healthy)).toBe(true);
    healthy.close();
  });

  it("orders a clear of any journal: no list of places is kept where history is searched", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    // History is away: what is pending stays.
    await env.DB.exec(
      "CREATE TRIGGER away BEFORE INSERT ON blocks BEGIN SELECT RAISE(ABORT, 'away'); END",
    );
    try {
      const said = Array.from({ length: 500 }, (_, index) => chat(`m${index}`, "words"));
      for (let round = 0; round < 3; round++) await post(channel, said);
      expect((await post(channel, { type: "chat.cleared", data: { scope: "all" } })).status).toBe(
        201,
      );
      // The same id many times over is no list either.
      for (let round = 0; round < 3; round++) {
        await post(channel, Array(500).fill(chat("same", "words")));
      }
      await post(channel, { type: "chat.message.deleted", data: { messageIds: ["same"] } });
      const kept = await until(
        () =>
          runInDurableObject(env.CHANNEL.getByName(channel), (_, { storage }) =>
            storage.sql.exec("SELECT places, below, journal FROM erasures ORDER BY seq").toArray(),
          ),
        (rows) => rows.every(({ journal }) => journal === null),
      );
      expect(kept).toEqual([
        { places: "[]", below: 1_501, journal: null },
        { places: "[]", below: 3_002, journal: null },
      ]);
    } finally {
      await env.DB.exec("DROP TRIGGER away");
    }
    await drained(channel);
    const texts = (await readHistory(await numberOf(channel))).map(({ text }) => text);
    expect(texts.filter((text) => text.includes("words"))).toEqual([]);
  });

  it("about accounts without end does not keep a provider's stream from being told of", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    for (let round = 0; round < 6; round++) {
      const told = Array.from({ length: 500 }, (_, index) => ({
        type: "stream.online",
        data: { account: `${"a".repeat(150)}${round}-${index}` },
      }));
      expect((await post(channel, told)).status).toBe(201);
    }
    await post(channel, { type: "stream.online", data: { account: "a".repeat(60_000) } });
    const kept = await runInDurableObject(env.CHANNEL.getByName(channel), (_, { storage }) =>
      storage.sql.exec<{ value: string }>("SELECT value FROM meta WHERE key = 'stream'").one(),
    );
    expect(kept.value.length).toBeLessThan(64_000);
    await post(channel, { type: "stream.online", platform: "dlive", data: {} });
    const { body } = await call<{ stream: { live: boolean } }>(
      "GET",
      `/channels/${channel}/status`,
    );
    expect(body.stream.live).toBe(true);
  });
});
