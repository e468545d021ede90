-- The channels there are. Their providers, connections and recent events live in each channel's
-- own object.
CREATE TABLE channels (
  -- Never used twice: it keeps a channel's events apart from those of an earlier one with its id.
  number         INTEGER PRIMARY KEY AUTOINCREMENT,
  id             TEXT    NOT NULL UNIQUE,
  name           TEXT    NOT NULL,
  epoch          TEXT    NOT NULL,
  public         INTEGER NOT NULL,
  retention_days INTEGER NOT NULL,
  mode           TEXT    NOT NULL,
  created_at     INTEGER NOT NULL,
  updated_at     INTEGER NOT NULL
) STRICT;

-- Channels that are gone and whose events are still being taken away.
CREATE TABLE purges (
  channel    INTEGER PRIMARY KEY,
  created_at INTEGER NOT NULL
) STRICT;
