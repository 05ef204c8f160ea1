use crate::tagger::{Reading, Span, Tag};
use crate::talk::Talk;

/// What there is to decide from: the talk, what the rules propose and what the model says of it.
pub(super) struct Heard<'a> {
    pub(super) talk: &'a Talk<'a>,
    pub(super) rules: &'a [Span],
    pub(super) reading: Option<&'a Reading>,
}

/// Who proposed a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Rules,
    Model,
}

impl Heard<'_> {
    /// Spans that both propose; where the model has labelled the same words, its owner and polarity
    /// hold for the rules' span too, and where it has labelled them as something else, the span is
    /// gone.
    pub(super) fn spans(&self, wanted: impl Fn(Tag) -> bool) -> Vec<(Span, Source)> {
        let of_model = self.model().iter().filter(|s| wanted(s.tag));
        let mut spans: Vec<(Span, Source)> =
            of_model.cloned().map(|s| (s, Source::Model)).collect();
        for rule in self.rules.iter().filter(|s| wanted(s.tag)) {
            match self.model_on(rule.turn, rule.start, rule.end, |tag| kin(tag, rule.tag)) {
                None => spans.push((rule.clone(), Source::Rules)),
                Some(said) if wanted(said.tag) => {
                    let (owner, polarity) = (said.owner, said.polarity);
                    spans.push((Span { owner, polarity, ..rule.clone() }, Source::Rules));
                }
                Some(_) => {}
            }
        }
        spans
    }

    /// The model's spans.
    pub(super) fn model(&self) -> &[Span] {
        self.reading.map_or(&[], |reading| &reading.spans)
    }

    /// The model's span that has most of some words, among the tags that are asked for.
    pub(super) fn model_on(
        &self,
        turn: usize,
        start: usize,
        end: usize,
        asked: impl Fn(Tag) -> bool,
    ) -> Option<&Span> {
        let common = |s: &Span| s.end.min(end).saturating_sub(s.start.max(start));
        let there = self.model().iter().filter(|s| s.turn == turn && asked(s.tag));
        there.filter(|s| common(s) > 0).max_by_key(|s| (common(s), s.score))
    }
}

/// Whether both stand in one layer of labels: words are one or the other.
fn kin(a: Tag, b: Tag) -> bool {
    is_clause(a) == is_clause(b)
}

fn is_clause(tag: Tag) -> bool {
    use Tag::{Authority, Funds, NextStep, NotALead, Pain};
    matches!(tag, Authority(_) | Funds(_) | NextStep(_) | NotALead | Pain)
}
