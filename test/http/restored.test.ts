import { createScheduledController, evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, it, vi } from "vitest";

import worker from "../../src/index.ts";
import { call, chat, makeChannel, postNotes, textsOf, type ShownPage } from "../support/api.ts";
import { loseHistory, putHistory, readHistory } from "../support/history.ts";
import { until } from "../support/hooks.ts";
import { drained, forgetJournal } from "../support/objects.ts";
import { connect } from "../support/sockets.ts";

/*
 * The database is put back to an earlier time (D1's Time Travel), and the objects are not.
 */

let now = Math.ceil(Date.now() / 300_000) * 300_000;

/** Runs the cron at the next minute in which all objects are asked. */
async function run(): Promise<void> {
  now += 300_000;
  await worker.scheduled(createScheduledController({ scheduledTime: new Date(now) }), env);
}

interface Shown {
  readonly number: number;
  readonly epoch: string;
}

const shown = async (channel: string): Promise<Shown> =>
  (await call<Shown & Record<string, unknown>>("GET", `/channels/${channel}`)).body;

/** Takes what a channel was given after a place out of history, as going back in time would. */
async function goBackTo(channel: string, seq: number): Promise<void> {
  const { number } = await shown(channel);
  await loseHistory(number, (event) => event.seq > seq);
}

async function newestOf(channel: string): Promise<number> {
  const { number } = await shown(channel);
  return (await readHistory(number)).at(-1)?.seq ?? 0;
}

const pageOf = async (channel: string, after = ""): Promise<ShownPage> => {
  const place = after === "" ? "" : `&after=${after}`;
  return (await call<ShownPage>("GET", `/channels/${channel}/events?order=asc${place}`)).body;
};

const TABLES = {
  blocks: "place >> 32",
  block_types: "channel",
  history_marks: "channel",
  volumes: "place >> 32",
  volume_types: "channel",
} as const;

type Rows = Readonly<Record<string, readonly Record<string, unknown>[]>>;

/** All that the database has of a history now. */
async function keepRows(number: number): Promise<Rows> {
  const kept: Record<string, Record<string, unknown>[]> = {};
  for (const [table, channel] of Object.entries(TABLES)) {
    const statement = env.DB.prepare(`SELECT * FROM ${table} WHERE ${channel} = ?`);
    kept[table] = (await statement.bind(number).all()).results;
  }
  return kept;
}

/** Has the database as it was then. */
async function putBack(number: number, rows: Rows): Promise<void> {
  for (const [table, channel] of Object.entries(TABLES)) {
    await env.DB.prepare(`DELETE FROM ${table} WHERE ${channel} = ?`).bind(number).run();
    if ((rows[table] ?? []).length > 0) await insert(table, rows[table] ?? []);
  }
}

afterEach(() => vi.restoreAllMocks());

describe("a database that was put back to an earlier time", () => {
  it("is given again what the journal still has", async ({ expect }) => {
    vi.spyOn(console, "error").mockReturnValue();
    const channel = await makeChannel();
    await postNotes(channel, ["a", "b", "c"]);
    await drained(channel);
    await goBackTo(channel, 1);
    await run();
    await until(
      () => newestOf(channel),
      (seq) => seq === 3,
    );
    await forgetJournal(channel);
    expect(textsOf((await pageOf(channel)).events)).toEqual(["a", "b", "c"]);
  });

  it("tells in its place of what nobody has any more", async ({ expect }) => {
    const logged = vi.spyOn(console, "error").mockReturnValue();
    const channel = await makeChannel();
    for (const text of ["a", "b", "c", "d"]) await postNotes(channel, [text]);
    await drained(channel);
    await forgetJournal(channel);
    await goBackTo(channel, 1);
    await run();
    await until(
      () => newestOf(channel),
      (seq) => seq === 4,
    );
    // What is missing is told where the next page begins, and in its place.
    const first = await pageOf(channel);
    expect(first.events.map(({ type }) => type)).toEqual(["custom.note"]);
    const { events, gap } = await pageOf(channel, first.next ?? "");
    expect(events.map(({ type }) => type)).toEqual(["connection.gap", "custom.note"]);
    expect(events[0]?.data).toMatchObject({ identifier: "history" });
    expect(events[0]?.id).toMatch(/-3$/);
    expect(gap).toMatchObject({ cause: "expired" });
    expect(logged).toHaveBeenCalledWith(
      "history has less than it was given",
      expect.objectContaining({ newest: 1, from: 3, fed: 4 }),
    );
    const [next] = await postNotes(channel, ["e"]);
    expect(next).toMatch(/-5$/);
  });

  it("tells a reader of a filter of what nobody has any more, whatever the filter looks past", async ({
    expect,
  }) => {
    vi.spyOn(console, "error").mockReturnValue();
    const channel = await makeChannel();
    for (const text of ["a", "b", "c", "d", "e"]) await postNotes(channel, [text]);
    await drained(channel);
    await forgetJournal(channel);
    await goBackTo(channel, 1);
    await run();
    await until(
      () => newestOf(channel),
      (seq) => seq === 5,
    );
    for (const text of ["f", "g"]) await postNotes(channel, [text]);
    await drained(channel);
    await forgetJournal(channel);
    for (const filter of ["", "types=custom.note", "types=custom.*", "providers=api"]) {
      for (const limit of [1, 2, 100]) {
        const texts: unknown[] = [];
        const gaps: unknown[] = [];
        let after = "";
        for (let pages = 0; pages < 20; pages++) {
          const query = `order=asc&limit=${limit}&${filter}${after === "" ? "" : `&after=${after}`}`;
          const { body } = await call<ShownPage>("GET", `/channels/${channel}/events?${query}`);
          texts.push(...textsOf(body.events.filter(({ type }) => type === "custom.note")));
          if (body.gap) gaps.push([body.gap.from.split("-")[1], body.gap.to.split("-")[1]]);
          if (!body.hasMore) break;
          after = body.next ?? "";
        }
        expect([filter, limit, texts, gaps]).toEqual([
          filter,
          limit,
          ["a", "e", "f", "g"],
          [["1", "3"]],
        ]);
      }
      const socketFilter = filter === "" ? "" : `&${filter}`;
      const { events } = await pageOf(channel);
      const socket = await connect(channel, `?after=${events[0]?.id}${socketFilter}`);
      const gap = await socket.nextOf("gap");
      expect([filter, gap]).toEqual([filter, expect.objectContaining({ cause: "expired" })]);
      socket.close();
    }
  });

  it("has erased again what was erased since, also where no event is missing", async ({
    expect,
  }) => {
    vi.spyOn(console, "error").mockReturnValue();
    const channel = await makeChannel();
    const { number } = await shown(channel);
    const said = [
      chat("m1", "sandbank", "u1"),
      chat("m2", "wagtail", "u2"),
      chat("m3", "lagoon", "u3"),
      chat("m4", "kept", "u4"),
    ];
    await call("POST", `/channels/${channel}/events`, said);
    await drained(channel);
    await forgetJournal(channel);
    const before = await keepRows(number);
    const on = { platform: "api" };
    await call("POST", `/channels/${channel}/events`, [
      { type: "chat.message.deleted", data: { messageIds: ["m1"] }, ...on },
      { type: "moderation.ban", data: { user: said[1]?.data.user }, ...on },
    ]);
    await call("DELETE", "/users/api:u3");
    await run();
    await drained(channel);
    const words = /sandbank|wagtail|lagoon/;
    expect(JSON.stringify(await readHistory(number))).not.toMatch(words);
    for (let times = 0; times < 2; times++) {
      // What was said since is there again, or never went: what was erased is what counts.
      await putBack(number, before);
      await evictDurableObject(env.CHANNEL.getByName(channel));
      await run();
      // From when it has heard of it nobody is shown them, and then they go.
      await until(
        async () => JSON.stringify(await pageOf(channel)),
        (page) => !words.test(page),
      );
      await drained(channel);
      expect(JSON.stringify(await pageOf(channel))).not.toMatch(words);
      expect(JSON.stringify(await readHistory(number))).not.toMatch(words);
      expect(JSON.stringify(await readHistory(number))).toContain("kept");
    }
  });

  it("is left alone where nothing is missing", async ({ expect }) => {
    const logged = vi.spyOn(console, "error").mockReturnValue();
    const channel = await makeChannel();
    await postNotes(channel, ["a"]);
    await drained(channel);
    await run();
    await run();
    expect(logged).not.toHaveBeenCalled();
    expect(await newestOf(channel)).toBe(1);
  });

  it("brings a channel back under a new epoch where its object has ended", async ({ expect }) => {
    vi.spyOn(console, "error").mockReturnValue();
    const channel = await makeChannel({ public: true });
    const before = await shown(channel);
    const [first] = await postNotes(channel, ["a", "b"]);
    await drained(channel);
    const rows = await env.DB.prepare("SELECT * FROM channels WHERE id = ?").bind(channel).all();
    const [row] = rows.results;
    const events = await readHistory(before.number);
    await call("DELETE", `/channels/${channel}`);
    // The run takes away what is left of it, and the object gives its storage up.
    await run();
    await evictDurableObject(env.CHANNEL.getByName(channel));
    await insert("channels", [row ?? {}]);
    await putHistory(before.number, events);
    await run();
    const after = await shown(channel);
    expect(after.epoch).not.toBe(before.epoch);
    expect(after.number).toBeGreaterThan(before.number);
    const [again] = await postNotes(channel, ["c"]);
    expect(again).toBe(`${after.epoch}-1`);
    const socket = await connect(channel, `?after=${first}`);
    expect(await socket.nextOf("gap")).toMatchObject({ cause: "unknown_position" });
    socket.close();
    await run();
    expect(await readHistory(before.number)).toEqual([]);
  });
});

async function insert(table: string, rows: readonly Record<string, unknown>[]): Promise<void> {
  for (const row of rows) {
    const columns = Object.keys(row);
    await env.DB.prepare(
      `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`,
    )
      // D1 tells of bytes as numbers, and takes them as bytes.
      .bind(
        ...Object.values(row).map((each) => (Array.isArray(each) ? new Uint8Array(each) : each)),
      )
      .run();
  }
}
