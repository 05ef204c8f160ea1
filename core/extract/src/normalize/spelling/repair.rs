use strsim::{jaro_winkler, osa_distance};

/// Lower case without accents; what has no plain form is kept.
pub(crate) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.to_lowercase().chars() {
        match c {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => out.push('a'),
            'ç' | 'ć' | 'č' | 'ĉ' => out.push('c'),
            'ď' | 'đ' | 'ð' => out.push('d'),
            'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' => out.push('e'),
            'ğ' | 'ģ' => out.push('g'),
            'ì' | 'í' | 'î' | 'ï' | 'ī' | 'į' | 'ı' => out.push('i'),
            'ķ' => out.push('k'),
            'ł' | 'ľ' | 'ļ' => out.push('l'),
            'ñ' | 'ń' | 'ň' | 'ņ' => out.push('n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ő' | 'ō' => out.push('o'),
            'ŕ' | 'ř' => out.push('r'),
            'ś' | 'š' | 'ş' | 'ș' => out.push('s'),
            'ť' | 'ţ' | 'ț' => out.push('t'),
            'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' | 'ų' => out.push('u'),
            'ý' | 'ÿ' => out.push('y'),
            'ź' | 'ż' | 'ž' => out.push('z'),
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'þ' => out.push_str("th"),
            '\u{300}'..='\u{36f}' | '\'' => {}
            c => out.push(c),
        }
    }
    out
}

/// A rough sound key: letters that sound alike become one, doubles and `h` go.
fn sound(text: &str) -> String {
    let plain = text
        .replace("sch", "s")
        .replace("ph", "f")
        .replace("ck", "k")
        .replace("qu", "kw")
        .replace("gh", "g")
        .replace("dt", "t");
    let mut out = String::new();
    for c in plain.chars() {
        let c = match c {
            'c' | 'q' => 'k',
            'y' | 'j' => 'i',
            'z' | 'x' => 's',
            'w' | 'u' => 'v',
            'd' => 't',
            'b' => 'p',
            'h' => continue,
            c => c,
        };
        if !out.ends_with(c) {
            out.push(c);
        }
    }
    out
}

/// Likeness of two folded words, 0 to 1: how they look or how they sound, whichever is greater.
fn likeness(a: &str, b: &str) -> f64 {
    let ratio = |x: &str, y: &str| {
        let longest = x.chars().count().max(y.chars().count());
        if longest == 0 { 0.0 } else { 1.0 - count(osa_distance(x, y)) / count(longest) }
    };
    let (sa, sb) = (sound(a), sound(b));
    let heard = if sa.len().min(sb.len()) < 3 { 0.0 } else { ratio(&sa, &sb) };
    let start = if a.chars().next() == b.chars().next() { 0.08 } else { 0.0 };
    let seen = ratio(a, b).max(if a.len() > 5 { jaro_winkler(a, b) - 0.25 } else { 0.0 });
    (seen.max(heard) + start).min(1.0)
}

fn count(n: usize) -> f64 {
    u32::try_from(n).map_or(f64::MAX, f64::from)
}

const ALIKE: f64 = 0.56;
const MAX_WORDS: usize = 8;
const MAX_LETTERS: usize = 64;

/// Replaces the word (or neighbouring words) a spelling stands for and keeps the others:
/// "Giulia Scony Amelio" and "scognamiglio" give "Giulia Scognamiglio".
///
/// `None` when no part of the name is like the letters.
#[must_use]
pub fn repair(word_or_name: &str, letters: &str) -> Option<String> {
    let words: Vec<&str> = word_or_name.split_whitespace().take(MAX_WORDS + 1).collect();
    let spelled: String = letters.to_lowercase().split_whitespace().collect();
    if spelled.is_empty() || words.len() > MAX_WORDS || spelled.chars().count() > MAX_LETTERS {
        return None;
    }
    let (from, to, _) = windows(&words)
        .map(|(from, to)| (from, to, likeness(&fold(&words[from..to].concat()), &fold(&spelled))))
        .filter(|(_, _, like)| *like >= ALIKE)
        .max_by(|a, b| a.2.total_cmp(&b.2).then((b.1 - b.0).cmp(&(a.1 - a.0))))?;
    let mut out: Vec<String> = words[..from].iter().map(|w| (*w).to_owned()).collect();
    out.extend(respell(&words[from..to], &spelled));
    out.extend(words[to..].iter().map(|w| (*w).to_owned()));
    Some(out.join(" "))
}

fn windows(words: &[&str]) -> impl Iterator<Item = (usize, usize)> {
    let n = words.len();
    (0..n).flat_map(move |from| (from + 1..=n.min(from + 3)).map(move |to| (from, to)))
}

/// The spelling in the shape of the words it replaces; two words stay two when each has its part.
fn respell(words: &[&str], spelled: &str) -> Vec<String> {
    if let [first, second] = words {
        let chars: Vec<char> = spelled.chars().collect();
        let best = (2..chars.len().saturating_sub(1))
            .map(|cut| {
                let (a, b): (String, String) =
                    (chars[..cut].iter().collect(), chars[cut..].iter().collect());
                let like = likeness(&fold(first), &a).min(likeness(&fold(second), &b));
                (like, a, b)
            })
            .max_by(|x, y| x.0.total_cmp(&y.0));
        if let Some((_, a, b)) = best.filter(|(like, ..)| *like >= 0.75) {
            return vec![shaped(first, &a), shaped(second, &b)];
        }
    }
    vec![shaped(words.first().copied().unwrap_or_default(), spelled)]
}

fn shaped(model: &str, letters: &str) -> String {
    let upper = model.chars().count() > 1 && model.chars().all(|c| !c.is_lowercase());
    if upper {
        return letters.to_uppercase();
    }
    let mut chars = letters.chars();
    match (model.chars().next().is_some_and(char::is_uppercase), chars.next()) {
        (true, Some(first)) => first.to_uppercase().collect::<String>() + chars.as_str(),
        _ => letters.to_owned(),
    }
}

/// The part of a longer word that is most like the letters: "serra" in "serazul" is `0..4`.
/// Byte range of an ASCII word; `None` when nothing is like enough.
pub(crate) fn closest_part(word: &str, letters: &str) -> Option<(usize, usize)> {
    if !word.is_ascii() || !letters.is_ascii() || word.len() > MAX_LETTERS {
        return None;
    }
    let whole = likeness(word, letters);
    let n = letters.len();
    let mut best = (whole, 0, word.len());
    for from in 0..word.len() {
        for to in from + n.saturating_sub(2).max(3)..=(from + n + 2).min(word.len()) {
            let edge = if from == 0 || to == word.len() { 0.03 } else { 0.0 };
            let like = likeness(&word[from..to], letters) - 0.12 + edge;
            if like > best.0 {
                best = (like, from, to);
            }
        }
    }
    (best.0 >= 0.62).then_some((best.1, best.2))
}
