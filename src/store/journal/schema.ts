import { ERRANDS_STEP } from "../object/errands.ts";
import { emptyTables, hasTables, migrate } from "../object/migrate.ts";
import { REQUESTS_STEP } from "../object/requests.ts";

/* The tables of one channel's object. */
const STEPS: readonly string[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

  -- The recent log: one row a group, so that a thousand events cost a few rows. Kept until history
  -- has it, and for as long as repeats and resumes are likely.
  CREATE TABLE groups (
    last_seq    INTEGER PRIMARY KEY,
    first_seq   INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    -- JSON: an array of [seq, type, provider, platform, recordedAt, event, raw].
    items       TEXT    NOT NULL,
    -- JSON: for each item its key, or null.
    keys        TEXT    NOT NULL
  ) STRICT;

  CREATE TABLE connections (identifier TEXT PRIMARY KEY, entry TEXT NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE providers (
    id          TEXT    PRIMARY KEY,
    protocol    TEXT    NOT NULL,
    target      TEXT    NOT NULL,
    url         TEXT,
    mode        TEXT,
    enabled     INTEGER NOT NULL,
    -- Sealed.
    credentials TEXT    NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    dial        TEXT    NOT NULL,
    -- When the provider last gave a sign of life, to half a minute.
    seen_at     INTEGER
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE alarms (name TEXT PRIMARY KEY, due_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE tickets (
    digest     TEXT PRIMARY KEY,
    principal  TEXT NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- Erasures that history has not carried out yet.
  CREATE TABLE erasures (
    seq     INTEGER PRIMARY KEY,
    erasure TEXT    NOT NULL,
    -- JSON: places that are known to be reached.
    places  TEXT    NOT NULL,
    -- From here downwards, to 0, nobody has looked yet.
    below   INTEGER NOT NULL
  ) STRICT;
  `,
  `
  -- What was asked to be sent, by its own name, so that the same again is the same.
  CREATE TABLE sends (
    send_id  TEXT    PRIMARY KEY,
    digest   TEXT    NOT NULL,
    asked_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  -- For forgetting those that are a day old.
  CREATE INDEX sends_by_time ON sends (asked_at);

  -- What has not ended yet: one row for each connection it goes to.
  CREATE TABLE send_jobs (id TEXT PRIMARY KEY, job TEXT NOT NULL) STRICT, WITHOUT ROWID;
  `,
  `
  -- The hubs that hold sockets of this channel, each until it says so again.
  CREATE TABLE hubs (
    hub        TEXT    PRIMARY KEY,
    -- Tells one stay of the hub from the next.
    term       INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- What viewers may not do again before a time. Few rows: they are forgotten by the minute.
  CREATE TABLE blocks (name TEXT PRIMARY KEY, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  `,
  `
  -- Who is handed the log, and up to where it was.
  CREATE TABLE webhooks (
    id      TEXT    PRIMARY KEY,
    filter  TEXT    NOT NULL,
    enabled INTEGER NOT NULL,
    cursor  INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Credentials that were revoked a short while ago: what was let in just before is to go as well.
  CREATE TABLE revoked (
    credential_id TEXT    PRIMARY KEY,
    until         INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  ERRANDS_STEP,
  `
  -- Occurrences of groups that were taken away, for as long as their repeats are to be known: many to
  -- a row, since rows are what is billed.
  CREATE TABLE keys (
    last_seq    INTEGER PRIMARY KEY,
    recorded_at INTEGER NOT NULL,
    -- JSON: an array of [seq, key].
    keys        TEXT    NOT NULL
  ) STRICT;
  `,
  REQUESTS_STEP,
  `
  -- Erasures that are not carried out everywhere yet, several of them at a place where need be.
  ALTER TABLE erasures RENAME TO earlier_erasures;
  CREATE TABLE erasures (
    number  INTEGER PRIMARY KEY,
    -- Up to which place it reaches.
    seq     INTEGER NOT NULL,
    erasure TEXT    NOT NULL,
    -- The journal is yet to be looked through after this place; null once it has been.
    journal INTEGER,
    -- JSON: of the messages that are to be erased, those that the journal was not found to have; null
    -- where history is searched whatever the journal has.
    missing TEXT,
    -- JSON: places of history that are known to be reached.
    places  TEXT    NOT NULL,
    -- From here downwards, to 0, history is yet to be looked through.
    below   INTEGER NOT NULL
  ) STRICT;
  INSERT INTO erasures (seq, erasure, journal, missing, places, below)
    SELECT seq, erasure, NULL, NULL, places, below FROM earlier_erasures ORDER BY seq;
  DROP TABLE earlier_erasures;
  `,
  `
  -- The connections that a send went to, as JSON: whoever asks again is told the same.
  ALTER TABLE sends ADD COLUMN targets TEXT NOT NULL DEFAULT '[]';
  `,
  `
  -- How often the credentials were replaced by others. Sealed anew they are the same.
  ALTER TABLE providers ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
  `,
  `
  -- Who else told of events that history has already: to be added there.
  CREATE TABLE sightings (
    number    INTEGER PRIMARY KEY,
    noted_at  INTEGER NOT NULL,
    -- JSON: an array of [seq, connection].
    sightings TEXT    NOT NULL
  ) STRICT;
  `,
  `
  -- What the channel did in each minute of the last day. A minute takes the row of the one a day before.
  CREATE TABLE minutes (
    slot    INTEGER PRIMARY KEY,
    -- When it began, in milliseconds since 1970.
    at      INTEGER NOT NULL,
    -- JSON, as \`Minute\` of channel/minutes.ts.
    figures TEXT    NOT NULL
  ) STRICT;
  `,
  `
  -- Log-ins with providers. Few rows: they are forgotten after a day.
  CREATE TABLE authorizations (
    id         TEXT    PRIMARY KEY,
    created_at INTEGER NOT NULL,
    -- JSON: what is to be linked, for whom, and how far it is.
    row        TEXT    NOT NULL,
    -- Sealed; empty once it has ended.
    secrets    TEXT    NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Erasures that were carried out, for as long as the database can be put back to a time before.
  CREATE TABLE erased (
    number  INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    -- Whose words: the same again is in place of it. Null for single messages.
    key     TEXT,
    erasure TEXT    NOT NULL
  ) STRICT;
  CREATE INDEX erased_by_key ON erased (key) WHERE key IS NOT NULL;
  `,
  `
  -- What links have claimed of what their providers say over hooks. At most one a link.
  CREATE TABLE hook_claims (
    provider TEXT    PRIMARY KEY,
    protocol TEXT    NOT NULL,
    key      TEXT    NOT NULL,
    -- When the last delivery came, or since when one could.
    heard_at INTEGER,
    is_heard INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID;
  `,
];

/** Has this channel's object ever kept anything? */
export function hasJournal(sql: SqlStorage): boolean {
  return hasTables(sql);
}

/** Brings a channel's tables up to date. */
export function migrateJournal(sql: SqlStorage): void {
  migrate(sql, STEPS);
}

/** Takes everything of a channel away; what others are still to be told of it stays. */
export function emptyJournal(sql: SqlStorage): void {
  emptyTables(sql, ["errands"]);
}
