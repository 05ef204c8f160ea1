//! Short answers: what "yes", "me and the owner" or "no, my boss" mean after a question.

use confee_domain::Authority::{self, DecisionMaker, Shared};

use super::words::read;
use crate::normalize::title::words::Word;

/// What a question wants to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// "Is it you who decides?": yes means the speaker.
    You,
    /// "Does somebody else have to say yes?": no means the speaker.
    Else,
    /// "Do you decide that alone?": no means with others.
    Alone,
    /// "Who signs?"
    Who,
}

const DECIDING: &str = "decide decides deciding decision decisions decider sign signs signing approve \
    approves approval call authority order buy buys signature pick picks say vote \
    permission committee board approved chooses choose sign-off signoff involved \
    authorise authorize pulls trigger yes up choice maker purchasing convince \
    boss agree word hat person look see convinced okay ok blessing";

/// Reads the last question in a text; `None` where it is not about who decides.
pub(super) fn asked(question: &str) -> Option<Asked> {
    let words = read(question);
    let has = |list: &[&str]| words.iter().any(|w| w.is(list));
    let topic = words.iter().enumerate().any(|(i, w)| {
        let before = i.checked_sub(1).map_or("", |b| words[b].norm.as_str());
        let after = words.get(i + 1).map_or("", |a| a.norm.as_str());
        w.among(DECIDING)
            && match w.norm.as_str() {
                "call" => {
                    matches!(before, "your" | "the" | "final" | "own" | "whose" | "my" | "you're")
                }
                "up" => after == "to",
                "person" => before == "right",
                "look" | "see" | "convinced" => has(&["else"]),
                "sign" => !matches!(after, "up" | "in"),
                "yes" => before == "say",
                "board" | "boss" | "committee" | "say" | "buy" | "order" | "word" | "agree"
                | "pick" => who_or_you(&words),
                "involved" => {
                    who_or_you(&words)
                        || words.iter().any(|w| {
                            w.is(&[
                                "decision",
                                "purchase",
                                "buying",
                                "purchasing",
                                "selection",
                                "choice",
                            ])
                        })
                }
                _ => true,
            }
    });
    if !topic {
        return None;
    }
    let pair = |a: &[&str], b: &[&str]| words.windows(2).any(|p| p[0].is(a) && p[1].is(b));
    let else_ =
        pair(&["somebody", "anybody", "someone", "anyone", "who", "people"], &["else", "else's"])
            && !pair(&["who"], &["decides"])
            || has(&[
                "committee",
                "permission",
                "boss",
                "approval",
                "board",
                "manager",
                "director",
                "cfo",
                "ceo",
                "owner",
                "head",
                "council",
            ]) && has(&[
                "need", "needs", "have", "has", "through", "must", "get", "ask", "your",
            ])
            || pair(&["go", "goes"], &["through", "to"])
            || pair(&["you"], &["need", "have"])
                && has(&[
                    "ask",
                    "approval",
                    "permission",
                    "convince",
                    "check",
                    "okay",
                    "ok",
                    "blessing",
                    "sign-off",
                    "signoff",
                    "signature",
                ])
            || pair(&["there"], &["a", "any", "anyone", "anybody", "another"])
                && has(&["committee", "board", "boss", "panel", "council"]);
    if has(&["alone", "solo"]) && has(&["you", "your", "you're"]) {
        return Some(Asked::Alone);
    }
    let your = pair(
        &["your", "you're"],
        &["call", "decision", "coal", "choice", "signature", "signing", "deciding", "own"],
    );
    let who = has(&["who", "who's", "which", "whose"]);
    let you = has(&["you", "you're", "yourself", "your", "yours"]);
    let is_you = words.iter().any(|w| w.among("are is do can would could will so and")) && you;
    let person = pair(
        &["you", "you're", "person", "one"],
        &[
            "who",
            "the",
            "decide",
            "sign",
            "that",
            "deciding",
            "signing",
            "approve",
            "just",
            "alone",
            "choose",
            "personally",
            "pick",
            "buy",
            "a",
            "have",
            "make",
            "actually",
            "yourself",
            "order",
        ],
    ) || pair(&["to"], &["you"]);
    Some(match () {
        () if else_ && !your => Asked::Else,
        () if your
            || is_you
                && person
                && !(who
                    && pair(
                        &["who", "which", "who's"],
                        &["decides", "signs", "of", "approves", "makes", "has", "the", "else"],
                    )
                    && !has(&["is", "are", "would"]))
                && !pair(&["which"], &["of"]) =>
        {
            Asked::You
        }
        () if who => Asked::Who,
        () if you => Asked::You,
        () => return None,
    })
}

/// "who else ...", "do you ... yourself", "does somebody ...", "can you just ...".
fn who_or_you(words: &[Word]) -> bool {
    words.iter().any(|w| {
        w.among(
            "who who's whose which else just alone yourself need needs have has through \
            final last somebody anybody one also",
        )
    })
}

/// The reading of an answer that holds no statement of its own: authority, weight, words taken.
pub(super) fn short(asked: Asked, words: &[Word]) -> Option<(Authority, u16, usize)> {
    let mut at = 0;
    let mut polarity = None;
    while let Some(w) = words.get(at) {
        match w.norm.as_str() {
            "yes" | "yeah" | "yep" | "yup" | "sure" | "exactly" | "correct" | "indeed"
            | "absolutely" | "certainly" | "definitely" | "right" | "true" | "aye" | "ja"
            | "si" | "sí" | "oui" | "course" | "sir" => polarity = polarity.or(Some(true)),
            "no" | "nope" | "nah" | "know" | "nein" | "non" => polarity = polarity.or(Some(false)),
            "well" | "oh" | "so" | "that" | "would" | "be" | "that'd" | "it's" | "of"
            | "that's" | "actually" | "basically" | "just" | "only" | "honestly" | "i"
            | "think" | "guess" | "look" | "okay" | "hm" | "mostly" | "ma'am" => {
                if w.norm == "i" && !words.get(at + 1).is_some_and(|n| n.is(&["think", "guess"])) {
                    break;
                }
            }
            _ => break,
        }
        at += 1;
    }
    let rest = &words[at..];
    if let Some(said) = fixed(asked, words) {
        return Some(said);
    }
    let member = rest.first().is_some_and(|w| w.among(PARTY))
        && rest.windows(2).any(|p| p[0].norm == "i'm" && p[1].is(&["in", "on", "one", "part"]));
    if member {
        return Some((Shared, 850, words.len()));
    }
    if let Some((authority, weight, n)) =
        parties(rest).filter(|_| asked != Asked::Alone || polarity != Some(false))
    {
        let shared =
            asked == Asked::Else && authority == Authority::None && polarity != Some(false);
        return Some((
            if shared { Shared } else { authority },
            if shared { 500 } else { weight },
            at + n,
        ));
    }
    let said = polarity.map(|yes| (yes, at.max(1)));
    let polarity =
        polarity.or_else(|| words.iter().take(4).any(|w| w.norm == "no").then_some(false));
    let said = said.or(polarity.map(|yes| (yes, words.len().min(4))));
    let i_do = rest.first().is_some_and(|w| w.norm == "i")
        && rest.get(1).is_some_and(|w| w.is(&["do", "am", "can", "would", "will"]));
    let jointly = rest.windows(2).any(|p| {
        p[0].is(&["together", "jointly"]) || p[0].norm == "with" && p[1].is(&["my", "our", "the"])
    });
    match (asked, said) {
        _ if i_do && jointly => Some((Shared, 900, words.len())),
        _ if i_do && asked != Asked::Else => Some((DecisionMaker, 850, at + 2)),
        (Asked::You, Some((true, n))) => Some((DecisionMaker, 850, n)),
        (Asked::You, Some((false, n))) => Some((Authority::None, 500, n)),
        (Asked::Alone, Some((true, n))) => Some((DecisionMaker, 850, n)),
        (Asked::Alone, Some((false, n))) => Some((Shared, 700, n)),
        (Asked::Else, Some((false, n))) => Some((DecisionMaker, 800, n)),
        (Asked::Else, Some((true, n))) => Some((Shared, 500, n)),
        _ => None,
    }
}

/// Set answers to "is it you": "not really", "one of them", "I wish".
fn fixed(asked: Asked, words: &[Word]) -> Option<(Authority, u16, usize)> {
    let line = words.iter().take(6).map(|w| w.norm.as_str()).collect::<Vec<_>>().join(" ");
    let starts = |list: &str| {
        list.split('|')
            .any(|p| line == p || line.strip_prefix(p).is_some_and(|r| r.starts_with(' ')))
    };
    let line_has = |list: &str| list.split('|').any(|p| line.contains(p));
    let n = words.len().min(4);
    let limited = asked == Asked::Else
        && starts(
            "not for|not at that|not with|not under|not below|not up to|not within|no not under|no not below|only above|only over",
        )
        || starts("if|as long as|provided|when|only if|only when|so long as")
            && line_has("under|below|less than|up to|within|smaller")
        || starts("up to|below|under|within|yes up to|yes under|yes below|yes within");
    if limited && asked != Asked::Who {
        return Some((DecisionMaker, 850, n));
    }
    if asked != Asked::Else
        && starts(
            "more or less|pretty much|basically yes|i suppose so|i guess so|\
            you could say that|afraid so|of course",
        )
    {
        return Some((DecisionMaker, 600, n));
    }
    let named = words.first().is_some_and(|w| {
        !w.is(&["i", "we", "nobody", "me", "you", "it's", "that's", "yes", "no"])
            && (words.len() == 1 && w.capital() && w.norm.len() > 2 && !w.among(VAGUE)
                || words
                    .get(1)
                    .is_some_and(|n| words.len() == 2 && n.is(&["does", "do", "decides"])))
    });
    if asked == Asked::Who && named {
        return Some((Authority::None, 500, n));
    }
    if asked == Asked::You
        && (line == "i'm"
            || starts("yes i'm|i'm yes|i'm indeed|it's|that's|it is|that is|yes it's")
                && words.len() < 4)
    {
        return Some((DecisionMaker, 900, n));
    }
    if line_has(
        "one of them|one of us|one of the|one of two|one of three|one of four|one of five|\
            one of several|one of many|among others|not alone|not only me|\
            not just me|not only mine|part of it",
    ) {
        return Some((Shared, 850, n));
    }
    if asked != Asked::Else
        && starts(
            "not really|not me|not at all|not quite|no way|hardly|i wish|no i wish|\
            unfortunately not|sadly not|sadly no|never|afraid not|i'm afraid not|me no|\
            who me",
        )
    {
        return Some((Authority::None, 600, n));
    }
    let several = words.iter().take(4).any(|w| w.is(&["and", "plus", "with"]));
    if !several
        && starts(
            "only mine|only me|just me|just mine|nobody|no nobody|nope nobody|i am|i'm|\
            mine|none|not really|not at all",
        )
        && (asked == Asked::Else || !starts("nobody|none|i'm"))
    {
        return Some((DecisionMaker, 850, n));
    }
    None
}

const VAGUE: &str = "both everyone everybody us all together mine depends good why what who sorry pardon hm \
    well tomorrow later soon maybe perhaps exactly either neither none jointly";

const PARTY: &str = "my our the a his her head owner boss board finance purchasing procurement \
    management corporate headquarters ceo cfo cto director council wife husband \
    brother sister father partner martin";

/// "me", "me and the owner", "both of us", "my boss".
pub(super) fn parties(words: &[Word]) -> Option<(Authority, u16, usize)> {
    let end = words.iter().skip(1).position(|w| w.sentence).map_or(words.len(), |i| i + 1).min(14);
    let part = words.get(..end)?;
    let first = part.first()?;
    let has = |list: &[&str]| part.iter().any(|w| w.is(list));
    if part.len() < 6
        && part.last().is_some_and(|w| w.is(&["committee", "group", "team"]))
        && has(&["a"])
    {
        return Some((Shared, 700, end.min(4)));
    }
    if first.is(&["both", "together", "jointly", "us"])
        || first.is(&["all"]) && has(&["us", "three", "four", "partners"])
        || first.is(&["we"]) && has(&["both", "all", "do", "together"]) && part.len() < 5
        || first.is(&["two", "three", "partly", "partially", "half"]) && part.len() < 5
    {
        return Some((Shared, 850, end.min(4)));
    }
    let lead = part.iter().take(4).position(|w| w.is(&["me", "myself", "i", "mine"]));
    let me = lead == Some(0)
        && (part.len() == 1 || !first.is(&["i"]) || part.get(1).is_some_and(|w| w.is(&["and"])));
    let other = part.iter().any(|w| w.among(PARTY) && !w.is(&["a"]) || w.is(&["and", "plus"]));
    let verb = has(&["decide", "sign", "i'm", "ask", "but", "don't", "didn't", "i'd"]);
    if me {
        let joined = part.iter().enumerate().any(|(i, w)| {
            w.is(&["and", "plus", "with", "together"])
                && part.get(i + 1).is_some_and(|n| !n.among("i only nobody it's that's no me"))
        }) || part.iter().skip(1).any(|w| w.comma && w.is(&["our", "my", "the"]));
        return Some(if joined && other { (Shared, 900, end) } else { (DecisionMaker, 900, 1) });
    }
    let late_me = part.iter().enumerate().any(|(i, w)| {
        w.is(&["me", "i", "myself"])
            && i > 0
            && part[i - 1].is(&["and", "plus", "with"])
            && part.get(i + 1).is_none_or(Word::breaks)
    });
    if late_me && first.among(PARTY) {
        return Some((Shared, 900, end));
    }
    (first.among(PARTY) && !verb).then_some((Authority::None, 500, end.min(4)))
}
