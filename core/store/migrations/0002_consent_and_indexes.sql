ALTER TABLE leads ADD COLUMN consent_state TEXT NOT NULL DEFAULT 'none';
ALTER TABLE leads ADD COLUMN consent_method TEXT;
ALTER TABLE leads ADD COLUMN consent_at_ms INTEGER;
ALTER TABLE leads ADD COLUMN erased_at_ms INTEGER;

-- The last three let a filter pass a lead over without reading its row.
CREATE INDEX leads_newest ON leads (captured_at_ms DESC, id DESC, stage, tier, search)
    WHERE erased_at_ms IS NULL;

-- How many parents are not done, kept by triggers: most queued ops wait for one, and asking for
-- each would cost more than the rest of the query.
ALTER TABLE ops ADD COLUMN open_parents INTEGER NOT NULL DEFAULT 0;

CREATE INDEX op_children ON op_parents (parent_id);

UPDATE ops SET open_parents = (
    SELECT COUNT(*) FROM op_parents p JOIN ops parent ON parent.id = p.parent_id
    WHERE p.op_id = ops.id AND parent.state <> 'done');

CREATE TRIGGER parent_changed AFTER UPDATE OF state ON ops
WHEN (OLD.state = 'done') <> (NEW.state = 'done')
BEGIN
    UPDATE ops SET open_parents = (
        SELECT COUNT(*) FROM op_parents p JOIN ops parent ON parent.id = p.parent_id
        WHERE p.op_id = ops.id AND parent.state <> 'done')
    WHERE id IN (SELECT op_id FROM op_parents WHERE parent_id = NEW.id);
END;

CREATE TRIGGER parent_added AFTER INSERT ON op_parents
BEGIN
    UPDATE ops SET open_parents = open_parents
        + (SELECT state <> 'done' FROM ops parent WHERE parent.id = NEW.parent_id)
    WHERE id = NEW.op_id;
END;

CREATE TRIGGER parent_removed AFTER DELETE ON op_parents
BEGIN
    UPDATE ops SET open_parents = open_parents
        - (SELECT state <> 'done' FROM ops parent WHERE parent.id = OLD.parent_id)
    WHERE id = OLD.op_id;
END;

CREATE INDEX ops_due ON ops (connector, lead_at_ms, seq, next_at_ms)
    WHERE open_parents = 0 AND state IN ('pending', 'retry_wait', 'unknown');
CREATE INDEX ops_wake ON ops (next_at_ms)
    WHERE open_parents = 0 AND state IN ('pending', 'retry_wait', 'unknown');
CREATE INDEX ops_by_lead ON ops (lead_id, state);
CREATE INDEX ops_in_trouble ON ops (lead_at_ms, seq) WHERE state IN ('needs_fix', 'dead');
CREATE INDEX ops_sending ON ops (lead_id, connector) WHERE state = 'sending';
CREATE INDEX audit_by_lead ON audit (lead_id, seq);
