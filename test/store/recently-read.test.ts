import { env } from "cloudflare:workers";
import { beforeEach, describe, it } from "vitest";

import type { Erasure } from "../../src/event/erasure.ts";
import { EVERYTHING } from "../../src/event/filter.ts";
import { makeVolumeName, putVolume } from "../../src/store/history/bucket.ts";
import { eraseInVolume } from "../../src/store/history/erasing-volumes.ts";
import { eraseInHistory } from "../../src/store/history/erasing.ts";
import { readPage } from "../../src/store/history/pages.ts";
import { findSeqBefore } from "../../src/store/history/places.ts";
import type { Queries } from "../../src/store/history/queries.ts";
import { findShelvable, readBlocks } from "../../src/store/history/shelving.ts";
import { packVolume } from "../../src/store/history/volume.ts";
import { replaceVolume, shelveBlocks } from "../../src/store/history/volumes.ts";
import type { LoggedEvent, RecordedEvent } from "../../src/store/logged-event.ts";
import { BUCKET, HISTORY, putBlocksOf } from "../support/archive.ts";

const COUNT = 300;
const SIZE = 100;
const UP_TO = { seqs: [150] };
let channel = 880_000;

const eventOf = (seq: number): RecordedEvent => {
  const kinds = { type: "chat.message", platform: "twitch", provider: "api" };
  const user = { key: `twitch:u-${seq % 5}`, id: `u-${seq % 5}`, name: "somebody" };
  const message = { id: `m-${seq}`, text: `secret ${seq}`, fragments: [] };
  const text = JSON.stringify({ ...kinds, data: { user, message } });
  return { seq, ...kinds, at: 1_000 + seq, text, raw: `{"said":"secret ${seq}"}` };
};

const EVENTS = Array.from({ length: COUNT }, (_, index) => eventOf(index + 1));
const ORDER: Erasure = {
  seq: COUNT,
  platform: "twitch",
  scope: { kind: "messages", ids: ["m-150"] },
};

/** The history, and how often the database and the bucket were asked. */
function count(): { db: Queries; asked: () => { queries: number; reads: number } } {
  let queries = 0;
  let reads = 0;
  const prepare = (sql: string): D1PreparedStatement => {
    queries += 1;
    return env.DB.prepare(sql);
  };
  const archive = new Proxy(BUCKET, {
    get(target, name) {
      if (name === "get") reads += 1;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
  const asked = (): { queries: number; reads: number } => {
    const now = { queries, reads };
    queries = 0;
    reads = 0;
    return now;
  };
  return { db: { ...HISTORY, prepare, archive }, asked };
}

async function read(db: Queries, raw = true): Promise<readonly LoggedEvent[]> {
  const range = { channel, after: 120, upTo: COUNT, order: "asc", limit: 50 } as const;
  return (await readPage(db, { ...range, filter: EVERYTHING, raw })).events;
}

const shown = (events: readonly RecordedEvent[], raw = true): LoggedEvent[] =>
  events.map(({ at: _at, ...event }) => (raw ? event : { ...event, raw: null }));

async function shelve(): Promise<string> {
  const found = await findShelvable(HISTORY, channel, 1_000_000, 2);
  if (found.kind !== "blocks") throw new Error("nothing to put away");
  const volume = await packVolume(await readBlocks(HISTORY, channel, found.firsts));
  const name = nameVolume();
  await putVolume(BUCKET, name, volume);
  await shelveBlocks(HISTORY, { channel, turn: 0 }, name, volume, found.found);
  return name;
}

function nameVolume(): string {
  return makeVolumeName({ number: channel, epoch: "epoch" }, 1, crypto.randomUUID());
}

describe("what was read of history a moment ago", () => {
  beforeEach(async () => {
    channel += 1;
    await putBlocksOf(channel, EVENTS, SIZE);
  });

  it("is not read again, neither from the database nor from the archive, and both are asked at once", async ({
    expect,
  }) => {
    const { db, asked } = count();
    expect(await read(db)).toEqual(shown(EVENTS.slice(120, 170)));
    expect(asked()).toEqual({ queries: 2, reads: 0 });
    expect(await read(db)).toEqual(shown(EVENTS.slice(120, 170)));
    expect(asked()).toEqual({ queries: 2, reads: 0 });
    await shelve();
    expect(await read(db)).toEqual(shown(EVENTS.slice(120, 170)));
    expect(asked().reads).toBe(3);
    expect(await read(db)).toEqual(shown(EVENTS.slice(120, 170)));
    expect(await findSeqBefore(db, channel, 1_150)).toBe(149);
    expect(asked().reads).toBe(0);
  });

  it("is with the providers' words for whoever asks for them, and for nobody else", async ({
    expect,
  }) => {
    for (const raw of [false, true, false, true]) {
      expect(await read(HISTORY, raw)).toEqual(shown(EVENTS.slice(120, 170), raw));
    }
  });

  it("is never what was erased since, in the database", async ({ expect }) => {
    for (const raw of [true, false]) await read(HISTORY, raw);
    await eraseInHistory(HISTORY, channel, [ORDER], UP_TO);
    for (const raw of [true, false]) {
      const events = await read(HISTORY, raw);
      expect(events).toHaveLength(50);
      expect(JSON.stringify(events)).not.toContain("secret 150");
      expect(JSON.stringify(events)).toContain("secret 149");
    }
  });

  it("is never what was erased since, in the archive", async ({ expect }) => {
    const before = await shelve();
    await read(HISTORY);
    const { change } = await eraseInVolume(HISTORY, channel, [ORDER], UP_TO);
    if (change === null) throw new Error("nothing was reached");
    const volume = await packVolume(change.blocks);
    const name = nameVolume();
    await putVolume(BUCKET, name, volume);
    await replaceVolume(HISTORY, { channel, turn: 0 }, { first: 1, name: before }, name, volume);
    await BUCKET.delete(before);
    const events = await read(HISTORY);
    expect(events).toHaveLength(50);
    expect(JSON.stringify(events)).not.toContain("secret 150");
    expect(JSON.stringify(events)).toContain("secret 149");
  });

  it("is never an older beginning of a block that has grown", async ({ expect }) => {
    const more = Array.from({ length: 20 }, (_, index) => eventOf(COUNT + index + 1));
    const range = { channel, after: 250, order: "asc", limit: 100, filter: EVERYTHING } as const;
    await readPage(HISTORY, { ...range, upTo: COUNT });
    await putBlocksOf(channel, [...EVENTS.slice(200), ...more], SIZE + more.length);
    const { events } = await readPage(HISTORY, { ...range, upTo: COUNT + more.length });
    expect(events.map(({ seq }) => seq)).toEqual(
      Array.from({ length: 70 }, (_, index) => 251 + index),
    );
  });
});
