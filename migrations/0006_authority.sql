-- A key is bound to channels by their numbers as well: it does not survive into the next channel of
-- a name. What `channels` holds becomes a JSON array of {id, number}.
UPDATE api_keys
SET channels = (
  SELECT json_group_array(json_object('id', channels.id, 'number', channels.number))
  FROM json_each(api_keys.channels) AS named JOIN channels ON channels.id = named.value
)
WHERE channels IS NOT NULL;

-- A key ends no later than the credential that made it.
ALTER TABLE overlay_keys ADD COLUMN expires_at INTEGER;

-- Revocations of which not every object that may hold sockets has been told or is owed the word.
CREATE TABLE revocations (
  credential TEXT    PRIMARY KEY,
  -- JSON array of the ids of the channels on which it could be used, or null for all.
  channels   TEXT,
  -- The channels up to this id have been told or are owed the word; null before the hubs have been.
  reached    TEXT,
  created_at INTEGER NOT NULL
) STRICT;

-- Objects that could not be told, and are told again.
CREATE TABLE revocations_owed (
  credential TEXT    NOT NULL,
  -- `channel/<id>` or `hub/<place>`.
  holder     TEXT    NOT NULL,
  tries      INTEGER NOT NULL,
  due_at     INTEGER NOT NULL,
  PRIMARY KEY (credential, holder)
) STRICT, WITHOUT ROWID;

-- Serves the next that are due.
CREATE INDEX revocations_owed_by_time ON revocations_owed (due_at);
