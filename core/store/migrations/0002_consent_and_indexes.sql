ALTER TABLE leads ADD COLUMN consent_state TEXT NOT NULL DEFAULT 'none';
ALTER TABLE leads ADD COLUMN consent_method TEXT;
ALTER TABLE leads ADD COLUMN consent_at_ms INTEGER;
ALTER TABLE leads ADD COLUMN erased_at_ms INTEGER;

-- The last three let a filter pass a lead over without reading its row.
CREATE INDEX leads_newest ON leads (captured_at_ms DESC, id DESC, stage, tier, search)
    WHERE erased_at_ms IS NULL;

CREATE INDEX ops_due ON ops (connector, lead_at_ms, seq, next_at_ms)
    WHERE state IN ('pending', 'retry_wait', 'unknown');
CREATE INDEX ops_wake ON ops (next_at_ms) WHERE state IN ('pending', 'retry_wait', 'unknown');
CREATE INDEX ops_by_lead ON ops (lead_id, state);
CREATE INDEX ops_in_trouble ON ops (lead_at_ms, seq) WHERE state IN ('needs_fix', 'dead');
CREATE INDEX ops_sending ON ops (lead_id, connector) WHERE state = 'sending';
CREATE INDEX op_children ON op_parents (parent_id);
CREATE INDEX audit_by_lead ON audit (lead_id, seq);
