CREATE TABLE leads (
    id             TEXT PRIMARY KEY,
    stage          TEXT NOT NULL,
    name           TEXT,
    company        TEXT,
    -- Lower-case name and company: SQLite's own LIKE folds ASCII only.
    search         TEXT NOT NULL DEFAULT '',
    captured_at    TEXT NOT NULL,
    captured_at_ms INTEGER NOT NULL,
    updated_at_ms  INTEGER NOT NULL,
    rep_name       TEXT,
    rep_company    TEXT,
    points         INTEGER,
    tier           TEXT,
    is_lead        INTEGER,
    version        INTEGER NOT NULL DEFAULT 0,
    revision       INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Apart from leads, so that a list does not page through every review.
CREATE TABLE reviews (
    lead_id TEXT PRIMARY KEY REFERENCES leads (id),
    json    TEXT NOT NULL
) STRICT;

CREATE TABLE segments (
    lead_id  TEXT NOT NULL REFERENCES leads (id),
    idx      INTEGER NOT NULL,
    start_ms INTEGER NOT NULL,
    end_ms   INTEGER NOT NULL,
    speaker  TEXT,
    text     TEXT NOT NULL,
    UNIQUE (lead_id, idx)
) STRICT;

CREATE TABLE ops (
    seq              INTEGER PRIMARY KEY,
    id               TEXT NOT NULL UNIQUE,
    lead_id          TEXT NOT NULL REFERENCES leads (id),
    -- Copy of the lead's captured_at_ms, which never changes: due ops come oldest lead first.
    lead_at_ms       INTEGER NOT NULL,
    connector        TEXT NOT NULL,
    kind             TEXT NOT NULL,
    idem_key         TEXT NOT NULL,
    payload          TEXT NOT NULL,
    version          INTEGER NOT NULL,
    -- The version in flight while the state is sending or unknown.
    sent_version     INTEGER,
    withdrawn        INTEGER NOT NULL DEFAULT 0,
    state            TEXT NOT NULL,
    attempt          INTEGER NOT NULL DEFAULT 0,
    next_at_ms       INTEGER NOT NULL,
    failing_since_ms INTEGER,
    remote_id        TEXT,
    cursor           TEXT,
    problem          TEXT
) STRICT;

CREATE TABLE op_parents (
    op_id     TEXT NOT NULL REFERENCES ops (id),
    position  INTEGER NOT NULL,
    parent_id TEXT NOT NULL REFERENCES ops (id),
    PRIMARY KEY (op_id, position)
) STRICT;

CREATE TABLE connectors (
    id    TEXT PRIMARY KEY,
    state TEXT NOT NULL
) STRICT;

CREATE TABLE settings (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE audit (
    seq       INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms     INTEGER NOT NULL,
    lead_id   TEXT NOT NULL,
    action    TEXT NOT NULL,
    actor     TEXT NOT NULL,
    subject   TEXT,
    prev_hash BLOB NOT NULL,
    hash      BLOB NOT NULL
) STRICT;

CREATE TRIGGER audit_keeps_rows BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;

CREATE TRIGGER audit_keeps_words BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
