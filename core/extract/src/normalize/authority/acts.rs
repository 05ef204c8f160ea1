//! What people do in a purchase, without saying who does it: rows of the pattern language.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::pattern::Pattern;
use crate::normalize::title::words::Word;

/// The part an act plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    /// Settles the purchase: signs, chooses, has the last word.
    Decide,
    /// Feeds the decision of another: recommends, shortlists, collects offers.
    Advise,
}

const DECIDE: &[&str] = &[
    "decide|decides|deciding",
    "sign|signs|signing off?",
    "approve|approves|approving",
    "authorise|authorises|authorize|authorizes|authorising|authorizing",
    "countersign|countersigns|cosign|cosigns|co-sign|co-signs",
    "choose|chooses|choosing",
    "pick|picks|picking one|it|the|which|what|who|whichever|whatever|from|a|suppliers|vendors|tools",
    "pick|picks|picking",
    "greenlight|greenlights|green-light|green-lights",
    "rubber-stamp|rubber-stamps|rubberstamps",
    "sign-off|signoff",
    "say|says|saying yes|no|go",
    "give|gives|giving|get|gets|has|have the|a|final? final|green|go last? light|okay|ok|approval|ahead|go-ahead|nod|word|say|blessing|call|veto|sign-off|authority",
    "have|has|got|having a|the last|final|deciding|ultimate|casting word|say|vote|call|decision|authority|signature|voice",
    "hold|holds|holding|control|controls the|my|our? purse|money|budget|cheque|chequebook|checkbook",
    "make|makes|making|take|takes|taking all? the|those|that|these|this|every|our|such|any? final|purchasing|buying|last|technical|big|investment|it|software|money? decision|decisions|call|calls|choice|choices",
    "call|calls|calling the all? shots",
    "pull|pulls|pulling the trigger",
    "write|writes|writing|sign|signs the|a|that? cheque|cheques|check|checks",
    "release|releases|releasing|place|places|placing|issue|issues|raise|approve|approves the|an|any|all|every|our|that? order|orders|po|pos|money|budget|funds|purchase",
    "do|does|doing|handle|handles|run the|all|our buying|purchasing|ordering",
    "wear|wears the hat|trousers|pants",
    "agree|agrees|agreeing",
];

const ADVISE: &[&str] = &[
    "recommend|recommends|recommending",
    "evaluate|evaluating",
    "advise|advising",
    "suggest|suggesting|propose|proposing",
    "filter|filtering|pre-filter|prefilter",
    "pre select|selection|filter|screen|selecting",
    "shortlist|shortlisting|preselect|preselecting|pre-select|prescreen|short-list",
    "assess|assessing|vet|vetting|screen|screening|benchmark|benchmarking|rank|ranking the|all|different|new|every|our|it|them|vendors|suppliers|products|offers|tools|systems|everything|bids|options",
    "put|putting|bring|take|pass|carry * forward",
    "put|putting forward",
    "prepare|preparing|write|writing|draft|drafting|present|presenting|submit|submitting|do|make|making|build|building|give|giving|hand|deliver|file them|him|her|purchasing|management? the|a|my|our|an|that|only|just? technical|decision|business|internal|first|short|written? paper|papers|proposal|recommendation|recommendations|report|case|spec|specs|specification|documents|shortlist|list|evaluation|assessment|memo|opinion|input|advice|view|ranking|feedback|scorecard|comparison|brief|requirements|criteria|tender|terms",
    "prepare|preparing|present|presenting|pitch|pitching|propose|submit it|this|that|them|the|everything to|for|decision|internally",
    "collect|collecting|gather|gathering|get|getting|bring|bringing|request|obtain|compare|comparing * offers|quotes|quotations|bids|proposals|prices|tenders|estimates|brochures",
    "compare|comparing|check|checking|trial|trialling|try|test|testing|review|reviewing|look at? the|new|all|different|some|our? vendors|suppliers|products|offers|options|tools|systems|candidates|solutions|market|quotes|bids",
    "do|doing|run|running|lead|leading|handle|organise|organize the|all|our technical|first|vendor|product|practical? trials|tests|testing|pilot|pilots|evaluation|evaluations|evaluating|comparison|research|legwork|groundwork|homework|shortlist|shortlisting|scouting",
    "narrow|narrowing ** down",
    "sell|pitch it|this|that internally|upstairs|upwards|to",
    "have|has a|some|strong|big|certain|loud? strong|loud|big|certain|advisory voice|say|influence|input but|though|not",
    "help|helping them|him|her|the * decide|choose|pick",
    "report|reporting to|back",
    "send|pass|forward|give|hand|deliver the|my|our|all|a? results|findings|report|scores|feedback|recommendation|numbers|paper|proposal|offers|shortlist to|up|over|on",
    "convince|persuade my|our|the|him|her|them|management",
    "put|putting|pull|pulling together the|a|my|our|all ** case|paper|papers|proposal|shortlist|report|specification|spec|offer|offers|documents|comparison",
];

static ACTS: LazyLock<Vec<(Act, Pattern)>> = LazyLock::new(|| {
    let rows = |act, table: &'static [&'static str]| {
        table.iter().map(move |text| (act, Pattern::new(text)))
    };
    rows(Act::Advise, ADVISE).chain(rows(Act::Decide, DECIDE)).collect()
});

static BY_FIRST: LazyLock<HashMap<&'static str, Vec<usize>>> = LazyLock::new(|| {
    let mut map: HashMap<&'static str, Vec<usize>> = HashMap::new();
    for (i, (_, pattern)) in ACTS.iter().enumerate() {
        for first in pattern.firsts() {
            map.entry(first).or_default().push(i);
        }
    }
    map
});

/// The longest act that starts at a word, and its end.
pub(super) fn act(words: &[Word], at: usize) -> Option<(Act, usize)> {
    BY_FIRST
        .get(words[at].norm.as_str())?
        .iter()
        .map(|i| &ACTS[*i])
        .filter_map(|(act, p)| Some((*act, p.end(words, at)?)))
        .max_by_key(|(act, end)| (*end, *act == Act::Advise))
}

const TRIVIAL: &str = "lunch dinner breakfast coffee beer booth stand badge newsletter deliveries delivery \
    parcels parcel packages package hotel restaurant talk talks session sessions seminar seat shirt bag \
    mug cap autograph visitors guests petition words winner award awards prize museum book pasta pizza soup salad steak sushi dish menu song \
    music petition card cake food drink wine film movie holiday school university \
    party electronically digitally online guestbook register waiver nda form keynote dessert pen \
    sticker raffle color colour train taxi";

/// Whether an act is about something else than a purchase: "sign up", "decide on lunch".
pub(super) fn beside(words: &[Word], at: usize, to: usize) -> bool {
    let next = words.get(to).filter(|w| !w.breaks()).map_or("", |w| w.norm.as_str());
    let then = words.get(to + 1).map_or("", |w| w.norm.as_str());
    let last = words[to - 1].norm.trim_end_matches('s');
    let astray = match last {
        "sign" => {
            matches!(next, "in" | "language" | "of" | "out" | "posts" | "into" | "here")
                || next == "up" && then != "to"
                || next == "for" && matches!(then, "parcels" | "packages" | "the" | "my")
                || matches!(then, "here")
        }
        "approve" => next == "of",
        "decide" => next == "to" || next == "between" || next == "whether",
        "choose" => next == "to",
        "recommend" => next == "you" && then != "to",
        _ => false,
    };
    let object = words[at + 1..]
        .iter()
        .take(7)
        .take_while(|w| !w.breaks() && !w.is(&["and", "but"]))
        .any(|w| w.among(TRIVIAL));
    astray || object
}
