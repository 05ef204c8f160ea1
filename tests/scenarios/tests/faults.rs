//! Whatever goes wrong on the way to the CRM, afterwards everything is there exactly once.
//!
//! Every fault hits the first request of each kind, and in another run the second, so that each
//! pair of fault and request kind happens. The clock is moved by hand: no back-off takes real time.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use confee_domain::SyncProblem;
use confee_sandbox::{
    Fault, FaultPlan, FaultRule, Matcher, ObjectType, RandomFaults, RetryAfter, When,
};
use confee_scenarios::rig::Rig;
use confee_scenarios::{crm, talks};

/// Longer than the silence of the sandbox's webhook, shorter than a test may take.
const TIMEOUT_MS: u64 = 400;
const SILENCE_MS: u64 = 700;

/// Every kind of request that one lead needs, by method and part of the path.
const KINDS: [(&str, &str); 10] = [
    ("POST", "/companies/search"),
    ("POST", "/companies/batch/upsert"),
    ("POST", "/contacts/batch/upsert"),
    ("POST", "/deals/batch/upsert"),
    ("POST", "/notes/batch/upsert"),
    ("POST", "/tasks/batch/upsert"),
    ("POST", "/crm/properties/"),
    ("PUT", "/associations/default/companies"),
    ("PUT", "/associations/default/contacts"),
    ("POST", "/hooks/leads"),
];

/// `fault` at the n-th request of every kind.
fn everywhere(fault: &Fault, nth: u64) -> FaultPlan {
    let rule =
        |(method, path)| FaultRule::new(Matcher::new(method, path), When::Nth(nth), fault.clone());
    FaultPlan { rules: KINDS.into_iter().map(rule).collect(), random: None }
}

fn problems(rig: &Rig) -> Vec<SyncProblem> {
    rig.runtime.block_on(rig.engine.sync_problems()).unwrap()
}

/// Approves two leads, syncs through the faults, and checks what the CRM holds. Returns how often
/// something went wrong.
fn survives(fault: &Fault, plan: FaultPlan, timeout_ms: u64) -> u64 {
    let rig = Rig::new(timeout_ms);
    rig.crm.set_faults(plan);
    rig.approve(0);
    rig.approve(33);
    let left = rig.settle();
    assert_eq!(problems(&rig), [], "{fault:?}");
    assert_eq!(left, 0, "{fault:?}: ops still wait");
    let state = rig.crm.state();
    if let Err(wrong) = crm::exactly_once(&state, &[0, 33]) {
        panic!("{fault:?}:\n{wrong}");
    }
    rig.engine.shutdown();
    state.totals.faults
}

fn survives_everywhere(faults: &[Fault]) {
    for fault in faults {
        let fired: u64 =
            (1..=2).map(|nth| survives(fault, everywhere(fault, nth), TIMEOUT_MS * 10)).sum();
        assert!(fired >= 18, "{fault:?} happened {fired} times only");
    }
}

fn limited(retry_after: RetryAfter, policy: &str) -> Fault {
    Fault::RateLimited { retry_after, policy: policy.to_owned() }
}

#[test]
fn lost_connections() {
    survives_everywhere(&[Fault::DropBefore, Fault::DropAfterApply]);
}

/// The client gives up first, and with more patience the server does.
#[test]
fn silence_until_the_timeout() {
    for apply in [false, true] {
        let fault = Fault::Timeout { ms: SILENCE_MS, apply };
        survives(&fault, everywhere(&fault, 1), TIMEOUT_MS);
        let fired = survives(&fault, everywhere(&fault, 1), 30_000);
        assert!(fired >= 9, "{fired}");
    }
}

#[test]
fn rate_limits() {
    survives_everywhere(&[
        limited(RetryAfter::Seconds(17), ""),
        limited(RetryAfter::HttpDate(40), ""),
        limited(RetryAfter::None, ""),
    ]);
}

#[test]
fn a_used_up_day() {
    let fault = limited(RetryAfter::None, "DAILY");
    let upsert = Matcher::new("POST", "/contacts/batch/upsert");
    assert_eq!(survives(&fault, FaultPlan::one(upsert, When::Nth(1), fault.clone()), 30_000), 1);
}

#[test]
fn errors_of_servers_and_gateways() {
    survives_everywhere(&[
        Fault::ServerError { status: 500, html: true, apply: false },
        Fault::ServerError { status: 502, html: true, apply: true },
        Fault::ServerError { status: 503, html: false, apply: true },
    ]);
}

#[test]
fn a_firewalls_page() {
    // A webhook that answers 403 wants other credentials, and has a test of its own.
    let fault = Fault::ForbiddenHtml;
    let rules = everywhere(&fault, 1).rules;
    let rules =
        rules.into_iter().filter(|r| r.matcher.path_contains.as_deref() != Some("/hooks/leads"));
    let plan = FaultPlan { rules: rules.collect(), random: None };
    assert!(survives(&fault, plan, 30_000) >= 9);
}

#[test]
fn garbled_answers() {
    survives_everywhere(&[Fault::TruncatedBody, Fault::TruncatedJson]);
}

#[test]
fn requests_that_arrive_twice() {
    survives_everywhere(&[
        Fault::Duplicate { answer_second: false },
        Fault::Duplicate { answer_second: true },
    ]);
}

/// HubSpot refuses an input: that is for a person, who may try again.
#[test]
fn refused_inputs_of_a_batch() {
    let rig = Rig::default();
    rig.crm.set_faults(everywhere(&Fault::MultiStatus, 1));
    rig.approve(0);
    for _ in 0..KINDS.len() {
        assert_eq!(rig.settle(), 0);
        for problem in problems(&rig) {
            assert_eq!(problem.problem.code, "request_refused");
            rig.runtime.block_on(rig.engine.retry(&problem.op_id)).unwrap();
        }
    }
    assert_eq!((rig.settle(), problems(&rig)), (0, vec![]));
    crm::exactly_once(&rig.crm.state(), &[0]).unwrap();
}

#[test]
fn chance() {
    for seed in 0..12 {
        let random = RandomFaults {
            seed,
            probability: 0.25,
            matcher: Matcher::default(),
            faults: Vec::new(),
        };
        let plan = FaultPlan { rules: Vec::new(), random: Some(random) };
        let fired = survives(&Fault::DropBefore, plan, 30_000);
        assert!(fired > 3, "seed {seed}: {fired}");
    }
}

#[test]
fn a_lost_sign_in_waits_for_new_credentials() {
    let rig = Rig::default();
    let matcher = Matcher { path_contains: Some("/crm/".into()), ..Matcher::default() };
    rig.crm.set_faults(FaultPlan::one(matcher, When::Always, Fault::Unauthorized));
    rig.approve(0);
    assert!(rig.settle() > 0);
    let status = rig.engine.sync_status();
    let codes: Vec<&str> = status.troubles.iter().map(|t| t.code.as_str()).collect();
    assert_eq!((codes, status.needs_person), (vec!["signed_out"], 0));
    let asked = rig.crm.state().totals.requests;
    rig.settle();
    assert_eq!(rig.crm.state().totals.requests, asked, "it is not asked again and again");

    rig.crm.clear_faults();
    rig.engine.credentials_changed("hubspot").unwrap();
    assert_eq!(rig.settle(), 0);
    crm::exactly_once(&rig.crm.state(), &[0]).unwrap();
    assert_eq!(rig.engine.sync_status().troubles, []);
}

#[test]
fn a_webhook_that_forbids_waits_for_new_credentials() {
    let rig = Rig::default();
    let hook = Matcher::new("POST", "/hooks/leads");
    rig.crm.set_faults(FaultPlan::one(hook, When::Next(1), Fault::ForbiddenHtml));
    rig.approve(0);
    assert_eq!(rig.settle(), 1);
    assert_eq!(rig.engine.sync_status().troubles.len(), 1);
    rig.engine.credentials_changed("webhook").unwrap();
    assert_eq!(rig.settle(), 0);
    crm::exactly_once(&rig.crm.state(), &[0]).unwrap();
}

#[test]
fn a_contact_that_is_there_already_is_adopted() {
    let rig = Rig::default();
    let email = talks::email(0);
    let known = [("email", email.as_str()), ("phone", "+44 7700 900318")];
    let id = rig.crm.seed(ObjectType::Contact, &known).unwrap();
    rig.approve(0);
    assert_eq!((rig.settle(), problems(&rig)), (0, vec![]));
    let state = rig.crm.state();
    let [contact] = state.portal.of(ObjectType::Contact) else { panic!("not one contact") };
    assert_eq!(contact.id, id);
    assert_eq!(contact.properties["phone"], "+44 7700 900318", "what they had is kept");
    for object in ObjectType::ALL {
        assert_eq!(state.portal.of(object).len(), 1, "{object:?}");
    }
    assert_eq!(state.portal.associations.len(), 9);
}

#[test]
fn a_wait_that_the_server_asks_for_is_kept() {
    let rig = Rig::default();
    let upsert = Matcher::new("POST", "/contacts/batch/upsert");
    let fault = limited(RetryAfter::Seconds(600), "");
    rig.crm.set_faults(FaultPlan::one(upsert, When::Next(1), fault));
    rig.approve(0);
    let contacts = || rig.crm.state().portal.of(ObjectType::Contact).len();
    rig.sync_once();
    rig.clock.0.advance_ms(599_000);
    rig.sync_once();
    assert_eq!(contacts(), 0);
    rig.clock.0.advance_ms(11_000);
    rig.sync_once();
    assert_eq!(contacts(), 1);
}
