-- The history of a channel is in one of several databases, for as long as the channel is there: the binding
-- of that database. What was made before is where everything else is.
ALTER TABLE channels ADD COLUMN history_database TEXT NOT NULL DEFAULT 'DB';
ALTER TABLE purges ADD COLUMN history_database TEXT NOT NULL DEFAULT 'DB';

-- When its object answered that it has ended. What that had sent may be carried out a little later.
ALTER TABLE purges ADD COLUMN ended_at INTEGER;

-- Serve the question which databases are used beside this one; where there is one alone both are empty.
CREATE INDEX channels_elsewhere ON channels (history_database) WHERE history_database <> 'DB';
CREATE INDEX purges_elsewhere ON purges (history_database) WHERE history_database <> 'DB';

-- How often something of a channel's history was erased, or all of it taken away. Never less than a channel
-- has seen, unless the database was put back to an earlier time.
CREATE TABLE history_marks (
  channel INTEGER PRIMARY KEY,
  mark    INTEGER NOT NULL
) STRICT;

-- Parts of a history in the middle that are lost: nothing is between the one place and the other.
CREATE TABLE holes (
  channel INTEGER NOT NULL,
  -- The last event before it, and the first one after it.
  after   INTEGER NOT NULL,
  first   INTEGER NOT NULL,
  PRIMARY KEY (channel, after)
) STRICT, WITHOUT ROWID;
