-- What a request with an Idempotency-Key was answered, so that its repeat gets the same.
CREATE TABLE idempotency (
  -- Digest of who asked, what for, and the key.
  id          TEXT    PRIMARY KEY,
  -- Digest of the request's body: the same key with another body is refused.
  fingerprint TEXT    NOT NULL,
  -- Null while the first request is under way.
  status      INTEGER,
  -- Sealed: an answer may hold a key that is shown once.
  answer      TEXT,
  created_at  INTEGER NOT NULL
) STRICT;

-- Serves the clearing away of what is older than a day.
CREATE INDEX idempotency_by_age ON idempotency (created_at);
