-- Serves the publishing of keys: the current ones by age, those in grace by its end.
CREATE INDEX webhook_keys_by_end ON webhook_keys (retired_at, created_at);

-- Whose request it was, so that one credential's cannot be without end.
ALTER TABLE idempotency ADD COLUMN credential TEXT NOT NULL DEFAULT '';

-- Serves the forgetting of a credential's oldest.
CREATE INDEX idempotency_by_credential ON idempotency (credential, created_at);
