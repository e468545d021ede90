/*
 * History's blocks beside a row an event, in SQLite alone: what both take, and how long pages and
 * exports take of them. The code is the relay's own; what D1 and HTTP add is the same for both.
 */
import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";

import { openD1 } from "./support/sqlite-d1.ts";

interface Kept {
  readonly seq: number;
  readonly type: string;
  readonly provider: string;
  readonly platform: string;
  readonly at: number;
  readonly text: string;
  readonly raw: string | null;
}

interface Page {
  readonly events: readonly { readonly text: string }[];
  readonly seenTo: number;
  readonly hasMore: boolean;
}

/** The relay's modules, which are of another runtime's types. */
interface Modules {
  fillBlocks(open: readonly Kept[], events: readonly Kept[]): Kept[][];
  packBlock(events: readonly Kept[]): Promise<object & { readonly last: number }>;
  putBlocks(db: object, channel: number, writing: object): Promise<number>;
  findEnd(db: object, channel: number): Promise<object>;
  readonly readPage: (db: object, query: object) => Promise<Page>;
}

/** Figures of a history of so many events. */
export interface BlockFigures {
  readonly bytesAnEvent: number;
  readonly bytesARow: number;
  readonly packMicros: number;
  /** Milliseconds for pages of 100, medians. */
  readonly page: number;
  readonly pageOfRows: number;
  readonly rare: number;
  readonly rareOfRows: number;
  readonly exportedPerSecond: number;
}

const RARE_EVERY = 10_000;
const ROUNDS = 60;
const EVERYTHING = { types: [], providers: [], platforms: [] };

export async function historyBlocks(count: number): Promise<BlockFigures> {
  const modules = await load();
  const blocks = open("blocks");
  const rows = open("rows");
  const d1 = openD1(blocks.db);
  const began = performance.now();
  let written = 0;
  for (let from = 0; from < count; from += 12_800) {
    const events = Array.from({ length: Math.min(12_800, count - from) }, (_, index) =>
      makeEvent(from + index + 1),
    );
    const packing = performance.now();
    const packed = [];
    for (const some of modules.fillBlocks([], events)) packed.push(await modules.packBlock(some));
    written += performance.now() - packing;
    const end = await modules.findEnd(d1, 1);
    await modules.putBlocks(d1, 1, { end, blocks: packed, known: new Set() });
    insertRows(rows.db, events);
  }
  console.log(`    filled in ${Math.round((performance.now() - began) / 1000)} s`);
  const figures = await measure(modules, { d1, rows: rows.db, count });
  const sizes = { bytesAnEvent: blocks.size() / count, bytesARow: rows.size() / count };
  blocks.end();
  rows.end();
  return { ...sizes, packMicros: (1000 * written) / count, ...figures };
}

async function measure(
  { readPage }: Modules,
  { d1, rows, count }: { d1: object; rows: DatabaseSync; count: number },
): Promise<Omit<BlockFigures, "bytesAnEvent" | "bytesARow" | "packMicros">> {
  const whole = { channel: 1, upTo: count, order: "asc", filter: EVERYTHING };
  const places = Array.from({ length: ROUNDS }, (_, round) =>
    Math.floor((round / ROUNDS) * (count - 200)),
  );
  const rareFilter = { ...EVERYTHING, types: ["channel.tip"] };
  const ofRows = rows.prepare(
    "SELECT seq, type, provider, platform, body FROM events WHERE channel = 1 AND seq > ? ORDER BY seq LIMIT 101",
  );
  const rareOfRows = rows.prepare(
    "SELECT seq, type, provider, platform, body FROM events WHERE channel = 1 AND type = ? AND seq > ? ORDER BY seq LIMIT 101",
  );
  const page = await timeMedian(places, (after) => readPage(d1, { ...whole, after, limit: 100 }));
  const pageOfRows = await timeMedian(places, (after) => ofRows.all(after));
  const rare = await timeMedian(places, (after) =>
    readPage(d1, { ...whole, after, limit: 100, filter: rareFilter }),
  );
  const rareRows = await timeMedian(places, (after) => rareOfRows.all("channel.tip", after));
  const began = performance.now();
  let exported = 0;
  for (let after = 0; ;) {
    const part = await readPage(d1, { ...whole, after, limit: 5_000 });
    exported += part.events.length;
    Buffer.from(part.events.map(({ text }) => `${text}\n`).join(""));
    if (!part.hasMore) break;
    after = part.seenTo;
  }
  if (exported !== count) throw new Error(`an export of ${exported}`);
  const exportedPerSecond = (1000 * exported) / (performance.now() - began);
  return { page, pageOfRows, rare, rareOfRows: rareRows, exportedPerSecond };
}

async function timeMedian(
  places: readonly number[],
  read: (after: number) => unknown,
): Promise<number> {
  const times: number[] = [];
  for (const place of places) {
    const began = performance.now();
    await read(place);
    times.push(performance.now() - began);
  }
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}

function open(name: string): { db: DatabaseSync; size: () => number; end: () => void } {
  const file = join(import.meta.dirname, `../.bench-${name}.sqlite`);
  const remove = (): void => {
    for (const end of ["", "-wal", "-shm"]) rmSync(file + end, { force: true });
  };
  remove();
  const db = new DatabaseSync(file);
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF");
  db.exec(
    name === "rows"
      ? `CREATE TABLE events (channel INTEGER NOT NULL, seq INTEGER NOT NULL, type TEXT NOT NULL,
           provider TEXT NOT NULL, platform TEXT NOT NULL, recorded_at INTEGER NOT NULL,
           body TEXT NOT NULL, raw TEXT, PRIMARY KEY (channel, seq)) STRICT, WITHOUT ROWID;
         CREATE INDEX events_by_type ON events (channel, type, seq)`
      : `CREATE TABLE blocks (place INTEGER PRIMARY KEY, last INTEGER NOT NULL,
           edition INTEGER NOT NULL DEFAULT 0, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL,
           idx TEXT NOT NULL, words BLOB NOT NULL, text BLOB NOT NULL, raw BLOB) STRICT;
         CREATE TABLE block_types (channel INTEGER NOT NULL, type TEXT NOT NULL,
           first INTEGER NOT NULL, PRIMARY KEY (channel, type, first)) STRICT, WITHOUT ROWID`,
  );
  return {
    db,
    size: () => {
      db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      return statSync(file).size;
    },
    end: () => {
      db.close();
      remove();
    },
  };
}

function insertRows(db: DatabaseSync, events: readonly Kept[]): void {
  const insert = db.prepare("INSERT INTO events VALUES (1, ?, ?, ?, ?, ?, ?, ?)");
  db.exec("BEGIN");
  for (const { seq, type, provider, platform, at, text, raw } of events) {
    insert.run(seq, type, provider, platform, at, text, raw);
  }
  db.exec("COMMIT");
}

const WORDS = "the stream is so good today what a play lol nice gg anyone know this song".split(
  " ",
);

/** A chat message as a provider tells it, with its own words beside; one in many is a tip. */
function makeEvent(seq: number): Kept {
  const n = (seq * 2_654_435_761) % 4_294_967_296;
  const word = (index: number): string => WORDS[(n >> (index % 16)) & 15] ?? "hm";
  const text = Array.from({ length: 4 + (n % 9) }, (_, index) => word(index)).join(" ");
  const id = `${n.toString(16)}-${seq.toString(16)}-4c1f-9f1e`;
  const viewer = n % 997;
  const user = {
    key: `twitch:${10_000 + viewer}`,
    id: String(10_000 + viewer),
    name: `Viewer${viewer}`,
    login: `viewer${viewer}`,
    roles: [],
    badges: [],
    anonymous: false,
  };
  const isRare = seq % RARE_EVERY === 0;
  const type = isRare ? "channel.tip" : "chat.message";
  const at = 1_790_000_000_000 + seq * 200;
  const time = new Date(at).toISOString();
  const message = {
    id,
    text,
    fragments: [{ type: "text", text }],
    action: false,
    highlighted: false,
    first: false,
  };
  const data = isRare
    ? { user, kind: "tip", amount: { value: "4.20", currency: "USD", kind: "fiat" } }
    : { user, message };
  const event = {
    specversion: "1.0",
    id: `qx3k9m2b7t-${seq}`,
    source: "/channels/bench",
    type,
    subject: `message/${id}`,
    time,
    recordedtime: time,
    sequence: String(seq).padStart(12, "0"),
    provider: "restream",
    platform: "twitch",
    connectionid: "twitch-1",
    data,
  };
  const raw = {
    action: "event",
    payload: {
      connectionIdentifier: "twitch-1",
      eventIdentifier: id,
      eventTypeId: 4,
      eventPayload: {
        author: { id: user.id, name: user.name, displayName: user.name },
        bot: false,
        text,
        replaces: [],
      },
    },
    timestamp: at,
  };
  return {
    seq,
    type,
    provider: "restream",
    platform: "twitch",
    at,
    text: JSON.stringify(event),
    raw: JSON.stringify(raw),
  };
}

async function load(): Promise<Modules> {
  const paths = ["block-filling", "block", "blocks", "pages"];
  const parts = await Promise.all(
    paths.map(async (path) => {
      const file = join(import.meta.dirname, `../src/store/history/${path}.ts`);
      return (await import(pathToFileURL(file).href)) as object;
    }),
  );
  return Object.assign({}, ...parts) as Modules;
}
