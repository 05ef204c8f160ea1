use std::ops::Range;

use super::{Doubts, Facts, Reason, plain};
use crate::{Heard, HeardWord};

/// Said by people too: taken out only where no speech bears them out.
const COMMON: &[&str] = &[
    "you",
    "thank you",
    "thank you very much",
    "thank you so much",
    "thanks",
    "bye",
    "bye bye",
    "goodbye",
    "okay",
    "ok",
    "so",
    "oh",
    "yeah",
    "hmm",
    "hm",
    "mm",
    "uh",
    "um",
    "ah",
    "the",
    "i",
    "and",
    "thanks for watching",
    "thank you for watching",
    "thanks for listening",
    "thank you for listening",
    "see you next time",
    "see you",
    "ill see you next time",
    "im sorry",
    "danke",
    "vielen dank",
    "tschüss",
    "merci",
    "gracias",
    "grazie",
    "obrigado",
];
/// Of videos: nobody says them at a stand, so they need more than some speech around them.
const VIDEO: &[&str] = &[
    "please subscribe",
    "like and subscribe",
    "dont forget to subscribe",
    "please like and subscribe",
    "subscribe to my channel",
    "please subscribe to my channel",
    "ill see you in the next video",
    "see you in the next video",
    "ill see you in the next one",
    "thanks for watching and ill see you in the next video",
    "untertitel der amaraorg community",
    "untertitel im auftrag des zdf",
    "soustitres réalisés par la communauté damaraorg",
    "subtítulos realizados por la comunidad de amaraorg",
    "amaraorg",
];
/// How such a phrase begins.
const VIDEO_BEGINNINGS: &[&str] = &[
    "subtitles by",
    "subtitled by",
    "captions by",
    "captioning by",
    "transcribed by",
    "transcription by",
    "translated by",
    "translation by",
    "thank you for watching and",
    "thanks for watching and",
    "please subscribe",
    "dont forget to like",
    "untertitel von",
    "untertitelung",
    "soustitrage",
    "sous titrage",
    "subtitulado por",
    "sottotitoli",
];
/// A pause that ends a sentence which no mark ends, in milliseconds.
const PAUSE: u32 = 1000;
/// A phrase lies in speech if this share of it does, or it holds so much and is not stretched
/// beyond what its words take. All in milliseconds.
const SHARE: f32 = 0.3;
const ENOUGH: u32 = 150;
const WORD: u32 = 700;

/// Stock phrases that make up a sentence of their own, without speech that bears them out.
pub(super) fn find(heard: &Heard, facts: &Facts, doubts: &mut Doubts) {
    let left = doubts.left();
    for sentence in sentences(&heard.words, &left) {
        let words: Vec<&HeardWord> =
            sentence.iter().filter_map(|at| heard.words.get(*at)).collect();
        let text: Vec<String> = words.iter().map(|word| plain(word)).collect();
        let text = text.join(" ");
        let video = VIDEO.contains(&text.as_str())
            || VIDEO_BEGINNINGS.iter().any(|beginning| text.starts_with(beginning));
        let borne_out = if video {
            is_sure(heard, &words, 0.2, 0.8) && in_speech(&words, facts).unwrap_or(false)
        } else if COMMON.contains(&text.as_str()) {
            is_borne_out(heard, &words, facts)
        } else {
            true
        };
        if !borne_out {
            sentence.iter().for_each(|at| doubts.remove(*at..at + 1, Reason::StockPhrase));
        }
    }
}

/// Words that sound like a person, or at least lie where one spoke.
fn is_borne_out(heard: &Heard, words: &[&HeardWord], facts: &Facts) -> bool {
    match in_speech(words, facts) {
        Some(true) => is_sure(heard, words, 0.8, 0.2),
        Some(false) => false,
        None => is_sure(heard, words, 0.5, 0.4),
    }
}

fn is_sure(heard: &Heard, words: &[&HeardWord], no_speech: f32, probability: f32) -> bool {
    heard.no_speech < no_speech && words.iter().all(|word| word.probability >= probability)
}

fn in_speech(words: &[&HeardWord], facts: &Facts) -> Option<bool> {
    let span: Range<u32> = words.first()?.start_ms..words.last()?.end_ms;
    let wide = span.start.saturating_sub(100)..span.end.saturating_add(100);
    let speech = facts.speech_within(&wide)?;
    let length = wide.end.saturating_sub(wide.start);
    let is_short = length <= WORD.saturating_mul(u32::try_from(words.len()).ok()?);
    Some(speech >= ENOUGH && is_short || speech as f32 >= SHARE * length as f32)
}

/// Positions of the words of each sentence.
fn sentences(words: &[HeardWord], left: &[usize]) -> Vec<Vec<usize>> {
    let mut sentences: Vec<Vec<usize>> = Vec::new();
    let mut open = false;
    for (at, word) in left.iter().filter_map(|at| Some((*at, words.get(*at)?))) {
        let before = sentences.last().and_then(|sentence| words.get(*sentence.last()?));
        let paused =
            before.is_some_and(|before| word.start_ms.saturating_sub(before.end_ms) > PAUSE);
        match sentences.last_mut().filter(|_| open && !paused) {
            Some(sentence) => sentence.push(at),
            None => sentences.push(vec![at]),
        }
        open = !word.text.trim_end_matches(['"', '”', ')']).ends_with(['.', '!', '?', '…', '。']);
    }
    sentences
}
