use super::About;
use super::lexicon::{is_function_word, is_unit_noun};
use super::pattern::Patterns;
use super::range::Expression;
use crate::text::{Kind, Token};
use std::sync::OnceLock;

/// A cue: what it tells, how many tokens nearer it counts, whether it makes a bare number money.
pub(super) type Cue = (About, i32, bool);

const STRONG_SPEND: &[&str] = &[
    "budget|budgets|budgeted|budgeting",
    "put|set|putting * aside",
    "set|put aside",
    "earmarked|allocated|ringfenced|reserved|granted|allotted|apportioned",
    "ring fenced",
    "signed off|of ?on ?for",
    "can|could|to|may|will|would ?like ?only|actually|also|maybe|just|probably ?to spend|invest",
    "able|allowed|willing|ready|prepared|happy|planning|looking|want to spend|pay|invest|go",
    "spend|spending ?limit|is|of",
    "afford",
    "in the ?capital ?investment ?budget|business|capex plan|budget|capex|pot|kitty|bank",
    "gave|given|give|gives|approved|granted|allowed|got us|me",
    "the|our|my ?absolute|hard|upper ?is ceiling|sealing|maximum|max|limit|envelope|cap",
    "ceiling|sealing|envelope|pot|kitty",
    "to play|work with",
    "available ?for",
    "approved|capex|opex",
    "investment|invest|investing",
    "our|the|my|target number|figure|range ?is",
    "go ?up to|as",
    "get through|approved|signed",
    "pay up to",
    "would|will|can|could|might pay",
    "fund|funds|funded|grant|subsidy",
    "plan|planned|planning with|for|on|around|about",
    "we|i are|am looking|thinking|talking at|of|about",
    "have|has|got ?about|around|roughly ?up ?to ?* ?for ?to spend",
    "money is there",
    "asked|applied|requested ?for",
    "can|could ?maybe|probably|only|just do|go|manage|stretch|offer|commit ?to",
];
const WEAK_SPEND: &[&str] = &[
    "i|we have ?got ?about|around|roughly|maybe|only ?some",
    "there is|are ?about|around|at|roughly ?least",
    "looking|thinking ?at|of|about|around|more ?like",
    "have got",
    "money|cash",
    "comfortable ?with",
    "manage|stretch",
    "ballpark",
];
const ACCEPT: &[&str] = &[
    "is|are|would|sounds|looks|seems ?be ?just ?very ?absolutely fine|okay|ok|good|doable|acceptable|alright|fair ?with|for|by ?us|me",
    "works ?for ?us|me",
    "that|this|which|it we|i can|could ?do spend|do|pay|afford|swing|manage|live",
    "we|i can do that|it|this",
    "can live with",
    "fits|within|inside ?in|into ?our|the|my budget",
    "deal|agreed|done",
];
const REJECT: &[&str] = &[
    "is|was|would ?way|far|a|be ?bit ?much too much|expensive|high|steep|rich",
    "too expensive|much|high|steep|rich",
    "out of reach|range|budget",
    "over|above|beyond ?what our|my|the budget",
    "more than we|i can|have|want",
    "is|sounds ?be expensive|steep|crazy",
];
const COST: &[&str] = &[
    "cost|costs|costing us|me|them",
    "cost|costs ?of ?us ?about",
    "lose|losing|lost|loses|loss|losses|looses|loosing|loose",
    "waste|wasted|wasting|wastes|scrap|scrapped|scrapping|rework|shrinkage|spoilage",
    "fine|fines|fined|penalty|penalties|damage|damages|claim|claims|lawsuit",
    "downtime|stoppage|outage|breakdown|standstill|demurrage",
    "burn|burns|burning|burned|eats|eating|leak|leaking|bleeding",
    "currently|already|now|today|still|presently ?we paying|pay|spend|spending",
    "we|i ?are ?currently|now|already pay|paying ?them|him|for|about|around|roughly",
    "paid|spent|paying|invoiced|billed",
    "write|writing|wrote|written off|down",
    "bill|bills|invoice|invoices|rent",
    "salary|salaries|wages|payroll|overtime|labour|labor",
    "save|saves|saved|saving|savings",
    "stolen|theft|fraud|ransom|debt|owe|owes|outstanding|loan",
    "worth of scrap|waste|damage|downtime|stock|inventory|goods|product",
    "repair|repairs|repairing|maintenance|energy|electricity|insurance|refund|refunds|returns|warranty",
    "hits|hit|sets us|me",
    "goes|went|going down|into|to the drain|waste|bin|trash|scrap",
    "down the drain",
    "sunk|blew|blown",
];
const REVENUE: &[&str] = &[
    "revenue|revenues|turnover|turn|profit|profits|ebitda|ebit|arr|mrr|gmv|margin",
    "sales ?of|are|were|volume|figures",
    "we|they|i sell|make|do|did|made|earn|earned|sold ?about|around|roughly",
    "sell|sold|selling|earn|earning|earned|income",
    "turn|turning|turned ?us over|around",
    "raised|raise|raising ?a ?seed",
    "seed|funding round",
    "valuation|valued|order|backlog|intake ?book|exports|export",
    "market cap|size|is|volume",
    "assets ?under",
    "company|firm|business|group with|doing|of",
];
const PRICE: &[&str] = &[
    "list|catalogue|catalog|sticker|retail|street|base|unit|entry|asking|guide price|prices|pricing",
    "price|prices|priced|pricing|msrp|rrp|tariff|fee|fees",
    "starts|start|starting|begins ?from at|from",
    "charge|charges|charging|charged",
    "quote|quoted|quotes|quotation|offer|offered|offers|bid",
    "they|he|she ?now want|wants|wanted|ask|asked|charge|said",
    "package|packages|plans|licence|license|subscription ?from|is|costs|starts",
    "it|this|that costs|goes|comes|retails ?for|at|to|in",
    "machine|system|unit|one|version|model|package is|costs|goes|comes ?for|at|to|in",
    "you|you'd would|will be|pay|get ?at|for",
    "costs|cost ?about|around|is",
    "discount|rebate|cheaper|deposit",
    "for the|a basic|base|full|standard|entry|smaller|bigger",
    "sells|retails|goes for|at",
    "we sell|offer|charge|ask|lease|rent ?it|this|them|for",
    "installed|delivered|ex",
];
const OTHERS: &[&str] = &[
    "other|another|different|big|last|previous|similar|existing customer|customers|client|clients|company|deal|project|bank|hospital|plant",
    "customer|customers|client|clients|competitor|competitors|neighbour|neighbor|colleague|colleagues ?of|in ?ours|mine|paid|spent|spends|pay|bought|has|have|had",
    "deal ?with|worth|of",
    "someone|somebody|others ?else paid|pay|spent|spend",
    "my|our brother|sister|parent|mother|old|former|previous|last company|employer|firm",
    "last|previous year|years|time|quarter",
    "reference customer|case|project",
    "contract worth|value|over",
];
/// Verbs whose object is a count, where no currency is said.
const COUNTED: &[&str] = &[
    "produce|ship|process|handle|print|pack|deliver|manufacture|run|build|receive|employ|serve|assemble|harvest|store|scan|fill|bottle|weld|cut|sort|pick|transport|treat|host|train|mail|score",
    "produces|ships|processes|handles|prints|packs|delivers|manufactures|runs|builds|receives|employs|serves|stores|scans|fills",
    "producing|shipping|processing|handling|printing|packing|delivering|running|serving|picking",
    "weigh|weighs|weighing|payload|lift|lifts|lifting|carry|carries|load|loads",
    "population|circulation|mileage|odometer|headcount|audience|attendance",
];
const LIMIT: &[&str] = &[
    "anything|everything|all|amounts|purchases|orders|contracts|investments ?that ?is ?* under|below|over|above|beyond|up|more|less|bigger|larger|smaller|between ?to ?than",
    "i|we|he|she|they ?can|could|may|must|only ?only sign|sine|decide|approve|authorise|authorize ?it|that|them|off|for ?myself|alone|up ?to",
    "sign|sine ?off ?up|it to|myself|off|alone",
    "needs|goes|go|has|have|need ?to ?go ?the|a|two to|two|board|tender|approval|signature|signatures ?the ?the board|ceo|cfo|council|committee|supervisory|headquarters|hq",
    "signing|signature|approval|authority|authorisation|authorization|spending|purchase limit|limits|authority|threshold|level|right|power",
    "it|that is me|mine|my ?decision|call",
    "threshold|tender",
    "without asking|approval|the board",
    "the|our board|ceo|cfo|council ?has|must|needs|wants|have ?to sign|signs|approve|approves|decide|decides|see",
];

fn cues() -> &'static Patterns<Cue> {
    static CELL: OnceLock<Patterns<Cue>> = OnceLock::new();
    CELL.get_or_init(|| {
        Patterns::new(&[
            ((About::Spend, 7, true), ACCEPT),
            ((About::Price, 7, true), REJECT),
            ((About::Spend, 5, true), STRONG_SPEND),
            ((About::Spend, 0, false), WEAK_SPEND),
            ((About::Cost, 2, false), COST),
            ((About::Revenue, 3, false), REVENUE),
            ((About::Price, 3, false), PRICE),
            ((About::Price, 4, false), OTHERS),
            ((About::Other, 6, false), LIMIT),
            ((About::Other, 1, false), COUNTED),
        ])
    })
}

/// What the words around an expression say of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    pub(super) about: About,
    /// Budget wording stands near, so a bare number is money too.
    pub(super) budget_word: bool,
    /// How near and clear the deciding cue is; higher is clearer.
    pub(super) weight: i32,
}

/// Reads the cues of the sentence `floor..roof` around an expression; `edges` are the ends of
/// the amounts before and after it.
pub(super) fn read(
    tokens: &[Token],
    e: &Expression,
    floor: usize,
    roof: usize,
    edges: (usize, usize),
) -> Reading {
    let from = floor.max(e.start.saturating_sub(14));
    let to = roof.min(e.next + 12);
    if tokens.get(e.next).is_some_and(|t| {
        t.is(&["company", "business", "firm", "group", "operation", "enterprise", "corporation"])
    }) {
        return Reading { about: About::Revenue, budget_word: false, weight: 10 };
    }
    let mut best = Reading { about: About::Spend, budget_word: false, weight: -10 };
    for hit in cues().overlapping(tokens, from, to) {
        if hit.start < e.next && hit.end > e.start && !(hit.start < e.start || hit.end > e.next) {
            continue;
        }
        let (about, strength, strong) = hit.tag;
        let mass = e.currency.is_some_and(|c| c.iso != "GBP" || e.scale_said && c.family.is_empty());
        let counted = hit.tag == (About::Other, 1, false) && (mass || hit.start >= e.next);
        if counted || misplaced(hit.tag, hit.start >= e.next) {
            continue;
        }
        let distance = if hit.end <= e.start {
            gap(tokens, hit.end, e.start) + if hit.end <= edges.0 { 6 } else { 0 }
        } else {
            gap(tokens, e.next.min(hit.start), hit.start) + if hit.start >= edges.1 { 7 } else { 1 }
        };
        let weight = strength - distance;
        best.budget_word |= strong && about == About::Spend && weight >= -5;
        if weight > best.weight {
            (best.about, best.weight) = (about, weight);
        }
    }
    best
}

/// Words that only tell on one side: "165 is fine", "I have 50".
fn misplaced((about, strength, _): Cue, right: bool) -> bool {
    match (about, strength) {
        (About::Spend | About::Price, 7) => !right,
        (About::Spend, 0) => right,
        (About::Revenue, _) => false,
        _ => false,
    }
}

/// Tokens between, with clause borders weighing more.
fn gap(tokens: &[Token], from: usize, to: usize) -> i32 {
    (from..to)
        .map(|i| match tokens[i].norm.as_str() {
            "but" | "because" | "so" | "while" | "whereas" | "which" | ";" | "." | "?" | "!" => 4,
            "and" | "," => 2,
            "a" | "the" | "of" | "about" | "around" | "is" | "to" => 0,
            _ => 1,
        })
        .sum()
}

/// Whether the number counts or measures a thing: "fifty thousand square feet", "42 trucks".
pub(super) fn counts_things(tokens: &[Token], next: usize) -> bool {
    for i in next..next + 3 {
        let Some(t) = tokens.get(i) else { return false };
        let norm = t.norm.as_str();
        if t.is_mark('%') || t.is_mark('°') {
            return i == next;
        }
        if is_unit_noun(norm) {
            return !(i > next
                && tokens[next].is(&["for", "a", "per", "each", "every", "in", "within"]));
        }
        if t.kind != Kind::Word || is_function_word(norm) {
            return false;
        }
        let plural = norm.len() >= 5 && norm.ends_with('s') && !norm.ends_with("ss");
        if plural {
            return true;
        }
    }
    false
}

const UNITS: [&str; 52] = [
    "seat",
    "seats",
    "head",
    "user",
    "users",
    "employee",
    "person",
    "kilo",
    "kg",
    "licence",
    "license",
    "unit",
    "piece",
    "site",
    "location",
    "store",
    "vehicle",
    "truck",
    "bed",
    "room",
    "hour",
    "day",
    "metre",
    "meter",
    "ton",
    "tonne",
    "litre",
    "liter",
    "device",
    "machine",
    "shop",
    "agent",
    "item",
    "box",
    "pallet",
    "order",
    "transaction",
    "call",
    "student",
    "pupil",
    "patient",
    "driver",
    "night",
    "module",
    "copy",
    "sample",
    "test",
    "member",
    "participant",
    "apiece",
    "car",
    "sensor",
];

/// Whether the money is for one of many: "per seat", "a kilo", "20 seats at 40 euros".
pub(super) fn per_unit(tokens: &[Token], e: &Expression, floor: usize, roof: usize) -> bool {
    let after = (e.next..roof.min(e.next + 6)).any(|i| {
        let one_of = tokens[i].is(&["per", "a", "each", "every", "/", "by", "an"])
            && tokens.get(i + 1).is_some_and(|t| UNITS.contains(&t.norm.as_str()));
        let each = tokens[i].is(&["each", "apiece"])
            && tokens.get(i + 1).is_none_or(|t| !t.is(&["year", "month", "quarter", "week"]));
        let article = tokens[i].is(&["a", "an", "by"]) && i > e.next + 2;
        (one_of && !article) || each && i <= e.next + 2
    });
    let before = (floor.max(e.start.saturating_sub(4))..e.start).any(|i| {
        tokens[i].is(&["at", "times", "for", "x"])
            && i > floor
            && is_unit_noun(&tokens[i - 1].norm)
            && i.checked_sub(2).is_some_and(|j| {
                tokens[j].kind == Kind::Number || super::lexicon::is_number_word(&tokens[j].norm)
            })
            && tokens[i].is(&["at", "times", "x"])
    });
    let led = (floor.max(e.start.saturating_sub(4))..e.start).any(|i| {
        tokens[i].is(&["per", "each"])
            && tokens.get(i + 1).is_some_and(|t| UNITS.contains(&t.norm.as_str()))
    });
    after || before || led
}
