use super::lexicon::{is_number_word, is_scale_word};
use crate::text::{Kind, Token, tokenize};

const FILLERS: [&str; 14] =
    ["uh", "um", "er", "erm", "eh", "ehm", "ah", "hm", "hmm", "mhm", "uhm", "umm", "uhh", "äh"];

/// Tokens as the grammar reads them: without fillers and stutters, contractions written out,
/// misheard number and currency words put right where their neighbours tell.
pub(super) fn prepare(text: &str) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    for token in tokenize(text) {
        push_expanded(&mut out, token);
    }
    let out = drop_noise(out);
    let out = mend_numbers(out);
    mend_currencies(out)
}

fn word(like: &Token, norm: &str) -> Token {
    Token { norm: norm.to_owned(), ..like.clone() }
}

fn push_expanded(out: &mut Vec<Token>, token: Token) {
    let norm = token.norm.as_str();
    let pair: Option<(&str, &str)> = match norm {
        "can't" | "cant" | "cannot" => Some(("can", "not")),
        "won't" | "wont" => Some(("will", "not")),
        "gonna" => Some(("going", "to")),
        "gotta" => Some(("got", "to")),
        "theres" => Some(("there", "is")),
        "thats" => Some(("that", "is")),
        "weve" => Some(("we", "have")),
        "ive" => Some(("i", "have")),
        "theyve" => Some(("they", "have")),
        "youve" => Some(("you", "have")),
        "dunno" => Some(("not", "know")),
        "nobodys" => Some(("nobody", "is")),
        "havent" => Some(("have", "not")),
        "hasnt" => Some(("has", "not")),
        "dont" => Some(("do", "not")),
        "doesnt" => Some(("does", "not")),
        "didnt" => Some(("did", "not")),
        "isnt" => Some(("is", "not")),
        "wasnt" => Some(("was", "not")),
        "arent" => Some(("are", "not")),
        "k's" | "ks" => Some(("k", "is")),
        _ => None,
    };
    if let Some((a, b)) = pair {
        out.push(word(&token, a));
        out.push(word(&token, b));
        return;
    }
    let endings = [
        ("n't", "not"),
        ("'s", "is"),
        ("'ve", "have"),
        ("'re", "are"),
        ("'d", "would"),
        ("'ll", "will"),
        ("'m", "am"),
    ];
    for (ending, full) in endings {
        if let Some(stem) = norm.strip_suffix(ending).filter(|s| !s.is_empty()) {
            let (first, second) = (word(&token, stem), word(&token, full));
            out.push(first);
            out.push(second);
            return;
        }
    }
    out.push(token);
}

/// Fillers with the comma after them, glued hyphens between words, and stuttered numbers.
fn drop_noise(tokens: Vec<Token>) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut skip_comma = false;
    for (i, t) in tokens.iter().enumerate() {
        let filler = t.kind == Kind::Word && FILLERS.contains(&t.norm.as_str());
        if filler || (skip_comma && t.is_mark(',')) {
            skip_comma = filler;
            continue;
        }
        skip_comma = false;
        let next = tokens.get(i + 1);
        let hyphen = (t.is_mark('-') || t.is_mark('‑'))
            && next.is_some_and(|n| n.kind == Kind::Word)
            && out.last().is_some_and(|p| p.kind != Kind::Mark);
        let stutter = out.last().is_some_and(|p| {
            p.norm == t.norm
                && p.kind == Kind::Word
                && (is_number_word(&t.norm) || t.is(&["to", "and", "a", "about", "for"]))
        });
        let second = next.is_some_and(|n| small_unit(&n.norm)) && tens_word(&t.norm);
        let hedge = t.is(&["ish", "odd"]) && i > 0
            || t.norm == "sort" && next.is_some_and(|n| n.norm == "of")
            || t.norm == "of" && i > 0 && tokens[i - 1].norm == "sort";
        if !hyphen && !hedge && (second || !stutter) {
            out.push(t.clone());
        }
    }
    out
}

fn mend_numbers(mut tokens: Vec<Token>) -> Vec<Token> {
    for i in 0..tokens.len() {
        let next = tokens.get(i + 1).map_or("", |t| t.norm.as_str());
        let next_scale = is_scale_word(next) || next == "hundred";
        let before = i.checked_sub(1).map(|p| &tokens[p]);
        let number_before =
            before.is_some_and(|t| t.kind == Kind::Number || is_number_word(&t.norm));
        let lead = before.is_some_and(|t| {
            t.is(&["up", "close", "near", "down", "max", "add", "equivalent", "next", "go", "grow"])
        });
        let mended = match tokens[i].norm.as_str() {
            "for" | "fore" | "foer" if next_scale && !number_before => "four",
            "to" if next_scale && !number_before && !lead && next != "k" => "two",
            "too" | "tu" if next_scale => "two",
            "for" if next == "and" && before.is_some_and(|t| t.norm == "between") => "four",
            "to" if next == "and" && before.is_some_and(|t| t.norm == "between") => "two",
            "won" if next_scale || next == "point" || tens_word(next) && i > 0 => "one",
            "ate" if next_scale => "eight",
            "tree" | "free" if next_scale => "three",
            "sicks" | "sex" if next_scale => "six",
            "nein" if next_scale => "nine",
            "tan" | "den" if next_scale => "ten",
            "fife" => "five",
            "fourty" | "forti" | "fordy" if next != "niner" => "forty",
            "fity" | "fivty" | "fiddy" => "fifty",
            "sixt" => "sixty",
            "thirdy" => "thirty",
            "eightie" | "aidy" => "eighty",
            "tousand" | "thousend" | "thousant" | "thousan" | "tausend" | "mille"
                if number_before =>
            {
                "thousand"
            }
            "hundert" | "hunderd" | "hundread" => "hundred",
            "mil" | "mill" | "mils" | "m" | "millon" | "milion"
                if number_before || part_before(&tokens, i) =>
            {
                "million"
            }
            "mio" | "mln" if number_before => "million",
            "tsd" if number_before => "thousand",
            "cr" if number_before => "crore",
            "okay" if number_before && next == "euros" => "k",
            "cay" | "ok" if number_before && i + 1 == tokens.len() => continue,
            "kay" | "cay" if number_before => "k",
            _ => continue,
        };
        tokens[i].norm = mended.to_owned();
    }
    tokens
}

/// "half a", "quarter", "a quarter of a".
fn part_before(tokens: &[Token], i: usize) -> bool {
    tokens[i.saturating_sub(3)..i].iter().any(|t| t.is(&["half", "quarter"]))
        && i > 0
        && tokens[i - 1].is(&["half", "quarter", "a", "of"])
}

fn small_unit(norm: &str) -> bool {
    ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"].contains(&norm)
}

fn tens_word(norm: &str) -> bool {
    norm.ends_with("ty") && is_number_word(norm)
}

/// "fifty thousand your rows" and other mishearings of currencies after a large number.
fn mend_currencies(tokens: Vec<Token>) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut i = 0;
    while i < tokens.len() {
        let large = out.last().is_some_and(|t| {
            is_scale_word(&t.norm)
                || t.norm == "hundred"
                || t.kind == Kind::Number && t.text.len() > 3
        });
        let next = tokens.get(i + 1).map_or("", |t| t.norm.as_str());
        let third = tokens.get(i + 2).map_or("", |t| t.norm.as_str());
        let (mended, used) = match (tokens[i].norm.as_str(), next) {
            (
                "your" | "you're" | "you" | "year",
                "rows" | "row" | "olds" | "rose" | "roads" | "rolls",
            ) if large => ("euros", 2),
            ("neuro" | "neuros" | "heroes" | "eurose" | "yours" | "uros" | "yuros", _) if large => {
                ("euros", 1)
            }
            ("frank" | "franks" | "franc's", _) if large => ("francs", 1),
            ("quit" | "squid", _) if large => ("quid", 1),
            ("shackles" | "shackle", _) if large => ("shekels", 1),
            ("slotties" | "slotty" | "zlotties" | "zlotis", _) if large => ("zloty", 1),
            ("rant" | "rents" | "ran", _) if large => ("rand", 1),
            ("rials" | "reels" | "rails", _) if large => ("riyals", 1),
            ("corona" | "corunas" | "corunna", _) if large => ("koruna", 1),
            ("bot" | "bought", _) if large => ("baht", 1),
            ("u" | "e" | "g" | "a" | "c" | "s" | "n" | "d" | "j", _)
                if spelled(&tokens[i].norm, next, third).is_some() =>
            {
                (spelled(&tokens[i].norm, next, third).unwrap_or(""), 3)
            }
            _ => ("", 1),
        };
        let mut token = tokens[i].clone();
        if !mended.is_empty() {
            mended.clone_into(&mut token.norm);
            token.end = tokens[(i + used - 1).min(tokens.len() - 1)].end;
        }
        out.push(token);
        i += used;
    }
    out
}

fn spelled(a: &str, b: &str, c: &str) -> Option<&'static str> {
    Some(match (a, b, c) {
        ("u", "s", "d") => "usd",
        ("e", "u", "r") => "eur",
        ("g", "b", "p") => "gbp",
        ("a", "e", "d") => "aed",
        ("a", "u", "d") => "aud",
        ("c", "a", "d") => "cad",
        ("c", "h", "f") => "chf",
        ("s", "g", "d") => "sgd",
        ("s", "e", "k") => "sek",
        ("n", "o", "k") => "nok",
        ("d", "k", "k") => "dkk",
        ("j", "p", "y") => "jpy",
        _ => return None,
    })
}
