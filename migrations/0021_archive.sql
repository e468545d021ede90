-- What is older than a day may be in the archive, a bucket: thousands of events as one volume.
CREATE TABLE volumes (
  -- channel << 32 | the first event's seq, as with blocks. Together they are the history: no event is
  -- in both, and volumes are older than blocks.
  place     INTEGER PRIMARY KEY,
  last      INTEGER NOT NULL,
  first_at  INTEGER NOT NULL,
  last_at   INTEGER NOT NULL,
  -- Its name in the bucket, under which nothing else was or will be.
  name      TEXT    NOT NULL,
  -- JSON {indexes, kinds, blocks}: where in it each block begins, and the kinds in it.
  directory TEXT    NOT NULL
) STRICT;

-- Which volumes hold an event of a type. Serves pages filtered by type.
CREATE TABLE volume_types (
  channel INTEGER NOT NULL,
  type    TEXT    NOT NULL,
  first   INTEGER NOT NULL,
  PRIMARY KEY (channel, type, first)
) STRICT, WITHOUT ROWID;

-- How often a channel's object began anew at its archive. What was sent before, and is carried out late,
-- does nothing any more.
CREATE TABLE archive_turns (
  channel INTEGER PRIMARY KEY,
  turn    INTEGER NOT NULL
) STRICT;
