/*
 * `npm run deploy`: the relay on Cloudflare, from nothing or from what is there. Each step is
 * chosen by what is known so far, done with wrangler, and adds to what is known.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { setTimeout as pause } from "node:timers/promises";

import { unstable_readConfig as readConfig } from "wrangler";

import { computeKeyId } from "../src/lib/secrecy.ts";
import { ensureBuilt, WORKER } from "./build/fresh.ts";
import {
  addressOf,
  hasDatabase,
  isBucketThere,
  isTableMissing,
  isWorkerMissing,
  readRows,
  readSecretNames,
  readVersions,
  readWho,
} from "./deploy/answers.ts";
import { MAIN, readDatabases, type Database } from "./deploy/databases.ts";
import {
  explain,
  explainNoAccount,
  explainNoAdminKey,
  explainNoEnvironment,
  explainNoLogIn,
  explainNotReady,
  Failure,
} from "./deploy/failures.ts";
import {
  checkRemoval,
  checkTakenUp,
  explainNotTakenUp,
  formatOption,
  judgeRotation,
  MASTER_KEY_QUERY,
  namePrevious,
  pickVersion,
  withRenamed,
  type KeyName,
  type MasterKeyRow,
} from "./deploy/key-change.ts";
import { readOptions } from "./deploy/options.ts";
import { askReadiness } from "./deploy/readiness.ts";
import {
  isLogKept,
  makeNext,
  makeSecrets,
  needsAdminKey,
  needsNextAdminKey,
} from "./deploy/secrets.ts";
import { beginWith, nextStep, type Account, type Known, type Step } from "./deploy/steps.ts";
import { Wrangler } from "./deploy/wrangler.ts";

// The relay notes a key by the minute.
const PAUSE_MS = 5_000;

const root = join(import.meta.dirname, "..");
const { env: environment, url, waitSeconds, keyChange } = readOptions(process.argv.slice(2));
const given = (name: string): string | undefined => process.env[name] || undefined;
const hasToken = given("CLOUDFLARE_API_TOKEN") !== undefined;
const isAtTerminal = process.stdin.isTTY && process.stdout.isTTY;
const config = readDeployed();
const wrangler = new Wrangler(process.env);
let secretsFile: string | undefined;
/** The databases of the configuration that the account does not have. */
let missing: readonly Database[] = [];
/**
 * The change of a key: the new master key's id and the relay's record before, by which it is seen; and
 * the version that has the key before.
 */
const change: { newId: string | null; before: MasterKeyRow | null; version: string } = {
  newId: null,
  before: null,
  version: "",
};

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    wrangler.stop();
    process.exit(130);
  });
}

const perform: Record<Step, (known: Known) => Promise<Known>> = {
  async "ask-who"() {
    const { isDone, stdout, failure } = await wrangler.run("whoami", "--json");
    // Nobody logged in is an answer too, with an exit code of its own.
    if (!isDone && !/^\{/m.test(stdout)) {
      if (/not (authenticated|logged in)/i.test(failure)) return { isLoggedIn: false };
      throw explain("ask-who", failure, hasToken);
    }
    return readWho(stdout);
  },
  async "log-in"() {
    if (hasToken || !isAtTerminal) throw explainNoLogIn(hasToken);
    console.log("Log in to Cloudflare in the browser that opens.");
    const { isDone } = await wrangler.runAtTerminal("login");
    if (!isDone) throw explainNoLogIn(hasToken);
    const who = readWho((await wrangler.run("whoami", "--json")).stdout);
    if (!who.isLoggedIn) throw explainNoLogIn(hasToken);
    return who;
  },
  async "choose-account"({ accounts = [] }) {
    const account = config.account ?? (await choose(accounts));
    wrangler.useAccount(account);
    const name = accounts.find(({ id }) => id === account)?.name;
    say("Account", name === undefined ? account : `${name} (${account})`);
    return { account };
  },
  async "look-for-database"() {
    const named = config.databases.filter(({ isGiven }) => !isGiven);
    if (named.length === 0) return { database: "there" };
    const stdout = await ask("look-for-database", "d1", "list", "--json");
    const there = named.filter(({ name }) => hasDatabase(stdout, name));
    for (const { name } of there) say("Database", `${name}, which is there`);
    missing = named.filter((each) => !there.includes(each));
    return { database: missing.length === 0 ? "there" : "missing" };
  },
  async "look-for-secrets"() {
    const args = ["secret", "list", "--format", "json", "--name", config.name];
    const { isDone, stdout, failure } = await wrangler.run(...args);
    if (!isDone && !isWorkerMissing(failure)) throw explain("look-for-secrets", failure, hasToken);
    const names = isDone ? readSecretNames(stdout) : [];
    const missingSecrets = config.secrets.filter((name: string) => !names.includes(name));
    return { secrets: names, missingSecrets };
  },
  async "judge-key-change"({ secrets = [] }) {
    if (keyChange === undefined) return {};
    const { kind, name } = keyChange;
    if (kind === "drop" && !secrets.includes(namePrevious(name))) {
      say("Key", `there is no ${namePrevious(name)}: nothing is to be taken away`);
      return { isKeyChangePossible: true, isDropped: true };
    }
    const isMaster = name === "TRIBUTARY_MASTER_KEY";
    const row = isMaster && isThere(MAIN) ? await readMasterKeyRow("judge-key-change") : null;
    if (kind === "drop") {
      if (isMaster) checkRemoval(row, Date.now());
      return { isKeyChangePossible: true };
    }
    const next = given(`${name}_NEXT`);
    const nextId = next === undefined ? null : await computeKeyId(next);
    if (judgeRotation(name, { secrets, row, nextId, now: Date.now() }) === "goes on") {
      say("Key", `${name} is being changed already: no other is made`);
      change.newId = nextId;
      return { isKeyChangePossible: true, isUnderWay: true };
    }
    change.before = row;
    if (given(namePrevious(name)) === undefined) {
      const status = ["deployments", "status", "--json", "--name", config.name];
      change.version = pickVersion(readVersions(await ask("judge-key-change", ...status)));
    }
    return { isKeyChangePossible: true };
  },
  async "drop-key"() {
    if (keyChange === undefined) return {};
    const name = namePrevious(keyChange.name);
    await ask("drop-key", "secret", "delete", name, "--name", config.name);
    say("Key", `${name} is taken away`);
    return { isDropped: true };
  },
  async "make-database"() {
    for (const { name, jurisdiction } of missing) {
      const where = jurisdiction === undefined ? [] : ["--jurisdiction", jurisdiction];
      await ask("make-database", "d1", "create", name, ...where);
      say("Database", `${name}, made now`);
    }
    return { database: "there" };
  },
  async "make-bucket"() {
    const { bucket = "", bucketJurisdiction } = config;
    const where = bucketJurisdiction === undefined ? [] : ["--jurisdiction", bucketJurisdiction];
    const { isDone, failure } = await wrangler.run("r2", "bucket", "create", bucket, ...where);
    if (!isDone && !isBucketThere(failure)) throw explain("make-bucket", failure, hasToken);
    say("Archive", isDone ? `${bucket}, made now` : `${bucket}, which is there`);
    return { bucket: "there" };
  },
  async "make-secrets"({ missingSecrets = [], isUnderWay = false }) {
    if (needsAdminKey(missingSecrets, process.env) && isLogKept(process.env)) {
      throw explainNoAdminKey();
    }
    const changed = isUnderWay ? undefined : keyChange?.name;
    if (changed !== undefined && needsNextAdminKey(changed, process.env)) {
      if (isLogKept(process.env)) throw explainNoAdminKey();
    }
    const missing = makeSecrets(missingSecrets, process.env);
    const next = changed === undefined ? { values: {} } : makeNext(changed, process.env);
    const values: Record<string, string> = { ...missing.values, ...next.values };
    const adminKey = missing.adminKey ?? next.adminKey;
    if (changed !== undefined) {
      change.newId = await computeKeyId(values["TRIBUTARY_MASTER_KEY"] ?? "");
    }
    secretsFile = wrangler.keep("secrets.json", JSON.stringify(values));
    const names = [...missingSecrets, ...(changed === undefined ? [] : [changed])];
    say("Secrets", `${names.join(", ")}, made now`);
    // Before it is in use: whatever happens afterwards, it has been seen.
    if (adminKey !== undefined) {
      say(
        "Admin key",
        `${adminKey}\n           Shown this once: keep it. It holds once the deploy succeeds.`,
      );
    }
    return { hasMadeSecrets: true };
  },
  async migrate() {
    for (const { binding } of config.databases) {
      await ask("migrate", "d1", "migrations", "apply", binding, "--remote", ...inEnvironment());
    }
    const count = config.databases.length;
    say("Tables", count === 1 ? "up to date" : `up to date, in ${count} databases`);
    return { isMigrated: true };
  },
  async deploy({ isUnderWay = false }) {
    await ensureBuilt().catch((error: Error) => {
      // In the words that say what to do.
      throw explain("deploy", error.message, hasToken);
    });
    const secrets = secretsFile === undefined ? [] : ["--secrets-file", secretsFile];
    const built = [WORKER, "--no-bundle"];
    const config = isUnderWay ? [] : renamed();
    const args = ["deploy", ...built, ...config, ...secrets, ...inEnvironment()];
    // It may ask for the account's name on workers.dev.
    const { isDone, failure, targets } = await (isAtTerminal
      ? wrangler.runAtTerminal(...args)
      : wrangler.run(...args));
    if (!isDone) throw explain("deploy", failure, hasToken);
    const address = url ?? addressOf(targets);
    if (address === undefined) {
      const reason = `wrangler deployed to ${targets.join(", ") || "no address"}.`;
      const advice = "say where the relay answers: npm run deploy -- --url https://<host>";
      throw new Failure("The relay is deployed, and its address is not known.", reason, advice);
    }
    say("Deployed", address);
    return { address };
  },
  async "ask-readiness"({ address = "" }) {
    const last = await askReadiness(address, waitSeconds * 1_000);
    if (last !== null) throw explainNotReady(address, last, waitSeconds);
    return { isReady: true };
  },
  async "see-key-taken-up"() {
    if (keyChange?.name === "TRIBUTARY_MASTER_KEY") await seeKeyTakenUp();
    return { isTakenUp: true };
  },
};

try {
  let known: Known = {
    ...beginWith(hasToken, config.account, keyChange),
    ...(config.bucket !== undefined && { bucket: "wanted" }),
  };
  for (let step = nextStep(known); step !== null; step = nextStep(known)) {
    known = { ...known, ...(await perform[step](known)) };
  }
  if (keyChange === undefined) sayNext(known.address ?? "");
  else if (keyChange.kind === "rotate") sayNextOfKey(known.address ?? "", keyChange.name);
} catch (error) {
  console.error(`\n${error instanceof Failure ? error.message : String((error as Error).stack)}`);
  process.exit(1);
}

/** The relay that is deployed, as wrangler.toml has it. */
function readDeployed() {
  const read = readConfig(
    { config: join(root, "wrangler.toml"), env: environment },
    { hideWarnings: true },
  );
  if (environment !== undefined && read.definedEnvironments?.includes(environment) !== true) {
    console.error(explainNoEnvironment(environment).message);
    process.exit(2);
  }
  const archive = read.r2_buckets.find(
    ({ binding }: { readonly binding: string }) => binding === "ARCHIVE",
  );
  const name = given("WRANGLER_CI_OVERRIDE_NAME") ?? read.name ?? "tributary";
  return {
    name,
    account: given("CLOUDFLARE_ACCOUNT_ID") ?? read.account_id,
    databases: readDatabases(read.d1_databases, name),
    bucket: archive === undefined ? undefined : (archive.bucket_name ?? `${name}-archive`),
    bucketJurisdiction: archive?.jurisdiction,
    secrets: read.secrets?.required ?? [],
  };
}

function isThere(binding: string): boolean {
  return !missing.some((each) => each.binding === binding);
}

function inEnvironment(): readonly string[] {
  return environment === undefined ? [] : ["--env", environment];
}

/** The configuration of a deploy that renames the key that there is; the usual one for any other. */
function renamed(): readonly string[] {
  if (keyChange === undefined || given(namePrevious(keyChange.name)) !== undefined) return [];
  const toml = readFileSync(join(root, "wrangler.toml"), "utf8");
  return [
    "--config",
    wrangler.keepConfig(withRenamed(toml, keyChange.name, change.version, environment)),
  ];
}

/** The relay's own record of its master key; null where it has none yet. */
async function readMasterKeyRow(step: Step): Promise<MasterKeyRow | null> {
  const query = ["--remote", "--json", "--command", MASTER_KEY_QUERY, ...inEnvironment()];
  const { isDone, stdout, failure } = await wrangler.run("d1", "execute", "DB", ...query);
  if (isDone) return (readRows(stdout)[0] as MasterKeyRow | undefined) ?? null;
  if (isTableMissing(failure) || isTableMissing(stdout)) return null;
  throw explain(step, failure, hasToken);
}

/** Waits until the relay has noted the new key, and sees that it has the one before. */
async function seeKeyTakenUp(): Promise<void> {
  const end = performance.now() + waitSeconds * 1_000;
  for (;;) {
    const row = await readMasterKeyRow("see-key-taken-up");
    if (checkTakenUp(row, change.newId, change.before) === true) return;
    if (performance.now() + PAUSE_MS > end) throw explainNotTakenUp(waitSeconds);
    await pause(PAUSE_MS);
  }
}

/** Has wrangler do what the step needs, and answers what it printed. */
async function ask(step: Step, ...args: readonly string[]): Promise<string> {
  const { isDone, stdout, failure } = await wrangler.run(...args);
  if (!isDone) throw explain(step, failure, hasToken);
  return stdout;
}

async function choose(accounts: readonly Account[]): Promise<string> {
  const [only] = accounts;
  if (only !== undefined && accounts.length === 1) return only.id;
  if (!isAtTerminal || accounts.length === 0) throw explainNoAccount(accounts);
  for (const [index, { name, id }] of accounts.entries())
    console.log(`${index + 1}  ${name}  ${id}`);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const number = Number(await terminal.question("Which account? "));
  terminal.close();
  const chosen = accounts[number - 1];
  if (chosen === undefined) throw explainNoAccount(accounts);
  return chosen.id;
}

function say(subject: string, sentence: string): void {
  console.log(`${subject.padEnd(10)} ${sentence}`);
}

function sayNextOfKey(address: string, name: KeyName): void {
  const isMaster = name === "TRIBUTARY_MASTER_KEY";
  const what = isMaster
    ? `What is sealed is sealed anew from now on. ${address}/v1/master-key says how far that is; after
25 hours, when it says \`mayBeRemoved\`, take the key before away:`
    : `Both admin keys hold. When nobody uses the one before any more, take it away:`;
  console.log(`
${name} is changed, and the one before is ${namePrevious(name)}.
${what}
  npm run deploy -- ${formatOption({ kind: "drop", name })}`);
}

function sayNext(address: string): void {
  say("API page", `${address}/v1/docs`);
  console.log(`
Tributary is ready at ${address}
Next, make a channel (with the admin key in KEY):
  curl -X POST ${address}/v1/channels -H "Authorization: Bearer $KEY" \\
    -H "Content-Type: application/json" -d '{"id":"mine"}'`);
}
