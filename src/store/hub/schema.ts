import { migrate } from "../object/migrate.ts";

/* The tables of a hub. */
const STEPS: readonly string[] = [
  `
  -- The channels whose sockets it holds, and how far it has got in each.
  CREATE TABLE feeds (
    channel TEXT    PRIMARY KEY,
    epoch   TEXT    NOT NULL,
    -- Tells one stay on the channel from the next.
    term    INTEGER NOT NULL,
    -- Everything up to here has been given to the sockets.
    at      INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE alarms (name TEXT PRIMARY KEY, due_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;

  -- Credentials that were revoked a short while ago: what was let in just before is to go as well.
  CREATE TABLE revoked (
    credential_id TEXT    PRIMARY KEY,
    until         INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- What of each channel decides who may read it, and when that was true.
  ALTER TABLE feeds ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE feeds ADD COLUMN public INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE feeds ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0;
  `,
  `
  -- By which name a channel's object is found, where that is not the channel's id.
  CREATE TABLE names (channel TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT, WITHOUT ROWID;
  `,
];

/** Brings a hub's tables up to date. */
export function migrateHub(sql: SqlStorage): void {
  migrate(sql, STEPS);
}
