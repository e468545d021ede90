-- The name of the request that made a thing, so that its repeat finds the thing and makes no other.
ALTER TABLE channels ADD COLUMN request TEXT;
ALTER TABLE api_keys ADD COLUMN request TEXT;
ALTER TABLE overlay_keys ADD COLUMN request TEXT;

-- Serve the look-up of what a request made.
CREATE INDEX api_keys_by_request ON api_keys (request) WHERE request IS NOT NULL;
CREATE INDEX overlay_keys_by_request ON overlay_keys (request) WHERE request IS NOT NULL;
