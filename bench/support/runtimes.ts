import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { convertV4MiniflareOptions, Miniflare } from "miniflare";

import { callApi } from "../../scripts/local/api.ts";
import { childrenOf, type ProcessMark } from "../../scripts/local/processes.ts";
import { startRelay, type Relay } from "../../scripts/local/relay.ts";

/** A runtime under measurement: where it is, and the process whose cost counts. */
export interface Measured {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

export interface MeasuredRelay extends Measured {
  readonly api: ReturnType<typeof callApi>;
}

const KEY = "admin-key-of-the-benchmarks";

/** The relay as `npm start` runs it, on an empty directory, with settings of its own. */
export async function startMeasuredRelay(
  port: number,
  settings: Readonly<Record<string, string>> = {},
  outer: string | null = null,
): Promise<MeasuredRelay> {
  const data = mkdtempSync(join(tmpdir(), "tributary-bench-"));
  const before = childrenOf(process.pid);
  const relay: Relay = await startRelay(
    { port, data, demo: false, twitch: null },
    {
      adminKey: KEY,
      masterKey: "master-key-of-the-benchmarks",
      previousAdminKey: "",
      previousMasterKey: "",
      isAdminKeyGiven: true,
    },
    settings,
    outer,
  );
  return {
    url: relay.url,
    pid: runtimeAmong(before),
    api: callApi(relay.url, KEY),
    async stop() {
      await relay.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** A Durable Object that dials a source and sends each frame on to every socket: the baseline. */
export function startBareLoop(port: number): Promise<Measured> {
  return startBare("bare-loop", port);
}

/** A Durable Object that sends one request after the other: the baseline of webhooks. */
export function startBareFetch(port: number): Promise<Measured> {
  return startBare("bare-fetch", port);
}

async function startBare(name: string, port: number): Promise<Measured> {
  const before = childrenOf(process.pid);
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port,
      cf: false,
      workers: [
        {
          name,
          modules: [{ type: "ESModule", path: join(import.meta.dirname, `${name}.mjs`) }],
          modulesRoot: import.meta.dirname,
          compatibilityDate: "2026-11-02",
          durableObjects: { LOOP: { className: "Loop", useSQLite: true } },
        },
      ],
    }),
  );
  await miniflare.ready;
  return {
    url: `http://127.0.0.1:${port}`,
    pid: runtimeAmong(before),
    stop: () => miniflare.dispose(),
  };
}

function runtimeAmong(before: readonly ProcessMark[]): number {
  const known = new Set(before.map(({ pid }) => pid));
  const [runtime] = childrenOf(process.pid, "workerd").filter(({ pid }) => !known.has(pid));
  if (runtime === undefined) throw new Error("the runtime's process was not found");
  return runtime.pid;
}
