-- Deliveries over a provider's hook whose signature did not hold, and when the last of them was noted.
ALTER TABLE hook_keys ADD COLUMN refused INTEGER NOT NULL DEFAULT 0;
ALTER TABLE hook_keys ADD COLUMN refused_at INTEGER;
