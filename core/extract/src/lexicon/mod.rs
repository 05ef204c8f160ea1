//! Word lists: ordinary words, given names, company nouns, and the words that end a name.

use std::sync::OnceLock;

use rustc_hash::FxHashSet;

const COMMON: &str = include_str!("common_words.txt");
const FIRST_NAMES: &str = include_str!("first_names.txt");

/// Nouns that a company's name often ends with.
const COMPANY_NOUNS: &str = "logistics freight shipping transport trucking lines airways airlines \
    rail foods food dairy bakery bakeries brewery breweries farms farm fisheries seafood meats \
    supermarkets stores retail fashion textiles furniture homes housing properties estates \
    construction builders contracting engineering engineers consulting consultants partners \
    partnership solutions systems software technologies technology tech labs laboratories lab \
    labs digital media studios studio robotics automation electronics electric energy power solar \
    wind oil gas petroleum mining minerals metals steel foundry castings plastics packaging paper \
    print printing chemicals pharma pharmaceuticals biotech medical medicals clinic clinics \
    hospital hospitals health healthcare homecare care dental university college school academy \
    institute ministry council municipality county borough bank insurance capital finance \
    financial holdings holding group industries industrial manufacturing works works precision \
    machining tools machines motors automotive auto aerospace aviation marine maritime port ports \
    hotels hotel resorts restaurants catering events exhibitions security services service supply \
    supplies distribution distributors trading trade traders imports exports wholesale networks \
    network telecom communications mobile wireless water utilities waste recycling environmental \
    landscaping gardens nurseries vineyards wines winery coffee beverages drinks brands cosmetics \
    beauty sports fitness leisure travel tours cooperative coop association society foundation \
    trust agency bureau gmbh ag kg inc incorporated ltd limited llc plc bv nv sa sas srl spa ab \
    as oy co corp corporation company pty pte sdn bhd borettslag ventures international global \
    worldwide brothers sons bros orchards museum school primary vets clinics mart \
    mills mill yard yards farms ranch estate cellars press publishing airlines ferries cruises cargo couriers express warehousing storage fulfilment fulfillment";

/// Words after which a lower-case name is over.
const STOPS: &str = "in at on out and but we i you the is are was were that which who uh um er so \
    because here there near since for from to over my our it it's they where just now today yes \
    yeah no ok okay right with i'm we're you're he she him her them this these those not or if \
    then when what how why about as by into have has had do does did can could would should will \
    shall may might must be been am us me your their his its a an of off up down well actually \
    basically also too very really please thanks thank hi hello nice good great only we've i've \
    there's that's he's she's they're what's let's don't can't won't isn't still again already";

/// Parts of names that stay lower case and never stand alone.
const PARTICLES: &str = "de da do dos das del della di du van von der den ter ten la le el al bin \
    ibn ben abu mac mc st saint y e zu zur af av";

fn set(text: &'static str) -> FxHashSet<&'static str> {
    text.lines().filter(|l| !l.starts_with('#')).flat_map(str::split_whitespace).collect()
}

macro_rules! lexicon {
    ($(#[$doc:meta])* $name:ident, $text:expr) => {
        $(#[$doc])*
        #[must_use]
        pub(crate) fn $name(word: &str) -> bool {
            static SET: OnceLock<FxHashSet<&'static str>> = OnceLock::new();
            SET.get_or_init(|| set($text)).contains(word)
        }
    };
}

lexicon!(
    /// Whether a lower-case word is a given name somewhere.
    is_first_name,
    FIRST_NAMES
);
lexicon!(
    /// Whether a lower-case word often ends a company's name.
    is_company_noun,
    COMPANY_NOUNS
);
lexicon!(
    /// Whether a lower-case word ends a name in text without capitals.
    is_stop,
    STOPS
);
lexicon!(
    /// Whether a lower-case word is a particle of names ("van", "al").
    is_particle,
    PARTICLES
);
lexicon!(listed_common, COMMON);

/// Whether a lower-case word is ordinary English, inflections included.
#[must_use]
pub(crate) fn is_common(word: &str) -> bool {
    let word = word.strip_suffix("'s").unwrap_or(word);
    if listed_common(word) || word.chars().count() < 2 {
        return true;
    }
    ["s", "es", "ed", "d", "ing", "ly", "er", "est", "ment", "n't"].iter().any(|suffix| {
        let Some(stem) = word.strip_suffix(suffix).filter(|s| s.len() > 2) else { return false };
        let doubled = stem.len() > 3 && matches!(*suffix, "ed" | "ing" | "er" | "est");
        listed_common(stem)
            || listed_common(&format!("{stem}e"))
            || stem.strip_suffix('i').is_some_and(|s| listed_common(&format!("{s}y")))
            || (doubled
                && stem.is_char_boundary(stem.len() - 1)
                && listed_common(&stem[..stem.len() - 1]))
    })
}

/// Acronyms that a title-cased company name keeps in capitals.
#[must_use]
pub(crate) fn is_acronym(word: &str) -> bool {
    matches!(
        word,
        "ag" | "bv"
            | "nv"
            | "sa"
            | "ab"
            | "llc"
            | "plc"
            | "it"
            | "uk"
            | "usa"
            | "us"
            | "eu"
            | "ibm"
            | "sap"
            | "bmw"
            | "abb"
            | "dhl"
            | "ups"
            | "gls"
            | "dpd"
            | "jcb"
            | "nhs"
            | "bp"
            | "hp"
            | "ge"
            | "kg"
            | "tv"
            | "hr"
            | "crm"
            | "erp"
            | "msc"
            | "cma"
            | "tu"
            | "eth"
            | "mit"
            | "ucl"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inflected_words_are_common_and_names_are_not() {
        for w in ["running", "companies", "stopped", "trays", "it's", "quickly", "problems", "a"] {
            assert!(is_common(w), "{w}");
        }
        for w in ["arvento", "verhoeven", "hanshow", "vusion", "dhaliwal", "žižka"] {
            assert!(!is_common(w), "{w}");
        }
    }

    #[test]
    fn lists_are_lower_case() {
        for list in [COMMON, FIRST_NAMES, COMPANY_NOUNS, STOPS, PARTICLES] {
            for w in set(list) {
                assert_eq!(w, w.to_lowercase());
            }
        }
    }
}
