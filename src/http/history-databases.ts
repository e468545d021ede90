import { z } from "zod";

import { reportRejected } from "../report.ts";
import {
  chooseDatabase,
  listDatabases,
  listUsedDatabases,
  MAIN_DATABASE,
  measureDatabase,
  type HistoryEnv,
} from "../store/history/databases.ts";
import { readNote, saveNote } from "../store/history/notes.ts";
import type { Queries } from "../store/history/queries.ts";

/** `databases`: the bytes that each had when it was last looked at, by the name of its binding. */
const DatabasesNote = z.record(z.string(), z.int());
const NOTE = "databases";

/** A database beside the relay's own that histories are in, or may be. */
export interface OtherDatabase {
  readonly name: string;
  /** Null where it was not looked at yet. */
  readonly bytes: number | null;
  readonly isBound: boolean;
}

/** Chooses the database of a new channel's history: asked of nobody where there is one to choose. */
export async function chooseHistory(env: HistoryEnv, chance: number): Promise<string> {
  const names = [...listDatabases(env).keys()];
  // `DB`, or the only one beside it.
  if (names.length <= 2) return chooseDatabase(names, new Map(), chance);
  const note = (await readNote(env.DB, NOTE, DatabasesNote)) ?? {};
  return chooseDatabase(names, new Map(Object.entries(note)), chance);
}

/** Lists the databases beside the relay's own, as they were when they were last looked at. */
export async function listOtherDatabases(env: HistoryEnv, db: Queries): Promise<OtherDatabase[]> {
  const used = await listUsedDatabases(db);
  const bound = [...listDatabases(env).keys()].filter((name) => name !== MAIN_DATABASE);
  const names = [...new Set([...bound, ...used])];
  if (names.length === 0) return [];
  const note = new Map(Object.entries((await readNote(db, NOTE, DatabasesNote)) ?? {}));
  return names.map((name) => ({
    name,
    bytes: note.get(name) ?? null,
    isBound: bound.includes(name),
  }));
}

/** The same, looked at now; one that does not answer is as it was. */
export async function lookAtDatabases(env: HistoryEnv): Promise<OtherDatabase[]> {
  const before = await listOtherDatabases(env, env.DB);
  const asked = [...listDatabases(env)]
    .filter(([name]) => name !== MAIN_DATABASE)
    .map(async ([name, db]) => [name, await measureDatabase(db)] as const);
  const sizes = reportRejected("database could not be asked", await Promise.allSettled(asked));
  const found = new Map(sizes);
  const now = before.map((each) => ({ ...each, bytes: found.get(each.name) ?? each.bytes }));
  if (now.some(({ bytes }, index) => bytes !== before[index]?.bytes)) {
    const note = now.flatMap(({ name, bytes }) => (bytes === null ? [] : [[name, bytes] as const]));
    await saveNote(env.DB, NOTE, Object.fromEntries(note));
  }
  return now;
}
