import { createScheduledController, evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, it, vi } from "vitest";

import worker from "../../src/index.ts";
import { call, makeChannel, postNotes, textsOf, type ShownPage } from "../support/api.ts";
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
  await env.DB.prepare("DELETE FROM events WHERE channel = ? AND seq > ?").bind(number, seq).run();
}

async function newestOf(channel: string): Promise<number> {
  const { number } = await shown(channel);
  const row = await env.DB.prepare("SELECT max(seq) AS seq FROM events WHERE channel = ?")
    .bind(number)
    .first<{ seq: number | null }>();
  return row?.seq ?? 0;
}

const pageOf = async (channel: string): Promise<ShownPage> =>
  (await call<ShownPage>("GET", `/channels/${channel}/events?order=asc`)).body;

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
    const { events } = await pageOf(channel);
    expect(events.map(({ type }) => type)).toEqual([
      "custom.note",
      "connection.gap",
      "custom.note",
    ]);
    expect(events[1]?.data).toMatchObject({ identifier: "history" });
    expect(events[1]?.id).toMatch(/-3$/);
    expect(logged).toHaveBeenCalledWith(
      "history has less than it was given",
      expect.objectContaining({ newest: 1, from: 3, fed: 4 }),
    );
    const [next] = await postNotes(channel, ["e"]);
    expect(next).toMatch(/-5$/);
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
    const { results: events } = await env.DB.prepare("SELECT * FROM events WHERE channel = ?")
      .bind(before.number)
      .all();
    await call("DELETE", `/channels/${channel}`);
    // The run takes away what is left of it, and the object gives its storage up.
    await run();
    await evictDurableObject(env.CHANNEL.getByName(channel));
    await insert("channels", [row ?? {}]);
    await insert("events", events);
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
    const { results } = await env.DB.prepare("SELECT * FROM events WHERE channel = ?")
      .bind(before.number)
      .all();
    expect(results).toEqual([]);
  });
});

async function insert(table: string, rows: readonly Record<string, unknown>[]): Promise<void> {
  for (const row of rows) {
    const columns = Object.keys(row);
    await env.DB.prepare(
      `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`,
    )
      .bind(...Object.values(row))
      .run();
  }
}
