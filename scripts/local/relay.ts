import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { basename, dirname, join } from "node:path";

import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";

import { ensureBuilt, readLocal, WORKER as SCRIPT } from "../build/fresh.ts";
import { migrate } from "./migrate.ts";
import type { Options } from "./options.ts";
import { childrenOf, type ProcessMark } from "./processes.ts";
import type { Secrets } from "./secrets.ts";

/** The relay at work. */
export interface Relay {
  readonly url: string;
  readonly children: readonly ProcessMark[];
  /** Asks the clients to come back later, and ends the runtime. */
  stop(): Promise<void>;
}

const HOST = "127.0.0.1";
const WORKER = "tributary";

// Pages that somebody develops on this machine.
const LOCAL_ORIGINS = "http://localhost:*,http://127.0.0.1:*";

// A relay that ends asks its clients to come back within this time, and then does not wait for them.
const HAND_OVER_MS = 1_000;

/** The settings of the Worker's that the environment names as `wrangler.toml` does. */
function pickSettings({ CHANNEL_SOCKETS }: NodeJS.ProcessEnv): Record<string, string> {
  return CHANNEL_SOCKETS === undefined ? {} : { CHANNEL_SOCKETS };
}

/**
 * Starts the runtime on this machine, with the data in a directory. Rejects with what is wrong.
 * `outer`: the path of a module that is put round the Worker, for whoever measures it.
 */
export async function startRelay(
  options: Options,
  secrets: Secrets,
  settings: Readonly<Record<string, string>> = {},
  outer: string | null = null,
): Promise<Relay> {
  await checkPort(options.port);
  await ensureBuilt();
  const { workerOptions, migrations } = readLocal();
  const { ratelimits = {} } = workerOptions as RateLimits;
  const persist = join(options.data, "v3");
  const miniflare = keepingSignals(
    () =>
      new Miniflare(
        convertV4MiniflareOptions({
          host: HOST,
          // Miniflare's own way in, which nobody uses: a Worker of its own that all traffic would
          // pass, and that agrees to compress every socket.
          port: 0,
          // Nothing is fetched at start: it works without a network.
          cf: false,
          log: new Log(LogLevel.WARN),
          defaultPersistRoot: persist,
          resourcePersistencePath: persist,
          workers: [
            {
              ...workerOptions,
              name: WORKER,
              modules: listModules(outer),
              modulesRoot: dirname(SCRIPT),
              r2Buckets: { ARCHIVE: "tributary-archive" },
              bindings: {
                ...(workerOptions["bindings"] as Record<string, unknown>),
                ...pickSettings(process.env),
                LOCAL_RATE_LIMIT: ratelimits["RATE_LIMIT"]?.simple ?? null,
                TRIBUTARY_ADMIN_KEY: secrets.adminKey,
                TRIBUTARY_MASTER_KEY: secrets.masterKey,
                TRIBUTARY_ADMIN_KEY_PREVIOUS: secrets.previousAdminKey,
                TRIBUTARY_MASTER_KEY_PREVIOUS: secrets.previousMasterKey,
                ALLOW_PRIVATE_NETWORK: "on",
                ALLOWED_ORIGINS: process.env["TRIBUTARY_ALLOWED_ORIGINS"] ?? LOCAL_ORIGINS,
                TWITCH_EXTENSION_SECRET: process.env["TWITCH_EXTENSION_SECRET"] ?? "",
                EMOTES_URL: process.env["EMOTES_URL"] ?? "",
                KICK_CLIENT_ID: process.env["KICK_CLIENT_ID"] ?? "",
                KICK_CLIENT_SECRET: process.env["KICK_CLIENT_SECRET"] ?? "",
                KICK_API_URL: process.env["KICK_API_URL"] ?? "",
                KICK_AUTH_URL: process.env["KICK_AUTH_URL"] ?? "",
                ALARM_WEBHOOK_URL: process.env["ALARM_WEBHOOK_URL"] ?? "",
                ALARM_WEBHOOK_SECRET: process.env["ALARM_WEBHOOK_SECRET"] ?? "",
                ...settings,
              },
            },
            {
              // Opens the port on the Worker itself. That has to be another Worker's doing: one with
              // assets has its own socket opened on the assets' router.
              name: "door",
              modules: [{ type: "ESModule", path: "door.mjs", contents: "export default {}" }],
              unsafeDirectSockets: [{ host: HOST, port: options.port, serviceName: WORKER }],
            },
          ],
        }),
      ),
  );
  await miniflare.ready;
  // `DB`, and those of histories, where there are any.
  const { d1Databases = {} } = workerOptions as Databases;
  for (const binding of Object.keys(d1Databases)) {
    await migrate(await miniflare.getD1Database(binding), migrations);
  }
  const url = `http://${HOST}:${options.port}`;
  const cron = setInterval(() => {
    void miniflare
      .getWorker(WORKER)
      .then((worker) => worker.scheduled({ cron: "* * * * *" }))
      .catch((error: unknown) => {
        // The next minute tries again.
        console.error("the run of the minute failed:", error);
      });
  }, 60_000);
  return {
    url,
    children: childrenOf(process.pid),
    async stop() {
      clearInterval(cron);
      await handOver(url, secrets.adminKey);
      await miniflare.dispose();
    },
  };
}

/** The databases of wrangler.toml by their bindings, which its type leaves open. */
interface Databases {
  readonly d1Databases?: Readonly<Record<string, unknown>>;
}

/** The rate limits of wrangler.toml, which its type leaves out. */
interface RateLimits {
  readonly ratelimits?: Record<string, { readonly simple: { limit: number; period: number } }>;
}

/**
 * The bundle, and round it what it runs in on one machine. `outer`: a module round that. The first is
 * the Worker's own.
 */
function listModules(outer: string | null): Module[] {
  const local = ["worker.mjs", "rate-limit.mjs"].map((name) => join(import.meta.dirname, name));
  const read = (path: string): Module => ({
    ...asModule(join(dirname(SCRIPT), basename(path))),
    contents: readFileSync(path, "utf8"),
  });
  return [...(outer === null ? local : [outer, ...local]).map(read), asModule(SCRIPT)];
}

interface Module {
  readonly type: "ESModule";
  readonly path: string;
  readonly contents?: string;
}

function asModule(path: string): Module {
  return { type: "ESModule", path };
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Miniflare takes signals as the end of the process; here the end has an order of its own. */
function keepingSignals<T>(work: () => T): T {
  const before = SIGNALS.map((signal) => process.listeners(signal));
  const made = work();
  for (const [index, signal] of SIGNALS.entries()) {
    for (const listener of process.listeners(signal)) {
      if (!before[index]?.includes(listener)) process.off(signal, listener);
    }
  }
  return made;
}

async function handOver(url: string, adminKey: string): Promise<void> {
  await fetch(`${url}/v1/hand-over`, {
    method: "POST",
    headers: { authorization: `Bearer ${adminKey}`, "content-type": "application/json" },
    body: JSON.stringify({ spreadMs: HAND_OVER_MS }),
    signal: AbortSignal.timeout(HAND_OVER_MS),
  }).catch(() => {
    // The relay is away already, or too slow: it is ended all the same.
  });
}

/** The runtime's own complaint about a port in use says less. */
async function checkPort(port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        new Error(
          error.code === "EADDRINUSE"
            ? `Port ${port} is in use. Choose another: npm start -- --port <port>`
            : `Port ${port} cannot be used: ${error.message}`,
        ),
      );
    });
    server.listen(port, HOST, () => server.close(() => resolve()));
  });
}
