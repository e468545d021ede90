-- An overlay key says where it was put, and when it was last used: whoever tidies knows which is not
-- needed any more.
ALTER TABLE overlay_keys ADD COLUMN label TEXT;
-- The beginning of the day (UTC): one row is written a key and day, however often it is used.
ALTER TABLE overlay_keys ADD COLUMN last_used_at INTEGER;
