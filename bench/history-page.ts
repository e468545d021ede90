/*
 * A long history: how long pages of 100, exports and an erasure take of a million events with the
 * archive, beside ten thousand in the same relay. All but the newest of both is in the archive: the
 * relay's clock is put ahead for that. Everything is asked for over HTTP, the two in turn.
 */
import { join } from "node:path";

import { cpuSeconds } from "./support/cpu.ts";
import { quantile } from "./support/crowd.ts";
import { startMeasuredRelay, type MeasuredRelay } from "./support/runtimes.ts";

const COUNTING = join(import.meta.dirname, "support/counting.mjs");

const SMALL = 10_000;
const LARGE = Number(process.env["BENCH_HISTORY_EVENTS"] ?? 1_000_000);
const ROUNDS = Number(process.env["BENCH_HISTORY_ROUNDS"] ?? 100);
const WARM_ROUNDS = 10;

// Users take turns: each has said a hundredth of everything.
const USERS = 100;

// Blocks that are old enough are put away a volume at a time, with a pause in between.
const HOUR_MS = 3_600_000;
const STILL_MS = 20_000;

const PAGES = ["oldest", "middle", "next", "newest", "types", "rare", "times"] as const;
export type PageKind = (typeof PAGES)[number];

/** The figures of one history. */
export interface HistoryFigures {
  readonly events: number;
  /** Milliseconds, the median of each kind of page. */
  readonly pages: Readonly<Record<PageKind, number>>;
  /** Events a second, of a whole export as JSON Lines. */
  readonly exportedPerSecond: number;
  /** Microseconds of processor time for an exported event. */
  readonly exportMicros: number;
  /** Of one user's messages: how many there were, and seconds until the last of them is gone. */
  readonly erased: number;
  readonly erasingSeconds: number;
}

export const PAGE_KINDS: readonly PageKind[] = PAGES;

export async function historyPages(): Promise<{ small: HistoryFigures; large: HistoryFigures }> {
  const relay = await startMeasuredRelay(8715, { ARCHIVE_AFTER_HOURS: "1" }, COUNTING);
  const small = await fill(relay, "small", SMALL);
  const began = performance.now();
  const large = await fill(relay, "large", LARGE);
  console.log(`    filled in ${Math.round((performance.now() - began) / 1_000)} s`);
  await archive(relay);
  console.log(`    put away in ${Math.round((performance.now() - began) / 1_000)} s`);
  const times = await timePages(relay, { small, large });
  const figures = {
    small: { ...(await exportAll(relay, small)), ...(await erase(relay, small)) },
    large: { ...(await exportAll(relay, large)), ...(await erase(relay, large)) },
  };
  await relay.stop();
  return {
    small: { events: small.count, pages: times.small, ...figures.small },
    large: { events: large.count, pages: times.large, ...figures.large },
  };
}

/** A channel with so many events. */
interface Filled {
  readonly id: "small" | "large";
  readonly epoch: string;
  readonly count: number;
  /** When the one in the middle was recorded. */
  readonly middleAt: string;
}

async function timePages(
  relay: MeasuredRelay,
  filled: { readonly small: Filled; readonly large: Filled },
): Promise<Record<"small" | "large", Record<PageKind, number>>> {
  const times = { small: emptyTimes(), large: emptyTimes() };
  const after = { small: "", large: "" };
  for (let round = 0; round < ROUNDS; round++) {
    for (const size of ["small", "large"] as const) {
      const { epoch, count, middleAt } = filled[size];
      const middle = `${epoch}-${Math.floor(count / 2)}`;
      // Each round begins elsewhere, so that no two read the same.
      const place = `${epoch}-${Math.floor(((round + 0.5) / ROUNDS) * (count - 1_500))}`;
      const queries: Record<PageKind, string> = {
        oldest: "order=asc",
        middle: `order=asc&after=${place}`,
        next: `order=asc&after=${after[size] === "" ? middle : after[size]}`,
        newest: "order=desc",
        types: `order=asc&after=${place}&types=channel.tip`,
        rare: `order=asc&after=${middle}&types=channel.raid`,
        times: `order=asc&since=${encodeURIComponent(middleAt)}`,
      };
      for (const kind of PAGES) {
        const began = performance.now();
        const response = await fetch(
          `${relay.url}/v1/channels/${size}/events?${queries[kind]}&limit=100`,
        );
        const page = (await response.json()) as { events: { id: string }[] };
        if (kind !== "rare" && page.events.length !== 100) {
          throw new Error(`a page of ${page.events.length}: ${kind} of ${size}`);
        }
        if (round >= WARM_ROUNDS) times[size][kind].push(performance.now() - began);
        if (kind === "next") after[size] = page.events.at(-1)?.id ?? "";
      }
      if (count - Number(after[size].split("-")[1]) < 200) after[size] = "";
    }
  }
  return { small: takeMedians(times.small), large: takeMedians(times.large) };
}

function emptyTimes(): Record<PageKind, number[]> {
  return Object.fromEntries(PAGES.map((kind) => [kind, []])) as never;
}

function takeMedians(times: Record<PageKind, number[]>): Record<PageKind, number> {
  return Object.fromEntries(PAGES.map((kind) => [kind, quantile(times[kind], 0.5)])) as never;
}

/** Exports everything, answer after answer, as whoever follows the links does. */
async function exportAll(
  relay: MeasuredRelay,
  { id, count }: Filled,
): Promise<Pick<HistoryFigures, "exportedPerSecond" | "exportMicros">> {
  const began = performance.now();
  const cpu = cpuSeconds(relay.pid);
  let lines = 0;
  let next: string | undefined = `/v1/channels/${id}/events?order=asc`;
  while (next !== undefined) {
    const response: Response = await fetch(new URL(next, relay.url), {
      headers: { accept: "application/jsonl" },
    });
    for await (const chunk of response.body ?? []) {
      for (const byte of chunk as Uint8Array) if (byte === 10) lines += 1;
    }
    next = /<([^>]+)>;\s*rel="next"/.exec(response.headers.get("link") ?? "")?.[1];
  }
  if (lines !== count) throw new Error(`an export of ${lines} events`);
  return {
    exportedPerSecond: (1_000 * count) / (performance.now() - began),
    exportMicros: (1e6 * (cpuSeconds(relay.pid) - cpu)) / count,
  };
}

/** Erases what one user has said, and waits until that is over everywhere. */
async function erase(
  relay: MeasuredRelay,
  { id, count }: Filled,
): Promise<Pick<HistoryFigures, "erased" | "erasingSeconds">> {
  const began = performance.now();
  await relay.api("POST", `/channels/${id}/events`, {
    type: "moderation.ban",
    data: { user: makeUser(7) },
  });
  for (;;) {
    const { history } = (await relay.api("GET", `/channels/${id}/status`)) as Status;
    if (history.erasures === 0 && history.lagEvents === 0) break;
    await pause(100);
  }
  const erasingSeconds = (performance.now() - began) / 1_000;
  return { erased: count / USERS, erasingSeconds };
}

interface Status {
  readonly history: { readonly lagEvents: number; readonly erasures: number };
}

/** Puts the clock ahead, and waits until all has been put away that is then old. */
async function archive(relay: MeasuredRelay): Promise<void> {
  let bytes = 0;
  let since = performance.now();
  await fetch(`${relay.url}/counts?ahead=${3 * HOUR_MS}`);
  for (;;) {
    // A sign of life: an alarm that is overdue by the clock of the relay is set anew.
    for (const id of ["small", "large"]) await relay.api("GET", `/channels/${id}/status`);
    await pause(1_000);
    const counts = (await (await fetch(`${relay.url}/counts`)).json()) as Record<string, number>;
    const now = counts["archiveRowBytes"] ?? 0;
    if (now !== bytes) since = performance.now();
    bytes = now;
    if (bytes > 0 && performance.now() - since > STILL_MS) return;
  }
}

const BATCH = 500;

/** Posts so many events, one in ten of them a tip and one a raid, and waits until history has them. */
async function fill(relay: MeasuredRelay, id: "small" | "large", count: number): Promise<Filled> {
  const { epoch } = (await relay.api("POST", "/channels", { id, public: true })) as {
    epoch: string;
  };
  let next = 0;
  const post = async (): Promise<void> => {
    while (next < count) {
      const first = next;
      next += BATCH;
      const drafts = Array.from({ length: BATCH }, (_, index) => draft(first + index));
      await relay.api("POST", `/channels/${id}/events`, drafts);
    }
  };
  await Promise.all([post(), post(), post()]);
  for (;;) {
    const { history } = (await relay.api("GET", `/channels/${id}/status`)) as Status;
    if (history.lagEvents === 0) break;
    await pause(100);
  }
  const middle = `${epoch}-${Math.floor(count / 2)}`;
  const { recordedtime } = (await relay.api("GET", `/channels/${id}/events/${middle}`)) as {
    recordedtime: string;
  };
  return { id, epoch, count, middleAt: recordedtime };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

function makeUser(number: number): object {
  return {
    key: `api:${number}`,
    id: String(number),
    name: `Viewer${number}`,
    roles: [],
    badges: [],
    anonymous: false,
  };
}

function draft(number: number): object {
  const text = `message number ${number}, of a length that people write`;
  const user = makeUser(number % USERS);
  if (number === 5)
    return { type: "channel.raid", data: { user, viewers: 12, kind: "raid", direction: "in" } };
  if (number % 10 === 0) {
    const amount = { value: "4.20", currency: "USD", kind: "fiat" };
    return { type: "channel.tip", data: { user, kind: "tip", amount } };
  }
  const message = {
    id: String(number),
    text,
    fragments: [{ type: "text", text }],
    action: false,
    highlighted: false,
    first: false,
  };
  return { type: "chat.message", data: { user, message } };
}
