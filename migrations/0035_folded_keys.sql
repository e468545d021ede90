-- The SHA-256 of a key in small letters: some programs write their password so, and it is all that is
-- told of it then. Null for keys that were made before.
ALTER TABLE api_keys ADD COLUMN folded TEXT;

-- Finds a key by it.
CREATE UNIQUE INDEX api_keys_by_folded ON api_keys (folded) WHERE folded IS NOT NULL;
