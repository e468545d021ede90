-- Credentials, as digests only: a key is shown once and never again.
CREATE TABLE api_keys (
  id         TEXT    PRIMARY KEY,
  name       TEXT    NOT NULL,
  digest     TEXT    NOT NULL,
  scopes     TEXT    NOT NULL,
  -- JSON array of channel ids, or null for all.
  channels   TEXT,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER
) STRICT;

CREATE TABLE overlay_keys (
  id         TEXT    PRIMARY KEY,
  channel    INTEGER NOT NULL,
  name       TEXT    NOT NULL,
  digest     TEXT    NOT NULL,
  created_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;

-- Serves the list of a channel's overlay keys.
CREATE INDEX overlay_keys_by_channel ON overlay_keys (channel, id);
