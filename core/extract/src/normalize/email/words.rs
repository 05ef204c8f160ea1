//! Words that tell an address from the talk around it.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Everyday words: an address ends before them unless a dot or dash ties them to it.
const COMMON: &str = "a able about above absolutely account accounts actually address addresses \
after again ago all almost already alright also always am an analyst and another any anybody \
anyone anything anyway are area around as ask asked assistant at available away back bad based be \
because been before being best better between big bit both box brilliant business but buy by bye \
call called calls came can can't cannot card care ceo cfo check cheers cio colleague colleagues \
come comes company consultant contact contacts coo cool copy correct could cto customer customers \
day days dead definitely demo department did didn't different direct directly director do does \
doesn't doing domain don't done down drop each early easier easiest easy either else email emails \
emailed end engineer engineering enough er even event every everybody everyone everything exactly \
excellent expo fair fast few find fine first fire follow following for forward found founder from \
full get gets getting give given go goes going gone good goodbye got great guess guy guys had \
happy has have haven't having he he's head hear heard hello help her here here's hers hi him his \
hold home hope how however i i'd i'll i'm i've id if important in inbox information instead intern \
interested into invitation invite is isn't it it'd it'll it's its job join joined just keep kind \
know known last late later least let let's letter letters like line link linkedin little live \
located long look looked looking looks lot lots lovely lower mail mails main make makes man \
manager many may maybe me mean means meet meeting message met might mine minute moment month more \
morning most much must my myself name name's named names need needs never new next nice night no \
nobody none nope nor not nothing noted now number of off offer office official often oh ok okay \
old on once one ones only or order other our ours out over owner own page part party people \
perfect perhaps person personal phone please plus possible post pretty price pricing private \
probably problem product professional purchase put question quick quickly quite rather reach \
read ready real really reception remember reply report reports right said same save saw say \
saying says scratch see seen send sending sends sent share she she's short should show shown side \
sign since site so some somebody someone something sometimes soon sorry spell spelled spelling \
spells stand start started still stop stuff such super sure switch table take talk talked talking \
tell than thank thanks that that'd that'll that's thats the their them then there there's these \
they they're thing things think this those though thought through time title to today together \
told tomorrow too took trade tried try trying type typed um under until up us use used user uses \
using usually very via visit wait want wanted wants was way we we'd we'll we're we've web website \
week well went were what what's whatever when where which while who who's whole why will with \
within without woman won't word words work worked working works would write writing written wrong \
yeah year years yep yes yesterday yet you you'd you'll you're your yours yup capital uppercase \
lowercase case booth stall drop ping inside outside marked attention attn reached sat stayed \
goes-to hosted registered everything's buyer vendor partner president vp chief architect \
developer technician lead leads buying selling team product's presentation brochure catalogue \
details paper papers report quote quotes proposal sample samples data sheet training course \
again's ma'am sir mister mr mrs ms miss doctor dr hey gotcha alternatively preferably mostly \
generally currently formerly previously hang second jot note down's underneath below backup \
noise loud listen kindly officially simply basically obviously technically speaking believe \
suppose hm yourself himself herself themselves ourselves register download login subscribe apply \
browse search google studied study listed published posted ordered bought sold signup advertised \
built arrived visited installed deployed streaming sell built run running runs happens happening";

/// Mailboxes that are everyday words.
const ROLES: &str = "info sales contact office hello support admin mail team service purchasing \
procurement marketing hr jobs press orders reception enquiries inquiries accounts \
ap billing einkauf kontakt logistics operations ops lab warehouse planning projects \
facilities finance secretary buying shop store booking \
bookings customers quality export import buyer";

/// Words that a domain never holds between the at and the dot.
const NOT_DOMAIN: &str = "is that's thats it's i i'm you we he she they my your me no sorry but so \
because where when which who please was were it to if yes yeah okay then this wait not actually \
there what how can could would should will i'll i'd let's have has had do does did want";

/// What makes the words before "at" no mailbox: "the demo at", "head of sales at".
const ARTICLES: &[&str] = &[
    "the",
    "our",
    "their",
    "his",
    "her",
    "of",
    "in",
    "for",
    "a",
    "an",
    "this",
    "from",
    "by",
    "do",
    "run",
    "met",
    "saw",
    "find",
    "see",
    "visit",
    "check",
    "with",
    "about",
    "do",
    "doing",
    "i'm",
    "am",
    "some",
    "any",
    "new",
    "working",
    "work",
    "works",
    "head",
    "not",
    "be",
    "we",
    "i",
    "than",
    "more",
    "further",
    "additional",
];
const CUES: &[&str] = &[
    "email",
    "emails",
    "mail",
    "mails",
    "address",
    "inbox",
    "write",
    "send",
    "reach",
    "contact",
    "invite",
    "invitation",
    "copy",
    "cc",
    "forward",
    "emailed",
    "e",
    "drop",
    "ping",
    "mailbox",
];
const SITES: &[&str] =
    &["website", "site", "page", "visit", "www", "web", "url", "link", "browse", "homepage"];

type Set = LazyLock<HashSet<&'static str>>;
static COMMON_SET: Set = LazyLock::new(|| COMMON.split_whitespace().collect());
static ROLE_SET: Set = LazyLock::new(|| ROLES.split_whitespace().collect());
static DOMAIN_SET: Set = LazyLock::new(|| NOT_DOMAIN.split_whitespace().collect());

pub(super) fn is_common(word: &str) -> bool {
    COMMON_SET.contains(word)
}

pub(super) fn is_role(word: &str) -> bool {
    ROLE_SET.contains(word)
}

pub(super) fn ends_domain(word: &str) -> bool {
    DOMAIN_SET.contains(word)
}

pub(super) fn is_article(word: &str) -> bool {
    ARTICLES.contains(&word)
}

pub(super) fn is_cue(word: &str) -> bool {
    CUES.contains(&word)
}

pub(super) fn is_site(word: &str) -> bool {
    SITES.contains(&word)
}

/// What takes an address back.
pub(super) fn takes_back(word: &str) -> bool {
    matches!(
        word,
        "no" | "nope"
            | "sorry"
            | "wait"
            | "actually"
            | "rather"
            | "better"
            | "scratch"
            | "mean"
            | "instead"
            | "dead"
            | "now"
            | "anymore"
            | "changed"
            | "old"
            | "wrong"
            | "not"
            | "correction"
            | "make"
            | "oops"
    )
}

pub(super) fn is_filler(word: &str) -> bool {
    matches!(word, "uh" | "um" | "er" | "erm" | "uhm" | "ehm" | "hm" | "hmm" | "mm" | "ah" | "eh")
}
