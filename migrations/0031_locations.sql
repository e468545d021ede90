-- Where a channel's object is kept: the jurisdiction is a part of how it is found, and never changed.
ALTER TABLE channels ADD COLUMN jurisdiction TEXT;
-- Near what its object is to be made.
ALTER TABLE channels ADD COLUMN location_hint TEXT;

-- Serves the question which jurisdictions have channels, and so hubs.
CREATE INDEX channels_by_jurisdiction ON channels (jurisdiction) WHERE jurisdiction IS NOT NULL;

-- Where the object of the channel is that is still to be ended.
ALTER TABLE purges ADD COLUMN jurisdiction TEXT;
