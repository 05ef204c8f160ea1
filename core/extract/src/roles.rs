//! Who speaks, where the recogniser did not say: cues per turn, then the likeliest sequence.

use confee_domain::{Rep, Speaker, Transcript};

use crate::similar::sounds_like;
use crate::talk::{Role, Turn};

/// How unlikely it is that the same side speaks again in the next segment.
const REPEAT_COST: i32 = 3;

const REP_CUES: &[(&str, i32)] = &[
    ("can i show you", 5),
    ("can i help", 4),
    ("let me show", 5),
    ("shall i", 3),
    ("shall we", 2),
    ("what do you use", 5),
    ("what are you using", 5),
    ("what do you run", 5),
    ("how do you", 3),
    ("do you have", 1),
    ("do you use", 3),
    ("who are you", 3),
    ("and you are", 5),
    ("may i ask", 5),
    ("who am i talking to", 5),
    ("who am i speaking", 5),
    ("your name", 3),
    ("is there a budget", 5),
    ("budget", 1),
    ("have you got a figure", 5),
    ("do you decide", 4),
    ("who decides", 4),
    ("who signs", 4),
    ("does somebody else", 4),
    ("are you looking at", 4),
    ("looking at other", 4),
    ("looking at anybody", 4),
    ("who else", 4),
    ("when would", 3),
    ("how soon", 3),
    ("by when", 3),
    ("where do i", 4),
    ("where should i send", 5),
    ("can i have your", 5),
    ("can you give me", 2),
    ("what's your", 3),
    ("what is your", 3),
    ("ours", 2),
    ("our customers", 4),
    ("list price", 4),
    ("it starts at", 4),
    ("we can do", 3),
    ("i'll send", 3),
    ("i will send", 3),
    ("i'll call", 3),
    ("i can introduce", 4),
    ("i suggest", 4),
    ("nice to meet you", 3),
    ("thanks for stopping", 6),
    ("thank you for stopping", 6),
    ("thanks for coming", 5),
    ("good to know", 4),
    ("i understand", 2),
    ("got it", 3),
    ("noted", 4),
    ("enjoy the", 4),
    ("how many", 2),
    ("which parts", 3),
    ("so you want", 4),
    ("no problem", 2),
    ("of course", 2),
    ("our own", 1),
    ("we plug", 3),
    ("are you looking for", 5),
    ("welcome", 2),
];

const PROSPECT_CUES: &[(&str, i32)] = &[
    ("we use", 5),
    ("we have", 3),
    ("we've got", 3),
    ("we are using", 5),
    ("we're using", 5),
    ("we need", 4),
    ("our people", 4),
    ("our team", 3),
    ("our budget", 6),
    ("we lose", 5),
    ("at the moment", 2),
    ("the problem", 3),
    ("the trouble", 3),
    ("i'm the", 2),
    ("i am the", 2),
    ("i am head", 5),
    ("i work", 5),
    ("i run", 4),
    ("my boss", 6),
    ("my email", 6),
    ("my e mail", 6),
    ("my mobile", 6),
    ("my number", 6),
    ("i sign", 5),
    ("i decide", 5),
    ("call me", 4),
    ("send me", 4),
    ("how much", 4),
    ("what does it cost", 5),
    ("does it", 3),
    ("is this the", 3),
    ("can it", 4),
    ("yes please", 4),
    ("not decided", 4),
    ("we want", 4),
    ("we had", 3),
    ("they came", 3),
    ("our contract", 5),
    ("as soon as possible", 3),
    ("i have to", 2),
    ("it's in the", 1),
    ("dot com", 3),
    ("at the", 0),
];

/// Fills in the role of every turn.
pub(crate) fn assign(transcript: &Transcript, turns: &mut [Turn]) {
    let costs: Vec<[i32; 2]> = turns
        .iter()
        .zip(transcript.segments())
        .map(|(turn, segment)| match segment.speaker {
            Some(Speaker::Rep) => [0, 1000],
            Some(Speaker::Prospect) => [1000, 0],
            None => guess(turn, transcript.rep()),
        })
        .collect();
    let path = cheapest(&costs);
    for ((turn, role), segment) in turns.iter_mut().zip(path).zip(transcript.segments()) {
        turn.role = role;
        turn.labelled = segment.speaker.is_some();
    }
}

/// Costs of "the rep says it" and "the visitor says it".
fn guess(turn: &Turn, rep: &Rep) -> [i32; 2] {
    let sum = |cues: &[(&str, i32)]| -> i32 {
        cues.iter().filter(|(phrase, _)| turn.find(phrase).is_some()).map(|(_, w)| w).sum()
    };
    let mut for_rep = sum(REP_CUES) + i32::from(turn.is_question());
    if introduces_rep(turn, rep) {
        for_rep += 8;
    }
    [sum(PROSPECT_CUES), for_rep]
}

/// Whether the rep's own name stands in the turn, allowing for mishearing.
fn introduces_rep(turn: &Turn, rep: &Rep) -> bool {
    let Some(name) = rep.name.as_deref() else { return false };
    let parts: Vec<&str> = name.split_whitespace().collect();
    let full = parts.len() > 1;
    turn.tokens.windows(2).any(|pair| {
        full && sounds_like(&pair[0].norm, parts[0])
            && sounds_like(&pair[1].norm, parts[parts.len() - 1])
    })
}

/// Viterbi over two states.
fn cheapest(costs: &[[i32; 2]]) -> Vec<Role> {
    let mut best = [0, 0];
    let mut back: Vec<[usize; 2]> = Vec::with_capacity(costs.len());
    for (i, cost) in costs.iter().enumerate() {
        let mut next = [0, 0];
        let mut from = [0, 0];
        for state in 0..2 {
            let stay = best[state] + if i == 0 { 0 } else { REPEAT_COST };
            let change = best[1 - state];
            (next[state], from[state]) =
                if stay < change { (stay, state) } else { (change, 1 - state) };
            next[state] += cost[state];
        }
        best = next;
        back.push(from);
    }
    let mut state = usize::from(best[1] < best[0]);
    let mut path = Vec::with_capacity(costs.len());
    for from in back.iter().rev() {
        path.push(if state == 0 { Role::Rep } else { Role::Prospect });
        state = from[state];
    }
    path.reverse();
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::talk::Talk;
    use confee_domain::Segment;

    #[test]
    fn labels_are_kept_and_gaps_filled() {
        let at = chrono::DateTime::parse_from_rfc3339("2026-03-18T10:12:00+01:00").unwrap();
        let said = [
            (None, "hello can i show you something"),
            (None, "we use acme at the moment and the problem is the speed"),
            (Some(Speaker::Prospect), "it's slow"),
            (None, "may i ask who you are"),
        ];
        let segments = said
            .iter()
            .enumerate()
            .map(|(i, (speaker, text))| Segment {
                start_ms: i as u64 * 10,
                end_ms: i as u64 * 10 + 9,
                speaker: *speaker,
                text: (*text).into(),
                words: vec![],
            })
            .collect();
        let t = Transcript::new("t".into(), at, Rep::default(), segments).unwrap();
        let roles: Vec<Role> = Talk::new(&t).turns.iter().map(|t| t.role).collect();
        assert_eq!(roles, [Role::Rep, Role::Prospect, Role::Prospect, Role::Rep]);
    }
}
