-- History. Without a rowid the primary key is the table, and costs no row of its own to write.
CREATE TABLE events (
  channel     INTEGER NOT NULL,
  seq         INTEGER NOT NULL,
  type        TEXT    NOT NULL,
  provider    TEXT    NOT NULL,
  platform    TEXT    NOT NULL,
  -- Milliseconds since 1970. Never falls as seq rises, so a time bound becomes a seq bound by a
  -- few point reads, and needs no index.
  recorded_at INTEGER NOT NULL,
  body        TEXT    NOT NULL,
  -- Last, so that reading a body does not read the overflow pages that hold it.
  raw         TEXT,
  PRIMARY KEY (channel, seq)
) STRICT, WITHOUT ROWID;

-- Serves pages filtered by type.
CREATE INDEX events_by_type ON events (channel, type, seq);
