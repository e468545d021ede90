/*
 * The bill of a month: some ways to run the relay, each run for real with everything counted that
 * Cloudflare counts, and multiplied with its prices; and what of that an event comes to.
 *
 * All of them run beside one another, for some twenty minutes: the journal lets go of an event after
 * ten, and what that costs belongs to it. What is done to events of a day and of a month ago is counted
 * with the relay's clock put ahead.
 */
import { join } from "node:path";

import { gather } from "./support/crowd.ts";
import {
  BUCKET_PRICES,
  DATABASE_MAX_GB,
  FRAMES_A_REQUEST,
  GB_SECONDS,
  MONTH_SECONDS,
  OBJECT_GB,
  PLAN_USD,
  PRICES,
  STORAGE,
  type Price,
  type StoragePrice,
} from "./support/prices.ts";
import { startReceiver } from "./support/receiver.ts";
import { startMeasuredRelay, type MeasuredRelay } from "./support/runtimes.ts";
import { startSource, type Source } from "./support/source.ts";

const COUNTING = join(import.meta.dirname, "support/counting.mjs");

// Until the journal lets go of as much as it takes on.
const WARM_MS = Number(process.env["BENCH_COST_WARM_MS"] ?? 11.5 * 60_000);

// What is done every five minutes is in it once.
const WINDOW_MS = Number(process.env["BENCH_COST_WINDOW_MS"] ?? 5 * 60_000);

// Longer than the relay stays with a provider after the last has left.
const LEAVING_MS = 7 * 60_000;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

// Until what is too old for somewhere has gone from there.
const AGEING_MS = 100_000;

const RETENTION_DAYS = 30;

const PRICED = [
  ...(Object.keys(PRICES) as (keyof typeof PRICES)[]),
  ...(Object.keys(BUCKET_PRICES) as (keyof typeof BUCKET_PRICES)[]),
] as const;

// Queries of D1 are free, but it does one thing at a time.
const COUNTED = ["queries", ...PRICED] as const;
type Counted = (typeof COUNTED)[number];
type Counts = Readonly<Record<Counted, number>>;

/** A way to run the relay. */
export interface Way {
  readonly name: string;
  readonly channels: number;
  readonly perSecond: number;
  readonly hoursADay: number;
  readonly sockets: number;
  readonly webhooks?: number;
  /** So many events in a month, where it is not the hours that say. */
  readonly events?: number;
}

export const WAYS: readonly Way[] = [
  {
    name: "one channel, 1 event/s, always on",
    channels: 1,
    perSecond: 1,
    hoursADay: 24,
    sockets: 0,
  },
  {
    name: "100 channels on demand, 4 h a day, 1 event/s, 20 viewers",
    channels: 100,
    perSecond: 1,
    hoursADay: 4,
    sockets: 20,
  },
  {
    name: "100 channels, 5 events/s, always on",
    channels: 100,
    perSecond: 5,
    hoursADay: 24,
    sockets: 0,
  },
  {
    name: "1 million events to 100 clients, at 100 a second",
    channels: 1,
    perSecond: 100,
    hoursADay: 0,
    sockets: 100,
    events: 1e6,
  },
  {
    name: "one channel, 1 event/s, a webhook of all its events",
    channels: 1,
    perSecond: 1,
    hoursADay: 24,
    sockets: 0,
    webhooks: 1,
  },
];

/** A month of a way: what it comes to, and what that costs. */
export interface Bill {
  readonly way: Way;
  readonly events: number;
  readonly month: Counts;
  readonly gbSeconds: number;
  /** Rows written for an event, deletes counted. */
  readonly rowsAnEvent: { readonly object: number; readonly database: number };
  /** For an event while events come, with its share of what takes place every minute. */
  readonly event: Counts;
  /** Queries that D1 is asked in a minute in which all channels are on air. */
  readonly queriesAMinute: number;
  readonly databaseGb: number;
  readonly bucketGb: number;
  /** It is more than one database takes. */
  readonly isTooMuch: boolean;
  /** Nothing included, and beyond what is included. */
  readonly usd: number;
  readonly bill: number;
}

/** The counts of one way. */
interface Taken {
  /** While events come, for an event: what takes place every minute is in it. */
  readonly event: Counts;
  /** For each socket that is opened. */
  readonly socket: Counts;
  /** How long its object is kept in memory after the last has left. */
  readonly lingerSeconds: number;
}

/** The later life of an event. */
interface Aged {
  readonly counts: Counts;
  readonly databaseBytes: number;
  /** The bytes that D1 still has of it once it is in the archive; null without one. */
  readonly leftBytes: number | null;
  readonly bucketBytes: number;
}

export async function bills(): Promise<Bill[]> {
  const idle = countIdle(8721, []);
  const asleep = countIdle(8722, ["asleep"]);
  const taken = WAYS.map((way, index) => countWay(way, 8723 + index));
  const aged = countAgeing(8723 + WAYS.length);
  const base = await idle;
  const sleeping = subtract(await asleep, base);
  return Promise.all(
    WAYS.map(async (way, index) => {
      const counted = await taken[index];
      if (counted === undefined) throw new Error("a way was not counted");
      return makeBill(way, { base, sleeping, aged: await aged, taken: counted });
    }),
  );
}

function makeBill(
  way: Way,
  { base, sleeping, aged, taken }: { base: Counts; sleeping: Counts; aged: Aged; taken: Taken },
): Bill {
  const { channels, perSecond, hoursADay, sockets } = way;
  const days = RETENTION_DAYS;
  const isOnDemand = hoursADay > 0 && hoursADay < 24;
  const seconds =
    way.events === undefined ? hoursADay * 3_600 * days : way.events / perSecond / channels;
  const events = way.events ?? perSecond * seconds * channels;
  const awake = seconds + (isOnDemand ? taken.lingerSeconds * days : 0);
  const asleep = isOnDemand ? MONTH_SECONDS - awake : 0;
  const opened = channels * sockets * (isOnDemand ? days : 1);
  // The relay's own minutes are in what was counted; they are there once, however many channels.
  const spell = 1 / perSecond;
  const each = (name: Counted): number =>
    events * Math.max(0, taken.event[name] - base[name] * spell + aged.counts[name]) +
    opened * taken.socket[name] +
    asleep * channels * Math.max(0, sleeping[name]) +
    (way.events === undefined ? MONTH_SECONDS : seconds) * base[name];
  const month = makeCounts(each);
  const gbSeconds = awake * channels * OBJECT_GB;
  const day = way.events === undefined ? events / days : 0;
  const databaseGb =
    (aged.leftBytes === null
      ? events * aged.databaseBytes
      : day * aged.databaseBytes + (events - day) * aged.leftBytes) / 1e9;
  const bucketGb = (events * aged.bucketBytes) / 1e9;
  const usd = price(month, gbSeconds, databaseGb, bucketGb, false);
  return {
    way,
    events,
    month,
    gbSeconds,
    rowsAnEvent: {
      object: taken.event.objectRowsWritten,
      database:
        taken.event.databaseRowsWritten -
        base.databaseRowsWritten * spell +
        aged.counts.databaseRowsWritten,
    },
    event: makeCounts((name) => taken.event[name] + (name === "queries" ? 0 : aged.counts[name])),
    queriesAMinute:
      60 *
      (perSecond * channels * Math.max(0, taken.event.queries - base.queries * spell) +
        base.queries),
    databaseGb,
    bucketGb,
    isTooMuch: databaseGb > DATABASE_MAX_GB,
    usd,
    bill: PLAN_USD + price(month, gbSeconds, databaseGb, bucketGb, true),
  };
}

function price(
  month: Counts,
  gbSeconds: number,
  databaseGb: number,
  bucketGb: number,
  hasIncluded: boolean,
): number {
  const all = { ...PRICES, ...BUCKET_PRICES };
  const of = (count: number, { included, usdPerMillion }: Price): number =>
    (Math.max(0, count - (hasIncluded ? included : 0)) * usdPerMillion) / 1e6;
  const kept = (gb: number, { includedGb, usdPerGb }: StoragePrice): number =>
    Math.max(0, gb - (hasIncluded ? includedGb : 0)) * usdPerGb;
  return (
    PRICED.reduce((sum, name) => sum + of(month[name], all[name]), 0) +
    of(gbSeconds, GB_SECONDS) +
    kept(databaseGb, STORAGE.database) +
    kept(bucketGb, STORAGE.bucket)
  );
}

/** A relay with nothing to do, or with channels that nobody listens to: for a second. */
async function countIdle(port: number, channels: readonly string[]): Promise<Counts> {
  const relay = await startMeasuredRelay(port, {}, COUNTING);
  for (const id of channels) await relay.api("POST", "/channels", { id, mode: "on_demand" });
  await pause(65_000);
  const before = await read(relay);
  await pause(WINDOW_MS);
  const counts = divide(subtract(await read(relay), before), WINDOW_MS / 1_000);
  await relay.stop();
  return counts;
}

/** A channel as a way has it, its sockets there from the beginning. */
async function countWay(way: Way, port: number): Promise<Taken> {
  const { perSecond, sockets, webhooks = 0 } = way;
  const isOnDemand = way.hoursADay > 0 && way.hoursADay < 24;
  const { relay, source } = await startChannel(port, isOnDemand ? "on_demand" : "always");
  const receiver = webhooks === 0 ? null : await startReceiver();
  for (let index = 0; index < webhooks; index++) {
    const url = `${receiver?.url ?? ""}/live/${index}`;
    await relay.api("POST", "/channels/bench/webhooks", { url });
  }
  const begun = await read(relay);
  const crowd = sockets === 0 ? null : await gather(socketAddress(relay), sockets);
  const joined = await read(relay);
  await source.subscribed();
  const said = source.say(perSecond * ((WARM_MS + WINDOW_MS + 10_000) / 1_000), perSecond);
  await pause(WARM_MS);
  const before = await read(relay);
  await pause(WINDOW_MS);
  const after = await read(relay);
  await said;
  crowd?.leave();
  const lingerSeconds = isOnDemand ? await timeLeaving(source) : 0;
  await relay.stop();
  receiver?.stop();
  await source.close();
  return {
    event: divide(subtract(after, before), (perSecond * WINDOW_MS) / 1_000),
    socket: divide(subtract(joined, begun), Math.max(1, sockets)),
    lingerSeconds,
  };
}

/** How long it takes until nobody is connected to the provider any more, in seconds. */
async function timeLeaving(source: Source): Promise<number> {
  const began = performance.now();
  while (source.isHeard) {
    if (performance.now() - began > LEAVING_MS) throw new Error("the provider is still heard");
    await pause(1_000);
  }
  return (performance.now() - began) / 1_000;
}

const AGED_EVENTS = 50_000;

/** Events that come at once, and then are a day old, and then older than they are kept. */
async function countAgeing(port: number): Promise<Aged> {
  const { relay, source } = await startChannel(port, "always");
  await source.subscribed();
  await pause(10_000);
  const empty = await readAll(relay);
  await source.say(AGED_EVENTS, 500);
  await pause(20_000);
  const full = await readAll(relay);
  // What the day itself costs, whether or not there is anything to put away, is not the events'.
  await readAll(relay, DAY_MS + HOUR_MS);
  await pause(AGEING_MS);
  const archived = await readAll(relay);
  await readAll(relay, (RETENTION_DAYS + 1) * DAY_MS);
  await pause(AGEING_MS);
  const gone = await readAll(relay);
  await relay.stop();
  await source.close();
  const bucketBytes = (archived["bucketBytes"] ?? 0) / AGED_EVENTS;
  return {
    counts: divide(subtract(pick(gone), pick(full)), AGED_EVENTS),
    databaseBytes: ((full["databaseBytes"] ?? 0) - (empty["databaseBytes"] ?? 0)) / AGED_EVENTS,
    leftBytes: bucketBytes === 0 ? null : (archived["archiveRowBytes"] ?? 0) / AGED_EVENTS,
    bucketBytes,
  };
}

async function startChannel(
  port: number,
  mode: "always" | "on_demand",
): Promise<{ relay: MeasuredRelay; source: Source }> {
  const source = await startSource(true);
  const relay = await startMeasuredRelay(port, {}, COUNTING);
  const retentionDays = RETENTION_DAYS;
  await relay.api("POST", "/channels", { id: "bench", public: true, mode, retentionDays });
  const link = { protocol: "dlive", target: { streamer: "s" }, url: source.url };
  await relay.api("POST", "/channels/bench/providers", link);
  return { relay, source };
}

function socketAddress(relay: MeasuredRelay): string {
  return `${relay.url.replace("http:", "ws:")}/v1/channels/bench/socket`;
}

async function read(relay: MeasuredRelay): Promise<Counts> {
  return pick(await readAll(relay));
}

/** Reads all that was counted, and puts the relay's clock ahead. */
async function readAll(
  relay: MeasuredRelay,
  aheadMs = 0,
): Promise<Readonly<Record<string, number>>> {
  const response = await fetch(`${relay.url}/counts?ahead=${aheadMs}`);
  return (await response.json()) as Readonly<Record<string, number>>;
}

function pick(all: Readonly<Record<string, number>>): Counts {
  return makeCounts((name) => {
    const frames = name === "requests" ? (all["frames"] ?? 0) / FRAMES_A_REQUEST : 0;
    return (all[name] ?? 0) + frames;
  });
}

function subtract(one: Counts, other: Counts): Counts {
  return makeCounts((name) => one[name] - other[name]);
}

function divide(counts: Counts, by: number): Counts {
  return makeCounts((name) => counts[name] / by);
}

function makeCounts(of: (name: Counted) => number): Counts {
  return Object.fromEntries(COUNTED.map((name) => [name, of(name)])) as Record<Counted, number>;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** The table that the README and docs/operating.md quote. */
export function formatBills(all: readonly Bill[]): string {
  const millions = (count: number): string => `${format(count / 1e6)} M`;
  const rows: [string, (bill: Bill) => string][] = [
    ["events", ({ events }) => millions(events)],
    ["rows written in objects", ({ month }) => millions(month.objectRowsWritten)],
    ["rows written in D1", ({ month }) => millions(month.databaseRowsWritten)],
    [
      "rows written an event, objects + D1",
      ({ rowsAnEvent: { object, database } }) => `${format(object)} + ${format(database)}`,
    ],
    ["D1 queries a minute, all on air", ({ queriesAMinute }) => format(queriesAMinute)],
    ["rows read", ({ month }) => millions(month.objectRowsRead + month.databaseRowsRead)],
    ["requests to the Worker", ({ month }) => millions(month.workerRequests)],
    ["requests to objects", ({ month }) => millions(month.requests)],
    ["objects in memory, GB-s", ({ gbSeconds }) => millions(gbSeconds)],
    [
      "D1 after 30 days, GB",
      ({ databaseGb, isTooMuch }) =>
        `${format(databaseGb)}${isTooMuch ? ", which it does not hold" : ""}`,
    ],
    ["R2 after 30 days, GB", ({ bucketGb }) => format(bucketGb)],
    [
      "operations of R2, A and B",
      ({ month }) => `${millions(month.bucketWrites)}, ${millions(month.bucketReads)}`,
    ],
    ["USD, nothing included", ({ usd }) => usd.toFixed(2)],
    ["USD a month, plan and what it includes", ({ bill }) => bill.toFixed(2)],
  ];
  return formatTable(all, rows);
}

/** The same of an event, until it is too old to be kept. */
export function formatEvents(all: readonly Bill[]): string {
  const rows: readonly (readonly [string, Counted])[] = [
    ["queries of D1, while events come", "queries"],
    ["rows read in D1", "databaseRowsRead"],
    ["rows written in D1", "databaseRowsWritten"],
    ["rows read in objects", "objectRowsRead"],
    ["rows written in objects", "objectRowsWritten"],
    ["requests to objects", "requests"],
  ];
  return formatTable(
    all,
    rows.map(([name, counted]) => [name, ({ event }) => format(event[counted])] as const),
  );
}

function formatTable(
  all: readonly Bill[],
  rows: readonly (readonly [string, (bill: Bill) => string])[],
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [
    line(["", ...all.map(({ way }) => way.name)]),
    line(["---", ...all.map(() => "---")]),
    ...rows.map(([name, of]) => line([name, ...all.map(of)])),
  ].join("\n");
}

function format(value: number): string {
  if (value === 0) return "0";
  return String(Number(value.toPrecision(value >= 100 ? 4 : 2)));
}
