import { ERRANDS_STEP } from "../object/errands.ts";
import { emptyTables, hasTables, migrate } from "../object/migrate.ts";
import { REQUESTS_STEP } from "../object/requests.ts";

/*
 * The tables of one webhook's object. Append-only: a change is a new step at the end.
 */
const STEPS: readonly string[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE deliveries (
    -- The order they were taken in.
    number     INTEGER PRIMARY KEY,
    -- urgent, live or recovery.
    lane       TEXT    NOT NULL,
    -- event, test or verification.
    kind       TEXT    NOT NULL,
    -- webhook-id on the wire; null while a batch is still open.
    message_id TEXT,
    -- Places in the log; 0 for what is not in it.
    first_seq  INTEGER NOT NULL,
    last_seq   INTEGER NOT NULL,
    -- JSON: the places it is of.
    seqs       TEXT    NOT NULL,
    is_batch   INTEGER NOT NULL,
    -- One event's text, or several between commas; null once it is settled.
    body       TEXT,
    status     TEXT    NOT NULL,
    why        TEXT,
    attempts   INTEGER NOT NULL,
    step       INTEGER NOT NULL,
    deferrals  INTEGER NOT NULL,
    -- It was settled already and is tried this once more, or is a test.
    is_once    INTEGER NOT NULL,
    due_at     INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    settled_at INTEGER,
    -- The recovery that brought it.
    recovery   INTEGER
  ) STRICT;

  -- Serves what is due next. Settled deliveries, nearly all there are, cost it nothing.
  CREATE INDEX deliveries_due ON deliveries (lane, due_at, number) WHERE status = 'pending';

  -- Serves lists and recoveries of what failed.
  CREATE INDEX deliveries_failed ON deliveries (number) WHERE status = 'failed';

  CREATE TABLE attempts (
    delivery INTEGER NOT NULL,
    number   INTEGER NOT NULL,
    -- JSON.
    record   TEXT    NOT NULL,
    PRIMARY KEY (delivery, number)
  ) STRICT, WITHOUT ROWID;

  -- Ranges of the log that were taken, each with the filter of its time: what lies outside them
  -- was never owed.
  CREATE TABLE spans (
    number   INTEGER PRIMARY KEY,
    from_seq INTEGER NOT NULL,
    to_seq   INTEGER NOT NULL,
    filter   TEXT    NOT NULL
  ) STRICT;

  CREATE TABLE recoveries (
    number INTEGER PRIMARY KEY,
    -- JSON.
    state  TEXT    NOT NULL
  ) STRICT;

  -- What the channel is yet to be told.
  CREATE TABLE notices (number INTEGER PRIMARY KEY, notice TEXT NOT NULL) STRICT;
  `,
  ERRANDS_STEP,
  REQUESTS_STEP,
  `
  -- When it was to be tried, where it was brought forward since.
  ALTER TABLE deliveries ADD COLUMN planned_at INTEGER;
  `,
];

/** Has this object ever been an endpoint? */
export function hasQueue(sql: SqlStorage): boolean {
  return hasTables(sql);
}

/** Brings a webhook's tables up to date. */
export function migrateQueue(sql: SqlStorage): void {
  migrate(sql, STEPS);
}

/** Takes everything of a webhook away; what others are still to be told of it stays. */
export function emptyQueue(sql: SqlStorage): void {
  emptyTables(sql, ["errands"]);
}
