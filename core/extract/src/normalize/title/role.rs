//! Functions without a title: "I run procurement", "I'm in charge of logistics", "it's my own
//! company", "I study at ...".

use confee_domain::{Seniority, Title};

use super::lexicon::{function_at, head_at, is_modifier, is_stop};
use super::words::{Word, listed};

/// Words `from..to` that say what the speaker does.
pub(super) struct Role {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) title: Title,
}

const ADVERBS: &str = "basically actually currently just also really mostly kind sort of now only \
    more or less mainly pretty much personally still more well like so usually \
    one the person who guy woman man that both technically overall ultimately \
    jointly";
/// What a person does who heads a function; the words after the subject.
const LEADING: &str = "run|runs|lead|leads|head up|heads up|head|oversee|manage|handle|supervise|own|\
    look after|looks after|take care of|takes care of|handles|manages|oversees|\
    am responsible for|am in charge of|direct|have responsibility for|\
    carry responsibility for|answer for|coordinate";
const BEING_LEADING: &str = "responsible for|in charge of|accountable for|leading|running|heading up|\
    heading|looking after|managing|handling|overseeing|responsible of|\
    responsible in|charge of|taking care of|over";
const WORKING: &str = "work in|work on|work with|work for|sit in|do|work within|belong to|come from|\
    work at|am in";
const BEING_WORKING: &str = "in|with|on|from|part of|working in|doing|working on|a member of|working for|\
    employed in|mostly in|mainly in|over in|out of|more in|more on|down in";
const OBJECT: &[(&str, &str)] = &[
    ("books", "finance"),
    ("money", "finance"),
    ("numbers", "finance"),
    ("machines", "production"),
    ("phones", "it"),
    ("suppliers", "procurement"),
    ("vendors", "procurement"),
    ("hiring", "hr"),
    ("laptops", "it"),
    ("wards", "clinical"),
    ("lorries", "logistics"),
    ("hospital's", "clinical"),
    ("ordering", "procurement"),
    ("technique", "engineering"),
    ("drivers", "logistics"),
    ("firewalls", "it"),
    ("hr", "hr"),
    ("warehouse's", "logistics"),
    ("lines", "production"),
    ("bookkeeping", "finance"),
    ("wages", "finance"),
];
const BUSINESS: &str = "company business firm shop bakery restaurant hotel practice studio agency \
    consultancy startup farm garage brewery café cafe clinic workshop place \
    outfit salon store boutique start winery butcher's dealership gym pub bar \
    surgery pharmacy nursery";

/// The role that starts at a word, unless it is negated, past or another person's.
pub(super) fn at(words: &[Word], i: usize, cased: bool) -> Option<Role> {
    let w = &words[i];
    match w.norm.as_str() {
        "i" | "i'm" => first_person(words, i, cased),
        "my" | "it's" | "our" => own_company(words, i),
        "writing" => study(words, i, i),
        _ => None,
    }
}

fn first_person(words: &[Word], i: usize, cased: bool) -> Option<Role> {
    let being = words[i].norm == "i'm";
    if i > 0
        && !words[i].breaks()
        && words[i - 1].among("if do am can should when before until wish")
    {
        return None;
    }
    let k = skip(words, i + 1, ADVERBS);
    if k > i + 1 && words[k - 1].norm == "not" {
        return None;
    }
    owning(words, i, k, being)
        .or_else(|| study(words, i, k))
        .or_else(|| {
            functional(
                words,
                i,
                k,
                if being { BEING_LEADING } else { LEADING },
                Seniority::Head,
                cased,
            )
        })
        .or_else(|| {
            functional(
                words,
                i,
                k,
                if being { BEING_WORKING } else { WORKING },
                Seniority::Individual,
                cased,
            )
        })
}

/// The words of a phrase at a place; its end.
fn phrase(words: &[Word], at: usize, text: &str) -> Option<usize> {
    let mut k = at;
    for part in text.split(' ') {
        let w = words.get(k)?;
        if w.norm != part || k > at && w.breaks() {
            return None;
        }
        k += 1;
    }
    Some(k)
}

fn any_phrase(words: &[Word], at: usize, list: &str) -> Option<usize> {
    list.split('|').filter_map(|p| phrase(words, at, p)).max()
}

fn skip(words: &[Word], mut at: usize, list: &str) -> usize {
    while words.get(at).is_some_and(|w| !w.sentence && w.among(list)) {
        at += 1;
    }
    at
}

const DETERMINERS: &str = "the our all my whole entire their of everything around to do with in global \
    one a three two four five six both group most some anything team department \
    crew forty twenty thirty fifty ten eight seven nine twelve day a";

fn functional(
    words: &[Word],
    i: usize,
    at: usize,
    verbs: &str,
    rank: Seniority,
    cased: bool,
) -> Option<Role> {
    let object = any_phrase(words, at, verbs)?;
    let verb = words[object - 1].norm.clone();
    let mut k = skip(words, object, DETERMINERS);
    let article = k > object && words[k - 1].norm == "a";
    let mut modifiers = 0;
    while words.get(k).is_some_and(|w| {
        !w.breaks()
            && modifiers < 3
            && function_at(words, k).is_none()
            && object_noun(w).is_none()
            && (is_modifier(w) || !is_stop(w))
    }) {
        k += 1;
        modifiers += 1;
    }
    let w = words.get(k).filter(|w| !w.sentence)?;
    let (len, function) = function_at(words, k).or_else(|| object_noun(w).map(|f| (1, f)))?;
    let end = k + len;
    if words[k].norm == "people" && words[k - 1].norm != "and" {
        return None;
    }
    let loose = rank == Seniority::Individual;
    if loose && modifiers > usize::from(verb != "do")
        || pronoun(words, k, object, &verb, cased)
        || led_title(words, k, end)
    {
        return None;
    }
    let next = words.get(end).filter(|n| !n.breaks());
    let department =
        next.is_some_and(|n| n.among("department team side division group office unit"));
    let vague = loose
        && matches!(verb.as_str(), "with" | "on" | "from" | "for" | "of" | "at" | "to")
        && !department;
    let compound = loose && next.is_some_and(|n| !is_stop(n) && !department && !n.is(&["side"]));
    let company = article && next.is_some_and(|n| n.among(BUSINESS));
    let odd = vague || compound || company || loose && article;
    (!odd).then(|| Role {
        from: i,
        to: end + usize::from(department),
        title: Title { title: None, seniority: rank, function: Some(function.to_owned()) },
    })
}

/// "I run a team of ... managers": a title follows, which another rule reads.
fn led_title(words: &[Word], at: usize, end: usize) -> bool {
    head_at(words, at).is_some_and(|(n, ..)| n > 1)
        || words
            .get(end)
            .is_some_and(|w| !w.breaks() && head_at(words, end).is_some() && !w.is(&["lead"]))
}

fn object_noun(w: &Word) -> Option<&'static str> {
    OBJECT.iter().find(|(o, _)| *o == w.norm).map(|o| o.1)
}

/// Whether "it" is the pronoun: "I run it", but "I'm in IT", "I run it for a hospital".
fn pronoun(words: &[Word], k: usize, object: usize, verb: &str, cased: bool) -> bool {
    let w = &words[k];
    if w.norm != "it" || w.text == "IT" || k > object && !words[k - 1].is(&["of", "all"]) {
        return false;
    }
    let next = words.get(k + 1).filter(|n| !n.breaks());
    let placed = next.is_some_and(|n| {
        n.is(&["at", "for", "here", "over"])
            || n.is(&["and"]) && function_at(words, k + 2).is_some()
    });
    let likely = matches!(verb, "in" | "of" | "for") && (next.is_none() || placed) && !cased;
    let money = next.is_some_and(|n| n.is(&["for"]))
        && words.get(k + 2).is_some_and(|n| {
            n.is(&["the", "myself", "a", "you", "me"]) && verb != "in" || n.is(&["money", "life"])
        })
        || phrase(words, k + 1, "for the money").is_some();
    let read = likely || placed && !cased && !verb.starts_with("work on");
    money || !read
}

fn owner(from: usize, to: usize) -> Role {
    Role { from, to, title: Title { title: None, seniority: Seniority::Owner, function: None } }
}

/// "I own the company", "I run my own shop", "I'm self-employed".
fn owning(words: &[Word], i: usize, at: usize, being: bool) -> Option<Role> {
    if being {
        return any_phrase(words, at, "self employed|my own boss|the boss of my own")
            .map(|to| owner(i, to));
    }
    if let Some(to) = any_phrase(
        words,
        at,
        "work for myself|started the company|founded the company|founded it|\
            started this company|founded this company|started the business|own the place",
    ) {
        return Some(owner(i, to));
    }
    let own = any_phrase(
        words,
        at,
        "own|co own|run my own|have my own|started my own|founded my own|\
            have got my own|run my|run a|run a small|run a little|run a family|\
            own and run|set up my own",
    )?;
    let k = skip(
        words,
        own,
        "a the my this small little family half of part own an two three four five several some few",
    );
    (k..(k + 3).min(words.len()))
        .take_while(|j| !words[*j].sentence && (*j == k || !is_stop(&words[*j])))
        .find(|j| {
            let plural = words[*j].norm.strip_suffix('s');
            words[*j].among(BUSINESS) || plural.is_some_and(|one| listed(BUSINESS, one))
        })
        .map(|j| owner(i, j + 1))
}

/// "it's my own company", "my own firm".
fn own_company(words: &[Word], i: usize) -> Option<Role> {
    let cued = words[i].norm == "it's"
        || words[i].norm != "our"
            && words.get(i + 1).is_some_and(|w| w.norm == "own")
            && (i == 0
                || !words[i - 1].among("in for of to at from with have")
                || words[i].breaks());
    let k = skip(words, i, "it's my our own little small family");
    let own = words[i..k].iter().any(|w| w.is(&["my"]))
        && words[i..k].iter().any(|w| w.is(&["own", "it's"]));
    (cued
        && own
        && words.get(k).is_some_and(|w| {
            w.among(BUSINESS) && !w.is(&["place", "practice", "start"]) && !w.breaks()
        }))
    .then(|| owner(i, k + 1))
}

fn study(words: &[Word], i: usize, at: usize) -> Option<Role> {
    let student = Title { title: None, seniority: Seniority::Student, function: None };
    let intern = Title { title: None, seniority: Seniority::Intern, function: None };
    const STUDY: &str = "study|studying|writing my thesis|writing my master's|writing my masters|\
    writing my bachelor|writing my bachelor's|writing my dissertation|\
    doing my master's|doing my masters|doing my phd|doing a phd|doing my bachelor|\
    doing my bachelor's|doing a master's|doing a masters|doing my doctorate|\
    doing my thesis|doing my mba|doing an mba|go to university|go to uni|\
    at university|at uni|still at university|still at uni|still at school|\
    in my final year|in my last year|writing a thesis|writing my master|\
    doing my master|writing the master thesis";
    const INTERN: &str = "doing an internship|doing my internship|on an internship|interning|\
    doing an apprenticeship|doing my apprenticeship|on a placement|\
    doing a placement";
    let past = i > 0 && !words[i].breaks() && words[i - 1].is(&["used", "when"]);
    if past {
        return None;
    }
    if words[i].is(&["i"]) && at > i && words.get(at).is_some_and(|w| w.norm == "study") {
        let object =
            words.get(at + 1).is_some_and(|w| w.is(&["the", "your", "it", "this", "that", "how"]));
        return (!object).then_some(Role { from: i, to: at + 1, title: student });
    }
    any_phrase(words, at, STUDY)
        .map(|to| (to, student))
        .or_else(|| any_phrase(words, at, INTERN).map(|to| (to, intern)))
        .map(|(to, title)| Role { from: i, to, title })
}
