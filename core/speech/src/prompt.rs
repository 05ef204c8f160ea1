use std::collections::HashSet;

/// Tokens a prompt has by default. Whisper takes 224, but long prompts blank utterances.
pub(crate) const DEFAULT_TOKENS: usize = 80;
/// Tokens a prompt has at most.
pub(crate) const MOST_TOKENS: usize = 224;
/// Longest name in characters; longer texts are no names.
const LONGEST_NAME: usize = 60;

/// Names that may occur in a talk, the most likely of each kind first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PromptBook {
    /// Name of the wearer.
    pub rep: Option<String>,
    /// The wearer's company.
    pub company: Option<String>,
    /// The event, or its place.
    pub event: Option<String>,
    /// What the wearer sells.
    pub products: Vec<String>,
    /// Companies that may visit.
    pub accounts: Vec<String>,
    /// Whom the wearer competes with.
    pub competitors: Vec<String>,
    /// People who may visit.
    pub people: Vec<String>,
    /// Tokens at most, up to 224; unset for 80.
    pub budget: Option<usize>,
}

impl PromptBook {
    /// A prompt of as many names as fit: wearer, company and event, then products, accounts,
    /// competitors and people in turn, so that one long list does not push out the others. Every
    /// name stands once, whatever its case. Empty without names.
    ///
    /// `tokens` counts the tokens of a text; [`estimate_tokens`] where no vocabulary is at hand.
    #[must_use]
    pub fn prompt(&self, tokens: &dyn Fn(&str) -> usize) -> String {
        let budget = self.budget.unwrap_or(DEFAULT_TOKENS).min(MOST_TOKENS);
        let mut taken: Vec<String> = Vec::new();
        let mut seen = HashSet::new();
        let mut used = tokens(&form(&[]));
        for name in self.by_priority().filter_map(clean) {
            // Counted name by name: a tokenizer never merges across the comma.
            let cost = tokens(&format!(" {name},"));
            if used + cost > budget || !seen.insert(name.to_lowercase()) {
                continue;
            }
            used += cost;
            taken.push(name);
        }
        while !taken.is_empty() && tokens(&form(&taken)) > budget {
            taken.pop();
        }
        if taken.is_empty() { String::new() } else { form(&taken) }
    }

    fn by_priority(&self) -> impl Iterator<Item = &str> {
        let first = [&self.rep, &self.company, &self.event].into_iter().flatten();
        let lists = [&self.products, &self.accounts, &self.competitors, &self.people];
        let longest = lists.iter().map(|l| l.len()).max().unwrap_or(0);
        let turns = (0..longest).flat_map(move |i| lists.into_iter().filter_map(move |l| l.get(i)));
        first.chain(turns).map(String::as_str)
    }
}

/// How names become a prompt.
fn form(names: &[String]) -> String {
    format!("Glossary: {}.", names.join(", "))
}

/// A name as plain text on one line; none when nothing or too much is left of it.
fn clean(name: &str) -> Option<String> {
    let name = cut_markers(name);
    let plain = |c: char| {
        let bad = c.is_control() || "[](){}<>|♪\"\\*_#".contains(c) || is_invisible(c);
        if bad || c.is_whitespace() { ' ' } else { c }
    };
    let text: String = name.chars().map(plain).collect();
    let words: Vec<&str> = text.split_whitespace().collect();
    let joined = words.join(" ");
    let trimmed = joined.trim_matches(|c: char| ",;:.-–— ".contains(c));
    let fits =
        trimmed.chars().count() <= LONGEST_NAME && trimmed.chars().any(char::is_alphanumeric);
    fits.then(|| trimmed.to_owned())
}

/// Without anything that looks like one of the model's special tokens, `<|...|>`.
fn cut_markers(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<|") {
        out.push_str(before);
        out.push(' ');
        rest = after.split_once("|>").map_or(after, |(_, rest)| rest);
    }
    out.push_str(rest);
    out
}

/// Marks of direction, joiners and the like.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffd}')
}

/// A guess at how many tokens a text has: one for 3.5 characters, one for each beyond ASCII.
#[must_use]
pub fn estimate_tokens(text: &str) -> usize {
    let ascii = text.chars().filter(char::is_ascii).count();
    let others = text.chars().count() - ascii;
    (ascii * 2).div_ceil(7) + others
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn list(names: &[&str]) -> Vec<String> {
        names.iter().map(|n| (*n).to_owned()).collect()
    }

    #[test]
    fn kinds_take_turns_and_nothing_stands_twice() {
        let book = PromptBook {
            rep: Some("Ana Lima".into()),
            company: Some("Confee".into()),
            event: Some("Hannover Messe".into()),
            products: list(&["Torq 3", "CONFEE"]),
            accounts: list(&["Ferrotec", "Nordwind", "Helix Medical"]),
            competitors: list(&["Gridlane"]),
            ..PromptBook::default()
        };
        assert_eq!(
            book.prompt(&estimate_tokens),
            "Glossary: Ana Lima, Confee, Hannover Messe, Torq 3, Ferrotec, Gridlane, Nordwind, \
             Helix Medical."
        );
        assert_eq!(PromptBook::default().prompt(&estimate_tokens), "");
    }

    #[test]
    fn names_are_plain_text() {
        let table = [
            ("  Nord\twind\n GmbH ", Some("Nord wind GmbH")),
            ("<|startoftranscript|>Acme<|en|>", Some("Acme")),
            ("<|Acme", Some("Acme")),
            ("[MUSIC] Acme (EU)", Some("MUSIC Acme EU")),
            ("O'Neill & Söhne", Some("O'Neill & Söhne")),
            ("Müller-Lüdenscheidt, ", Some("Müller-Lüdenscheidt")),
            ("abc\u{202e}def\u{0}", Some("abc def")),
            ("--", None),
            ("", None),
        ];
        for (given, expected) in table {
            assert_eq!(clean(given).as_deref(), expected, "{given:?}");
        }
        assert_eq!(clean(&"long ".repeat(20)), None);
    }

    proptest! {
        #[test]
        fn any_book_gives_a_bounded_clean_prompt(
            names in prop::collection::vec("\\PC{0,40}|[a-z<|>\\[]{0,20}|[A-Z][a-z]{2,8}", 0..60),
            budget in prop::option::of(0_usize..400),
            split in 0_usize..60,
        ) {
            let (products, accounts) = names.split_at(split.min(names.len()));
            let (products, accounts) = (products.to_vec(), accounts.to_vec());
            let book = PromptBook { products, accounts, budget, ..PromptBook::default() };
            let prompt = book.prompt(&estimate_tokens);
            let most = budget.unwrap_or(DEFAULT_TOKENS).min(MOST_TOKENS);
            prop_assert!(prompt.is_empty() || estimate_tokens(&prompt) <= most);
            prop_assert!(!prompt.contains("<|") && !prompt.chars().any(char::is_control));
            let body = prompt.strip_prefix("Glossary: ").unwrap_or_default();
            let parts: Vec<String> = body.split(", ").map(str::to_lowercase).collect();
            let plain = names.iter().all(|n| !n.contains(','));
            let distinct: HashSet<&String> = parts.iter().collect();
            prop_assert!(!plain || distinct.len() == parts.len(), "{}", prompt);
        }
    }
}
