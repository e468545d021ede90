import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { killGroup, runNpm } from "./npm.ts";

const root = join(import.meta.dirname, "../../..");

/** A relay that was started as its users start it: `npm start`, in a process group of its own. */
export interface StartedRelay {
  readonly url: string;
  readonly socketUrl: string;
  readonly key: string;
  readonly data: string;
  /** Everything it has said so far. */
  output(): string;
  /** `kill -9` to the whole process group. */
  kill(): Promise<void>;
  /** SIGTERM to the `npm` process, as a supervisor sends it; resolves once it has ended. */
  stop(): Promise<number | null>;
  readonly process: ChildProcess;
  readonly exited: Promise<number | null>;
}

interface StartOptions {
  readonly demo?: boolean;
  readonly data?: string;
  readonly port?: number;
  readonly env?: Record<string, string>;
}

/** Starts a relay and waits for its ready line. Rejects with what it said if there is none. */
export async function startRelay(options: StartOptions = {}): Promise<StartedRelay> {
  const started = launch({ ...options, port: options.port ?? (await freePort()) });
  await Promise.race([
    started.ready,
    started.relay.exited.then((code) => {
      throw new Error(`npm start ended with ${code}:\n${started.relay.output()}`);
    }),
  ]);
  return started.relay;
}

/** Starts a relay that is expected to end by itself; resolves with its code and what it said. */
export async function startAndFail(
  options: StartOptions & { port: number },
): Promise<{ code: number | null; output: string }> {
  const { relay } = launch(options);
  const code = await relay.exited;
  return { code, output: relay.output() };
}

function launch({ demo = false, data = newDirectory(), port = 0, env = {} }: StartOptions): {
  relay: StartedRelay;
  ready: Promise<void>;
} {
  const args = [
    "start",
    "--",
    "--port",
    String(port),
    "--data",
    data,
    ...(demo ? [] : ["--no-demo"]),
  ];
  const npm = runNpm(args, {
    cwd: root,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, TRIBUTARY_ADMIN_KEY: KEY, ...env },
  });
  let said = "";
  let tell: () => void = () => {};
  const ready = new Promise<void>((resolve) => {
    tell = resolve;
  });
  for (const stream of [npm.stdout, npm.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      if (/^Tributary is ready at http/m.test(said)) tell();
    });
  }
  const exited = new Promise<number | null>((resolve) => {
    npm.once("exit", resolve);
  });
  const url = `http://127.0.0.1:${port}`;
  const relay: StartedRelay = {
    url,
    socketUrl: url.replace("http", "ws"),
    key: KEY,
    data,
    process: npm,
    exited,
    output: () => said,
    async kill() {
      killGroup(npm);
      await exited;
    },
    stop() {
      npm.kill("SIGTERM");
      return exited;
    },
  };
  return { relay, ready };
}

const KEY = "admin-key-of-the-end-to-end-tests";

const directories: string[] = [];

export function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "tributary-e2e-"));
  directories.push(directory);
  return directory;
}

process.on("exit", () => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

// Below those that systems give to whoever asks for any: nothing else takes a relay's port while the
// relay is down, and is to come back to it.
const PORTS = { from: 10_000, count: 20_000 };
// More than there are files that run at the same time.
const SLOTS = 100;

/** A port that is free, and that no file of tests that runs beside this one is given. */
export async function freePort(): Promise<number> {
  const slot = Number(process.env["VITEST_POOL_ID"]) % SLOTS;
  for (;;) {
    const place = Math.floor((Math.random() * PORTS.count) / SLOTS);
    const port = PORTS.from + place * SLOTS + slot;
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** Calls the API as the admin; rejects unless it succeeds. */
export async function call<T>(
  relay: StartedRelay,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const response = await fetch(`${relay.url}/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${relay.key}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return (text === "" ? null : JSON.parse(text)) as T;
}
