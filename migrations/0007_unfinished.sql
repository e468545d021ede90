-- What was begun in the database and is still to reach an object: nothing of it depends on whoever
-- began it being there to the end.

-- The id that the channel had, by which its object is found.
ALTER TABLE purges ADD COLUMN id TEXT;
-- 1: its object has answered that nothing of the channel is left there.
ALTER TABLE purges ADD COLUMN ended INTEGER NOT NULL DEFAULT 0;
-- When it was last gone on with: the one that has waited longest is next.
ALTER TABLE purges ADD COLUMN tried_at INTEGER NOT NULL DEFAULT 0;

-- Serves the question whether an earlier channel of an id is still being ended.
CREATE INDEX purges_unfinished ON purges (id) WHERE ended = 0;

-- 1: its object has not been told of the channel as it is now.
ALTER TABLE channels ADD COLUMN untold INTEGER NOT NULL DEFAULT 0;

-- Serves the telling of those.
CREATE INDEX channels_untold ON channels (number) WHERE untold = 1;

-- How far the work that is done in rounds over all channels has got.
CREATE TABLE rounds (
  name  TEXT PRIMARY KEY,
  -- The last id that was looked at.
  place TEXT NOT NULL
) STRICT;
