-- When the same occurrence told by two providers is one event: exact, natural or off.
ALTER TABLE channels ADD COLUMN merge TEXT NOT NULL DEFAULT 'exact';
