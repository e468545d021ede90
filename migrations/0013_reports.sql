-- How the relay fares as a whole: what its parts report by the minute, what is wrong for now, and whom
-- it was told.

-- What each channel's object has reported last.
CREATE TABLE reports (
  channel     INTEGER PRIMARY KEY,
  -- 1: something in it may be wrong.
  troubled    INTEGER NOT NULL,
  report      TEXT    NOT NULL,
  reported_at INTEGER NOT NULL
) STRICT;

-- Serves the look at those where something may be wrong.
CREATE INDEX reports_troubled ON reports (channel) WHERE troubled = 1;

-- What the run of the minute notes of itself, and of the hubs.
CREATE TABLE notes (
  name TEXT PRIMARY KEY,
  note TEXT NOT NULL
) STRICT;

-- What is wrong for now.
CREATE TABLE troubles (
  key     TEXT    PRIMARY KEY,
  trouble TEXT    NOT NULL,
  since   INTEGER NOT NULL
) STRICT;

-- What whoever operates the relay is still to be told, in this order.
CREATE TABLE alarms (
  number     INTEGER PRIMARY KEY AUTOINCREMENT,
  body       TEXT    NOT NULL,
  tries      INTEGER NOT NULL,
  due_at     INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
