//! The administrator changes the CRM between approval and sync: the rep is told which field, can
//! mend it, and no other lead waits.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use confee_domain::{FieldKey, FieldValue, ReviewAction, SyncProblem};
use confee_sandbox::{AdminRule, ObjectType};
use confee_scenarios::rig::Rig;
use confee_scenarios::{crm, talks};

const BROKEN: usize = 0;
const SOUND: usize = 33;

fn problems(rig: &Rig) -> Vec<SyncProblem> {
    rig.runtime.block_on(rig.engine.sync_problems()).unwrap()
}

fn edit(rig: &Rig, n: usize, key: FieldKey, text: Option<&str>) {
    let parse =
        |t: &str| rig.runtime.block_on(rig.engine.parse_value(&talks::id(n), key, t)).unwrap();
    let value: Option<FieldValue> = text.map(parse);
    rig.act(n, ReviewAction::Edit { key, value });
}

/// Approves a lead that the change will hit and one that `spare` keeps clear of it; then the
/// change comes and both are synced.
fn drifted(rule: &AdminRule, key: FieldKey, spare: Option<&str>) -> Rig {
    let rig = Rig::default();
    rig.approve(BROKEN);
    rig.add(SOUND);
    edit(&rig, SOUND, key, spare);
    rig.act(SOUND, ReviewAction::Approve);
    rig.crm.apply_rule(rule).unwrap();
    assert_eq!(rig.settle(), 0, "all else is done or waits for a person");
    rig
}

/// One problem, of the broken lead, that names the field; the sound lead is there completely.
fn is_told(rig: &Rig, code: &str, key: FieldKey) -> SyncProblem {
    let found = problems(rig);
    let [problem] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(problem.lead_id, talks::id(BROKEN));
    assert_eq!(problem.problem.code, code);
    assert_eq!(problem.problem.field.as_deref(), Some(key.name()));
    let sentence = &problem.problem.sentence;
    assert!(sentence.contains(key.label()), "{sentence}");
    assert!(rig.engine.sync_status().needs_person > 0);
    assert_eq!(done_of(rig, SOUND), 15, "the other lead is not blocked");
    problem.clone()
}

fn done_of(rig: &Rig, n: usize) -> u32 {
    let rows = rig.runtime.block_on(rig.engine.leads(Default::default())).unwrap();
    rows.iter().find(|row| row.id == talks::id(n)).unwrap().sync.done
}

fn is_mended(rig: &Rig, corrections: usize) {
    assert_eq!((rig.settle(), problems(rig)), (0, vec![]));
    assert_eq!(rig.engine.sync_status().needs_person, 0);
    let mut state = rig.crm.state();
    // A corrected lead is a second event, of another id: a receiver that knows the first takes it.
    let second = format!("badge:{}:event:2", talks::id(BROKEN));
    let hook = state.webhooks.get_mut("leads").unwrap();
    let sent = hook.events.len();
    hook.events.retain(|e| e.id != second);
    assert_eq!(sent - hook.events.len(), corrections);
    crm::exactly_once(&state, &[BROKEN, SOUND]).unwrap();
}

fn correct(rig: &Rig, key: FieldKey, text: Option<&str>) {
    rig.act(BROKEN, ReviewAction::Reopen);
    edit(rig, BROKEN, key, text);
    rig.act(BROKEN, ReviewAction::Approve);
}

#[test]
fn an_archived_property() {
    let rule =
        AdminRule::ArchiveProperty { object: ObjectType::Contact, property: "jobtitle".into() };
    let rig = drifted(&rule, FieldKey::Title, None);
    is_told(&rig, "property_missing", FieldKey::Title);
    correct(&rig, FieldKey::Title, None);
    is_mended(&rig, 1);
}

#[test]
fn a_retired_option() {
    let rule = AdminRule::RetireOption {
        object: ObjectType::Task,
        property: "hs_task_type".into(),
        value: "TODO".into(),
    };
    let rig = drifted(&rule, FieldKey::NextStep, Some("call, next Tuesday"));
    is_told(&rig, "option_unknown", FieldKey::NextStep);
    correct(&rig, FieldKey::NextStep, Some("call, next Thursday"));
    is_mended(&rig, 1);
}

#[test]
fn a_new_requirement_that_is_lifted_again() {
    let rule = AdminRule::RequireOnCreate { object: ObjectType::Contact, property: "phone".into() };
    let rig = drifted(&rule, FieldKey::Phone, Some("+44 7700 900318"));
    let problem = is_told(&rig, "required_missing", FieldKey::Phone);
    rig.runtime.block_on(rig.engine.retry(&problem.op_id)).unwrap();
    rig.settle();
    is_told(&rig, "required_missing", FieldKey::Phone);
    rig.crm.apply_rule(&AdminRule::LiftRequirements).unwrap();
    rig.runtime.block_on(rig.engine.retry(&problem.op_id)).unwrap();
    is_mended(&rig, 0);
}

#[test]
fn a_new_requirement_that_the_rep_meets() {
    let rule = AdminRule::RequireOnCreate { object: ObjectType::Contact, property: "phone".into() };
    let rig = drifted(&rule, FieldKey::Phone, Some("+44 7700 900318"));
    is_told(&rig, "required_missing", FieldKey::Phone);
    correct(&rig, FieldKey::Phone, Some("+44 7700 900777"));
    is_mended(&rig, 1);
}
