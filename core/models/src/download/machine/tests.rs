use super::*;

fn origin(url: &str, bytes: Option<u64>) -> Origin {
    Origin { url: Url::parse(url).unwrap(), bytes, hashed: true }
}

fn two() -> Vec<Origin> {
    vec![origin("https://a.test/m", Some(100)), origin("https://b.test/m", Some(100))]
}

fn machine(have: u64) -> Machine {
    let state = PartialState {
        url: "https://a.test/m".into(),
        validator: Some(Validator::Etag("\"v1\"".into())),
    };
    Machine::new(two(), Some(state), have, Policy::default(), 1)
}

fn status(status: u16) -> Head {
    Head { status, ..Head::default() }
}

fn part(range: &str) -> Head {
    Head { status: 206, content_range: Some(range.into()), ..Head::default() }
}

fn asked(step: &Step) -> (usize, u64, Option<&str>) {
    match step {
        Step::Ask(ask) => (ask.source, ask.from, ask.if_range.as_deref()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn resumes_with_the_validator() {
    let mut machine = machine(40);
    assert_eq!(asked(&machine.start()), (0, 40, Some("\"v1\"")));
    let Step::Body { from, total, state } = machine.answered(&part("bytes 40-99/100"), 0) else {
        panic!()
    };
    assert_eq!((from, total), (40, Some(100)));
    assert_eq!(state.validator, Some(Validator::Etag("\"v1\"".into())), "the tag is kept");
    assert_eq!(machine.received(60), None);
    assert_eq!(machine.ended(), Step::Verify { source: 0 });
}

/// Answers to a request from byte 40 of 100: source and start of what is asked next.
#[test]
fn odd_answers_to_a_range() {
    let other_tag = Head { etag: Some("\"v2\"".into()), ..part("bytes 40-99/100") };
    let short = Head { length: Some(5), ..part("bytes 40-99/100") };
    let packed = Head { encoding: Some("gzip".into()), ..part("bytes 40-99/100") };
    let refused = Head { content_range: Some("bytes */80".into()), ..status(416) };
    let table = [
        (part("bytes 0-99/100"), (0, 0)),
        (part("bytes 41-99/100"), (0, 0)),
        (part("bytes 40-99/120"), (1, 0)),
        (part("nonsense"), (0, 0)),
        (Head { status: 206, ..Head::default() }, (0, 0)),
        (other_tag, (0, 0)),
        (short, (0, 0)),
        (packed, (1, 0)),
        (status(416), (0, 0)),
        (refused, (0, 0)),
        (status(404), (1, 0)),
        (status(403), (1, 0)),
        (status(304), (1, 0)),
        (status(503), (0, 40)),
        (status(429), (0, 40)),
    ];
    for (head, (source, from)) in table {
        let mut machine = machine(40);
        machine.start();
        let step = machine.answered(&head, 0);
        assert_eq!((asked(&step).0, asked(&step).1), (source, from), "{head:?}");
    }
}

#[test]
fn all_instead_of_the_rest_starts_anew() {
    let mut machine = machine(40);
    machine.start();
    let head = Head { length: Some(100), etag: Some("\"v2\"".into()), ..status(200) };
    let Step::Body { from, state, .. } = machine.answered(&head, 0) else { panic!() };
    assert_eq!(from, 0);
    assert_eq!(state.validator, Some(Validator::Etag("\"v2\"".into())));
}

#[test]
fn a_whole_partial_is_verified_without_a_request() {
    assert_eq!(machine(100).start(), Step::Verify { source: 0 });
    assert_eq!(asked(&machine(101).start()), (0, 0, None), "longer than it can be");
    let unknown = vec![origin("https://a.test/m", None)];
    let state = PartialState { url: "https://a.test/m".into(), validator: None };
    let mut machine = Machine::new(unknown, Some(state), 40, Policy::default(), 1);
    assert_eq!(asked(&machine.start()), (0, 40, None));
    let head = Head { content_range: Some("bytes */40".into()), ..status(416) };
    assert_eq!(machine.answered(&head, 0), Step::Verify { source: 0 });
}

#[test]
fn without_hash_and_validator_nothing_is_resumed() {
    let unhashed = vec![Origin { hashed: false, ..origin("https://a.test/m", None) }];
    let state = PartialState { url: "https://a.test/m".into(), validator: None };
    let mut machine = Machine::new(unhashed, Some(state), 40, Policy::default(), 1);
    assert_eq!(asked(&machine.start()), (0, 0, None));
}

#[test]
fn a_partial_of_an_unknown_address_is_not_used() {
    let state = PartialState { url: "https://old.test/m".into(), validator: None };
    let mut machine = Machine::new(two(), Some(state), 40, Policy::default(), 1);
    assert_eq!(asked(&machine.start()), (0, 0, None));
}

#[test]
fn the_source_of_the_partial_comes_first_and_the_others_after_it() {
    let state = PartialState { url: "https://b.test/m".into(), validator: None };
    let mut machine = Machine::new(two(), Some(state), 40, Policy::default(), 1);
    assert_eq!(asked(&machine.start()), (1, 40, None));
    assert_eq!(asked(&machine.answered(&status(404), 0)), (0, 0, None));
    assert_eq!(machine.answered(&status(404), 0), Step::GiveUp);
    assert_eq!(machine.failures(), [(1, Failure::Status(404)), (0, Failure::Status(404))]);
}

#[test]
fn redirects() {
    let to = |location: &str| Head { location: Some(location.into()), ..status(302) };
    let table = [
        ("https://cdn.test/x?sig=1", Some("https://cdn.test/x?sig=1")),
        ("/other", Some("https://a.test/other")),
        ("//cdn.test/y", Some("https://cdn.test/y")),
        ("http://cdn.test/x", None),
        ("ftp://cdn.test/x", None),
        ("file:///etc/passwd", None),
        ("https://user@cdn.test/x", None),
        ("https://", None),
    ];
    for (location, expected) in table {
        let mut machine = machine(40);
        machine.start();
        let Step::Ask(ask) = machine.answered(&to(location), 0) else { panic!() };
        match expected {
            Some(url) => assert_eq!((ask.url.as_str(), ask.from, ask.source), (url, 40, 0)),
            None => assert_eq!((ask.url.as_str(), ask.source), ("https://b.test/m", 1)),
        }
    }
    let mut machine = machine(0);
    machine.start();
    for hop in 0..5 {
        let step = machine.answered(&to(&format!("/{hop}")), 0);
        assert_eq!(asked(&step).0, 0, "{hop}");
    }
    assert_eq!(asked(&machine.answered(&to("/6"), 0)).0, 1);
    assert_eq!(machine.answered(&status(301), 0), Step::GiveUp, "it does not say where to");
}

#[test]
fn plain_http_only_where_allowed_and_never_from_https() {
    let run = |url: &str, allow_http: bool, location: &str| {
        let policy = Policy { allow_http, ..Policy::default() };
        let mut machine = Machine::new(vec![origin(url, None)], None, 0, policy, 1);
        machine.start();
        let head = Head { location: Some(location.into()), ..status(302) };
        matches!(machine.answered(&head, 0), Step::Ask(_))
    };
    assert!(run("http://a.test/", true, "http://b.test/"));
    assert!(run("http://a.test/", true, "https://b.test/"));
    assert!(!run("http://a.test/", false, "http://b.test/"));
    assert!(!run("https://a.test/", true, "http://b.test/"));
}

#[test]
fn tries_are_bounded_but_progress_counts() {
    let mut stuck = machine(0);
    stuck.start();
    for _ in 0..4 {
        assert_eq!(asked(&stuck.broke(Failure::Stalled)).0, 0);
    }
    assert_eq!(asked(&stuck.broke(Failure::Stalled)).0, 1);

    let policy = Policy { progress_bytes: 1, requests: 20, ..Policy::default() };
    let origins = vec![origin("https://a.test/m", Some(1_000))];
    let mut slow = Machine::new(origins, None, 0, policy, 1);
    let mut step = slow.start();
    let mut requests = 0;
    while let Step::Ask(ask) = step {
        requests += 1;
        let head = match ask.from {
            0 => status(200),
            from => part(&format!("bytes {from}-999/1000")),
        };
        assert!(matches!(slow.answered(&head, 0), Step::Body { .. }));
        assert_eq!(slow.received(1), None);
        step = slow.broke(Failure::Cut);
    }
    assert_eq!((requests, step), (20, Step::GiveUp), "a server that trickles is left in the end");
}

#[test]
fn servers_may_ask_for_a_pause_within_bounds() {
    let mut machine = machine(0);
    machine.start();
    let later = |seconds: &str| Head { retry_after: Some(seconds.into()), ..status(429) };
    let Step::Ask(ask) = machine.answered(&later("30"), 0) else { panic!() };
    assert_eq!((ask.source, ask.pause_ms), (0, 30_000));
    let Step::Ask(ask) = machine.answered(&later("3600"), 0) else { panic!() };
    assert_eq!((ask.source, ask.pause_ms), (1, 0));
    assert_eq!(machine.failures().last(), Some(&(0, Failure::Later)));
}

#[test]
fn more_than_announced_is_not_written() {
    let mut machine = machine(0);
    machine.start();
    assert!(matches!(machine.answered(&status(200), 0), Step::Body { total: Some(100), .. }));
    assert_eq!(machine.received(100), None);
    assert_eq!(asked(&machine.received(1).unwrap()).0, 1);
}

#[test]
fn a_wrong_hash_of_a_resumed_file_is_tried_once_more_from_the_start() {
    let mut machine = machine(40);
    machine.start();
    machine.answered(&part("bytes 40-99/100"), 0);
    machine.received(60);
    machine.ended();
    assert_eq!(asked(&machine.rejected(Failure::Hash)), (0, 0, None));
    machine.answered(&status(200), 0);
    machine.received(100);
    machine.ended();
    assert_eq!(asked(&machine.rejected(Failure::Hash)), (1, 0, None));
    machine.answered(&status(200), 0);
    machine.received(100);
    machine.ended();
    assert_eq!(machine.rejected(Failure::Unsound), Step::GiveUp);
}

proptest::proptest! {
    /// Whatever servers answer, it ends, never leaves a gap, and never passes the length.
    #[test]
    fn any_answers_end(
        answers in proptest::collection::vec((0_u16..8, 0_u64..200, proptest::bool::ANY), 0..400),
        have in 0_u64..120,
    ) {
        let mut machine = machine(have);
        let mut step = machine.start();
        let mut written = have;
        let mut rounds = 0;
        let mut answers = answers.into_iter().chain(std::iter::repeat((7, 0, false)));
        loop {
            rounds += 1;
            proptest::prop_assert!(rounds < 5_000);
            let (kind, count, cut) = answers.next().unwrap();
            step = match step {
                Step::Ask(ask) => {
                    proptest::prop_assert!(ask.from == 0 || ask.from == written);
                    let head = match kind {
                        0 => status(200),
                        1 | 2 => part(&format!("bytes {}-99/100", ask.from.min(99))),
                        3 => status(416),
                        4 => Head { location: Some("/x".into()), ..status(302) },
                        5 => status(503),
                        6 => part("bytes 7-9/100"),
                        _ => status(404),
                    };
                    machine.answered(&head, 0)
                }
                Step::Body { from, .. } => {
                    proptest::prop_assert!(from == 0 || from == written);
                    written = from;
                    match machine.received(count) {
                        Some(step) => step,
                        None => {
                            written += count;
                            proptest::prop_assert!(written <= 100);
                            if cut { machine.broke(Failure::Cut) } else { machine.ended() }
                        }
                    }
                }
                Step::Verify { .. } => {
                    written = 0;
                    machine.rejected(Failure::Hash)
                }
                Step::GiveUp => break,
            };
        }
    }
}
