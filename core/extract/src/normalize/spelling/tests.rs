use super::*;
use proptest::prelude::*;

fn letters(text: &str) -> Vec<String> {
    find(text).into_iter().map(|s| s.letters).collect()
}

#[test]
fn runs_of_letters() {
    let table: &[(&str, &[&str])] = &[
        ("S, C, O, G, N, A, M, I, G, L, I, O.", &["scognamiglio"]),
        ("S. C. O. G.", &["scog"]),
        ("S-C-H-M-I-D-T", &["schmidt"]),
        ("k-u-l-k", &["kulk"]),
        ("hoshino with a h h o s h i n o", &["hoshino"]),
        ("rtillery, that's R, T-I-L-L-E-R-Y, at pecan", &["rtillery"]),
        ("it's g dhaliwal so g d h a l i w a l at elmridge", &["gdhaliwal"]),
        ("m as in mary a y e r", &["mayer"]),
        ("b for bravo, e, double n, e, t", &["bennet"]),
        ("M as in Mike, O, double S", &["moss"]),
        ("whiskey oscar lima foxtrot", &["wolf"]),
        ("kay you el kay", &["kulk"]),
        ("capital k u l k", &["kulk"]),
        ("jay ay en ess ee en", &["jansen"]),
        ("double u o l f", &["wolf"]),
        ("l i n d uh q v i s t", &["lindqvist"]),
        ("h o s h i n o i think", &["hoshino"]),
        ("a d n a n", &["adnan"]),
        ("m a r i a at acme", &["maria"]),
        ("x y z 4 2", &["xyz42"]),
        ("b r e n n a n and then smith", &["brennan"]),
        ("i'm a c t o", &["cto"]),
        ("", &[]),
        ("see you at three", &[]),
        ("are you a fan", &[]),
        ("oh why are you here", &[]),
        ("plan b or plan c", &[]),
        ("i think a b test is fine", &[]),
        ("mike and charlie met in november", &[]),
        ("the hotel in india was in quebec", &[]),
        ("I see, you are why I came", &[]),
        ("we doubled it, double the price", &[]),
    ];
    for (text, want) in table {
        assert_eq!(letters(text), *want, "{text}");
    }
}

#[test]
fn offsets_cover_the_letters() {
    let s = &find("é, it is k u l k, yes")[0];
    assert_eq!((s.start, s.end), (9, 16));
}

#[test]
fn repairs() {
    let table = [
        ("Lindkvist", "lindqvist", Some("Lindqvist")),
        ("Elif Yildrim", "yildirim", Some("Elif Yildirim")),
        ("Giulia Scony Amelio", "scognamiglio", Some("Giulia Scognamiglio")),
        ("giulia", "scognamiglio", None),
        ("Smith", "schmidt", Some("Schmidt")),
        ("jon smith", "johnsmith", Some("john smith")),
        ("KULC", "kulk", Some("KULK")),
        ("Watanave", "watanabe", Some("Watanabe")),
        ("Meerkade Logistics", "gdhaliwal", None),
        ("", "abc", None),
        ("Anna", "", None),
        ("Kowalsky", "kowalski", Some("Kowalski")),
        ("Cathryn Mayer", "meier", Some("Cathryn Meier")),
        ("Chen", "tran", None),
    ];
    for (name, letters, want) in table {
        assert_eq!(repair(name, letters).as_deref(), want, "{name} {letters}");
    }
}

#[test]
fn parts_of_a_joined_word() {
    for (word, letters, want) in [
        ("serazul", "serra", Some((0, 4))),
        ("meercade", "kade", Some((4, 8))),
        ("northwind", "gdhaliwal", None),
    ] {
        assert_eq!(closest_part(word, letters), want, "{word} {letters}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read(text in "\\PC{0,80}", other in "\\PC{0,20}") {
        let n = text.chars().count();
        for s in find(&text) {
            prop_assert!(s.start < s.end && s.end <= n);
        }
        let _ = repair(&text, &other);
    }

    #[test]
    fn plain_letters_come_back(name in "[b-hj-z]{4,12}") {
        let spoken = name.chars().map(String::from).collect::<Vec<_>>().join(" ");
        prop_assert_eq!(letters(&spoken), [name]);
    }
}
