use super::numbers::digits;

/// A word in its normal form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Lower case; a number is one word a digit.
    pub text: String,
    /// Which word of the text it comes from, counted between white space.
    pub source: usize,
}

const FILLERS: [&str; 9] = ["uh", "um", "uhm", "er", "erm", "ah", "hm", "hmm", "mm"];
/// Letters said one by one are at least this many.
const SPELLED: usize = 3;

/// A text's words, so that ways of writing the same sounds compare equal: lower case, no
/// punctuation or fillers; numbers digit by digit ("sixty thousand", "60,000" and "60k" are 6 0 0 0
/// 0); "@", "%", currency signs and dots within a word as words; letters said one by one joined.
#[must_use]
pub fn normal(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    for (source, word) in text.split_whitespace().enumerate() {
        split(&word.to_lowercase(), source, &mut words);
    }
    words.retain(|w| !FILLERS.contains(&w.text.as_str()));
    join_letters(digits(words))
}

/// Cuts what stands between white space into words, numbers and signs.
fn split(word: &str, source: usize, out: &mut Vec<Word>) {
    let chars: Vec<char> = word.chars().map(plain).collect();
    let mut part = String::new();
    let mut later = Vec::new();
    for (at, c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|b| chars.get(b)).copied().unwrap_or(' ');
        let after = chars.get(at + 1).copied().unwrap_or(' ');
        let joins = before.is_alphanumeric() && after.is_alphanumeric();
        let said = match c {
            '@' => "at",
            '%' => "percent",
            '&' => "and",
            '+' if after.is_ascii_digit() => "plus",
            '.' if before.is_ascii_digit() && after.is_ascii_digit() => "point",
            '.' if joins => "dot",
            ',' | '\'' if joins => continue,
            '$' | '£' | '€' => {
                later.push(currency(*c));
                ""
            }
            c if c.is_alphanumeric() => {
                if before.is_alphanumeric() && before.is_ascii_digit() != c.is_ascii_digit() {
                    flush(&mut part, source, out);
                }
                part.push(*c);
                continue;
            }
            _ => "",
        };
        flush(&mut part, source, out);
        flush(&mut said.to_owned(), source, out);
    }
    flush(&mut part, source, out);
    later.into_iter().for_each(|c| flush(&mut c.to_owned(), source, out));
}

/// Curly signs as plain ones, accents off for the letters that names here have.
fn plain(c: char) -> char {
    match c {
        '’' | '‘' => '\'',
        'á' | 'à' | 'â' | 'ä' | 'å' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'ö' | 'ø' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        _ => c,
    }
}

fn currency(sign: char) -> &'static str {
    match sign {
        '$' => "dollars",
        '£' => "pounds",
        _ => "euros",
    }
}

fn flush(part: &mut String, source: usize, out: &mut Vec<Word>) {
    if !part.is_empty() {
        let text = std::mem::take(part);
        let text = if text == "okay" { "ok".to_owned() } else { text };
        out.push(Word { text, source });
    }
}

/// "t u o h y" becomes "tuohy".
fn join_letters(words: Vec<Word>) -> Vec<Word> {
    let letter = |w: &Word| w.text.len() == 1 && w.text.chars().all(char::is_alphabetic);
    let mut out = Vec::with_capacity(words.len());
    for run in words.chunk_by(|a, b| letter(a) && letter(b)) {
        match run.first() {
            Some(first) if run.len() >= SPELLED => {
                let text = run.iter().map(|w| w.text.as_str()).collect();
                out.push(Word { text, source: first.source });
            }
            _ => out.extend_from_slice(run),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every row's texts have the normal form of its first column.
    const SAME: &[(&str, &[&str])] = &[
        (
            "6 0 0 0 0",
            &["sixty thousand", "60,000", "60k", "60 K", "Sixty-thousand.", "60 thousand"],
        ),
        ("5 0 to 6 0 0 0 0", &["fifty to sixty thousand", "50 to 60,000", "50 to 60k"]),
        (
            "1 4 5 0 0 0",
            &["a hundred and forty-five thousand", "145,000", "one hundred forty five thousand"],
        ),
        ("2 5 0 0 0 0 0", &["two million five hundred thousand", "2,500,000"]),
        ("1 8 0 0", &["eighteen hundred", "1,800", "one thousand eight hundred"]),
        ("1 2 5", &["one two five", "one-two-five", "1-2-5", "125", "a hundred and twenty-five"]),
        ("2 0 2 6", &["twenty twenty-six", "two thousand and twenty six", "2026"]),
        (
            "7 7 0 0 9 0 0 3 1 8",
            &["seven seven double oh, nine double oh, three one eight", "7700 900318"],
        ),
        ("0 2 0 9 1 5", &["oh two oh nine one five", "020 915", "zero two zero, nine one five"]),
        ("plus 4 4 2 0", &["plus four four twenty", "+44 20"]),
        ("1 1 percent", &["eleven percent", "11%", "11 percent"]),
        ("2 point 5 percent", &["two point five percent", "2.5%"]),
        ("2 1", &["twenty-first", "21st", "the twenty-first"]),
        ("3", &["third", "3rd", "three"]),
        ("q 3", &["Q3", "q three"]),
        ("1 1 3 0", &["eleven thirty", "11:30"]),
        ("4 0 0 0 0 dollars", &["$40,000", "forty thousand dollars", "40k dollars"]),
        ("jane dot doe at acme dot io", &["jane.doe@acme.io", "Jane dot Doe at acme dot io."]),
        ("tuohy", &["T-U-O-H-Y", "T U O H Y", "Tuohy", "TUOHY"]),
        ("its ok", &["It's okay.", "It’s OK", "uh, it's, um, OK"]),
    ];

    fn text(of: &str) -> String {
        let words: Vec<String> = normal(of).into_iter().map(|w| w.text).collect();
        words.join(" ")
    }

    #[test]
    fn ways_of_writing_the_same_compare_equal() {
        for (normal, texts) in SAME {
            for written in *texts {
                let got = text(written);
                let got = got.strip_prefix("the ").unwrap_or(&got);
                assert_eq!(got, *normal, "{written}");
            }
        }
        assert_eq!(text("I said a hundred percent"), "i said 1 0 0 percent");
        assert_eq!(text("that one is a good one"), "that 1 is a good 1");
    }

    #[test]
    fn different_numbers_stay_different() {
        for (a, b) in [
            ("sixteen thousand", "sixty thousand"),
            ("fifty", "fifteen"),
            ("one hundred and two", "one hundred two hundred"),
            ("two hundred", "two thousand"),
            ("oh no", "0 no"),
        ] {
            assert_ne!(text(a), text(b));
        }
    }

    #[test]
    fn words_know_where_they_come_from() {
        let words = normal("Uh, sixty thousand at T-U-O-H-Y");
        let sources: Vec<usize> = words.iter().map(|w| w.source).collect();
        assert_eq!(sources, [1, 1, 1, 1, 1, 3, 4]);
    }

    #[test]
    fn no_text_makes_it_panic() {
        let mut rng = fastrand::Rng::with_seed(4);
        let parts = [
            "hundred",
            "and",
            "a",
            "double",
            "oh",
            "thousand",
            "9",
            "٣",
            "k",
            "é",
            "-",
            ".",
            "million",
            "million",
            "99999999999999999999999",
            "\u{301}",
        ];
        for _ in 0..2_000 {
            let some: Vec<&str> =
                (0..rng.usize(..12)).map(|_| parts[rng.usize(..parts.len())]).collect();
            let _ = normal(&some.join(if rng.bool() { " " } else { "" }));
        }
    }
}
