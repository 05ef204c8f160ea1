use super::domain::tld_at;
use super::lex::{self, Item, Part};
use super::{Context, tld, words};
use crate::normalize::spelling::{closest_part, fold, runs};
use crate::text::{Token, tokenize};

/// Applies what was said later about an address: spelled letters ("S, E, R, R, A"), "kul with a
/// k", "double r in serra", "no dot", "dot com dot br". `None` when nothing in it changes.
#[must_use]
pub fn mend(address: &str, hint: &str) -> Option<String> {
    let tokens = tokenize(&hint.chars().take(400).collect::<String>());
    let mut now = address.to_owned();
    if let Some(better) = ending(&now, hint) {
        now = better;
    }
    for run in runs(&tokens) {
        now = spelled(&now, &run.letters).unwrap_or(now);
    }
    for at in 0..tokens.len() {
        now = detail(&now, &tokens, at).unwrap_or(now);
    }
    (now != address).then_some(now)
}

/// Applies one aside such as "kul with a k".
pub(super) fn mend_detail(address: &str, hint: &str) -> Option<String> {
    let tokens = tokenize(hint);
    (0..tokens.len()).find_map(|at| detail(address, &tokens, at))
}

/// The parts an address is made of, with their byte ranges; the top-level domain is none.
fn parts(address: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut from = 0;
    let end = address.rfind('.').unwrap_or(address.len());
    for (i, c) in address[..end].char_indices() {
        if matches!(c, '.' | '-' | '_' | '+' | '@') {
            found.push((from, i));
            from = i + 1;
        }
    }
    found.push((from, end));
    found.retain(|(a, b)| b > a && address.is_char_boundary(*a));
    found
}

fn replaced(address: &str, from: usize, to: usize, with: &str) -> Option<String> {
    let new = format!("{}{with}{}", address.get(..from)?, address.get(to..)?);
    (new != address).then_some(new)
}

/// Letters replace the part of the address that is most like them.
fn spelled(address: &str, letters: &str) -> Option<String> {
    if !address.is_ascii() || address.contains(letters) {
        return None;
    }
    let (from, to) = part_like(address, letters)?;
    replaced(address, from, to, letters)
}

/// "sorry, dot co dot uk", "dot com dot n g.": a new end of the domain.
fn ending(address: &str, hint: &str) -> Option<String> {
    let head: String = hint.chars().take(80).collect();
    let items = lex::read(&head, &Context::default()).items;
    let lead = |i: &Item| {
        matches!(i.part, Part::Comma | Part::Stop | Part::Break)
            || i.part == Part::Word
                && (words::takes_back(&i.text)
                    || matches!(
                        i.text.as_str(),
                        "it's"
                            | "its"
                            | "that's"
                            | "is"
                            | "i"
                            | "so"
                            | "it"
                            | "yes"
                            | "with"
                            | "ah"
                    ))
    };
    let mut at = items.iter().position(|i| !lead(i))?;
    let negated = at.checked_sub(1).is_some_and(|i| items[i].text == "not");
    if negated {
        return None;
    }
    let mut end = String::new();
    while items.get(at).is_some_and(|i| i.part == Part::Dot && i.sure) {
        let found = tld_at(&items, at + 1).filter(|f| !f.guessed)?;
        end = if end.is_empty() { found.text } else { format!("{end}.{}", found.text) };
        at = found.next;
    }
    let (local, domain) = address.split_once('@')?;
    if end.is_empty() {
        return None;
    }
    let mut labels: Vec<&str> = domain.split('.').collect();
    labels.pop();
    if labels.len() > 1 && labels.last().is_some_and(|l| tld::is_layer(l)) {
        labels.pop();
    }
    let new = format!("{local}@{}.{end}", labels.join("."));
    (new != address && !labels.is_empty()).then_some(new)
}

fn norm(tokens: &[Token], at: usize) -> &str {
    tokens.get(at).map_or("", |t| t.norm.as_str())
}

fn letter(tokens: &[Token], at: usize) -> Option<char> {
    let word = norm(tokens, at);
    let word = word.strip_suffix("'s").unwrap_or(word);
    let mut chars = word.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) if c.is_ascii_alphabetic() => Some(c),
        _ => None,
    }
}

/// One remark on the spelling that starts at a token.
fn detail(address: &str, tokens: &[Token], at: usize) -> Option<String> {
    if !address.is_ascii() {
        return None;
    }
    match norm(tokens, at) {
        "with" if matches!(norm(tokens, at + 1), "a" | "an") => {
            let wanted = letter(tokens, at + 2)?;
            swap(address, &named_word(tokens, at)?, wanted)
        }
        "double" | "two" => double(address, tokens, at),
        "single" | "one" | "only" => single(address, tokens, at),
        "no" | "without" => drop_joiner(address, tokens, at),
        _ => None,
    }
}

/// The word a remark speaks of: before "with", or after "in".
fn named_word(tokens: &[Token], at: usize) -> Option<String> {
    let with = (at.saturating_sub(2)..=at).find(|i| norm(tokens, *i) == "with");
    let word = match with {
        Some(with) => with.checked_sub(1).and_then(|i| tokens.get(i)),
        None => {
            let place =
                |i: &usize| matches!(norm(tokens, *i), "in" | "of") && norm(tokens, i + 1) != "the";
            (at + 1..at + 5).find(place).and_then(|i| tokens.get(i + 1))
        }
    };
    word.map(|t| fold(&t.norm)).filter(|w| w.len() > 2 && !words::is_common(w))
}

/// The byte range of the part that is most like the word.
fn part_like(address: &str, word: &str) -> Option<(usize, usize)> {
    let hits = parts(address).into_iter().filter_map(|(a, b)| {
        let (from, to) = closest_part(address.get(a..b)?, word)?;
        let like = strsim::normalized_levenshtein(&address[a + from..a + to], word);
        Some((like, (a + from, a + to)))
    });
    hits.max_by(|x, y| x.0.total_cmp(&y.0)).map(|h| h.1)
}

/// Where a remark applies: its named word's part, or what is left to search without one.
fn place(
    address: &str,
    tokens: &[Token],
    at: usize,
    without: (usize, usize),
) -> Option<(usize, usize)> {
    match named_word(tokens, at) {
        Some(word) => part_like(address, &word),
        None => Some(without),
    }
}

/// Letters that sound alike: a remark "with a k" replaces one of the others.
const ALIKE: &[(char, &[&str])] = &[
    ('k', &["ck", "c", "q"]),
    ('c', &["k", "s", "z"]),
    ('q', &["kw", "k", "c"]),
    ('y', &["ie", "i", "j", "e"]),
    ('i', &["ee", "y", "e", "j"]),
    ('z', &["s", "c"]),
    ('s', &["z", "c"]),
    ('f', &["ph", "v"]),
    ('v', &["w", "f"]),
    ('w', &["v", "u"]),
    ('j', &["g", "y"]),
    ('g', &["j"]),
    ('d', &["t", "dt"]),
    ('t', &["d", "th"]),
    ('b', &["p"]),
    ('p', &["b"]),
    ('x', &["cks", "ks", "cs"]),
    ('n', &["m"]),
    ('m', &["n"]),
    ('e', &["a", "i", "y"]),
    ('a', &["e"]),
];

fn swap(address: &str, word: &str, wanted: char) -> Option<String> {
    let (from, to) = part_like(address, word)?;
    let part = address.get(from..to)?;
    if word.contains(wanted) && part.len().abs_diff(word.len()) < 2 {
        return replaced(address, from, to, word);
    }
    if part.contains(wanted) {
        return None;
    }
    let others = ALIKE.iter().find(|(c, _)| *c == wanted)?.1;
    let (i, old) = others.iter().find_map(|o| part.find(o).map(|i| (i, *o)))?;
    replaced(address, from + i, from + i + old.len(), &wanted.to_string())
}

/// "double r in serra", "two n's in the middle".
fn double(address: &str, tokens: &[Token], at: usize) -> Option<String> {
    let plural = norm(tokens, at) == "double" || norm(tokens, at + 1).ends_with("'s");
    let wanted = letter(tokens, at + 1).filter(|_| plural)?;
    let pair = format!("{wanted}{wanted}");
    let local = address.find('@').filter(|end| address[..*end].contains(wanted));
    let whole = local.or_else(|| address.rfind('.'))?;
    let (from, to) = place(address, tokens, at, (0, whole))?;
    let part = address.get(from..to)?;
    if part.contains(&pair) {
        return None;
    }
    let mut spots = part.match_indices(wanted).map(|(i, _)| i);
    let i = if tokens.iter().any(|t| t.norm == "middle") {
        spots.min_by_key(|i| (2 * i).abs_diff(part.len()))?
    } else {
        spots.next()?
    };
    replaced(address, from + i, from + i + 1, &pair)
}

/// "only one n": a doubled letter becomes single.
fn single(address: &str, tokens: &[Token], at: usize) -> Option<String> {
    let skip = usize::from(norm(tokens, at) == "only" && norm(tokens, at + 1) == "one");
    let wanted = letter(tokens, at + 1 + skip)?;
    if matches!(wanted, 'a' | 'i') && skip == 0 {
        return None;
    }
    let (from, to) = place(address, tokens, at, (0, address.rfind('.')?))?;
    let i = address.get(from..to)?.find(&format!("{wanted}{wanted}"))?;
    replaced(address, from + i, from + i + 2, &wanted.to_string())
}

/// "no dot", "without the hyphen", "no dot after the a".
fn drop_joiner(address: &str, tokens: &[Token], at: usize) -> Option<String> {
    let skip = usize::from(matches!(norm(tokens, at + 1), "a" | "the" | "any"));
    let mark = match norm(tokens, at + 1 + skip) {
        "dot" | "dots" | "point" => '.',
        "dash" | "hyphen" | "dashes" | "hyphens" | "minus" => '-',
        "underscore" | "underscores" => '_',
        _ => return None,
    };
    let (local, domain) = address.split_once('@')?;
    let next = at + 2 + skip;
    let after = if norm(tokens, next) == "after" {
        let named = next + 1 + usize::from(norm(tokens, next + 1) == "the");
        letter(tokens, named)
    } else {
        None
    };
    let kept = |text: &str| -> String {
        let mut last = None;
        let mut out = String::new();
        for c in text.chars() {
            if !(c == mark && (after.is_none() || after == last)) {
                out.push(c);
            }
            last = Some(c);
        }
        out
    };
    let domain = if mark == '.' { domain.to_owned() } else { kept(domain) };
    let new = format!("{}@{domain}", kept(local));
    (new != address && !new.starts_with('@')).then_some(new)
}
