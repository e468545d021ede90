-- The history of a channel is in one of several databases, for as long as the channel is there: the binding
-- of that database. What was made before is where everything else is.
ALTER TABLE channels ADD COLUMN history_database TEXT NOT NULL DEFAULT 'DB';
ALTER TABLE purges ADD COLUMN history_database TEXT NOT NULL DEFAULT 'DB';

-- Serve the question which databases are used beside this one; where there is one alone both are empty.
CREATE INDEX channels_elsewhere ON channels (history_database) WHERE history_database <> 'DB';
CREATE INDEX purges_elsewhere ON purges (history_database) WHERE history_database <> 'DB';
