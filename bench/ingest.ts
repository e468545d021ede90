/*
 * Ingest: how fast one provider socket is taken into journal and history, and how many rows that
 * writes; and the same while the database is away. What counts is that nothing is lost.
 */
import { join } from "node:path";

import { cpuSeconds } from "./support/cpu.ts";
import { startMeasuredRelay } from "./support/runtimes.ts";
import { startSource } from "./support/source.ts";

const COUNTING = join(import.meta.dirname, "support/counting.mjs");

interface Status {
  readonly history: { readonly lagEvents: number; readonly lagMs: number };
  readonly counters: {
    readonly events: number;
    readonly historyRowsWritten: number;
    readonly journalRowsWritten: number;
  };
}

export interface Ingested {
  readonly said: number;
  readonly kept: number;
  readonly distinct: number;
  readonly seconds: number;
  readonly rowsPerEvent: number;
  readonly cpuMicros: number;
  /** The longest that history was behind, while events came. */
  readonly lagMs: number;
}

/** `awayMs`: the database fails for so long, from the first event on. */
export async function ingest(perSecond: number, seconds: number, awayMs = 0): Promise<Ingested> {
  const source = await startSource();
  const relay = await startMeasuredRelay(8703, {}, awayMs === 0 ? null : COUNTING);
  await relay.api("POST", "/channels", { id: "bench", public: true });
  const link = { protocol: "dlive", target: { streamer: "s" }, url: source.url };
  await relay.api("POST", "/channels/bench/providers", link);
  await source.subscribed();
  const statusOf = async () => (await relay.api("GET", "/channels/bench/status")) as Status;
  const said = perSecond * seconds;
  const cpu = cpuSeconds(relay.pid);
  const began = performance.now();
  if (awayMs > 0) await fetch(`${relay.url}/counts?away=${awayMs}`);
  let lagMs = 0;
  // Away, it may not be known either how far behind history is.
  const watch = setInterval(() => {
    void statusOf()
      .then(({ history }) => (lagMs = Math.max(lagMs, history.lagMs)))
      .catch(() => null);
  }, 250);
  await source.say(said, perSecond);
  clearInterval(watch);
  let status = await statusOf().catch(() => null);
  // The connection's own event comes on top.
  while (status === null || status.counters.events < said + 1 || status.history.lagEvents > 0) {
    await pause(awayMs === 0 ? 50 : 1_000);
    status = await statusOf().catch(() => null);
  }
  const elapsed = (performance.now() - began) / 1000;
  const used = cpuSeconds(relay.pid) - cpu;
  const ids = await historyIds(relay.url);
  const { historyRowsWritten, journalRowsWritten } = status.counters;
  await relay.stop();
  await source.close();
  return {
    said,
    kept: ids.length,
    distinct: new Set(ids).size,
    seconds: elapsed,
    rowsPerEvent: (historyRowsWritten + journalRowsWritten) / said,
    cpuMicros: (used * 1e6) / said,
    lagMs,
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** The messages in history, by what the provider calls them. */
async function historyIds(url: string): Promise<string[]> {
  const response = await fetch(`${url}/v1/channels/bench/events?types=chat.message&order=asc`, {
    headers: { accept: "application/jsonl" },
  });
  return (await response.text())
    .trimEnd()
    .split("\n")
    .map((line) => (JSON.parse(line) as { subject: string }).subject);
}
