//! What happens to one lead at a time: stored, drafted, reviewed, erased. Blocking.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use confee_domain::{
    ApprovedLead, ConsentEvent, ConsentMethod, Effect, EngineEvent, FieldKey, FieldValue, LeadCard,
    LeadQuery, LeadSummary, LeadSync, Op, RecordingState, Review, ReviewAction, ScoreRules, Stage,
    Transcript,
};
use confee_extract::Extractor;
use confee_store::{
    AuditAction, Cursor, LeadFilter, LeadRow, MAX_ROWS, Store, StoreError, TalkAudio,
};
use confee_sync::{Connector, CrashPoint, Probe};

use crate::clock::Clock;
use crate::error::Result;
use crate::events::Bus;
use crate::parse::parse;

/// Everything that is done to leads.
pub(crate) struct Desk {
    pub(crate) store: Arc<Store>,
    pub(crate) extractor: Extractor,
    pub(crate) rules: ScoreRules,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) bus: Bus,
    pub(crate) currency: Option<String>,
    /// One decision at a time: each reads a review, changes it and writes it back.
    pub(crate) deciding: Mutex<()>,
    pub(crate) probe: Arc<dyn Probe>,
    /// Audio of conversations.
    pub(crate) talks: TalkAudio,
}

impl Desk {
    /// Stores a talk and drafts its lead. The same talk again gives the card as it stands.
    pub(crate) fn add(&self, talk: &Transcript) -> Result<LeadCard> {
        let recording = self.store.recording(talk.id())?;
        let with_audio = recording.filter(|_| talk.audio().is_none());
        let talk = &match with_audio {
            Some(recording) => talk.clone().with_audio(recording.audio),
            None => talk.clone(),
        };
        self.store.add_conversation(talk, self.clock.now_ms())?;
        self.note_recording(talk.id(), RecordingState::Read)?;
        tracing::info!(lead = talk.id(), segments = talk.segments().len(), "conversation stored");
        self.draft(talk.id())
    }

    /// Drafts a lead that has no draft yet.
    pub(crate) fn draft(&self, id: &str) -> Result<LeadCard> {
        let talk = self.store.transcript(id)?;
        let _turn = self.turn();
        let stored = self.store.review(id)?;
        if stored.review.stage() != Stage::Captured {
            return Ok(self.card_of(&stored.review, &talk));
        }
        let review = stored.review.draft(self.extractor.extract(&talk))?;
        let at_ms = self.clock.now_ms();
        self.store.save_review(id, &review, stored.revision, AuditAction::Drafted, at_ms)?;
        Ok(self.publish(&review, &talk))
    }

    /// Drafts what a crash left without a draft.
    pub(crate) fn draft_pending(&self) -> Result<usize> {
        let filter =
            LeadFilter { stages: vec![Stage::Captured], limit: MAX_ROWS, ..LeadFilter::default() };
        let rows = self.store.leads(&filter)?;
        for row in &rows {
            self.draft(&row.id)?;
        }
        Ok(rows.len())
    }

    pub(crate) fn card(&self, id: &str) -> Result<LeadCard> {
        let stored = self.store.review(id)?;
        Ok(self.card_of(&stored.review, &self.store.transcript(id)?))
    }

    /// The lead as JSON in the contract's shape; edits are in it once it is approved.
    pub(crate) fn lead_json(&self, id: &str) -> Result<String> {
        let stored = self.store.review(id)?;
        let talk = self.store.transcript(id)?;
        let approved = ApprovedLead::from_review(&stored.review, &talk, &self.rules);
        let json = match (approved, stored.review.lead()) {
            (Some(lead), _) => lead.json,
            (None, Some(draft)) => serde_json::to_value(draft).unwrap_or_default(),
            (None, None) => serde_json::Value::Null,
        };
        Ok(json.to_string())
    }

    /// The value that typed text means for a field of a lead.
    pub(crate) fn parse(&self, id: &str, key: FieldKey, text: &str) -> Result<FieldValue> {
        let day = self.store.transcript(id)?.day();
        parse(key, text, day, self.currency.as_deref())
    }

    pub(crate) fn list(&self, query: LeadQuery) -> Result<Vec<LeadSummary>> {
        let filter = LeadFilter {
            stages: query.stages,
            text: query.text,
            limit: if query.limit == 0 { 50 } else { query.limit },
            before: query.after.map(|m| Cursor { captured_at_ms: m.captured_at_ms, id: m.id }),
            ..LeadFilter::default()
        };
        Ok(self.store.leads(&filter)?.into_iter().map(summary).collect())
    }

    /// Applies a review action and stores it; an approval and its ops are one transaction.
    pub(crate) fn review(
        &self,
        id: &str,
        action: &ReviewAction,
        connectors: &[Arc<dyn Connector>],
    ) -> Result<LeadCard> {
        let talk = self.store.transcript(id)?;
        let _turn = self.turn();
        let stored = self.store.review(id)?;
        let at_ms = self.clock.now_ms();
        let (review, effect) = stored.review.apply(action, at_ms)?;
        match effect {
            Some(Effect::Enqueue) => {
                let ops = self.plan(&review, &talk, connectors);
                self.save_approval(id, &review, stored.revision, &ops, at_ms)?
            }
            Some(Effect::CancelUnsent) => {
                self.store.cancel_unsent(id, &review, stored.revision, at_ms)?
            }
            None => {
                let entry = AuditAction::of(action);
                self.store.save_review(id, &review, stored.revision, entry, at_ms)?
            }
        };
        Ok(self.publish(&review, &talk))
    }

    /// A talk that did not come from a recording has none.
    fn note_recording(&self, id: &str, state: RecordingState) -> Result<()> {
        match self.store.set_recording_state(id, state) {
            Err(StoreError::NotFound { .. }) => Ok(()),
            noted => Ok(noted?),
        }
    }

    fn turn(&self) -> MutexGuard<'_, ()> {
        self.deciding.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn plan(
        &self,
        review: &Review,
        talk: &Transcript,
        connectors: &[Arc<dyn Connector>],
    ) -> Vec<Op> {
        let Some(lead) = ApprovedLead::from_review(review, talk, &self.rules) else {
            return Vec::new();
        };
        connectors.iter().flat_map(|c| c.plan(&lead)).collect()
    }

    /// Leads approved before a connection was made go out too. Returns how many were queued.
    pub(crate) fn backfill(&self, connectors: &[Arc<dyn Connector>]) -> Result<usize> {
        let mut queued = 0;
        let mut filter =
            LeadFilter { stages: vec![Stage::Approved], limit: MAX_ROWS, ..LeadFilter::default() };
        loop {
            let rows = self.store.leads(&filter)?;
            for row in &rows {
                queued += usize::from(self.enqueue_missing(&row.id, connectors)?);
            }
            match rows.last() {
                Some(last) if rows.len() == MAX_ROWS as usize => {
                    filter.before = Some(last.cursor());
                }
                _ => return Ok(queued),
            }
        }
    }

    fn enqueue_missing(&self, id: &str, connectors: &[Arc<dyn Connector>]) -> Result<bool> {
        let known = self.store.ops_of(id)?;
        let fresh: Vec<Arc<dyn Connector>> = connectors
            .iter()
            .filter(|c| known.iter().all(|op| op.connector != *c.id()))
            .cloned()
            .collect();
        if fresh.is_empty() {
            return Ok(false);
        }
        let talk = self.store.transcript(id)?;
        let _turn = self.turn();
        let stored = self.store.review(id)?;
        let ops = self.plan(&stored.review, &talk, &fresh);
        let at_ms = self.clock.now_ms();
        self.save_approval(id, &stored.review, stored.revision, &ops, at_ms)?;
        Ok(true)
    }

    fn save_approval(
        &self,
        id: &str,
        review: &Review,
        revision: u64,
        ops: &[Op],
        at_ms: i64,
    ) -> Result<u64, StoreError> {
        self.probe.at(CrashPoint::BeforeApproval);
        let saved = self.store.save_approval(id, review, revision, ops, at_ms)?;
        self.probe.at(CrashPoint::AfterApproval);
        Ok(saved)
    }

    /// Records a consent event; a refusal or withdrawal erases the lead's content.
    pub(crate) fn consent(
        &self,
        id: &str,
        event: ConsentEvent,
        method: ConsentMethod,
    ) -> Result<()> {
        let at_ms = self.clock.now_ms();
        let consent = self.store.consent(id)?.apply(event, method, at_ms)?;
        self.store.set_consent(id, consent, at_ms)?;
        if consent.demands_erasure() { self.erase(id) } else { Ok(()) }
    }

    pub(crate) fn erase(&self, id: &str) -> Result<()> {
        self.talks.erase(id)?;
        self.note_recording(id, RecordingState::Erased)?;
        self.store.erase(id, self.clock.now_ms())?;
        self.bus.send(EngineEvent::Erased { id: id.to_owned() });
        Ok(())
    }

    /// Finishes erasures that a crash interrupted.
    pub(crate) fn erase_due(&self) -> Result<()> {
        self.store.due_erasures()?.iter().try_for_each(|id| self.erase(id))
    }

    fn card_of(&self, review: &Review, talk: &Transcript) -> LeadCard {
        LeadCard::new(review, talk, &self.rules)
    }

    fn publish(&self, review: &Review, talk: &Transcript) -> LeadCard {
        let card = self.card_of(review, talk);
        self.bus.send(EngineEvent::Lead { card: card.clone() });
        card
    }
}

fn summary(row: LeadRow) -> LeadSummary {
    LeadSummary {
        id: row.id,
        stage: row.stage,
        name: row.name,
        company: row.company,
        captured_at_ms: row.captured_at_ms,
        points: row.points,
        tier: row.tier,
        sync: LeadSync { total: row.ops, done: row.ops_done, needs_person: row.ops_failed },
    }
}
