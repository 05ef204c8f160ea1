//! The talks of the scenarios say what the scenarios need.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use std::collections::BTreeSet;

use confee_domain::{FieldKey, FieldValue};
use confee_extract::Extractor;
use confee_scenarios::talks;

#[test]
fn every_draft_has_all_that_five_records_need() {
    let extractor = Extractor::with_rules().unwrap();
    for n in (0..talks::DIFFERENT).step_by(13) {
        let lead = extractor.extract(&talks::talk(n));
        for key in [
            FieldKey::Name,
            FieldKey::Title,
            FieldKey::Company,
            FieldKey::Budget,
            FieldKey::Timeline,
            FieldKey::NextStep,
        ] {
            assert!(lead.value(key).is_some(), "{n}: no {}", key.label());
        }
        let email = FieldValue::Text(talks::email(n));
        assert_eq!(lead.value(FieldKey::Email), Some(email), "{n}");
    }
}

#[test]
fn no_two_talks_are_of_one_visitor() {
    let emails: BTreeSet<String> = (0..talks::DIFFERENT).map(talks::email).collect();
    let firms: BTreeSet<String> = (0..talks::DIFFERENT).map(talks::domain).collect();
    assert_eq!((emails.len(), firms.len()), (talks::DIFFERENT, talks::DIFFERENT));
}
