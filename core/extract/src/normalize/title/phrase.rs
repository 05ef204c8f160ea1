//! The noun phrase of a title: words that qualify, one or more head nouns, what follows.

use confee_domain::Seniority::{
    self, CLevel, Director, Head, Individual, Intern, Manager, Owner, Student, Vp,
};

use super::functions::{TAILS, THINGS};
use super::lexicon::{
    HeadNoun, function_at, function_of, head_at, is_modifier, is_stop, strong_function,
};
use super::words::Word;

/// A title as it stands in the words `from..to`.
#[derive(Debug, Clone)]
pub(super) struct Phrase {
    pub(super) from: usize,
    pub(super) to: usize,
    /// First and one past the last word of the head noun.
    pub(super) head: (usize, usize),
    pub(super) rank: Seniority,
    pub(super) function: Option<&'static str>,
    pub(super) plural: bool,
    /// A title by itself: a strong noun, or a weak one with a known word beside it.
    pub(super) sure: bool,
    /// "assistant to the CEO": where the other's title starts.
    pub(super) inner: Option<usize>,
}

/// Whether the segment was written with capitals, which tells names from words.
pub(super) fn is_cased(words: &[Word]) -> bool {
    words
        .iter()
        .filter(|w| w.capital() && !w.is(&["i"]) && w.text.chars().count() > 1)
        .any(|w| w.text.chars().any(char::is_lowercase))
}

/// The title whose first head noun stands at `at`; the caller goes on at `to`.
pub(super) fn parse(words: &[Word], at: usize, floor: usize, cased: bool) -> Option<Phrase> {
    let (head, noun, plural) = last_head(words, at)?;
    if words.get(head.1).is_some_and(|w| !w.breaks() && TAILS.contains(&w.norm.as_str())) {
        return None;
    }
    let from = left(words, at.min(head.0), floor, cased);
    if from < head.0 && thing(words, from, head.0) || verb(words, from) {
        return None;
    }
    let mut p = Phrase {
        from,
        to: head.1,
        head,
        rank: noun.rank,
        function: None,
        plural,
        sure: noun.strong,
        inner: None,
    };
    right(words, &mut p, cased);
    p.rank = rank(words, &p, noun);
    p.function = function(words, &p, noun);
    p.sure |= function_of(&words[p.from..head.0]).is_some()
        && !words[head.0].is(&["owner", "partner", "member"])
        || p.to > head.1
        || (from..head.0).any(|i| is_modifier(&words[i]) && !words[i].is(&["new", "private"]))
            && !words[head.0]
                .is(&["owner", "partner", "driver", "operator", "member", "lead", "chair"]);
    Some(p)
}

/// Follows a chain such as "lead process engineer" or "student nurse" to its last noun.
fn last_head(words: &[Word], at: usize) -> Option<((usize, usize), HeadNoun, bool)> {
    if let Some(end) = chief_officer(words, at) {
        return Some(((at, end), HeadNoun { rank: CLevel, function: "", strong: true }, false));
    }
    let (len, noun, plural) = head_at(words, at)?;
    let mut best = ((at, at + len), noun, plural);
    let qualifies = matches!(noun.rank, Individual | Intern | Student | Head) || !noun.strong;
    let mut k = best.0.1;
    while let Some(w) = words.get(k).filter(|w| !w.breaks() && !plural) {
        if let Some((len, next, plural)) = head_at(words, k) {
            if len == 1
                && w.is(&["pm", "she", "lead", "leads", "heads", "coaches", "guides"])
                && k > best.0.1
            {
                break;
            }
            best = ((k, k + len), next, plural);
            k += len;
        } else if qualifies && is_modifier(w) && k - at < 5 && !w.is(&["it", "she"]) {
            k += 1;
        } else {
            break;
        }
    }
    Some(best)
}

/// "chief medical information officer": one past its last word.
fn chief_officer(words: &[Word], at: usize) -> Option<usize> {
    if words[at].norm != "chief" {
        return None;
    }
    let inside = (at + 1..at + 6).take_while(|i| {
        words.get(*i).is_some_and(|w| !w.breaks() && (w.norm == "and" || !is_stop(w)))
    });
    inside
        .into_iter()
        .find(|i| *i > at + 1 && words[*i].is(&["officer", "offices", "officers"]))
        .map(|i| i + 1)
}

const SOFT: &[&str] =
    &["new", "good", "great", "current", "other", "own", "old", "big", "little", "actual"];

/// How far the title reaches to the left: known words always, unknown ones up to a determiner.
fn left(words: &[Word], head: usize, floor: usize, cased: bool) -> usize {
    let mut k = head;
    while k > floor && !words[k].breaks() {
        let w = &words[k - 1];
        let joined = w.is(&["and", "/"]) && k >= floor + 2 && joins(words, k - 2, k);
        let noun = head_at(words, k - 1).is_some_and(|(n, h, plural)| {
            n == 1 && !plural && !(h.strong && matches!(h.rank, Owner | CLevel))
        });
        if joined {
            k -= 2;
        } else if !it_pronoun(words, k - 1) && (is_modifier(w) && !w.is(&["it's"]) || noun) {
            k -= 1;
        } else {
            break;
        }
    }
    k = trim(words, k, head);
    reach(words, k, head, floor, cased).unwrap_or(k)
}

/// Words that must not start a title, such as the "and" or "full" of another clause.
fn trim(words: &[Word], mut k: usize, head: usize) -> usize {
    while k < head
        && (words[k].is(&["part", "full", "time"]) && words[k + 1].is(&["time"])
            || words[k].norm == "time")
    {
        k += 1;
    }
    k
}

fn joins(words: &[Word], a: usize, b: usize) -> bool {
    let known = |i: usize| function_of(&words[i..=i]).is_some() || is_modifier(&words[i]);
    known(a)
        && (known(b)
            || head_at(words, b).is_some_and(|h| {
                matches!(h.1.rank, Manager | Head | Director | Individual)
                    && h.1.function.is_empty()
            }))
        && !it_pronoun(words, a)
}

/// "it" that follows a verb or starts a clause is the pronoun.
fn it_pronoun(words: &[Word], at: usize) -> bool {
    let w = &words[at];
    if w.norm != "it" || w.text == "IT" {
        return false;
    }
    let before = at.checked_sub(1).map(|i| &words[i]).filter(|_| !w.breaks());
    before.is_some_and(|b| {
        is_stop(b)
            && !b.is(&[
                "the", "an", "a", "our", "my", "your", "their", "his", "her", "as", "of", "and",
                "i'm", "he's", "she's", "is", "new", "current", "former", "own", "other", "am",
                "no", "was", "be", "been", "in", "become", "for",
            ])
    })
}

/// Takes up to three unknown words where a determiner or a cue stands before them.
fn reach(words: &[Word], known: usize, head: usize, floor: usize, cased: bool) -> Option<usize> {
    let titled = words[head].capital();
    let mut k = known;
    while known - k < 3 && k > floor && !words[k].breaks() {
        let w = &words[k - 1];
        if is_stop(w) {
            break;
        }
        if cased && w.capital() && !titled && !w.text.chars().all(char::is_uppercase) {
            return None;
        }
        k -= 1;
    }
    if k == known {
        return None;
    }
    let before = k.checked_sub(1).map(|i| &words[i]).filter(|_| !words[k].breaks());
    let opened = before.is_some_and(|b| {
        b.is(&[
            "a", "an", "the", "our", "as", "their", "his", "her", "i'm", "is", "became", "plus",
            "and", "been", "was",
        ]) || b.is(SOFT)
    });
    let alone = before.is_none()
        && known - k == 1
        && (words[k].comma || k == 0)
        && !(cased && words[k].capital() && !words[k].sentence);
    let short = opened
        && (known - k < 3 || known == head)
        && !before.is_some_and(|b| b.is(&["and", "i'm"]) && known - k > 1);
    (short || alone && known == head && words.len() - head < 6).then_some(k)
}

/// "password manager", "voice assistant", "good lead".
fn thing(words: &[Word], from: usize, head: usize) -> bool {
    let before = &words[head - 1];
    let weak = words[head].is(&[
        "assistant",
        "lead",
        "leads",
        "head",
        "heads",
        "driver",
        "drivers",
        "operator",
        "agent",
        "agents",
        "owner",
        "owners",
        "coach",
        "writer",
        "host",
        "guide",
        "hand",
    ]);
    let manager = words[head].is(&["manager", "managers", "cleaner", "editor", "engineer"])
        && before.is(&[
            "password",
            "file",
            "task",
            "device",
            "package",
            "download",
            "boot",
            "window",
            "tag",
            "cookie",
            "session",
            "layout",
            "memory",
            "queue",
            "profile",
            "font",
            "passwords",
            "reverse",
        ]);
    let digital = words[head].is(&[
        "assistant",
        "agent",
        "agents",
        "coach",
        "lead",
        "leads",
        "head",
        "heads",
        "owner",
        "owners",
    ]);
    let trade = words[head].is(&["driver", "drivers"]) && before.is(&["train", "power"]);
    from < head
        && (manager
            || weak
                && !trade
                && THINGS.contains(&before.norm.as_str())
                && (digital || words[head].is(&["driver", "drivers", "guide"])))
}

/// "we engineer", "to coach": a verb, not a noun.
fn verb(words: &[Word], from: usize) -> bool {
    let Some(before) = from.checked_sub(1).filter(|_| !words[from].breaks()) else { return false };
    let to_rank = words[before].norm == "to"
        && before > 0
        && !words[before - 1].is(&["want", "like", "need", "have", "able", "going", "us", "used"]);
    words[before].is(&[
        "we", "they", "you", "to", "will", "can", "must", "should", "would", "could", "who",
        "don't", "i'll", "we'll", "i'd",
    ]) && !(words[from].is(&["head"]))
        && !to_rank
        || words[before].is(&["i"])
            && words[from].is(&[
                "head",
                "lead",
                "engineer",
                "coach",
                "chair",
                "captain",
                "partner",
                "cook",
                "host",
                "guide",
                "tutor",
                "nurse",
                "doctor",
                "temp",
                "volunteer",
                "super",
                "pilot",
            ])
}

fn right(words: &[Word], p: &mut Phrase, cased: bool) {
    let e = p.to;
    let next = words.get(e);
    let open = next.is_some_and(|w| !w.breaks());
    let leads = matches!(p.rank, Vp | Director | Head | Manager)
        || words[p.head.0].is(&[
            "lead",
            "head",
            "president",
            "engineer",
            "officer",
            "assistant",
            "buyer",
            "specialist",
            "secretary",
            "coordinator",
            "analyst",
            "professor",
            "leader",
            "administrator",
            "master",
            "partner",
            "minister",
        ]);
    if open && next.is_some_and(|w| w.norm == "to") {
        to_whom(words, p, cased);
    } else if open && leads && next.is_some_and(|w| w.norm == "of") {
        p.to = of_phrase(words, p, cased).unwrap_or(e);
    } else if open && leads && next.is_some_and(|w| w.norm == "for") {
        p.to = bare_nouns(words, e + 1, true).unwrap_or(e);
    } else if matches!(p.rank, Vp | Director | Head)
        || words[p.head.0].is(&["manager", "mgr", "president"])
            && function_of(&words[p.from..p.head.0]).is_none()
    {
        let comma = next.is_some_and(|w| w.comma && !w.sentence);
        if open || comma && function_of(&words[p.from..p.head.0]).is_none() {
            p.to = bare_nouns(words, e, comma).unwrap_or(e);
        }
    }
}

fn to_whom(words: &[Word], p: &mut Phrase, cased: bool) {
    let aide = words[p.head.1 - 1].is(&[
        "assistant",
        "pa",
        "ea",
        "secretary",
        "advisor",
        "adviser",
        "deputy",
        "aide",
        "counsel",
        "staff",
        "consultant",
    ]);
    if !aide {
        return;
    }
    let mut k = p.to + 1;
    while words
        .get(k)
        .is_some_and(|w| w.is(&["the", "our", "my", "a", "an", "their"]) && !w.breaks())
    {
        k += 1;
    }
    let head = (k..(k + 4).min(words.len()))
        .take_while(|i| !words[*i].breaks())
        .find(|i| head_at(words, *i).is_some());
    if let Some(other) = head.and_then(|h| parse(words, h, k, cased)) {
        p.inner = Some(other.from.max(k));
        p.to = other.to;
    }
}

/// What follows "head of", "director of", ...: its end, or none where an employer follows.
fn of_phrase(words: &[Word], p: &Phrase, cased: bool) -> Option<usize> {
    let mut k = p.to + 1;
    while words.get(k).is_some_and(|w| {
        !w.breaks() && w.is(&["the", "our", "all", "my", "their", "its", "global", "both"])
    }) {
        k += 1;
    }
    if words.get(k)?.breaks() {
        return None;
    }
    let head = words[p.head.0].is(&[
        "head",
        "vp",
        "svp",
        "evp",
        "vice",
        "avp",
        "professor",
        "lecturer",
        "minister",
        "teacher",
        "dean",
        "secretary",
    ]);
    let end = noun_list(words, k);
    let article = words[k - 1].is(&["the", "our", "my", "their"]);
    if end > k {
        let unknown = words.get(end).is_some_and(|w| !w.breaks() && !is_stop(w));
        let team = words.get(end).filter(|w| {
            !w.breaks()
                && w.is(&[
                    "department",
                    "team",
                    "division",
                    "office",
                    "group",
                    "section",
                    "side",
                    "area",
                ])
        });
        if team.is_some() {
            return Some(end + 1);
        }
        let named = function_at(words, k).is_some() || head;
        let employer =
            unknown && (!named || cased && words[end].capital() && words[k].capital()) && !head;
        return (!employer && (named || !article)).then_some(end);
    }
    unknown_of(words, k, head, article, cased)
}

/// "head of pastry": words no table knows, where they can hardly be an employer.
fn unknown_of(words: &[Word], k: usize, head: bool, article: bool, cased: bool) -> Option<usize> {
    let end = (k..(k + 4).min(words.len()))
        .take_while(|i| !is_stop(&words[*i]) && (*i == k || !words[*i].breaks()))
        .last()?
        + 1;
    if end - k > 3 || article && !words[end - 1].is(&["department", "team", "division"]) {
        return None;
    }
    let employer_next = words.get(end).is_some_and(|w| !w.breaks() && w.is(&["at", "with", "for"]));
    let lower = cased && !words[k].capital();
    (head && (!cased || lower || employer_next || end - k == 1)
        || lower && end - k < 3
        || employer_next && end - k < 3)
        .then_some(end)
}

/// Known words joined by "and", "/" or commas; the end of the run.
fn noun_list(words: &[Word], at: usize) -> usize {
    let known = |i: usize| {
        words.get(i).is_some_and(|w| {
            (is_modifier(w) || function_at(words, i).is_some())
                && !w.sentence
                && (head_at(words, i).is_none() || function_at(words, i).is_some())
        })
    };
    let mut k = at;
    while k - at < 8 && known(k) && (k == at || !words[k].comma || listed(words, k)) {
        let joiner = words.get(k + 1).is_some_and(|w| !w.sentence && w.is(&["and", "/", "or"]));
        if joiner
            && known(k + 2)
            && function_at(words, k + 2).is_some_and(|_| !it_subject(words, k + 2))
        {
            k += 2;
        } else {
            k += 1;
        }
    }
    k
}

/// "head of sales, marketing and service": a comma inside a list that ends with "and".
fn listed(words: &[Word], at: usize) -> bool {
    (at + 1..at + 4).any(|i| words.get(i).is_some_and(|w| w.is(&["and"]) && !w.sentence))
        && function_at(words, at).is_some()
}

/// "... and it is", "... and sales are": the start of the next clause.
fn it_subject(words: &[Word], at: usize) -> bool {
    words.get(at + 1).is_some_and(|w| {
        !w.breaks()
            && w.is(&[
                "is", "was", "has", "are", "were", "will", "takes", "would", "does", "can", "says",
                "decides", "needs", "wants", "sign", "signs",
            ])
    })
}

/// Function or region words right after a head noun: "VP engineering", "director sales EMEA".
fn bare_nouns(words: &[Word], at: usize, strict: bool) -> Option<usize> {
    let first = words.get(at)?;
    let region = first.is(&[
        "europe",
        "emea",
        "dach",
        "apac",
        "asia",
        "germany",
        "france",
        "uk",
        "us",
        "nordics",
        "benelux",
        "americas",
        "africa",
        "iberia",
        "latam",
        "global",
        "international",
    ]);
    let (len, _) = function_at(words, at).or(region.then_some((1, "")))?;
    let end = noun_list(words, at).max(at + len);
    let next = words.get(end).filter(|w| !w.breaks());
    let closed = next
        .is_none_or(|w| w.is(&["at", "for", "with", "and", "here", "in", "from", "over", "of"]));
    let pronoun = first.norm == "it" && first.text != "IT" && !closed;
    let employer = next.is_some_and(|w| !is_stop(w));
    let clause = it_subject(words, end - 1);
    (!pronoun && !clause && !(strict && (!closed || employer)) && head_at(words, end).is_none())
        .then_some(end)
}

fn rank(words: &[Word], p: &Phrase, noun: HeadNoun) -> Seniority {
    let before = &words[p.from..p.head.0];
    let has = |list: &[&str]| before.iter().any(|w| w.is(list));
    let head = &words[p.head.0];
    if has(&["intern", "trainee", "apprentice"]) {
        return Intern;
    }
    if has(&["student"]) && noun.rank != Manager && noun.rank != Director {
        return if head.is(&["intern", "assistant"]) { Intern } else { Student };
    }
    match noun.rank {
        Individual if has(&["chief", "head"]) => Head,
        CLevel if has(&["founder", "co-founder", "owner", "founding", "co-owner"]) => Owner,
        CLevel if head.is(&["president", "chair"]) && has(&["vice"]) => Vp,
        CLevel if head.is(&["md", "president", "chief"]) && has(&["assistant"]) => Individual,
        Owner
            if head.is(&["partner"])
                && has(&[
                    "account",
                    "business",
                    "channel",
                    "hr",
                    "people",
                    "technology",
                    "delivery",
                    "implementation",
                ]) =>
        {
            Individual
        }
        Owner
            if head.is(&["owner"])
                && has(&[
                    "process",
                    "product",
                    "system",
                    "data",
                    "application",
                    "service",
                    "it",
                    "platform",
                ]) =>
        {
            Individual
        }
        Head if head.is(&["lead"])
            && has(&[
                "team",
                "shift",
                "tech",
                "technical",
                "line",
                "project",
                "crew",
                "squad",
                "section",
                "cell",
            ]) =>
        {
            Manager
        }
        Manager if head.is(&["super", "leader", "captain", "skipper"]) => Manager,
        other => other,
    }
}

fn function(words: &[Word], p: &Phrase, noun: HeadNoun) -> Option<&'static str> {
    let body = &words[p.from..p.head.0];
    let after = if p.inner.is_some() { &[][..] } else { &words[p.head.1..p.to] };
    if noun.rank == Student || words[p.head.0].is(&["md", "ceo", "gm"]) {
        return None;
    }
    if words[p.head.0].norm == "chief" && noun.function.is_empty() {
        return chief_function(&words[p.head.0 + 1..p.head.1]);
    }
    let plain = (!noun.function.is_empty()).then_some(noun.function);
    let general = matches!(
        plain,
        Some("engineering" | "design" | "clinical" | "logistics" | "production" | "research")
    );
    let compound = p.head.1 - p.head.0 > 1 || matches!(noun.rank, CLevel);
    if plain.is_some() && (!general || compound) {
        return plain;
    }
    let chained = (p.from..p.head.0)
        .find_map(|i| head_at(words, i).filter(|h| h.0 == 1 && !h.1.function.is_empty()));
    let inside = words
        .get(p.to)
        .filter(|w| w.norm == "in" && !w.breaks())
        .and_then(|_| function_at(words, p.to + 1));
    let inside = inside.filter(|_| p.inner.is_none()).map(|f| f.1);
    let chained = chained.map(|h| h.1.function);
    if noun.rank == Owner {
        return chained;
    }
    strong_function(after)
        .or_else(|| strong_function(body))
        .or(chained)
        .or(plain)
        .or_else(|| function_of(after))
        .or_else(|| function_of(body))
        .or(inside)
}

/// CEO none, COO operations, CTO technology, CIO it, CISO security, ...
fn chief_function(middle: &[Word]) -> Option<&'static str> {
    let has = |w: &str| middle.iter().any(|m| m.norm == w);
    Some(match () {
        () if has("executive") && !has("operating") => return None,
        () if has("security") => "security",
        () if has("medical") || has("nursing") => "clinical",
        () if has("information") => "it",
        () if has("experience") => "customer service",
        () if has("administrative") => "administration",
        () => return function_of(middle),
    })
}
