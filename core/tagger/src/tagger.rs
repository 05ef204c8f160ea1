use std::borrow::Cow;

use confee_domain::Speaker;
use confee_extract::{Owner, Polarity, Reading, Span, Tag, Tagger, Talk};
use confee_kernels::{Dense, Then};

use crate::decode::{self, Stretch, share, softmax};
use crate::error::TaggerError;
use crate::file::{ModelFile, damaged};
use crate::labels::{Layer, states};
use crate::network::Network;
use crate::tokens::Tokenizer;
use crate::windows::{Cut, Rows, tokens};

/// Labels a talk with the learned model.
pub struct LearnedTagger {
    tokenizer: Tokenizer,
    network: Network,
    cut: Cut,
    most_rep: usize,
    entities: Head,
    clauses: Head,
    states: (Dense, Vec<Polarity>),
    speaker: Dense,
    lead: Dense,
    authority: Dense,
}

/// Two questions about a layer of labels: where spans are, and of what kind.
struct Head {
    layer: Layer,
    spans: Dense,
    kinds: Dense,
}

/// Hidden states of a talk's rows, and of the first token of each window.
struct Hidden {
    rows: Vec<f32>,
    windows: Vec<f32>,
}

impl LearnedTagger {
    /// Reads a model's file; `sha256` is checked before anything else.
    ///
    /// # Errors
    /// It is another file, or damaged.
    pub fn load(
        bytes: impl Into<Cow<'static, [u8]>>,
        sha256: Option<[u8; 32]>,
    ) -> Result<Self, TaggerError> {
        let file = ModelFile::open(bytes.into(), sha256)?;
        let vocabulary = file.words("tokenizer.ggml.tokens")?;
        let tokenizer = Tokenizer::new(&vocabulary)?;
        let window = file.number("window", 512)?;
        let cut = Cut { window, overlap: file.number("overlap", window / 2)? };
        let most_rep = file.number("most_rep", window / 4)?;
        let entities = Layer::read(&file, "entity", "entity_kind")?;
        let clauses = Layer::read(&file, "clause", "clause_kind")?;
        let states = states(&file)?;
        let speakers_and_answers = (file.words("role")?, file.words("authority")?);
        let known = (["rep", "prospect"], ["-", "decision_maker", "shared", "influencer", "none"]);
        if speakers_and_answers.0 != known.0 || speakers_and_answers.1 != known.1 {
            return Err(damaged("role"));
        }
        let network = Network::load(file, vocabulary.len())?;
        if window > network.length() {
            return Err(damaged("window"));
        }
        Ok(Self {
            entities: Head::load(&network, entities, "entity", "entity_kind")?,
            clauses: Head::load(&network, clauses, "clause", "clause_kind")?,
            states: (network.head("state", states.len())?, states),
            speaker: network.head("role", 2)?,
            lead: network.head("lead", 2)?,
            authority: network.head("authority", 5)?,
            tokenizer,
            network,
            cut,
            most_rep,
        })
    }

    /// Labels a talk.
    ///
    /// # Errors
    /// Memory is short.
    pub fn read(&self, talk: &Talk<'_>) -> Result<Reading, TaggerError> {
        let rows = self.rows(talk)?;
        let hidden = self.hidden(talk, &rows)?;
        let mut spans = self.entities.spans(&hidden.rows, &rows, None)?;
        spans.extend(self.clauses.spans(&hidden.rows, &rows, Some(&self.states))?);
        let [lead, authority] = self.whole(&hidden.windows)?;
        let authority = [authority[1], authority[2], authority[3], authority[4]].map(permille);
        let visitor = self.visitor(&hidden.rows, &rows)?;
        Ok(Reading { spans, visitor, lead: Some(permille(lead[1])), authority: Some(authority) })
    }

    fn rows(&self, talk: &Talk<'_>) -> Result<Rows, TaggerError> {
        let segments = talk.transcript.segments();
        let turns = segments.iter().map(|segment| {
            let speaker = match segment.speaker {
                Some(Speaker::Rep) => 0,
                Some(Speaker::Prospect) => 1,
                None => 2,
            };
            Ok((self.tokenizer.speakers[speaker], self.tokenizer.tokens(&segment.text)?))
        });
        Ok(Rows::new(turns.collect::<Result<Vec<_>, TaggerError>>()?.into_iter()))
    }

    /// Each row as the window sees it in which it is farthest from an end.
    fn hidden(&self, talk: &Talk<'_>, rows: &Rows) -> Result<Hidden, TaggerError> {
        let rep = talk.transcript.rep();
        let names = [rep.name.as_deref(), rep.company.as_deref()].map(Option::unwrap_or_default);
        let mut head: Vec<u32> =
            self.tokenizer.tokens(&names.join(" "))?.into_iter().map(|t| t.id).collect();
        head.truncate(self.most_rep);
        let first = head.len() + 2;
        let room = self.cut.window - first - 1;
        let width = self.network.width();
        let mut hidden = Hidden { rows: vec![0.0; rows.ids.len() * width], windows: Vec::new() };
        let mut depth = vec![0; rows.ids.len()];
        for window in rows.windows(room, self.cut.overlap) {
            let ids = rows.ids.get(window.clone()).unwrap_or_default();
            let states = self.network.encode(&tokens(&self.tokenizer, &head, ids))?;
            hidden.windows.extend(&states[..width]);
            for (row, state) in window.clone().zip(states.chunks_exact(width).skip(first)) {
                let deep = 1 + (row - window.start).min(window.end - 1 - row);
                if deep > depth[row] {
                    depth[row] = deep;
                    hidden.rows[row * width..(row + 1) * width].copy_from_slice(state);
                }
            }
        }
        Ok(hidden)
    }

    /// Lead or not, and how the visitor decides: the mean over the windows.
    fn whole(&self, windows: &[f32]) -> Result<[Vec<f32>; 2], TaggerError> {
        let mean = |head: &Dense, classes: &[usize]| -> Result<Vec<f32>, TaggerError> {
            let mut logits = Vec::new();
            head.apply(windows, &mut logits, Then::Store)?;
            Ok(share(&logits, classes.len(), classes))
        };
        Ok([mean(&self.lead, &[0, 1])?, mean(&self.authority, &[0, 1, 2, 3, 4])?])
    }

    fn visitor(&self, hidden: &[f32], rows: &Rows) -> Result<Vec<u16>, TaggerError> {
        let width = self.network.width();
        let begins = rows.turns.iter().flat_map(|t| &hidden[t * width..(t + 1) * width]);
        let begins: Vec<f32> = begins.copied().collect();
        let mut logits = Vec::new();
        self.speaker.apply(&begins, &mut logits, Then::Store)?;
        Ok(softmax(&logits, 2).chunks_exact(2).map(|pair| permille(pair[1])).collect())
    }
}

impl Tagger for LearnedTagger {
    /// Nothing where memory is short: the grammars still read the talk.
    fn tag(&self, talk: &Talk<'_>) -> Reading {
        self.read(talk).unwrap_or_default()
    }
}

impl Head {
    fn load(
        network: &Network,
        layer: Layer,
        spans: &str,
        kinds: &str,
    ) -> Result<Self, TaggerError> {
        let spans = network.head(spans, 1 + 2 * layer.classes.len())?;
        Ok(Self { spans, kinds: network.head(kinds, layer.kinds.len())?, layer })
    }

    fn spans(
        &self,
        hidden: &[f32],
        rows: &Rows,
        states: Option<&(Dense, Vec<Polarity>)>,
    ) -> Result<Vec<Span>, TaggerError> {
        let (mut labels, mut kinds, mut held) = (Vec::new(), Vec::new(), Vec::new());
        self.spans.apply(hidden, &mut labels, Then::Store)?;
        self.kinds.apply(hidden, &mut kinds, Then::Store)?;
        if let Some((head, _)) = states {
            head.apply(hidden, &mut held, Then::Store)?;
        }
        let width = 1 + 2 * self.layer.classes.len();
        let mut spans = Vec::new();
        let ends = rows.turns.iter().copied().skip(1).chain([rows.ids.len()]);
        for (turn, (begin, end)) in rows.turns.iter().zip(ends).enumerate() {
            for stretch in decode::stretches(&labels[(begin + 1) * width..end * width], width) {
                let at = begin + 1 + stretch.rows.start..begin + 1 + stretch.rows.end;
                let chars = rows.chars[at.start].start..rows.chars[at.end - 1].end;
                let polarity = states.map_or(Polarity::Stated, |(_, names)| {
                    let count = names.len();
                    let all: Vec<usize> = (0..count).collect();
                    let shares = share(&held[at.start * count..at.end * count], count, &all);
                    names[most(&shares).0]
                });
                let kinds =
                    &kinds[at.start * self.layer.kinds.len()..at.end * self.layer.kinds.len()];
                spans.extend(self.span(&stretch, kinds, polarity).map(
                    |(tag, owner, polarity, score)| Span {
                        tag,
                        turn,
                        start: chars.start,
                        end: chars.end,
                        owner,
                        polarity,
                        score,
                    },
                ));
            }
        }
        Ok(spans)
    }

    /// What a stretch is, by the kinds that its class has.
    fn span(
        &self,
        stretch: &Stretch,
        kinds: &[f32],
        polarity: Polarity,
    ) -> Option<(Tag, Owner, Polarity, u16)> {
        let all = self.layer.kinds.iter().enumerate();
        let fitting: Vec<usize> =
            all.filter(|(_, kind)| kind.class == stretch.class).map(|(i, _)| i).collect();
        let (best, probability) = most(&share(kinds, self.layer.kinds.len(), &fitting));
        let kind = self.layer.kinds.get(*fitting.get(best)?)?;
        let polarity =
            if matches!(kind.tag, Tag::NextStep(_)) { polarity } else { Polarity::Stated };
        Some((kind.tag, kind.owner, polarity, permille(stretch.probability * probability)))
    }
}

fn most(shares: &[f32]) -> (usize, f32) {
    let best = shares.iter().copied().enumerate().max_by(|a, b| a.1.total_cmp(&b.1));
    best.unwrap_or((0, 0.0))
}

fn permille(probability: f32) -> u16 {
    (probability.clamp(0.0, 1.0) * 1000.0).round() as u16
}
