import { randomBytes } from "node:crypto";

/** Secrets that a Worker lacks, with values for them. */
export interface MadeSecrets {
  readonly values: Readonly<Record<string, string>>;
  /** The admin key, if it was made here: nobody else knows it. */
  readonly adminKey?: string;
}

const ADMIN_KEY = "TRIBUTARY_ADMIN_KEY";

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

/** Would an admin key have to be made, and printed? */
export function needsAdminKey(names: readonly string[], env: NodeJS.ProcessEnv): boolean {
  return names.includes(ADMIN_KEY) && (env[ADMIN_KEY] ?? "") === "";
}

function makeOne(name: string): string {
  return (name === ADMIN_KEY ? "trb_admin_" : "") + randomBytes(32).toString("hex");
}
