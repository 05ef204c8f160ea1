use super::pattern::Patterns;
use crate::text::Token;
use std::sync::OnceLock;

/// Words that take the amount before them back. The tag tells whether the next amount must
/// follow at once.
const LOOSE: &[&str] = &[
    "no wait|weight|sorry|way",
    "no , wait|weight|sorry|actually",
    "no no ?no",
    "wait|weight ?a|no|actually ?minute|second|sec",
    "sorry",
    "correction",
    "scratch|strike|forget that|it",
    "i mean|meant",
    "i misspoke",
    "make|call that|it ?rather",
    "or rather",
    "more|rather|closer like|to",
    "hang|hold on",
    "rather",
    "actually",
    "let me correct",
    "not|that is * that|wrong|true|right|old",
    "pardon|apologies",
    "was|that was before|without|last|the",
    "but|and ?it|that|it is|it now",
    "but * it|now|we is|are|it|have",
    "it is|are now",
    "now|meanwhile ?it|we|they|is|it ?is|have|at|up ?at|to|up ?to",
    "this|next year ?it|we ?is|have|got|are ?at",
    "increased|raised|bumped|upped|cut|reduced|lowered|changed|went|gone ?it|that|up|down ?to|up|down ?to",
    "better ?said|say",
    "and|but ?we|they|i|he|she ?only got|gave|received|approved ?me|us ?only",
    "excuse me",
    "my mistake|bad",
    "oops|nope",
];
const TIGHT: &[&str] = &["no", "or", "well", "not"];

fn patterns() -> &'static Patterns<bool> {
    static CELL: OnceLock<Patterns<bool>> = OnceLock::new();
    CELL.get_or_init(|| Patterns::new(&[(true, TIGHT), (false, LOOSE)]))
}

/// Whether words between two amounts take the first one back.
pub(super) fn takes_back(tokens: &[Token], from: usize, to: usize) -> bool {
    if from >= to || to - from > 24 {
        return false;
    }
    let hits = patterns().all(tokens, from, to);
    hits.iter().any(|h| {
        let tight = h.tag;
        let rest = to - h.end.min(to);
        if tight {
            let bare_no = tokens[h.start].norm == "no"
                && rest <= 1
                && (to == h.end || tokens[h.end].is_mark(','));
            return bare_no && to - from <= 4;
        }
        let only_now = tokens[h.start].is(&["was", "now", "it", "but", "and", "this", "next"]);
        if only_now { rest <= 4 } else { rest <= 16 }
    })
}
