/// Words that begin a surname of several words.
const PARTICLES: [&str; 27] = [
    "van", "von", "vom", "zu", "zum", "zur", "der", "den", "de", "del", "della", "di", "da", "do",
    "dos", "das", "du", "la", "le", "bin", "ibn", "al", "el", "ter", "ten", "op", "st",
];
const SUFFIXES: [&str; 6] = ["jr", "sr", "ii", "iii", "iv", "phd"];

/// First and last name. A surname starts at the first particle after the first word ("Ludwig",
/// "van der Rohe"), else it is the last word with its suffix ("John", "Smith Jr."). A single word
/// is taken as a first name: that is how visitors introduce themselves.
pub(super) fn split(name: &str) -> (Option<String>, Option<String>) {
    let words: Vec<&str> = name.split_whitespace().collect();
    let last = match words.len() {
        0 => return (None, None),
        1 => return (Some(words.concat()), None),
        n => n - 1,
    };
    let particle = words.iter().position(|w| PARTICLES.contains(&bare(w).as_str()));
    let start = match particle {
        Some(at) if at > 0 && at < last => at,
        _ if last > 1 && SUFFIXES.contains(&bare(words.get(last).unwrap_or(&"")).as_str()) => {
            last - 1
        }
        _ => last,
    };
    let (first, rest) = words.split_at(start);
    (Some(first.join(" ")), Some(rest.join(" ")))
}

fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_split() {
        for (name, first, last) in [
            ("Ada Byron", "Ada", "Byron"),
            ("Ludwig van der Rohe", "Ludwig", "van der Rohe"),
            ("Maria de la Cruz Garcia", "Maria", "de la Cruz Garcia"),
            ("John Smith Jr.", "John", "Smith Jr."),
            ("Mary Ann Evans", "Mary Ann", "Evans"),
            ("Van Morrison", "Van", "Morrison"),
            ("Robert De Niro", "Robert", "De Niro"),
            ("  Zoë   Žižek ", "Zoë", "Žižek"),
        ] {
            assert_eq!(split(name), (Some(first.into()), Some(last.into())), "{name}");
        }
        assert_eq!(split("Cher"), (Some("Cher".into()), None));
        assert_eq!(split("  "), (None, None));
    }

    proptest! {
        #[test]
        fn no_word_is_lost(name in "\\PC{0,40}") {
            let (first, last) = split(&name);
            let joined = [first, last].into_iter().flatten().collect::<Vec<_>>().join(" ");
            let words = name.split_whitespace().collect::<Vec<_>>().join(" ");
            prop_assert_eq!(joined, words);
        }
    }
}
