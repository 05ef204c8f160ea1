//! Whose title it is, read from the words before and after it.

use super::TitleOwner::{self, Former, Other, Speaker, Unclear};
use super::lexicon::is_stop;
use super::words::{Word, listed};

/// Words between a cue and the title that change nothing.
const SOFT: &str = "a an the new just only currently actually basically also still now kind sort \
    of like really sole one technically officially both again well so yes yeah \
    already main proud current brand here called their simply merely mostly \
    temporarily kinda more or less humble poor lucky first second very own full \
    time two three four part what you call they would say guess suppose today \
    local certified usually sorta five six sorry being independent";

/// Owner of the title at `from..to`, and whether a cue stands right before it.
pub(super) fn of(
    words: &[Word],
    from: usize,
    to: usize,
    plural: bool,
) -> Option<(TitleOwner, bool)> {
    let sentence = sentence_start(words, from);
    let left = &words[sentence..from];
    let one_of = left.iter().rev().take(6).any(|w| w.is(&["one"]))
        && left.iter().rev().take(5).any(|w| w.is(&["of"]));
    if plural && !one_of {
        return left.last().filter(|w| w.is(&["both", "we're", "i'm"])).map(|_| (Other, false));
    }
    if words[from].question && left.iter().any(|w| w.is(&["you", "you're", "your"])) {
        return Some((Other, false));
    }
    let owner = before(words, sentence, from, to);
    Some(match owner {
        (Unclear | Speaker, _) if former_right(words, to) => (Former, false),
        other => other,
    })
}

fn sentence_start(words: &[Word], at: usize) -> usize {
    (at.saturating_sub(14)..=at).rev().find(|i| words[*i].sentence).unwrap_or(at.saturating_sub(14))
}

/// "... until last year", "... before I came here".
fn former_right(words: &[Word], to: usize) -> bool {
    let next = |i: usize| words.get(to + i).filter(|w| !w.sentence).map_or("", |w| w.norm.as_str());
    (0..4).any(|i| {
        next(i) == "until" && matches!(next(i + 1), "last" | "recently" | "two" | "i" | "a")
            || next(i) == "retired"
    }) || (0..2).any(|i| next(i) == "emeritus")
}

fn before(words: &[Word], start: usize, from: usize, to: usize) -> (TitleOwner, bool) {
    let mut k = from;
    let mut comma = words[from].comma;
    let mut article = false;
    let mut negated = false;
    while k > start
        && !(comma && k < from && !words[k].is(&["the", "a", "an", "sorry", "well", "actually"]))
    {
        let w = &words[k - 1];
        if !w.among(SOFT) && !w.is(&["not", "no"])
            || comma
                && !words[k].is(&["the", "a", "an"])
                && w.among("here me you called say time today sorry myself well yes yeah so")
        {
            break;
        }
        article |= w.is(&["the", "a", "an"]);
        negated |= w.is(&["not"]) || w.norm == "no" && k - 1 > start && words[k - 2].is(&["i'm"]);
        k -= 1;
        comma |= words[k].comma && k > start;
    }
    let bare = || bare(words, start, k, to, article);
    if k == start {
        return bare();
    }
    let direct = !comma;
    let (owner, cued) = cue(words, start, k, from, direct).unwrap_or_else(bare);
    if negated && owner != Former {
        return (Other, false);
    }
    (owner, cued)
}

/// What the words that end at `k` say of the owner.
fn cue(
    words: &[Word],
    start: usize,
    k: usize,
    from: usize,
    direct: bool,
) -> Option<(TitleOwner, bool)> {
    let w = |back: usize| {
        k.checked_sub(back).filter(|i| *i >= start).map_or("", |i| words[i].norm.as_str())
    };
    let subject = |list: &[&str]| words[start..k].iter().rev().take(7).any(|w| w.is(list));
    let last = w(1);
    match last {
        "i'm" | "am" | "i'll" if direct => {
            Some((if w(2) == "when" || w(2) == "if" { Other } else { Speaker }, true))
        }
        "former" | "formerly" | "previously" | "ex" | "retired" | "old" | "previous" | "once"
        | "onetime" => Some((Former, false)),
        "be" | "been" if subject(&["used"]) => Some((Former, false)),
        "been" if subject(&["i've", "i"]) && !subject(&["i'd", "had"]) => Some((Speaker, true)),
        "was" | "were" if w(2) == "i" => Some((Former, false)),
        "as" if direct => Some(as_cue(words, start, k)),
        "is" | "says" | "be" | "says:" | "title" | "role" | "position" | "job"
            if my_title(words, start, k) =>
        {
            Some((Speaker, true))
        }
        "be" if subject(&["i", "i'd", "i'm", "i'll"]) && subject(&["happen", "supposed"]) => {
            Some((Speaker, true))
        }
        "became" | "become"
            if subject(&["i", "i've"]) && !subject(&["he", "she", "want", "who", "to"]) =>
        {
            Some((Speaker, true))
        }
        "to" if matches!(w(2), "promoted" | "up" | "promotion")
            && subject(&["i", "me", "i'm", "i've", "was"])
            && !subject(&["he", "she"]) =>
        {
            Some((Speaker, true))
        }
        "made" | "me" | "appointed" | "promoted" | "named"
            if subject(&["me", "i", "i've", "i'm"])
                && subject(&["made", "appointed", "promoted", "named", "call", "calls"])
                && direct =>
        {
            Some((Speaker, true))
        }
        "do" | "play" | "act" if w(2) == "i" => Some((Speaker, false)),
        "our" | "my" | "his" | "her" | "your" | "its" => possessive(words, start, k),
        _ if last.ends_with("'s")
            && !matches!(
                last,
                "it's" | "that's" | "here's" | "there's" | "he's" | "she's" | "what's" | "who's"
            ) =>
        {
            (w(2) == "i'm").then_some((Speaker, true)).or(Some((Other, false)))
        }
        "and" | "slash" | "plus" | "&" => Some(coordinated(words, start, k)),
        _ if !direct => None,
        _ if from > k && name_cue(words, start, k) => Some((Speaker, false)),
        _ if listed(OTHER, last) => Some((Other, false)),
        _ => None,
    }
}

const OTHER: &str = "to with for by from ask need needs convince call meet tell know see find have \
    get hire than about you're he's she's is are was were who's they're we're had \
    has want become be at on in via under it's that's there's if when or but \
    because that through asked told met saw hired said our another any every some \
    each which where replaced replacing wants let without between against after \
    before until got looking who not isn't my your no never becoming reports \
    whether these those this many most all am over i'd i've know unless then into \
    helps help like brought bring lost missing including became will can";

/// "as the CFO I sign" is the speaker's, "works as a nurse" another's, "started as" past.
fn as_cue(words: &[Word], start: usize, k: usize) -> (TitleOwner, bool) {
    let left = &words[start..k - 1];
    let near = |list: &[&str]| left.iter().rev().take(4).any(|w| w.is(list));
    if near(&["started", "began", "trained", "worked", "used", "originally"])
        && !near(&["just", "recently"])
    {
        return if near(&["i", "i've"]) || left.len() < 3 {
            (Former, false)
        } else {
            (Other, false)
        };
    }
    if near(&[
        "job", "position", "career", "same", "such", "soon", "much", "well", "long", "far", "he",
        "she", "who", "works", "brother", "wife", "they", "you", "known", "serves", "acts",
    ]) {
        return (Other, false);
    }
    (Speaker, true)
}

fn my_title(words: &[Word], start: usize, k: usize) -> bool {
    let near = words[start..k].iter().rev().take(7).collect::<Vec<_>>();
    let has = |list: &[&str]| near.iter().any(|w| w.is(list));
    let title = has(&[
        "title",
        "role",
        "position",
        "job",
        "function",
        "badge",
        "card",
        "rank",
        "designation",
        "profession",
        "contract",
    ]);
    title
        && has(&["my", "the", "official"])
        && !has(&["his", "her", "your", "boss's", "their", "boss", "colleague's", "who"])
        && !has(&["not", "isn't"])
}

/// "our finance director" is another's, "I'm our head of IT" and "I'm his assistant" are not.
fn possessive(words: &[Word], start: usize, k: usize) -> Option<(TitleOwner, bool)> {
    let before = k.checked_sub(2).filter(|i| *i >= start).map(|i| &words[i]);
    let soft = before.filter(|w| w.among("also just actually both basically still now only"));
    let subject = if soft.is_some() {
        k.checked_sub(3).filter(|i| *i >= start).map(|i| &words[i])
    } else {
        before
    };
    let mine = subject.is_some_and(|w| w.is(&["i'm", "am"]));
    Some(if mine { (Speaker, true) } else { (Other, false) })
}

/// A title joined by "and" belongs to whom the title before it belongs.
fn coordinated(words: &[Word], start: usize, k: usize) -> (TitleOwner, bool) {
    let left = &words[start..k - 1];
    let speaker = left.iter().rev().take(6).position(|w| w.is(&["i'm"]));
    let other =
        left.iter().rev().take(6).position(|w| w.among("my our with to the is he's she's me"));
    match (speaker, other) {
        (Some(s), Some(o)) if o < s && !left[left.len() - 1 - o].is(&["the"]) => (Other, false),
        (Some(_), _) => (Speaker, false),
        (None, None) if words[k].is(&["a", "an", "the"]) => (Other, false),
        (None, None) => (Unclear, false),
        (None, Some(_)) => (Other, false),
    }
}

/// "I'm Bob, the CTO", "my name is Ana and ...": a first-person introduction shortly before.
fn name_cue(words: &[Word], start: usize, k: usize) -> bool {
    let low = k.saturating_sub(5).max(start);
    let at = (low..k).rev().find(|i| {
        words[*i].is(&["i'm", "name's"])
            || words[*i].is(&["is"]) && *i > start && words[*i - 1].is(&["name"])
    });
    at.is_some_and(|i| {
        i + 1 < k && words[i + 1..k].iter().all(|w| !is_stop(w) || w.is(&["from", "at"]))
    })
}

/// No cue before it: a list or apposition is unclear, "the CFO decides" is another's.
fn bare(words: &[Word], start: usize, k: usize, to: usize, article: bool) -> (TitleOwner, bool) {
    if verb_after(words, to) {
        return (Other, false);
    }
    if k > start {
        if name_cue(words, start, k) {
            return (Speaker, false);
        }
        let low = k.saturating_sub(6).max(start);
        let other = words[low..k]
            .iter()
            .any(|w| w.among("he's she's our your he she you're called this meet"));
        let stop = words[k - 1].clone();
        let weak = article && !words[k].comma && !stop.capital()
            || is_stop(&stop)
                && !words[k].comma
                && !stop.among("yes yeah me here well hi hello oh so okay");
        if other || weak && k + 1 > start && !named(words, start, k) {
            return (Other, false);
        }
    }
    (Unclear, false)
}

/// Up to three words that look like a name fill the clause before the title.
fn named(words: &[Word], start: usize, k: usize) -> bool {
    k - start <= 3 && words[start..k].iter().all(|w| !is_stop(w))
}

fn verb_after(words: &[Word], to: usize) -> bool {
    words.get(to).is_some_and(|w| {
        !w.sentence
            && w.among(
                "is was has signs decides wants will would can says said does approves gets \
            needs told thinks likes holds must should asked might isn't doesn't wouldn't \
            won't picks chooses makes handles runs comes left and have looks who loves \
            hates knows takes goes sits yells presses came went could also just are were \
            uses reports asks only complains bought gave wanted",
            )
            && (!w.is(&["and", "who", "just", "also", "only"])
                || words.get(to + 1).is_some_and(|n| {
                    n.among("he she decides signs wants is says approves they will has")
                }))
    })
}
