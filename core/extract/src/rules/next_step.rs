use std::ops::Range;

use confee_domain::StepKind;

use crate::tagger::{Owner, Polarity, Span, Tag};
use crate::talk::{Role, Talk, Turn};

/// How far the answer to a proposal may be.
const ANSWER_WITHIN: usize = 3;

/// What a proposal or a request begins with.
const OPENERS: &[&str] = &[
    "shall i",
    "shall we",
    "should i",
    "should we",
    "can i",
    "could i",
    "can we",
    "could we",
    "may i",
    "i can",
    "we can",
    "we could",
    "i could",
    "let me",
    "let's",
    "i'll",
    "i will",
    "we'll",
    "we will",
    "i'd like to",
    "i would like to",
    "i wood like to",
    "i'd rather",
    "i'd love to",
    "how about",
    "what about",
    "what if",
    "why don't",
    "i suggest",
    "i propose",
    "do you want",
    "would you like",
    "i'd suggest",
    "you could",
    "you can",
    "can you",
    "could you",
    "would you",
    "will you",
    "please",
    "send me",
    "send us",
    "call me",
    "call us",
    "write me",
    "mail me",
    "email me",
    "e mail me",
    "give me a call",
    "give us a call",
    "come to",
    "come by",
    "come and",
    "come over",
    "get me",
    "i'd want",
    "i want",
    "we want",
    "we'd like",
    "i need",
    "we need",
    "happy to",
    "ring me",
    "so i",
    "then i",
    "i make",
    "i send",
    "i call",
    "we put",
    "we send",
    "i bring",
    "drop me",
    "drop us",
    "an",
    "a",
    "do you want to",
    "are you free",
    "have a",
    "bring",
    "the next step",
    "next step",
    "i write",
    "go and",
    "come and see",
    "do the",
    "give us",
    "you send",
    "you can call",
    "we call",
    "i give",
    "i take",
    "i mill",
    "i lend",
    "i could lend",
    "i print",
    "i cut",
    "i show",
    "i ship",
    "we mill",
    "we give",
    "we lend",
    "we take",
    "we bring",
    "we print",
    "we ship",
    "i'd bring",
    "i'd send",
    "do you want me to",
    "so on",
    "friday",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "breakfast",
    "lunch",
    "i want to",
    "you have to see",
    "that one i'd like",
    "try",
    "one week",
    "online",
];

/// What is proposed, the telling phrases first.
const KINDS: &[(&str, StepKind, u16)] = &[
    ("site survey", StepKind::Visit, 320),
    ("site visit", StepKind::Visit, 340),
    ("visit you", StepKind::Visit, 320),
    ("come to the plant", StepKind::Visit, 340),
    ("come to your", StepKind::Visit, 300),
    ("come to our", StepKind::Visit, 280),
    ("come out to", StepKind::Visit, 280),
    ("drive out", StepKind::Visit, 260),
    ("see the plant", StepKind::Visit, 280),
    ("see the cell", StepKind::Visit, 280),
    ("reference customer", StepKind::Visit, 240),
    ("show you round", StepKind::Visit, 220),
    ("a visit", StepKind::Visit, 280),
    ("walk through your", StepKind::Visit, 220),
    ("introduce you", StepKind::Intro, 360),
    ("put you in touch", StepKind::Intro, 360),
    ("connect you with", StepKind::Intro, 360),
    ("make an intro", StepKind::Intro, 360),
    ("an introduction", StepKind::Intro, 340),
    ("make the introduction", StepKind::Intro, 340),
    ("a free trial", StepKind::Trial, 360),
    ("free trial", StepKind::Trial, 340),
    ("a trial", StepKind::Trial, 340),
    ("trial", StepKind::Trial, 260),
    ("a pilot", StepKind::Trial, 340),
    ("pilot", StepKind::Trial, 240),
    ("test account", StepKind::Trial, 320),
    ("test patch", StepKind::Trial, 320),
    ("test it for", StepKind::Trial, 280),
    ("try it for", StepKind::Trial, 300),
    ("loan unit", StepKind::Trial, 300),
    ("proof of concept", StepKind::Trial, 320),
    ("set you up with", StepKind::Trial, 220),
    ("as samples", StepKind::Sample, 360),
    ("samples", StepKind::Sample, 320),
    ("a sample", StepKind::Sample, 340),
    ("sample", StepKind::Sample, 280),
    ("a swatch", StepKind::Sample, 260),
    ("proposal", StepKind::Proposal, 340),
    ("a quote", StepKind::Proposal, 340),
    ("quote", StepKind::Proposal, 280),
    ("quotation", StepKind::Proposal, 340),
    ("an offer", StepKind::Proposal, 320),
    ("the offer", StepKind::Proposal, 280),
    ("written offer", StepKind::Proposal, 340),
    ("of her", StepKind::Proposal, 120),
    ("an estimate", StepKind::Proposal, 300),
    ("price it", StepKind::Proposal, 200),
    ("statement of work", StepKind::Proposal, 260),
    ("a demo", StepKind::Demo, 340),
    ("demo", StepKind::Demo, 300),
    ("demonstration", StepKind::Demo, 320),
    ("show you that properly", StepKind::Demo, 280),
    ("walk you through", StepKind::Demo, 260),
    ("show you the", StepKind::Demo, 180),
    ("show it to", StepKind::Demo, 220),
    ("a webinar", StepKind::Demo, 160),
    ("set up a call", StepKind::Call, 360),
    ("a call", StepKind::Call, 320),
    ("call you", StepKind::Call, 340),
    ("call me", StepKind::Call, 340),
    ("ring me", StepKind::Call, 340),
    ("ring you", StepKind::Call, 340),
    ("give you a ring", StepKind::Call, 340),
    ("phone call", StepKind::Call, 320),
    ("video call", StepKind::Call, 340),
    ("on the phone", StepKind::Call, 240),
    ("a zoom", StepKind::Call, 320),
    ("teams call", StepKind::Call, 340),
    ("phone you", StepKind::Call, 320),
    ("call back", StepKind::Call, 300),
    ("jump on", StepKind::Call, 220),
    ("speak on", StepKind::Call, 240),
    ("talk on", StepKind::Call, 240),
    ("call on", StepKind::Call, 200),
    ("sit down", StepKind::Meeting, 320),
    ("a meeting", StepKind::Meeting, 340),
    ("meeting", StepKind::Meeting, 240),
    ("meet", StepKind::Meeting, 260),
    ("workshop", StepKind::Meeting, 280),
    ("a coffee", StepKind::Meeting, 180),
    ("lunch", StepKind::Meeting, 160),
    ("get together", StepKind::Meeting, 280),
    ("an appointment", StepKind::Meeting, 300),
    ("come back tomorrow", StepKind::Meeting, 260),
    ("come by tomorrow", StepKind::Meeting, 240),
    ("email me that", StepKind::Email, 340),
    ("e mail me that", StepKind::Email, 340),
    ("email you the", StepKind::Email, 320),
    ("email you", StepKind::Email, 280),
    ("mail you", StepKind::Email, 280),
    ("send you some material", StepKind::Email, 320),
    ("send you some", StepKind::Email, 260),
    ("send you the", StepKind::Email, 240),
    ("send me the", StepKind::Email, 240),
    ("send it over", StepKind::Email, 220),
    ("send me some", StepKind::Email, 240),
    ("send me a", StepKind::Email, 220),
    ("send you a", StepKind::Email, 220),
    ("data sheet", StepKind::Email, 240),
    ("datasheet", StepKind::Email, 240),
    ("white paper", StepKind::Email, 220),
    ("brochure", StepKind::Email, 240),
    ("case study", StepKind::Email, 260),
    ("price list", StepKind::Email, 260),
    ("the study", StepKind::Email, 220),
    ("the report", StepKind::Email, 220),
    ("the slides", StepKind::Email, 240),
    ("the catalogue", StepKind::Email, 240),
    ("the specs", StepKind::Email, 240),
    ("send it tonight", StepKind::Email, 240),
    ("send that", StepKind::Email, 220),
    ("documentation", StepKind::Email, 200),
    ("send it to you", StepKind::Email, 220),
    ("give me a ring", StepKind::Call, 340),
    ("we call", StepKind::Call, 300),
    ("call the", StepKind::Call, 240),
    ("watch them", StepKind::Visit, 280),
    ("go and see", StepKind::Visit, 300),
    ("come and see the", StepKind::Visit, 300),
    ("come and watch", StepKind::Visit, 300),
    ("take you to", StepKind::Visit, 300),
    ("open house", StepKind::Visit, 260),
    ("have to see it run", StepKind::Visit, 280),
    ("come to the factory", StepKind::Meeting, 300),
    ("come to the farm", StepKind::Visit, 280),
    ("come to the site", StepKind::Visit, 300),
    ("see the line", StepKind::Visit, 240),
    ("bring it out", StepKind::Demo, 320),
    ("bring one", StepKind::Demo, 280),
    ("show it to all", StepKind::Demo, 300),
    ("online demo", StepKind::Demo, 360),
    ("on lion demo", StepKind::Demo, 340),
    ("do the demo", StepKind::Demo, 360),
    ("remote demo", StepKind::Demo, 360),
    ("live demo", StepKind::Demo, 340),
    ("lend you", StepKind::Trial, 340),
    ("loan you", StepKind::Trial, 340),
    ("for free", StepKind::Trial, 260),
    ("free of charge", StepKind::Trial, 280),
    ("test it", StepKind::Trial, 260),
    ("try it out", StepKind::Trial, 280),
    ("put it on two", StepKind::Trial, 260),
    ("two weeks free", StepKind::Trial, 320),
    ("test run", StepKind::Trial, 300),
    ("evaluation unit", StepKind::Trial, 320),
    ("kilos", StepKind::Sample, 260),
    ("mill you a", StepKind::Sample, 320),
    ("mill it", StepKind::Sample, 300),
    ("cut you a", StepKind::Sample, 280),
    ("print you a", StepKind::Sample, 300),
    ("test piece", StepKind::Sample, 320),
    ("trial pieces", StepKind::Sample, 300),
    ("mail me the", StepKind::Email, 300),
    ("mail it", StepKind::Email, 260),
    ("send me the link", StepKind::Email, 280),
    ("send the link", StepKind::Email, 220),
    ("send you the link", StepKind::Email, 260),
    ("send me that", StepKind::Email, 280),
    ("get me a quote", StepKind::Proposal, 380),
    ("send me the offer", StepKind::Proposal, 380),
    ("send me an offer", StepKind::Proposal, 380),
    ("write up", StepKind::Proposal, 220),
    ("costing", StepKind::Proposal, 260),
    ("breakfast", StepKind::Meeting, 280),
    ("coffee tomorrow", StepKind::Meeting, 280),
    ("dinner", StepKind::Meeting, 240),
    ("sit together", StepKind::Meeting, 320),
    ("talk it through", StepKind::Meeting, 220),
    ("your office", StepKind::Meeting, 200),
];

/// Answers that agree.
const AGREES: &[&str] = &[
    "yes",
    "yeah",
    "yep",
    "yup",
    "sure",
    "good",
    "great",
    "perfect",
    "fine",
    "okay",
    "ok",
    "done",
    "deal",
    "please",
    "let's do that",
    "sounds good",
    "that'd work",
    "that works",
    "works for me",
    "happy to",
    "i'd like that",
    "with pleasure",
    "absolutely",
    "of course",
    "please do",
    "do that",
    "definitely",
    "exactly",
    "why not",
    "grand",
    "lovely",
    "brilliant",
    "wonderful",
    "excellent",
    "gladly",
    "alright",
    "all right",
    "noted",
    "it is",
    "no problem",
    "will do",
    "you'll have it",
    "you have it",
    "cool",
    "agreed",
    "super",
    "that would be",
    "grate",
    "go ahead",
    "can do",
    "got it",
];

/// Answers that refuse or evade.
const REFUSES: &[&str] = &[
    "no thanks",
    "no thank you",
    "no need",
    "not now",
    "not today",
    "please don't",
    "i'm afraid not",
    "no no",
    "don't call",
    "don't send",
    "no emails",
    "no e mails",
    "no e",
    "not interested",
    "let me look around",
    "let me think",
    "i'll think",
    "we'll see",
    "maybe",
    "i'll come back to you",
    "i'll be in touch",
    "don't bother",
    "rather not",
    "not really",
    "not necessary",
    "leave it",
    "too early",
    "i'll have a look",
    "i'll get back",
    "don't need",
    "some other time",
    "another time",
    "we'll get back",
    "i'll let you know",
    "perhaps",
    "just take one",
    "i'll just take",
    "under contract",
    "can't promise",
    "no point",
    "i'd have to ask",
];

/// Things to be done next, with whether both agreed.
pub(super) fn tag(talk: &Talk<'_>) -> Vec<Span> {
    let mut spans = Vec::new();
    for turn in &talk.turns {
        let mut seen: Vec<Range<usize>> = Vec::new();
        for sentence in turn.sentences() {
            for (range, kind, weight) in proposals(turn, sentence) {
                if seen.iter().any(|s| s.start < range.end && range.start < s.end) {
                    continue;
                }
                let polarity = outcome(talk, turn, &range);
                let base = match polarity {
                    Polarity::Stated => 460,
                    Polarity::Open => 180,
                    Polarity::Negated => 100,
                };
                let chars = turn.chars(&range);
                spans.push(Span {
                    tag: Tag::NextStep(kind),
                    turn: turn.index,
                    start: chars.start,
                    end: chars.end,
                    owner: if turn.role == Role::Rep { Owner::Rep } else { Owner::Prospect },
                    polarity,
                    score: base + weight,
                });
                seen.push(range);
            }
        }
    }
    spans
}

/// The most telling kind in a sentence that proposes something.
fn proposals(turn: &Turn, sentence: &Range<usize>) -> Vec<(Range<usize>, StepKind, u16)> {
    let within = |p: &str| turn.find_from(p, sentence.start).filter(|r| r.end <= sentence.end);
    let best = KINDS
        .iter()
        .filter_map(|(phrase, kind, weight)| within(phrase).map(|r| (r, *kind, *weight)))
        .max_by_key(|(r, _, weight)| (*weight, usize::MAX - r.start));
    let Some((hit, kind, weight)) = best else { return Vec::new() };
    let opener = OPENERS
        .iter()
        .filter_map(|p| within(p))
        .filter(|r| r.start <= hit.start)
        .max_by_key(|r| r.start);
    let Some(opener) = opener else { return Vec::new() };
    if tells_of_past(turn, sentence) || hit.start - opener.start > 25 {
        return Vec::new();
    }
    let start = opener.start.max(hit.start.saturating_sub(12));
    vec![(start..sentence.end.min(hit.end + 8), kind, weight)]
}

fn tells_of_past(turn: &Turn, sentence: &Range<usize>) -> bool {
    const PAST: [&str; 14] = [
        "did a",
        "they came",
        "last week",
        "last year",
        "last month",
        "yesterday",
        "told us",
        "told me",
        "had a",
        "was at",
        "did you have",
        "sent us",
        "years ago",
        "showed us",
    ];
    PAST.iter().any(|p| turn.find_from(p, sentence.start).is_some_and(|r| r.end <= sentence.end))
}

/// Whether both agreed: the visitor's own request that the rep takes up, or the rep's proposal
/// that the visitor accepts, in words or by settling when and where.
fn outcome(talk: &Talk<'_>, turn: &Turn, range: &Range<usize>) -> Polarity {
    let by_visitor = turn.role == Role::Prospect;
    if by_visitor && withheld(turn, range) {
        return Polarity::Negated;
    }
    let later = || talk.turns.get(turn.index + 1..).unwrap_or_default().iter();
    for answer in later().take(ANSWER_WITHIN).filter(|t| t.role != turn.role).take(1) {
        if refuses(answer) {
            return Polarity::Negated;
        }
        if opens_with(answer, AGREES) {
            return Polarity::Stated;
        }
    }
    let settled = later().take(ANSWER_WITHIN + 1).any(|t| t.says(SETTLES));
    let taken_up = by_visitor && later().next().is_some();
    if taken_up || settled { Polarity::Stated } else { Polarity::Open }
}

/// "Don't call me", "if that fails, call me": a request that is none.
fn withheld(turn: &Turn, range: &Range<usize>) -> bool {
    let sentence = turn.sentence_of(range.start);
    let before = &turn.tokens[sentence.start..range.start.max(sentence.start)];
    let inside = &turn.tokens[range.start..range.end.min(range.start + 3)];
    let near = &before[before.len().saturating_sub(4)..];
    near.iter().chain(inside).any(|t| t.is(&["don't", "never", "not"]))
        || before.iter().take(3).any(|t| t.norm == "if")
}

/// Words with which two people settle when and where.
const SETTLES: &[&str] = &[
    "o'clock",
    "when would",
    "when",
    "tomorrow",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "which address",
    "what address",
    "where should",
    "where do i",
    "what's your number",
    "what's the mail",
    "your number",
    "next week",
    "address",
    "invite",
    "for sure",
    "that i want",
    "this i like",
    "from when",
    "i'll bring",
    "will do",
];

fn refuses(turn: &Turn) -> bool {
    let opening = turn.tokens.len().min(14);
    REFUSES.iter().any(|p| turn.find(p).is_some_and(|r| r.start < opening))
        || turn.tokens.first().is_some_and(|t| t.norm == "no")
            && turn.tokens.iter().take(8).any(|t| t.is(&["don't", "not", "can't", "need"]))
}

fn opens_with(turn: &Turn, phrases: &[&str]) -> bool {
    phrases.iter().any(|p| turn.find(p).is_some_and(|r| r.start < 8))
}

/// Whether a turn talks about when and how to meet, not about when to buy.
pub(crate) fn is_scheduling(turn: &Turn) -> bool {
    const WORDS: &[&str] = &[
        "call you",
        "call me",
        "send you",
        "send me",
        "see you",
        "i fly",
        "show you",
        "come to",
        "come by",
        "meeting",
        "meet",
        "demo",
        "visit",
        "tuesdays",
        "at my desk",
        "o'clock",
        "in the morning",
        "in the afternoon",
        "the invite",
        "a call",
        "the call",
        "i'm free",
        "i'm here",
        "we're here",
        "booth",
        "the fair",
        "the show",
        "jury duty",
        "on holiday",
        "i have it",
        "you have it",
        "i'll send",
        "survey",
        "i'm back",
        "next door",
        "coffee",
        "proposal",
        "quote",
        "offer",
        "sample",
        "samples",
        "trial",
        "pilot",
        "ring me",
        "introduce",
        "hall",
    ];
    turn.says(WORDS)
}
