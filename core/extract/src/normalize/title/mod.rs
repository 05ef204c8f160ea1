//! Job titles: found in running talk, written as one would write them, ranked, filed under a
//! function, and told apart by whose they are.

mod complement;
mod functions;
mod heads;
mod lexicon;
mod meaning;
mod mended;
mod owner;
mod phrase;
mod render;
mod role;
#[cfg(test)]
mod tests;
pub(super) mod words;

use confee_domain::Title;

use phrase::Phrase;
use words::Word;

/// A title in one segment.
#[derive(Debug, Clone, PartialEq)]
pub struct TitleSpan {
    /// First character, in Unicode scalar values.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
    /// What it says.
    pub title: Title,
    /// Whose it is.
    pub owner: TitleOwner,
    /// "I'm the", "my title is", "as the" stands right before it.
    pub cued: bool,
    /// The words without articles, mended, acronyms in capitals ("head of procurement"); empty
    /// for a function without a title.
    pub said: String,
}

/// Whose title it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TitleOwner {
    /// The speaker's own, now.
    Speaker,
    /// Somebody else's, or one the speaker denies.
    Other,
    /// The speaker's or another's, in the past.
    Former,
    /// Bare in a list or apposition: "Joost Verhoeven, operations director at".
    Unclear,
}

/// All titles and functions of one segment, in order. "Assistant to the CEO" gives two
/// spans, the speaker's and, inside it, the other's.
#[must_use]
pub fn find(text: &str) -> Vec<TitleSpan> {
    let base = words::base(text);
    let words = words::mend(&words::join_acronyms(base));
    let cased = phrase::is_cased(&words);
    let mut spans = Vec::new();
    let (mut at, mut floor) = (0, 0);
    while at < words.len() {
        if let Some(role) = role::at(&words, at, cased) {
            spans.push(role_span(&words, &role));
            at = role.to;
            floor = at;
        } else if let Some((p, end)) =
            phrase::parse(&words, at, floor, cased).map(|p| joined(&words, p, cased))
        {
            push(&words, &p, end, cased, &mut spans);
            at = end.max(at + 1);
            floor = at;
        } else {
            at += 1;
        }
    }
    corrected(&words, &mut spans);
    spans
}

/// "founder and CEO": titles joined by "and" are one, ranked by the higher.
fn joined(words: &[Word], mut p: Phrase, cased: bool) -> (Phrase, usize) {
    let mut end = p.to;
    while words.get(end).is_some_and(|w| w.is(&["and", "/", "slash"]) && !w.sentence)
        && p.inner.is_none()
        && !p.plural
    {
        let from = end + 1;
        let head = (from..(from + 4).min(words.len()))
            .take_while(|i| !words[*i].breaks())
            .find(|i| lexicon::head_at(words, *i).is_some());
        let Some(next) = head
            .and_then(|h| phrase::parse(words, h, from, cased))
            .filter(|n| n.from == from && n.sure && !n.plural)
        else {
            break;
        };
        if (next.rank as u8) < (p.rank as u8) {
            p.rank = next.rank;
        }
        p.function = p.function.or(next.function);
        p.sure |= next.sure;
        p.head.1 = next.head.1;
        p.to = next.to;
        end = next.to;
    }
    (p, end)
}

fn push(words: &[Word], p: &Phrase, end: usize, cased: bool, spans: &mut Vec<TitleSpan>) {
    let Some((mut owner, cued)) = owner::of(words, p.from, p.to, p.plural) else { return };
    let alone = words[p.from].breaks()
        && words.get(end).is_none_or(|w| w.breaks() || w.is(&["at", "of", "for", "with", "here"]));
    let weak =
        !(p.sure || cued || alone && owner == TitleOwner::Unclear && strong_enough(words, p, end));
    if weak && owner != TitleOwner::Speaker || p.plural && owner == TitleOwner::Other {
        return;
    }
    if weak && owner == TitleOwner::Speaker && words[p.head.0].is(&["head", "lead"]) && !cued {
        return;
    }
    if p.plural && owner == TitleOwner::Unclear && !words[p.from].sentence {
        owner = owner::of(words, p.from, p.to, false).map_or(owner, |o| o.0);
    }
    let mut own = words[p.from..p.to].to_vec();
    if p.plural {
        singular_head(&mut own, p.head.1 - 1 - p.from);
    }
    let title = Title {
        title: Some(render::title(&own, p.head.1 - p.from)),
        seniority: p.rank,
        function: p.function.map(str::to_owned),
    };
    spans.push(TitleSpan {
        start: words[p.from].start,
        end: words[p.to - 1].end,
        title,
        owner,
        cued,
        said: render::said(&own),
    });
    if let Some(inner) = p.inner.and_then(|at| inner_span(words, at, p.to, cased)) {
        spans.push(inner);
    }
}

fn singular_head(own: &mut [Word], at: usize) {
    if let Some(w) = own.get_mut(at) {
        w.norm = lexicon::singular(&w.norm).unwrap_or_else(|| w.norm.clone());
        w.text = lexicon::singular(&w.text).unwrap_or_else(|| w.text.clone());
    }
}

/// A weak noun that is the whole clause: "owner at Bosfor Freight".
fn strong_enough(words: &[Word], p: &Phrase, end: usize) -> bool {
    let head = &words[p.head.0];
    let qualified = p.from < p.head.0
        && head.among(
            "rep officer operator coach agent worker tech artist writer attendant \
            installer handler spec coord guide helper fellow",
        );
    let placed = words.get(end).is_none_or(|w| w.breaks() || w.is(&["at", "of", "for"]));
    (qualified
        || head.among(
            "owner partner principal dean consultant chair assistant operator officer \
            contractor driver builder dev freelancer installer admin minister",
        ))
        && placed
}

fn inner_span(words: &[Word], at: usize, to: usize, cased: bool) -> Option<TitleSpan> {
    let head = (at..to).find(|i| lexicon::head_at(words, *i).is_some())?;
    let p = phrase::parse(words, head, at, cased)?;
    let own = words.get(p.from..p.to.min(to))?;
    Some(TitleSpan {
        start: words[p.from].start,
        end: own.last()?.end,
        title: Title {
            title: Some(render::title(own, p.head.1 - p.from)),
            seniority: p.rank,
            function: p.function.map(str::to_owned),
        },
        owner: TitleOwner::Other,
        cued: false,
        said: render::said(own),
    })
}

fn role_span(words: &[Word], role: &role::Role) -> TitleSpan {
    TitleSpan {
        start: words[role.from].start,
        end: words[role.to - 1].end,
        title: role.title.clone(),
        owner: TitleOwner::Speaker,
        cued: true,
        said: String::new(),
    }
}

const CORRECTIONS: &str = "sorry mean rather actually wait correction meant";

/// "I'm the IT manager, no sorry, the IT director": the later title takes the first one's place.
fn corrected(words: &[Word], spans: &mut [TitleSpan]) {
    let mut i = 1;
    while i < spans.len() {
        let (a, b) = (&spans[i - 1], &spans[i]);
        let from = words.partition_point(|w| w.start < a.end);
        let to = words.partition_point(|w| w.end <= b.start).max(from);
        let between = &words[from..to];
        let cue = between.iter().any(|w| w.among(CORRECTIONS)) && between.len() <= 6;
        let same = a.owner == TitleOwner::Speaker
            && !between.iter().any(|w| w.is(&["my", "our", "he's", "she's", "boss", "his"]));
        if cue && same && a.end <= b.start && b.owner != TitleOwner::Former {
            spans[i].owner = TitleOwner::Speaker;
            spans[i].cued = true;
            spans[i - 1].owner = TitleOwner::Former;
        }
        i += 1;
    }
}

/// The speaker's title in a phrase or sentence; a bare title is taken as the speaker's.
#[must_use]
pub fn normalize(text: &str) -> Option<Title> {
    let spans = find(text);
    let mut best: Option<(u8, &TitleSpan)> = None;
    for s in &spans {
        let rank = match (s.owner, s.title.title.is_some()) {
            (TitleOwner::Speaker, true) => 3,
            (TitleOwner::Unclear, true) => 1,
            (TitleOwner::Speaker, false) => 2,
            _ => 0,
        };
        if rank > best.map_or(0, |b| b.0) {
            best = Some((rank, s));
        }
    }
    best.map(|(_, s)| s.title.clone())
}
