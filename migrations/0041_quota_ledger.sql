-- What the deployment has used of a provider's daily quotas: a row an account, bucket and day.
CREATE TABLE quota_ledger (
  -- SHA-256 of the account as the provider knows it: a key, or a project's number.
  account     TEXT    NOT NULL,
  bucket      TEXT    NOT NULL,
  -- The day in Pacific time, as YYYY-MM-DD.
  day         TEXT    NOT NULL,
  used        INTEGER NOT NULL,
  -- Units there are, by whoever used it last.
  allowance   INTEGER NOT NULL,
  -- The last hour in which it was used, in hours since 1970, and what was used in it and in the one before.
  hour        INTEGER NOT NULL,
  hour_used   INTEGER NOT NULL,
  before_used INTEGER NOT NULL,
  PRIMARY KEY (account, bucket, day)
) STRICT, WITHOUT ROWID;
