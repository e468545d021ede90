import { randomBytes } from "node:crypto";

import { namePrevious, type KeyName } from "./key-change.ts";

/** Secrets that a Worker lacks, with values for them. */
export interface MadeSecrets {
  readonly values: Readonly<Record<string, string>>;
  /** The admin key, if it was made here: nobody else knows it. */
  readonly adminKey?: string;
}

const ADMIN_KEY = "TRIBUTARY_ADMIN_KEY";

/** The environment's name for the key that is to be the next one. */
const NEXT = "_NEXT";

// Systems that run a build and keep what it prints.
const LOGS = ["WORKERS_CI", "GITHUB_ACTIONS", "GITLAB_CI", "CIRCLECI", "BUILDKITE", "TF_BUILD"];

/** Is what is printed here kept where others may read it? */
export function isLogKept(env: NodeJS.ProcessEnv): boolean {
  return LOGS.some((name) => (env[name] ?? "") !== "");
}

/**
 * A value for each of these secrets: the environment's, or 32 random bytes. What a Worker has is never
 * made anew: it would make all that is sealed unreadable.
 */
export function makeSecrets(names: readonly string[], env: NodeJS.ProcessEnv): MadeSecrets {
  const made = Object.fromEntries(
    names.map((name) => [name, (env[name] ?? "") === "" ? makeOne(name) : (env[name] ?? "")]),
  );
  const isMade = names.includes(ADMIN_KEY) && (env[ADMIN_KEY] ?? "") === "";
  return { values: made, ...(isMade && { adminKey: made[ADMIN_KEY] ?? "" }) };
}

/**
 * The next value of a key that is changed: the environment's under `…_NEXT`, or 32 random bytes. The
 * one before goes along where the environment has it under `…_PREVIOUS`.
 */
export function makeNext(name: KeyName, env: NodeJS.ProcessEnv): MadeSecrets {
  const given = env[name + NEXT] ?? "";
  const before = env[namePrevious(name)] ?? "";
  const value = given === "" ? makeOne(name) : given;
  const values = { [name]: value, ...(before !== "" && { [namePrevious(name)]: before }) };
  return { values, ...(name === ADMIN_KEY && given === "" && { adminKey: value }) };
}

/** Would the next admin key have to be made, and printed? */
export function needsNextAdminKey(name: KeyName, env: NodeJS.ProcessEnv): boolean {
  return name === ADMIN_KEY && (env[name + NEXT] ?? "") === "";
}

/** Would an admin key have to be made, and printed? */
export function needsAdminKey(names: readonly string[], env: NodeJS.ProcessEnv): boolean {
  return names.includes(ADMIN_KEY) && (env[ADMIN_KEY] ?? "") === "";
}

function makeOne(name: string): string {
  return (name === ADMIN_KEY ? "trb_admin_" : "") + randomBytes(32).toString("hex");
}
