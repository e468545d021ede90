-- The master key that the relay works with, and how far what is sealed has come over to it. One row.
CREATE TABLE master_key (
  one        INTEGER PRIMARY KEY CHECK (one = 1),
  -- The key's id, which tells keys apart and nothing of them.
  id         TEXT    NOT NULL,
  -- When a run of the minute first found it.
  since      INTEGER NOT NULL,
  -- The id of the key before, where the relay has it.
  previous   TEXT,
  -- The round under way: after which channel it goes on, and, as JSON, what it has found so far.
  place      TEXT,
  found      TEXT,
  -- What the last whole round has found, as JSON, and when that ended.
  remains    TEXT,
  checked_at INTEGER
) STRICT;
