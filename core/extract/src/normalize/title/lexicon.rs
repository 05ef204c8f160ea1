//! The tables of the title grammar, indexed by word.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use confee_domain::Seniority;

use super::functions::{FUNCTIONS, QUALIFIERS};
use super::heads::HEADS;
use super::mended::MENDED as SPELLINGS;
use super::words::Word;

/// What a head noun tells by itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct HeadNoun {
    pub(super) rank: Seniority,
    pub(super) function: &'static str,
    /// Whether it is a title without a cue or a known word before it.
    pub(super) strong: bool,
}

static HEAD_NOUNS: LazyLock<HashMap<String, HeadNoun>> = LazyLock::new(|| {
    let mut map = HashMap::new();
    for (rank, function, strong, words) in HEADS {
        let noun = HeadNoun { rank: *rank, function, strong: *strong };
        for w in words.split_whitespace() {
            map.entry(w.replace('_', " ")).or_insert(noun);
        }
    }
    map
});

static FUNCTION_OF: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let rows = FUNCTIONS.iter().flat_map(|(f, ws)| ws.split_whitespace().map(move |w| (w, *f)));
    let mut map = HashMap::new();
    for (w, f) in rows {
        map.entry(w.replace('_', " ")).or_insert(f);
    }
    map
});

static KNOWN: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let functions = FUNCTIONS.iter().flat_map(|(_, ws)| ws.split(['_', ' ']));
    functions
        .chain(QUALIFIERS.split(['_', ' ']))
        .map(str::trim)
        .filter(|w| !w.is_empty() && !matches!(*w, "and" | "new"))
        .map(str::to_owned)
        .collect()
});

static MENDED: LazyLock<HashMap<&'static str, &'static str>> =
    LazyLock::new(|| SPELLINGS.iter().copied().collect());

pub(super) fn mended() -> &'static HashMap<&'static str, &'static str> {
    &MENDED
}

/// The longest run of at most `max` words from `at` that a table knows, broken by no mark.
pub(super) fn longest<T>(
    words: &[Word],
    at: usize,
    max: usize,
    find: impl Fn(&str) -> Option<T>,
) -> Option<(usize, T)> {
    words.get(at)?;
    let most = (1..max).take_while(|i| words.get(at + i).is_some_and(|w| !w.breaks())).count() + 1;
    (1..=most).rev().find_map(|len| {
        if len == 1 {
            return find(&words[at].norm).map(|v| (1, v));
        }
        let key = words[at..at + len].iter().map(|w| w.norm.as_str()).collect::<Vec<_>>().join(" ");
        find(&key).map(|v| (len, v))
    })
}

/// The head noun that starts at a word, with its length; plurals give the singular's.
pub(super) fn head_at(words: &[Word], at: usize) -> Option<(usize, HeadNoun, bool)> {
    longest(words, at, 4, |key| HEAD_NOUNS.get(key).copied())
        .map(|(len, noun)| (len, noun, false))
        .or_else(|| {
            longest(words, at, 4, |key| HEAD_NOUNS.get(&singular(key)?).copied())
                .map(|(len, noun)| (len, noun, true))
        })
}

/// "managers" -> "manager"; unset for what is no plural.
pub(super) fn singular(word: &str) -> Option<String> {
    if let Some(stem) = word.strip_suffix("foremen") {
        return Some(format!("{stem}foreman"));
    }
    word.strip_suffix('s').filter(|s| s.len() > 1 && !s.ends_with('s')).map(str::to_owned)
}

/// The function that the first known run of these words tells, strong words first.
pub(super) fn function_of(words: &[Word]) -> Option<&'static str> {
    strong_function(words)
        .or_else(|| (0..words.len()).find_map(|at| function_at(words, at).map(|(_, f)| f)))
}

/// The function of the first run whose words tell one by themselves.
pub(super) fn strong_function(words: &[Word]) -> Option<&'static str> {
    (0..words.len())
        .find_map(|at| function_at(words, at).filter(|_| !words[at].among(WEAK)).map(|(_, f)| f))
}

/// Words that tell a function only where nothing else does: "technical sales engineer".
const WEAK: &str = "technical commercial digital operating scientific strategic chemical store \
    shop office floor line account category process plant port school campus \
    building factory generation export import theatre power lab test care";

/// The function named at a word, with the number of words it takes.
pub(super) fn function_at(words: &[Word], at: usize) -> Option<(usize, &'static str)> {
    longest(words, at, 4, |key| FUNCTION_OF.get(key).copied())
}

/// Whether a word may stand before a head noun.
pub(super) fn is_modifier(word: &Word) -> bool {
    KNOWN.contains(&word.norm)
}

const STOP: &str = "a an the and or but nor so yet if because while when where who whom whose which what why how \
    i me my mine myself you your yours he him his she her hers we us our ours they them their theirs \
    this that these those there here it's that's there's what's who's i'm you're he's she's we're they're \
    i've you've we've they've i'd you'd he'd she'd we'd they'd i'll you'll he'll she'll we'll they'll \
    of at with from in on over under by for to into onto about after before since until till during near \
    across between against without within through via per as than like is are was were be been being am \
    isn't aren't wasn't weren't do does did done doing don't doesn't didn't have has had having hasn't haven't \
    will would can could should shall may might must won't wouldn't can't cannot couldn't shouldn't \
    not no yes yeah yep yup nope ok okay well oh hi hello hey sorry please thanks thank right sure exactly \
    just only also too very really actually basically currently now then again still already even ever never always often \
    maybe perhaps probably kind sort got get gets getting go goes going gone come comes coming came \
    say says said tell tells told ask asks asked call calls called know knows known think thinks thought \
    want wants wanted need needs needed see sees saw seen look looks looking looked use uses used using \
    make makes made making take takes took taken give gives gave given find found keep keeps kept let lets \
    buy buys bought sell sells sold pay pays paid run runs running ran work works working worked \
    decide decides decided sign signs signed report reports reporting approve approves hire hires hired \
    replaced replace become became promoted appointed name names named been met meet meets talk talks talked \
    new current other another any some every each all both either neither many much more most few several \
    one two three four five six seven eight nine ten good great old big small little first-time own same \
    today tomorrow yesterday year month week down up out off back away around else anyway together \
    mister mr mrs ms dr lot bit thing things stuff guy guys man woman people's everybody somebody someone nobody anyone \
    former formerly previously ex retired formerly-known born based plus otherwise myself aren't ain't \
    speak speaking talked needs send sent bring brought show shows sits sit has had spent spend manage manages managed \
    handle handles lead_s leads led heads love hate likes loves hates wish hope hopes plan_s wear wears";

static STOPS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| STOP.split_whitespace().collect());

/// Function words, verbs and fillers that no title contains.
pub(super) fn is_stop(word: &Word) -> bool {
    STOPS.contains(word.norm.as_str())
        || !word.norm.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '&' | '\''))
}
