-- What is known of the sound behind a transcript: gaps and quality, as JSON.
ALTER TABLE leads ADD COLUMN audio TEXT;

-- Conversations that were cut from a badge's audio; the audio itself is in files. One row outlives
-- its audio: it says how far a stream was cut.
CREATE TABLE recordings (
    id TEXT PRIMARY KEY,
    stream INTEGER NOT NULL,
    first_seq INTEGER NOT NULL,
    end_seq INTEGER NOT NULL,
    -- Unix milliseconds; unset until the badge's clock was compared with the phone's.
    started_at_ms INTEGER,
    duration_ms INTEGER NOT NULL,
    marked INTEGER NOT NULL,
    audio TEXT NOT NULL,
    -- waiting (for its text), read (it has a lead), erased
    state TEXT NOT NULL
);
CREATE INDEX recordings_by_stream ON recordings (stream, end_seq);
