-- Where the deliveries of providers go that tell what happens by requests to the relay: which links have
-- claimed what is said of a key. Several channels may have claimed the same.
CREATE TABLE hook_routes (
  protocol TEXT    NOT NULL,
  -- As the provider names whose channel a delivery is of.
  key      TEXT    NOT NULL,
  -- The channel's number, and the link's id there.
  channel  INTEGER NOT NULL,
  provider TEXT    NOT NULL,
  PRIMARY KEY (protocol, key, channel, provider)
) STRICT, WITHOUT ROWID;

-- Finds those of a channel that is deleted.
CREATE INDEX hook_routes_by_channel ON hook_routes (channel);

-- The public keys that such deliveries are signed with. One row a protocol. Times in milliseconds.
CREATE TABLE hook_keys (
  protocol    TEXT PRIMARY KEY,
  -- SPKI in base 64; null before there was one.
  key         TEXT,
  -- When it was answered with last, and when it was asked for last.
  fetched_at  INTEGER NOT NULL,
  asked_at    INTEGER NOT NULL,
  -- The one before, and until when a delivery that was made before the change may still come.
  previous    TEXT,
  previous_to INTEGER
) STRICT;
