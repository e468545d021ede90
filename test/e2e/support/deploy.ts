import { cpSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { CloudflareApi } from "../../support/cloudflare/api.ts";
import { runNpm } from "./npm.ts";
import { newDirectory } from "./relay.ts";

const root = join(import.meta.dirname, "../../..");

/** An admin key, as it is shown. */
export const ADMIN_KEY = /trb_admin_[0-9a-f]{64}/g;

/** The call by which a Worker is uploaded. */
export const UPLOAD = "PUT /workers/scripts/tributary";

/** The secrets that the Worker has by now. */
export function readSecrets({ account }: CloudflareApi): ReadonlyMap<string, string> {
  return new Map(account.worker?.secrets);
}

interface Deployed {
  readonly code: number | null;
  readonly output: string;
}

/** Deploys as a person does, with `npm run deploy`, against what stands for Cloudflare's API. */
export async function deploy(
  api: CloudflareApi,
  env: Record<string, string> = {},
  ...args: readonly string[]
): Promise<Deployed> {
  return deployFrom(root, api, env, ...args);
}

const PARTS = [
  "src",
  "scripts",
  "migrations",
  "test/support",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
];

/** A copy of the project with a wrangler.toml of its own, as somebody has it who changed that. */
export function copyProject(change: (toml: string) => string): string {
  const copy = newDirectory();
  for (const part of PARTS) {
    // What is installed is seen by the times of these.
    cpSync(join(root, part), join(copy, part), { recursive: true, preserveTimestamps: true });
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  const toml = readFileSync(join(root, "wrangler.toml"), "utf8");
  writeFileSync(join(copy, "wrangler.toml"), change(toml));
  return copy;
}

/** The same from another folder that has the project. */
export async function deployFrom(
  folder: string,
  api: CloudflareApi,
  env: Record<string, string> = {},
  ...args: readonly string[]
): Promise<Deployed> {
  const options = ["--url", api.origin, "--wait", "0", ...args];
  const npm = runNpm(["run", "-s", "deploy", "--", ...options], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...withoutLogs(process.env),
      // No log-in of whoever runs the tests, and nothing of theirs is written to.
      HOME: home,
      XDG_CONFIG_HOME: home,
      WRANGLER_CACHE_DIR: home,
      CLOUDFLARE_API_BASE_URL: api.url,
      CLOUDFLARE_API_TOKEN: api.token,
      CLOUDFLARE_ACCOUNT_ID: api.account.id,
      TRIBUTARY_ADMIN_KEY: "",
      TRIBUTARY_MASTER_KEY: "",
      TRIBUTARY_ADMIN_KEY_PREVIOUS: "",
      TRIBUTARY_MASTER_KEY_PREVIOUS: "",
      ...env,
    },
  });
  let output = "";
  for (const stream of [npm.stdout, npm.stderr]) {
    stream?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  }
  const code = await new Promise<number | null>((resolve) => {
    npm.once("close", resolve);
  });
  return { code, output };
}

const home = newDirectory();

/** The environment of a person, wherever the tests run. */
function withoutLogs(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { WORKERS_CI: _, GITHUB_ACTIONS: __, GITLAB_CI: ___, ...rest } = env;
  return rest;
}
