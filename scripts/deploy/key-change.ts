/*
 * A change of one of the relay's two keys: what may be done when, and how the key before comes to its
 * new name. Cloudflare shows a secret to nobody: it is renamed where it is, by the upload that brings
 * the new one, and nobody has to know it.
 */
import { isAllSealedAnew, LIVES_ON_MS, type SealedLeft } from "../../src/lib/sealed-left.ts";
import { Failure } from "./failures.ts";

export type KeyName = "TRIBUTARY_MASTER_KEY" | "TRIBUTARY_ADMIN_KEY";

/** A change beside the deploy: another key, or the one before taken away. */
export interface KeyChange {
  readonly kind: "rotate" | "drop";
  readonly name: KeyName;
}

/** The relay's own record of its master key, as its database has it. */
export interface MasterKeyRow {
  readonly id: string;
  readonly since: number;
  readonly previous: string | null;
  /** JSON. */
  readonly remains: string | null;
}

export const MASTER_KEY_QUERY = "SELECT id, since, previous, remains FROM master_key";

/** The name of the secret that holds the key before. */
export function namePrevious(name: KeyName): string {
  return `${name}_PREVIOUS`;
}

/** The option that has a change carried out. */
export function formatOption({ kind, name }: KeyChange): string {
  const key = name === "TRIBUTARY_MASTER_KEY" ? "master-key" : "admin-key";
  return kind === "rotate" ? `--rotate-${key}` : `--drop-previous-${key}`;
}

/** The state of things that a change of a key begins with. */
interface Begun {
  readonly secrets: readonly string[];
  /** The relay's record of its master key; null for none. */
  readonly row: MasterKeyRow | null;
  /** The id of the key that that the environment has; null where one is made. */
  readonly nextId: string | null;
  readonly now: number;
}

/**
 * Does a change of the key begin, or does one go on that was cut off? The one that goes on has its key
 * already: none is made. Throws where the key cannot be changed.
 */
export function judgeRotation(name: KeyName, begun: Begun): "begins" | "goes on" {
  const { secrets, row, nextId, now } = begun;
  if (!secrets.includes(name)) {
    throw new Failure(
      "The key was not changed.",
      `The Worker has no ${name} yet.`,
      "run `npm run deploy`, which makes it.",
    );
  }
  if (!secrets.includes(namePrevious(name))) return "begins";
  const drop = formatOption({ kind: "drop", name });
  if (name === "TRIBUTARY_ADMIN_KEY" || findNeed(row, now) === null) {
    throw new Failure(
      "The key was not changed.",
      `It is being changed already: the Worker has a ${namePrevious(name)}.`,
      `take the key before away first (\`npm run deploy -- ${drop}\`). Should the change have been cut off, \`npm run deploy\` ends it.`,
    );
  }
  if (nextId !== null && row !== null && row.previous !== null && row.id !== nextId) {
    throw new Failure(
      "The key was not changed.",
      `It is being changed already, to the key of id ${row.id}, and ${name}_NEXT is another.`,
      `leave ${name}_NEXT out, or wait until the key before may be taken away (\`npm run deploy -- ${drop}\`).`,
    );
  }
  return "goes on";
}

/** Throws where the master key before is still needed, or may be. */
export function checkRemoval(row: MasterKeyRow | null, now: number): void {
  const reason = findNeed(row, now);
  if (reason === null) return;
  throw new Failure(
    "The master key before was not taken away.",
    reason,
    "wait, and ask again. `GET /v1/master-key` says how far it is, and `npx wrangler tail` what stands in the way.",
  );
}

function findNeed(row: MasterKeyRow | null, now: number): string | null {
  if (row?.previous == null) return "The relay has not noted yet that it has one.";
  const left = row.remains === null ? null : (JSON.parse(row.remains) as SealedLeft);
  if (left === null) return "Not everything that is sealed has been looked at yet.";
  if (!isAllSealedAnew(left)) {
    return `${left.old} texts are still sealed with it, and ${left.unasked} channels and webhooks could not be asked.`;
  }
  const until = row.since + LIVES_ON_MS;
  if (until <= now) return null;
  return `Tokens and answers that were made with it may be about until ${new Date(until).toISOString()}.`;
}

/**
 * Has the relay taken up the new master key, with the very key beside it that there was before? Null
 * for not yet. `newId`: null for a change that goes on, whose key nobody here knows. `before`: the
 * relay's record before the change, if it had one.
 */
export function checkTakenUp(
  row: MasterKeyRow | null,
  newId: string | null,
  before: MasterKeyRow | null,
): true | null {
  if (row === null) return null;
  if (newId === null) return row.previous === null ? null : true;
  if (row.id !== newId) return null;
  const isSame = before === null || before.id === newId || row.previous === before.id;
  if (row.previous !== null && isSame) return true;
  throw new Failure(
    "The master key was changed, and the relay does not have the one before.",
    `It has ${row.previous ?? "none"}, and what is sealed needs ${before?.id ?? "the one before"}.`,
    "put the version before back at once, with its secrets (`npx wrangler rollback`). Then set the old key yourself as TRIBUTARY_MASTER_KEY_PREVIOUS in the environment, and run this again.",
  );
}

/** The relay did not take the key up in time. */
export function explainNotTakenUp(waitedSeconds: number): Failure {
  return new Failure(
    "The master key was changed, and the relay has not taken it up yet.",
    `Its run of the minute did not note it within ${waitedSeconds} s.`,
    "ask `GET /v1/master-key` in some minutes: `previous` has to be there. `npx wrangler tail` shows what the relay meets.",
  );
}

/**
 * wrangler.toml with one binding more: the secret's old value under its new name. `inherit` takes a
 * binding over from a version of before, `old_name` and `version_id` say which: an upload whose answer
 * was lost is made once more, and must not take the new key for the old one.
 */
export function withRenamed(
  toml: string,
  name: KeyName,
  version: string,
  environment: string | undefined,
): string {
  const table =
    environment === undefined ? "unsafe.bindings" : `env.${environment}.unsafe.bindings`;
  return `${toml}
[[${table}]]
name = "${namePrevious(name)}"
type = "inherit"
old_name = "${name}"
version_id = "${version}"
`;
}

/** The version that has the key. Throws where requests go to more than one, or to none. */
export function pickVersion(versions: readonly string[]): string {
  const [version] = versions;
  if (version !== undefined && versions.length === 1) return version;
  throw new Failure(
    "The key was not changed.",
    versions.length === 0
      ? "Cloudflare does not say which version of the Worker is deployed."
      : `A staged release is under way: ${versions.length} versions are deployed.`,
    "end it first with `npm run deploy`, and run this again.",
  );
}
