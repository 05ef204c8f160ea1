use crate::text::{Kind, Token};

/// A currency as it was said.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Said {
    /// ISO 4217, where no context says another of the family.
    pub(super) iso: &'static str,
    /// Currencies that share the word ("dollars"); empty where the word is clear.
    pub(super) family: &'static [&'static str],
}

impl Said {
    fn clear(iso: &'static str) -> Self {
        Self { iso, family: &[] }
    }

    /// The code, with the event's currency where it is one of the family.
    pub(super) fn resolve(self, default: Option<&str>) -> String {
        default
            .filter(|d| self.family.iter().any(|f| f.eq_ignore_ascii_case(d)))
            .map_or_else(|| self.iso.to_owned(), str::to_uppercase)
    }
}

const DOLLARS: &[&str] = &["USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "JMD", "FJD", "NAD"];
const KRONER: &[&str] = &["NOK", "DKK", "SEK", "ISK"];
const CROWNS: &[&str] = &["CZK", "NOK", "DKK", "SEK", "ISK"];
const PESOS: &[&str] = &["MXN", "CLP", "COP", "ARS", "PHP", "UYU", "DOP"];
const POUNDS: &[&str] = &["GBP", "EGP", "LBP"];
const FRANCS: &[&str] = &["CHF", "XOF", "XAF"];
const RUPEES: &[&str] = &["INR", "PKR", "LKR", "NPR", "MUR"];
const RIYALS: &[&str] = &["SAR", "QAR", "OMR", "YER", "IRR"];
const DIRHAMS: &[&str] = &["AED", "MAD"];
const DINARS: &[&str] = &["KWD", "BHD", "JOD", "TND", "RSD", "IQD", "DZD"];
const SHILLINGS: &[&str] = &["KES", "UGX", "TZS"];

/// The currency a word names by itself.
pub(super) fn word(norm: &str) -> Option<Said> {
    let (iso, family): (&'static str, &'static [&'static str]) = match norm {
        "euro" | "euros" | "€" | "euroes" | "euro's" => ("EUR", &[]),
        "dollar" | "dollars" | "buck" | "bucks" | "$" | "dollers" => ("USD", DOLLARS),
        "pound" | "pounds" => ("GBP", POUNDS),
        "quid" | "sterling" | "£" => ("GBP", &[]),
        "franc" | "francs" | "franken" | "sfr" => ("CHF", FRANCS),
        "kronor" | "krona" => ("SEK", KRONER),
        "kroner" | "krone" | "kr" | "kroners" | "crone" | "crones" => ("NOK", KRONER),
        "koruna" | "korunas" | "korun" | "koruny" | "kč" => ("CZK", &[]),
        "crown" | "crowns" => ("CZK", CROWNS),
        "zloty" | "zlotys" | "zloties" | "złoty" | "złotych" | "zł" | "zlotych" => ("PLN", &[]),
        "forint" | "forints" | "ft" => ("HUF", &[]),
        "yen" | "¥" => ("JPY", &[]),
        "yuan" | "rmb" | "renminbi" => ("CNY", &[]),
        "rupee" | "rupees" | "rs" | "₹" | "rupies" | "ruppees" => ("INR", RUPEES),
        "reais" | "reals" | "brazilian" | "reales" => ("BRL", &[]),
        "peso" | "pesos" => ("MXN", PESOS),
        "rand" | "rands" => ("ZAR", &[]),
        "dirham" | "dirhams" | "durham" | "durhams" | "dhs" | "dirhems" => ("AED", DIRHAMS),
        "riyal" | "riyals" | "rial" | "rials" => ("SAR", RIYALS),
        "dinar" | "dinars" => ("KWD", DINARS),
        "shekel" | "shekels" | "₪" => ("ILS", &[]),
        "lira" | "liras" | "₺" => ("TRY", &[]),
        "won" | "₩" => ("KRW", &[]),
        "naira" | "nairas" | "₦" => ("NGN", &[]),
        "baht" | "bahts" | "฿" => ("THB", &[]),
        "ringgit" | "ringgits" | "ringit" | "rm" => ("MYR", &[]),
        "shilling" | "shillings" => ("KES", SHILLINGS),
        "lei" | "leu" => ("RON", &[]),
        "leva" => ("BGN", &[]),
        "hryvnia" | "₴" => ("UAH", &[]),
        "ruble" | "rubles" | "₽" => ("RUB", &[]),
        "rupiah" => ("IDR", &[]),
        "dong" | "₫" => ("VND", &[]),
        _ => return None,
    };
    Some(Said { iso, family })
}

/// The currency of a country's adjective, and how many tokens it takes.
fn nation(tokens: &[Token], at: usize) -> Option<(&'static str, usize)> {
    let norm = |i: usize| tokens.get(i).map_or("", |t| t.norm.as_str());
    let iso = match (norm(at), norm(at + 1)) {
        ("hong", "kong") => return Some(("HKD", 2)),
        ("new", "zealand") => return Some(("NZD", 2)),
        ("south", "african") => return Some(("ZAR", 2)),
        ("sri", "lankan") => return Some(("LKR", 2)),
        ("south", "korean") => return Some(("KRW", 2)),
        ("u", "s") => return Some(("USD", 2)),
        ("us" | "american" | "usa", _) => "USD",
        ("canadian" | "canada" | "can", _) => "CAD",
        ("australian" | "aussie" | "australia", _) => "AUD",
        ("kiwi" | "nz", _) => "NZD",
        ("singapore" | "singaporean" | "sing", _) => "SGD",
        ("taiwan" | "taiwanese", _) => "TWD",
        ("british" | "uk", _) => "GBP",
        ("swiss", _) => "CHF",
        ("norwegian", _) => "NOK",
        ("danish", _) => "DKK",
        ("swedish", _) => "SEK",
        ("icelandic", _) => "ISK",
        ("czech", _) => "CZK",
        ("polish", _) => "PLN",
        ("hungarian", _) => "HUF",
        ("mexican", _) => "MXN",
        ("chilean", _) => "CLP",
        ("colombian", _) => "COP",
        ("argentine" | "argentinian", _) => "ARS",
        ("philippine" | "filipino", _) => "PHP",
        ("egyptian", _) => "EGP",
        ("indian", _) => "INR",
        ("pakistani", _) => "PKR",
        ("nepali" | "nepalese", _) => "NPR",
        ("saudi", _) => "SAR",
        ("qatari", _) => "QAR",
        ("omani", _) => "OMR",
        ("emirati" | "uae", _) => "AED",
        ("moroccan", _) => "MAD",
        ("kuwaiti", _) => "KWD",
        ("bahraini", _) => "BHD",
        ("jordanian", _) => "JOD",
        ("tunisian", _) => "TND",
        ("serbian", _) => "RSD",
        ("japanese", _) => "JPY",
        ("chinese", _) => "CNY",
        ("korean", _) => "KRW",
        ("turkish", _) => "TRY",
        ("israeli", _) => "ILS",
        ("thai", _) => "THB",
        ("malaysian", _) => "MYR",
        ("kenyan", _) => "KES",
        ("ugandan", _) => "UGX",
        ("brazilian", _) => "BRL",
        _ => return None,
    };
    Some((iso, 1))
}

const CODES: [&str; 34] = [
    "EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "CZK", "PLN", "HUF", "AUD", "CAD", "NZD",
    "SGD", "HKD", "JPY", "CNY", "INR", "BRL", "ZAR", "AED", "SAR", "ILS", "KRW", "THB", "MYR",
    "MXN", "QAR", "KWD", "NGN", "TWD", "ISK", "KES", "EGP",
];
/// Codes that are English words in lower case.
const CAPITAL_CODES: [&str; 7] = ["TRY", "RON", "ARS", "CLP", "COP", "PHP", "MAD"];

/// An ISO code or a written form with a letter before the sign ("A$", "US$", "R$").
fn code(token: &Token) -> Option<&'static str> {
    let upper = token.norm.to_uppercase();
    CODES
        .iter()
        .find(|c| **c == upper)
        .or_else(|| CAPITAL_CODES.iter().find(|c| **c == token.text))
        .copied()
}

fn prefixed_sign(tokens: &[Token], at: usize) -> Option<&'static str> {
    let sign = tokens.get(at + 1)?;
    if !(sign.is_mark('$') && sign.glued) {
        return None;
    }
    Some(match tokens[at].norm.as_str() {
        "us" | "u" => "USD",
        "a" | "au" => "AUD",
        "c" | "ca" | "can" => "CAD",
        "s" | "sg" => "SGD",
        "hk" => "HKD",
        "nz" => "NZD",
        "nt" => "TWD",
        "r" => "BRL",
        "mx" => "MXN",
        _ => return None,
    })
}

/// The currency that starts at a token, and the index after it: "euros", "US dollars", "CHF".
pub(super) fn at(tokens: &[Token], at: usize) -> Option<(Said, usize)> {
    let first = tokens.get(at)?;
    if let Some(iso) = prefixed_sign(tokens, at) {
        return Some((Said::clear(iso), at + 2));
    }
    if let Some((iso, n)) = nation(tokens, at)
        && let Some(said) = tokens.get(at + n).and_then(|t| word(&t.norm))
    {
        let fits = said.iso == iso || said.family.contains(&iso) || iso == "GBP";
        if fits {
            return Some((Said::clear(iso), at + n + 1));
        }
    }
    if let Some(iso) = code(first) {
        return Some((Said::clear(iso), at + 1));
    }
    let said = word(&first.norm)?;
    if first.norm == "pounds" && tokens.get(at + 1).is_some_and(|t| t.norm == "sterling") {
        return Some((Said::clear("GBP"), at + 2));
    }
    match nation(tokens, at + 1) {
        Some((iso, n)) if said.family.contains(&iso) && !noun_follows(tokens, at + 1 + n) => {
            Some((Said::clear(iso), at + 1 + n))
        }
        _ => Some((said, at + 1)),
    }
}

/// A country's adjective alone, as in "forty k australian", where no noun follows it.
pub(super) fn nation_alone(tokens: &[Token], at: usize) -> Option<(Said, usize)> {
    let (iso, n) = nation(tokens, at)?;
    let short = tokens[at].is(&["can", "us", "new", "hong", "sing"]);
    let last = tokens.get(at + n).is_none_or(|t| {
        t.kind == Kind::Mark || t.is(&["for", "a", "per", "in", "max", "tops", "total", "and"])
    });
    let clear = (!short || last && tokens[at].norm == "us") && !noun_follows(tokens, at + n);
    clear.then_some((Said::clear(iso), at + n))
}

fn noun_follows(tokens: &[Token], at: usize) -> bool {
    tokens
        .get(at)
        .is_some_and(|t| t.kind == Kind::Word && !super::lexicon::is_function_word(&t.norm))
}

/// A sign or code that may stand before the number ("€", "USD", "Rs.", "R").
pub(super) fn before_number(tokens: &[Token], i: usize) -> Option<(Said, usize)> {
    let first = tokens.get(i)?;
    let written = first.kind == Kind::Mark
        || code(first).is_some()
        || prefixed_sign(tokens, i).is_some()
        || first.is(&["rs", "rm", "dhs", "sfr", "kr", "euro", "rmb"]);
    if written {
        let (said, mut next) = at(tokens, i)?;
        next += usize::from(tokens.get(next).is_some_and(|t| t.is_mark('.') && t.glued));
        return Some((said, next));
    }
    let rand = first.text == "R"
        && tokens
            .get(i + 1)
            .is_some_and(|t| t.kind == Kind::Number && (t.glued || t.text.len() >= 5));
    rand.then_some((Said::clear("ZAR"), i + 1))
}
