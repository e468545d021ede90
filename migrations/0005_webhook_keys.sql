-- The public halves of the keys that webhooks are signed with, to be published: none is a secret.
CREATE TABLE webhook_keys (
  id         TEXT    PRIMARY KEY,
  channel    INTEGER NOT NULL,
  webhook    TEXT    NOT NULL,
  -- Base 64url, as a JSON Web Key has it.
  x          TEXT    NOT NULL,
  created_at INTEGER NOT NULL,
  -- Not used from then on: a rotation's grace is over.
  retired_at INTEGER
) STRICT;

-- Serves the taking away of a channel's keys.
CREATE INDEX webhook_keys_by_channel ON webhook_keys (channel, webhook);
