-- People who are to be forgotten on every channel: written down first, and gone on with until it is
-- done, whatever ends in between.
CREATE TABLE person_erasures (
  -- SHA-256 of the person's key: it is found again by whoever knows the key.
  digest   TEXT    PRIMARY KEY,
  -- `<platform>:<id>`; null once it is done.
  person   TEXT,
  -- The credential that asked.
  asked_by TEXT    NOT NULL,
  -- What was recorded later stays.
  asked_at INTEGER NOT NULL,
  -- The channels up to this id have been told; null once all have.
  reached  TEXT,
  -- How many were told.
  told     INTEGER NOT NULL,
  done_at  INTEGER
) STRICT;

-- Serves the next to go on with.
CREATE INDEX person_erasures_unfinished ON person_erasures (asked_at) WHERE done_at IS NULL;

-- Channels that are still at it, or could not be told yet.
CREATE TABLE person_erasures_left (
  digest  TEXT    NOT NULL,
  -- The channel by its number, and the id by which its object is found.
  channel INTEGER NOT NULL,
  id      TEXT    NOT NULL,
  -- 1: its object has heard of it.
  told    INTEGER NOT NULL,
  PRIMARY KEY (digest, channel)
) STRICT, WITHOUT ROWID;
