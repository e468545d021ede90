import { stripVTControlCharacters } from "node:util";

import type { Account } from "./steps.ts";

/** Reads whether wrangler is logged in, and for which accounts. */
export function readWho(stdout: string): { isLoggedIn: boolean; accounts: readonly Account[] } {
  const { loggedIn = false, accounts = [] } = readJson(stdout) as {
    loggedIn?: boolean;
    accounts?: readonly Account[];
  };
  return { isLoggedIn: loggedIn, accounts };
}

/** Is there a database with this name? */
export function hasDatabase(stdout: string, name: string): boolean {
  return (readJson(stdout) as readonly { name: string }[]).some((each) => each.name === name);
}

/** Did wrangler say that a bucket of this name is the account's already? */
export function isBucketThere(failure: string): boolean {
  return /code: 10004\b|already exists/i.test(failure);
}

/** The names of the secrets that a Worker has. */
export function readSecretNames(stdout: string): readonly string[] {
  return (readJson(stdout) as readonly { name: string }[]).map(({ name }) => name);
}

/** The ids of the versions that requests go to. */
export function readVersions(stdout: string): readonly string[] {
  const { versions = [] } = readJson(stdout) as { versions?: readonly { version_id: string }[] };
  return versions.map(({ version_id }) => version_id);
}

/** Reads the rows that a query of the database was answered with. */
export function readRows(stdout: string): readonly unknown[] {
  const [first] = readJson(stdout) as readonly { results?: readonly unknown[] }[];
  return first?.results ?? [];
}

/** Did the database say that it has not got a table yet? */
export function isTableMissing(failure: string): boolean {
  return /no such table/.test(failure);
}

/** Did wrangler say that the Worker is not there, rather than that it could not find out? */
export function isWorkerMissing(failure: string): boolean {
  return /Worker ".*" not found/.test(failure);
}

/** One line of the file that wrangler keeps of what it did. */
interface Entry {
  readonly type: string;
  readonly message?: string;
  readonly code?: number;
  readonly targets?: readonly string[];
}

/** Reads what wrangler gave as the reason for its failure, and where it deployed to. */
export function readRecord(text: string): { failure?: string; targets: readonly string[] } {
  const entries = text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Entry);
  const failed = entries.findLast(({ type }) => type === "command-failed");
  const code = failed?.code === undefined ? "" : ` [code: ${failed.code}]`;
  const failure = failed === undefined ? undefined : `${failed.message}${code}`;
  const targets = entries.findLast(({ type }) => type === "deploy")?.targets ?? [];
  return { ...(failure !== undefined && { failure }), targets };
}

const HOST = /^(?:https:\/\/)?([a-z0-9.-]+\.[a-z]+)(?:\/\*?)?(?: \(.*)?$/;

/**
 * The address of a deployed relay: a domain of its own before one on workers.dev. A route that
 * stands for many addresses, and a schedule, are none.
 */
export function addressOf(targets: readonly string[]): string | undefined {
  const hosts = targets.flatMap((target) => {
    const [, host] = HOST.exec(target) ?? [];
    return host === undefined ? [] : [host];
  });
  const own = hosts.find((host) => !host.endsWith(".workers.dev"));
  const host = own ?? hosts[0];
  return host === undefined ? undefined : `https://${host}`;
}

// What wrangler says after the reason: who is logged in, where its log is, whom to tell.
const AFTERWARDS = /^\s*(\p{Extended_Pictographic}|If you think this is a bug|Getting User|at )/u;

/** The reason of a failure as wrangler prints it, which says more than its record does. */
export function readReason(stderr: string): string {
  const lines = stripVTControlCharacters(stderr).split("\n");
  const from = lines.findIndex((line) => line.includes("[ERROR]"));
  if (from === -1) return "";
  const rest = lines.slice(from).map((line) => line.replace(/^.*\[ERROR\]\s*/, "").trim());
  const end = rest.findIndex((line) => AFTERWARDS.test(line));
  return rest
    .slice(0, end === -1 ? undefined : end)
    .filter(Boolean)
    .join("\n");
}

/** Reads what wrangler prints as JSON, without what it may have said before it. */
function readJson(stdout: string): unknown {
  const start = stdout.search(/^[[{]/m);
  if (start === -1) throw new Error(`wrangler answered with no JSON: ${stdout.slice(0, 200)}`);
  return JSON.parse(stdout.slice(start));
}
