/*
 * History's blocks beside a row an event, in one database of the runtime: what both take, and how long
 * pages and exports take of them, in turn. The code is the relay's own, without its door.
 */
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";

import { ensureBuilt, readLocal } from "../scripts/build/fresh.ts";
import { migrate } from "../scripts/local/migrate.ts";
import { quantile } from "./support/crowd.ts";

/** The folder with the code of history: another one's can be measured as well, as before a change. */
const HISTORY = process.env["BENCH_HISTORY"] ?? join(import.meta.dirname, "../src/store/history");

const FILLED = 3_840;
const TURNS = 12;
const PAGES_A_TURN = 20;

/** Figures of a history of so many events; times in milliseconds, medians of the turns. */
export interface BlockFigures {
  readonly bytesAnEvent: number;
  readonly bytesARow: number;
  readonly packMicros: number;
  readonly times: Readonly<Record<Reading, { readonly blocks: number; readonly rows: number }>>;
  readonly exportedPerSecond: number;
}

export const READINGS = ["page", "nextPage", "rare"] as const;
type Reading = (typeof READINGS)[number];

type Ask = (
  action: string,
  asked: Readonly<Record<string, number | string>>,
) => Promise<{ value: number; ms: number }>;

export async function historyBlocks(count: number): Promise<BlockFigures> {
  const directory = mkdtempSync(join(tmpdir(), "tributary-bench-"));
  const runtime = await startRuntime(directory);
  const ask: Ask = async (action, asked) => {
    const query = new URLSearchParams(Object.entries(asked).map(([k, v]) => [k, String(v)]));
    const began = performance.now();
    const response = await fetch(`${runtime.url}/${action}?${query}`);
    if (!response.ok) throw new Error(await response.text());
    return { value: (await response.json()) as number, ms: performance.now() - began };
  };
  try {
    const empty = sizeOf(directory);
    await fill(ask, "blocks", count);
    const ofBlocks = sizeOf(directory);
    await fill(ask, "rows", count);
    const ofRows = sizeOf(directory);
    const making = await ask("make", { from: 0, count: FILLED });
    const packing = await ask("pack", { from: 0, count: FILLED });
    const times = {
      page: await timePages(ask, { kind: "page", upTo: count }),
      nextPage: await timePages(ask, { kind: "page", upTo: count, isInTurn: "yes" }),
      rare: await timePages(ask, { kind: "rare", upTo: count }),
    };
    const exported = [];
    for (let turn = 0; turn < 3; turn++) {
      const { value, ms } = await ask("export", { upTo: count });
      if (value !== count) throw new Error(`an export of ${value}`);
      exported.push((1_000 * value) / ms);
    }
    return {
      bytesAnEvent: (ofBlocks - empty) / count,
      bytesARow: (ofRows - ofBlocks) / count,
      packMicros: (1_000 * (packing.ms - making.ms)) / FILLED,
      times,
      exportedPerSecond: quantile(exported, 0.5),
    };
  } finally {
    await runtime.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function fill(ask: Ask, what: "blocks" | "rows", count: number): Promise<void> {
  for (let from = 0; from < count; from += FILLED) {
    await ask(what, { from, count: Math.min(FILLED, count - from) });
  }
}

async function timePages(
  ask: Ask,
  asked: Readonly<Record<string, number | string>> & { readonly upTo: number },
): Promise<{ blocks: number; rows: number }> {
  const times: Record<"blocks" | "rows", number[]> = { blocks: [], rows: [] };
  const most = Math.max(1, asked.upTo - 100 * (PAGES_A_TURN + 1));
  for (let turn = 0; turn < TURNS; turn++) {
    const from = Math.floor((turn / TURNS) * most);
    for (const what of ["blocks", "rows"] as const) {
      const { ms } = await ask(`read-${what}`, { ...asked, from, count: PAGES_A_TURN });
      times[what].push(ms / PAGES_A_TURN);
    }
  }
  return { blocks: quantile(times.blocks, 0.5), rows: quantile(times.rows, 0.5) };
}

async function startRuntime(
  directory: string,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const script = join(directory, "worker.mjs");
  await build({
    entryPoints: [join(import.meta.dirname, "support/history-worker.mjs")],
    outfile: script,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2024",
    alias: { history: HISTORY },
    nodePaths: [join(import.meta.dirname, "../node_modules")],
    external: ["cloudflare:*"],
  });
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port: 0,
      cf: false,
      defaultPersistRoot: directory,
      resourcePersistencePath: directory,
      workers: [
        {
          name: "history",
          modules: [{ type: "ESModule", path: script }],
          modulesRoot: directory,
          compatibilityDate: "2026-11-02",
          d1Databases: { DB: "bench" },
        },
      ],
    }),
  );
  const url = await miniflare.ready;
  const db = await miniflare.getD1Database("DB");
  await ensureBuilt();
  await migrate(db, readLocal().migrations);
  await db.batch([
    db.prepare(
      `CREATE TABLE rows (channel INTEGER NOT NULL, seq INTEGER NOT NULL, type TEXT NOT NULL,
         provider TEXT NOT NULL, platform TEXT NOT NULL, recorded_at INTEGER NOT NULL,
         body TEXT NOT NULL, raw TEXT, PRIMARY KEY (channel, seq)) STRICT, WITHOUT ROWID`,
    ),
    db.prepare("CREATE INDEX rows_by_type ON rows (channel, type, seq)"),
  ]);
  return { url: url.origin, stop: () => miniflare.dispose() };
}

/** The bytes of all files under a directory. */
function sizeOf(directory: string): number {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}
