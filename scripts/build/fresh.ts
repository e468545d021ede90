import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { listTree } from "../write-tree.ts";
import type { Local } from "./local.ts";

const root = join(import.meta.dirname, "../..");
const dist = join(root, "dist");

/** All that is built is made of: sources, settings, what builds them, samples, the packages. */
const INPUTS = [
  "src",
  "scripts",
  "migrations",
  "test/support/samples.ts",
  "wrangler.toml",
  "package.json",
  "package-lock.json",
];

/** The fingerprint of what the built files were made of. It is written last. */
const MARK = join(dist, "built");

const ASSETS = join(dist, "assets");

/** The Worker, as it is deployed and as `npm start` runs it. */
export const WORKER = join(dist, "worker/index.js");

/** The settings of a relay on this machine. */
export const LOCAL = join(dist, "worker/local.json");

export function readLocal(): Local {
  return JSON.parse(readFileSync(LOCAL, "utf8")) as Local;
}

/** A text that changes whenever something changes that is built of. */
export function computeFingerprint(): string {
  const hash = createHash("sha256");
  for (const input of INPUTS) {
    const path = join(root, input);
    const isFile = existsSync(path) && input.includes(".");
    const files = isFile ? [path] : listTree(path).map((each) => join(path, each));
    for (const file of files.toSorted()) {
      const content = readFileSync(file);
      hash.update(`${file} ${content.length}\n`).update(content);
    }
  }
  return hash.digest("hex");
}

/** Says if all that is built is there, and made of what there is now. */
export function isBuilt(fingerprint = computeFingerprint()): boolean {
  const isThere = [MARK, WORKER, LOCAL, ASSETS].every((path) => existsSync(path));
  return isThere && readFileSync(MARK, "utf8") === fingerprint;
}

/** Notes what the built files were made of. */
export function markBuilt(fingerprint: string): void {
  mkdirSync(dist, { recursive: true });
  const draft = `${MARK}-${process.pid}`;
  writeFileSync(draft, fingerprint);
  renameSync(draft, MARK);
}

/**
 * Builds what is not built yet, in a process of its own: nothing of it stays with whoever asks, and
 * what has been built takes a moment.
 */
export async function ensureBuilt(): Promise<void> {
  if (isBuilt()) return;
  const building = spawn(process.execPath, [join(root, "scripts/build.ts")], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [building.stdout, building.stderr]) {
    stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    building.once("error", reject);
    building.once("close", resolve);
  });
  if (code !== 0) throw new Error(`The Worker could not be bundled.\n${said}`);
}
