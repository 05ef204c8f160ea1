-- What is known of the sound behind a transcript: gaps and quality, as JSON.
ALTER TABLE leads ADD COLUMN audio TEXT;
