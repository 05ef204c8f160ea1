fn main() {
    use confee_extract::*;
    let talk: confee_domain::Transcript =
        serde_json::from_slice(&std::fs::read(std::env::args().nth(1).unwrap()).unwrap()).unwrap();
    let t = Talk::new(&talk);
    for turn in &t.turns {
        println!("{} {:?} {}", turn.index, turn.role, t.text(turn.index));
    }
    for s in RuleTagger.tag(&t) {
        let text: String = t.text(s.turn).chars().skip(s.start).take(s.end - s.start).collect();
        println!(
            "{:?} turn {} {:?} {:?} {} «{}»",
            s.tag, s.turn, s.owner, s.polarity, s.score, text
        );
    }
    for turn in &t.turns {
        for x in normalize::title::find(t.text(turn.index)) {
            println!("title {} {:?}", turn.index, x);
        }
    }
}
