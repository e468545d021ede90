-- History is kept in blocks: a run of consecutive events of one channel, compressed together.
DROP TABLE events;

CREATE TABLE blocks (
  -- channel << 32 | the first event's seq: the table is its own index.
  place    INTEGER PRIMARY KEY,
  last     INTEGER NOT NULL,
  -- How often it was changed otherwise than by growing: who writes says what was found.
  edition  INTEGER NOT NULL DEFAULT 0,
  -- Milliseconds since 1970. Never fall as places rise, so a time is found by a few point reads.
  first_at INTEGER NOT NULL,
  last_at  INTEGER NOT NULL,
  -- JSON {kinds, of, at}: each event's type, provider and platform, and when it was recorded.
  idx      TEXT    NOT NULL,
  -- A Bloom filter of the words by which orders to erase find events.
  words    BLOB    NOT NULL,
  -- What is read for passing a block over comes before these, so that it costs none of their pages.
  -- The events as JSON Lines, raw DEFLATE.
  text     BLOB    NOT NULL,
  -- The providers' words likewise; null where no event has any.
  raw      BLOB
) STRICT;

-- Which blocks hold an event of a type. Serves pages filtered by type.
CREATE TABLE block_types (
  channel INTEGER NOT NULL,
  type    TEXT    NOT NULL,
  first   INTEGER NOT NULL,
  PRIMARY KEY (channel, type, first)
) STRICT, WITHOUT ROWID;
