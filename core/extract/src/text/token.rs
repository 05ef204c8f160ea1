/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Letters, with inner apostrophes ("don't").
    Word,
    /// Digits, with inner separators ("1,200.50", "07:30" is two numbers).
    Number,
    /// One other character: punctuation or a symbol such as `€`, `@`, `+`.
    Mark,
}

/// A piece of one segment's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// As it stands in the text.
    pub text: String,
    /// Lower case, curly apostrophes made straight.
    pub norm: String,
    /// First character, in Unicode scalar values.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
    /// Whether it follows the token before it without white space ("50" + "k").
    pub glued: bool,
}

impl Token {
    /// Whether the lower-case form is one of these words.
    #[must_use]
    pub fn is(&self, words: &[&str]) -> bool {
        words.contains(&self.norm.as_str())
    }

    /// Whether it is this one mark.
    #[must_use]
    pub fn is_mark(&self, mark: char) -> bool {
        self.kind == Kind::Mark && self.text.starts_with(mark)
    }

    /// Whether it ends a sentence.
    #[must_use]
    pub fn ends_sentence(&self) -> bool {
        self.kind == Kind::Mark && self.is(&[".", "?", "!", "…"])
    }

    /// Whether it is written with a capital first letter.
    #[must_use]
    pub fn is_capitalised(&self) -> bool {
        self.kind == Kind::Word && self.text.chars().next().is_some_and(char::is_uppercase)
    }
}

/// Splits text into tokens; white space is dropped, every other character is in one token.
///
/// Letters and digits never share a token: `50k` is `50` and a glued `k`, `Q3` is `Q` and `3`.
#[must_use]
pub fn tokenize(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if chars[at].is_whitespace() {
            at += 1;
            continue;
        }
        let (kind, end) = scan(&chars, at);
        let text: String = chars[at..end].iter().collect();
        let norm = text.to_lowercase().replace(['’', '‘', 'ʼ'], "'");
        let glued = at > 0 && !chars[at - 1].is_whitespace();
        tokens.push(Token { kind, text, norm, start: at, end, glued });
        at = end;
    }
    tokens
}

fn scan(chars: &[char], at: usize) -> (Kind, usize) {
    let first = chars[at];
    if first.is_ascii_digit() {
        return (Kind::Number, scan_number(chars, at));
    }
    if !first.is_alphabetic() {
        return (Kind::Mark, at + 1);
    }
    let mut end = at + 1;
    while end < chars.len() {
        let inner_apostrophe = matches!(chars[end], '\'' | '’' | '‘' | 'ʼ')
            && chars.get(end + 1).is_some_and(|c| c.is_alphabetic());
        let combining = ('\u{300}'..='\u{36f}').contains(&chars[end]);
        if !(chars[end].is_alphabetic() || combining || inner_apostrophe) {
            break;
        }
        end += 1;
    }
    (Kind::Word, end)
}

/// Digits, and `,` or `.` only between digits.
fn scan_number(chars: &[char], at: usize) -> usize {
    let mut end = at + 1;
    while end < chars.len() {
        let inner =
            matches!(chars[end], ',' | '.') && chars.get(end + 1).is_some_and(char::is_ascii_digit);
        if !(chars[end].is_ascii_digit() || inner) {
            break;
        }
        end += 1;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn norms(text: &str) -> Vec<String> {
        tokenize(text).into_iter().map(|t| t.norm).collect()
    }

    #[test]
    fn splits_words_numbers_and_marks() {
        assert_eq!(norms("Don’t pay 50k, Q3!"), ["don't", "pay", "50", "k", ",", "q", "3", "!"]);
        assert_eq!(norms("€1,200.50 a-b"), ["€", "1,200.50", "a", "-", "b"]);
        assert_eq!(norms("May 27. Jiří's"), ["may", "27", ".", "jiří's"]);
    }

    #[test]
    fn knows_what_is_glued() {
        let t = tokenize("50k 50 k");
        assert_eq!(t.iter().map(|t| t.glued).collect::<Vec<_>>(), [false, true, false, false]);
    }

    proptest! {
        #[test]
        fn every_character_but_white_space_is_kept(text in "\\PC{0,80}") {
            let chars: Vec<char> = text.chars().collect();
            let mut last = 0;
            let mut kept = 0;
            for t in tokenize(&text) {
                prop_assert!(t.start >= last && t.end > t.start && t.end <= chars.len());
                prop_assert_eq!(&t.text, &chars[t.start..t.end].iter().collect::<String>());
                last = t.end;
                kept += t.end - t.start;
            }
            prop_assert_eq!(kept, chars.iter().filter(|c| !c.is_whitespace()).count());
        }
    }
}
