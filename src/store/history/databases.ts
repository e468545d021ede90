import { RelayError } from "../../errors.ts";
import { DATABASE_MAX_BYTES, DATABASE_NEARLY_FULL } from "../../event/trouble.ts";
import type { ArchiveEnv } from "./bucket.ts";
import { meterDatabase, type TakeQueries } from "./metered.ts";
import { withArchive, type Queries } from "./queries.ts";

/*
 * The databases that histories are in. A channel's blocks, its volumes' rows and its turns are in one
 * of them, which the channel's record names by its binding; everything else of the relay is in `DB`.
 */

/** The binding of the relay's own database, and of the histories of channels where there is no other. */
export const MAIN_DATABASE = "DB";

const OTHER = /^HISTORY_[1-9]\d{0,3}$/;

/** The bindings that histories are reached by. Further databases are `HISTORY_1`, `HISTORY_2` … */
export interface HistoryEnv extends ArchiveEnv {
  readonly DB: D1Database;
}

/** A channel's record, as far as it says where its history is. */
export interface Located {
  readonly historyDatabase: string;
}

/** Lists the databases that there are, by the names of their bindings. */
export function listDatabases(env: HistoryEnv): ReadonlyMap<string, D1Database> {
  const others = Object.entries(env)
    .filter(([name, bound]) => OTHER.test(name) && isDatabase(bound))
    .toSorted(([one], [other]) => numberOf(one) - numberOf(other)) as [string, D1Database][];
  return new Map([[MAIN_DATABASE, env.DB], ...others]);
}

function isDatabase(bound: unknown): bound is D1Database {
  return typeof (bound as Partial<D1Database> | null)?.prepare === "function";
}

function numberOf(name: string): number {
  return Number(name.slice(name.indexOf("_") + 1));
}

/** The same bindings, by which every query of any of these databases is taken from one allowance. */
export function meterDatabases<E extends HistoryEnv>(env: E, take: TakeQueries): E {
  const metered = [...listDatabases(env)].map(([name, db]) => [name, meterDatabase(db, take)]);
  return { ...env, ...(Object.fromEntries(metered) as Partial<E>) };
}

/**
 * The history of a channel, with the archive: the one way there. Where its database is not bound every
 * question fails, and none is asked of another database.
 */
export function openHistory(
  env: HistoryEnv,
  { historyDatabase }: Located,
  take?: TakeQueries,
): D1Database {
  const db = listDatabases(env).get(historyDatabase);
  if (db === undefined) return new MissingDatabase(historyDatabase) as object as D1Database;
  return withArchive(take === undefined ? db : meterDatabase(db, take), env.ARCHIVE);
}

/**
 * Decides where the history of a new channel is to be. Where there are further databases, in one of
 * those: what fills up with histories must not keep channels and keys from being written. `bytes`: how
 * large each was when it was last looked at; `chance`, below 1, chooses among those that have room, by how
 * much they have.
 */
export function chooseDatabase(
  names: readonly string[],
  bytes: ReadonlyMap<string, number>,
  chance: number,
): string {
  const others = names.filter((name) => name !== MAIN_DATABASE);
  const roomOf = (name: string, most: number): number => Math.max(0, most - (bytes.get(name) ?? 0));
  for (const most of [DATABASE_NEARLY_FULL, DATABASE_MAX_BYTES]) {
    let at = chance * others.reduce((sum, name) => sum + roomOf(name, most), 0);
    for (const name of others) {
      at -= roomOf(name, most);
      if (at < 0) return name;
    }
  }
  return others.at(-1) ?? MAIN_DATABASE;
}

/** Lists the databases beside `DB` that histories of channels are in, or of channels that are going. */
export async function listUsedDatabases(db: Queries): Promise<string[]> {
  // One look at an index for each that there is, however many channels are in it.
  const next = (table: string, last: string): string =>
    `(SELECT min(history_database) FROM ${table}
      WHERE history_database <> 'DB' AND history_database > ${last}.name)`;
  const { results } = await db
    .prepare(
      `WITH RECURSIVE
         used(name) AS (SELECT '' UNION ALL
           SELECT ${next("channels", "used")} FROM used WHERE name IS NOT NULL),
         going(name) AS (SELECT '' UNION ALL
           SELECT ${next("purges", "going")} FROM going WHERE name IS NOT NULL)
       SELECT name FROM used WHERE name > '' UNION SELECT name FROM going WHERE name > ''
       ORDER BY 1`,
    )
    .all<{ name: string }>();
  return results.map(({ name }) => name);
}

/** Measures a database, in bytes: any answer says how large it is. */
export async function measureDatabase(db: D1Database): Promise<number> {
  const { meta } = await db.prepare("SELECT 1 FROM blocks LIMIT 1").all();
  return meta.size_after;
}

/** A database that a channel's record names and that is not bound. */
class MissingDatabase {
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  prepare(): this {
    return this;
  }

  bind(): this {
    return this;
  }

  withSession(): this {
    return this;
  }

  getBookmark(): null {
    return null;
  }

  all = (): Promise<never> => this.#refuse();
  batch = this.all;
  first = this.all;
  raw = this.all;
  run = this.all;

  #refuse(): Promise<never> {
    const cause = new Error(
      `a channel's history is in ${this.#name}, and there is no such binding`,
    );
    return Promise.reject(new HistoryDatabaseError(cause));
  }
}

/** The history of a channel, while the database that it is in is not bound. */
export class HistoryDatabaseError extends RelayError {
  constructor(cause: Error) {
    const detail = "The history of this channel is in a database that the relay cannot reach.";
    super("unavailable", detail, { cause });
    this.name = "HistoryDatabaseError";
  }
}
