-- When its object answered that it has ended. What that had sent may be carried out a little later.
ALTER TABLE purges ADD COLUMN ended_at INTEGER;

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
