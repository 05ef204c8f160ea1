//! The picture for the documentation, kept true to what the program draws.

use std::{env, fs, path::Path};

use crossterm::event::KeyCode;

use super::{
    loop_::{COLOUR, Play},
    made_up::{TestDeck, long, short},
    svg::svg,
};

/// A deck in the middle of the work.
fn scene() -> Play {
    let talks = vec![short("a"), short("b"), long("c"), short("d"), short("e")];
    let mut play = Play::sized(TestDeck::new(talks), COLOUR, (104, 30));
    play.keys("lhdcjc");
    play.keys("jjjjjjjxkkkkkkkke");
    for _ in "Cold Chain".chars() {
        play.press(KeyCode::Backspace);
    }
    play.keys("AS\njj");
    play
}

#[test]
fn the_picture_shows_what_the_program_draws() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/review.svg");
    let drawn = svg(&scene().draw());
    if env::var_os("UPDATE_PICTURES").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &drawn).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == drawn, "docs/review.svg is stale; run this test with UPDATE_PICTURES=1");
}
