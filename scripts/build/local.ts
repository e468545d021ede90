import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import {
  unstable_getMiniflareWorkerOptions as readOptions,
  unstable_splitSqlQuery as splitSql,
} from "wrangler";

const root = join(import.meta.dirname, "../..");
const migrations = join(root, "migrations");

/** Settings of a relay on this machine, read when it is built: wrangler alone is a third of a start. */
export interface Local {
  /** As Miniflare takes them, of `wrangler.toml`. */
  readonly workerOptions: Readonly<Record<string, unknown>>;
  /** The database's migrations, statement by statement, in their order. */
  readonly migrations: readonly Migration[];
}

export interface Migration {
  readonly name: string;
  readonly statements: readonly string[];
}

/** Reads `wrangler.toml` and the migrations. */
export function describeLocal(): Local {
  // It warns of secrets that are given at the start.
  process.env["WRANGLER_LOG"] = "error";
  const { workerOptions } = readOptions(join(root, "wrangler.toml"));
  const names = readdirSync(migrations).filter((file) => file.endsWith(".sql"));
  return {
    workerOptions: { ...workerOptions },
    migrations: names.toSorted().map((name) => ({
      name,
      statements: splitSql(readFileSync(join(migrations, name), "utf8")),
    })),
  };
}
