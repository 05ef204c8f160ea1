use super::pattern::Patterns;
use crate::text::Token;
use confee_domain::BudgetStatus;
use std::sync::OnceLock;

/// A status, and whether the words tell it without budget talk around them.
pub(super) type Tag = (BudgetStatus, bool);

const NONE: &[&str] = &[
    "no|zero ?real|more|spare|extra|free|such ?the|new budget|money|funds|funding|cash|capital|budgets ?at|for|left|available",
    "no budgetary room|means",
    "do|does|did|have|has|had not ?really|actually|currently ?have|got|get|see ?got ?a|any|the|much|enough|that|any ?real|kind|single ?of budget|money|funds|funding|cash|capital",
    "is|was|are not ?really|actually|currently ?a|any|the|much|enough ?real budget|money|funds|funding|cash",
    "not ?have|got ?a|one|any ?single cent|penny|dime|euro|dollar|pound|budget|money ?left|for",
    "not budgeted ?for ?at ?all",
    "not in the|our|this ?year|years ?is budget|plan ?this ?year",
    "not been budgeted",
    "unbudgeted|skint|broke",
    "did|have|had not budget|budgeted|plan|planned ?any ?money for",
    "budget|budgets|money|funds|funding|capital|pot|purse|kitty ?for|this|of ?year|that|it ?is|are|was|has|have|got ?been|is ?all|already|completely|currently|totally|just|now frozen|gone|spent|exhausted|empty|zero|nil|cut|blown|used|closed|finished|locked|cancelled|canceled|out|none|nothing|dry|stopped|depleted|slashed|away",
    "budget|budgets|money|funds|capital * is|are|been ?all|already|completely ?been frozen|gone|spent|exhausted|empty|zero|nil|used|cancelled|canceled",
    "budget|spending|investment|capex ?is|on ?a freeze|stop",
    "freeze|moratorium on ?all spending|investments|capex|investment|budgets|budget|purchases|new",
    "froze|frozen|freezing|cut|cancelled|slashed|stopped|pulled ?all ?the|our|my ?whole budget|budgets|funding|spending|money",
    "spent ?it|all|everything|the|our|my ?all|whole|entire everything|all|it|budget|money ?on|in|for",
    "all spent|gone",
    "nothing|none|zero|no ?money|budget|cash|funds left ?over|in|for",
    "nothing|zero|none in the|our|my budget|pot|kitty|plan|bank|till|purse|coffers",
    "everything|all ?has|is|it went|gone|goes in|into|on|for|to",
    "money|budget|capital has|is|all ?already|all gone|went",
    "can|could not ?really|actually afford ?it|this|that|anything",
    "run|ran|running|are out of money|budget|cash|funds",
    "out of budget|money|cash|funds",
    "without ?a|any ?real budget|money|funding",
    "there is none",
    "spent ?all ?the|our|my|this|last ?year ?is ?whole|entire budget|money|funds|funding",
    "not have|got ?a that kind of money",
    "coffers|pockets|purse are|is empty",
    "budget|budgets does|do not exist",
    "not|nothing ?have|has|any ?been|been planned|allocated|budgeted|foreseen ?for ?this ?year",
    "have|got|is zero|nil|nothing ?in|for ?this budget|money|to spend",
    "nothing to spend",
    "zero euros|dollars|pounds|budget",
    "no more ?this|money|budget this|until|till year",
];
const UNDECIDED: &[&str] = &[
    "no|not ?a|any ?fixed|set|defined|final|exact|official|approved|concrete|specific|firm|clear|real|agreed|hard|dedicated|confirmed|precise|particular|real number|numbers|figure|figures|sum|amount|ballpark|range ?in|on|for|yet|so",
    "no|not|do|have|has ?have|got ?a|any fixed|set|defined|final|exact|official|approved|concrete|specific|firm|clear|agreed|hard|confirmed|precise|signed ?off budget|budgets",
    "no|not ?have|got ?a|any|the ?real budget|money|funding ?for ?this|it|that yet|approved|decided|set|fixed|defined|confirmed|assigned ?yet",
    "budget|budgets|money|funding|it|that|this|number|amount|figure|sum|nothing ?for|this|it ?it|has|have|is|was ?has|is|still not ?yet|been|actually|really|quite|even|fully ?yet|been decided|fixed|set|approved|defined|determined|finalised|finalized|confirmed|settled|agreed|allocated|signed|released|discussed|final|clear|official|through|planned|there ?yet|off ?yet",
    "not ?yet|been|really|actually ?yet|been decided|fixed|finalised|finalized|determined|settled|approved|confirmed ?yet|anything|on|how",
    "not ?yet|been|really|actually ?yet|been defined|set|agreed|allocated|released|discussed|budgeted ?a ?it yet|budget",
    "nothing ?is|has|have|was|there ?is|been|at ?been|yet decided|fixed|approved|set|final|concrete|allocated|agreed|official|settled|signed|planned|definite|certain ?yet|so",
    "nobody|noone|none|no ?one ?in|of|us|here ?the|company ?has|have|is ?yet|really|ever put|given|set|named|attached|told|mentioned|said|calculated|decided|fixed ?us|me ?a|any|how ?single number|figure|price|budget|amount|tag|sum|much",
    "nobody|noone|one ?has|is ?have ?really knows|know|known ?yet|how|what",
    "would|will ?still|first have|need to see ?what|how|if|about|first",
    "have|need to see what|how|if|whether|about",
    "it|that|this|budget|all|well|really|number|figure ?it|all|of|course|that ?really|kind|would|very|all|just ?much|of depends|depend ?on",
    "depends ?on|what|how|a|very ?the",
    "to be|get approved|confirmed|decided|determined|defined|discussed|agreed|signed|fixed|negotiated|set|clarified|released|finalised|finalized",
    "to ?be|get approve|decide|agree ?on",
    "tbd|tbc|undecided|unclear|undetermined|undefined",
    "t b d|c",
    "pending ?board|final|budget ?approval|decision|the",
    "waiting|wait ?still for|on|until|till ?the|our|a|final|board ?board|finance|budget approval|budget|money|funding|board|numbers|decision|release|green|grant|cfo",
    "still|are ?are|have ?to ?busy fighting|fight|negotiating|discussing|arguing|debating|battling|lobbying|pushing|bargaining|working|waiting|pitching ?about|over|on|for ?the ?a it|budget|money|number|numbers|that|funding|figures",
    "fighting|lobbying|begging for ?the ?it|money|budget|funding",
    "budget|number|money|figure|it|that|this|still|all|amount ?is ?all ?still ?very open|up|pending|unclear|undecided|uncertain|tbd|tentative|vague|floating ?in",
    "up in the air",
    "under|in ?still discussion|review|negotiation|consideration|planning",
    "budget|budgets|budgeting workshop|workshops|round|rounds|meeting|meetings|planning|process|cycle|season|talks|discussion|discussions|review|negotiation|negotiations|committee|session|hearing ?is|are|starts|comes|happens|begins|in|next",
    "budget|budgets|it|that ?for|next ?year ?only ?is|are|gets|get|will|comes|come ?being|only|be|usually ?be|always made|set|fixed|decided|drawn|planned|discussed|negotiated|prepared|out|finalised|finalized ?up|in ?up",
    "do|make|set|plan|fix|decide|draw|prepare|start|finish|submit ?up ?the|our|my|on ?next ?year ?is ?the budget|budgets|budgeting ?in",
    "asked|applied|applying|bidding|asking for ?the|some|a ?more budget|money|funding|it|approval|grant",
    "requested ?a|the ?budget|money|it|funds",
    "not ?yet|really|quite|so|even sure|know|certain ?yet|about|how|what|exactly ?how|what|we|the|of",
    "do|does|did|would|could|can not ?really|actually|yet|even|honestly know|say|tell ?you ?yet|how|what|exactly|precisely|me ?much|yet|we",
    "no idea|clue ?yet|what|how|about",
    "hard|difficult|impossible|tricky|early|soon|premature|tough to say|tell|know|put",
    "have|has|had|did not ?yet|actually|really|even|got ?yet decided|fixed|set|talked|discussed|thought|worked|agreed|planned|calculated|defined|heard|finalised|finalized|nailed|settled|put|determined|made ?it|about|on|out|a|the|any|anything|down|got|that ?budget|number|far|figure|money|it|up|numbers|decision",
    "needs|need|has|have|must|requires|require|got ?to ?still ?be ?a ?get|go approval|approved|approve|sign ?off",
    "if|once|when|until|unless|till|after|whether|before|provided|assuming ?and|if ?we|i|they|management|the|our|my|board|finance|boss|or ?the ?ever get|gets|got|have|has|approves|approve|receive|release|releases|clears ?the|a|any|our|enough ?that ?sign budget|money|funding|approval|it|funds|grant",
    "if|once|when|until|unless|till|after|whether|before|provided ?the|our|my|we ?new|whole budget|money|funding|funds|it|grant ?that ?has|is|gets|comes|goes|was|be ?actually|been|finally ?been approved|through|released|there|confirmed|available|in|agreed|decided|set|out|signed|clear",
    "not ?yet ?been ?yet approved ?yet",
    "too early",
    "budget question|approval is|still|remains|has|needs ?still open|pending|missing|to",
    "approval is|still|we ?still pending|missing|outstanding|open|to",
    "decided|decide|know|set|fixed|comes|come|out|finalised|approved in|next|by|after|at|around|sometime january|february|march|april|may|june|july|august|september|october|november|december|autumn|spring|summer|fall|quarter|month|year|week",
    "working on the|a|our budget|numbers|figures|number|business",
    "remains to be seen",
    "could|might be anything|anywhere",
    "not ?yet ?a ?been official|final ?yet",
    "have|need to ask|check|discuss|talk|clear|clarify|clarified ?it|that|this|with|to|the|for ?with|my|to|the|our|for ?boss|my|the|money|budget|finance|cfo|management|manager|board",
    "open question",
    "ask|asking|talk ?to|my|the|our finance|cfo|controller|controlling|treasurer ?about|first",
];
const AVAILABLE: &[&str] = &[
    "budget|money|funding|funds|grant|capital|financing|cash ?for|this|that|it|the|of ?this|it|year|project|that ?has|is|was|are|have ?is ?already|all|fully|now|been|there|actually|basically|just ?been|fully|all|already ?been approved|there|available|secured|confirmed|set|allocated|in|signed|released|granted|reserved|earmarked|sorted|guaranteed|agreed|cleared|put|parked|ready|waiting|ringfenced|planned|through|fixed|assigned ?off|aside|place|for|the|our",
    "there is|are|will ?be ?already|some|definitely|certainly|also|still|actually|plenty|enough|of ?a|some|of|the|enough|an ?approved|dedicated|small|decent|good|healthy|separate|special|big|innovation|clear|reserved budget|money|funding|funds|cash|grant|pot ?for|set|put|aside",
    "i|we|they ?do|already|actually|definitely have|got|has ?got|already|now|finally ?a|the|some|our|enough|an|this|plenty|of ?of|approved|dedicated|small|decent|good|healthy|separate|special|big|innovation|own|training budget|money|funding|funds|grant ?for|set|put|aside|approved",
    "money|budget ?set|put aside ?for",
    "put|set|putting * money|budget|funds|something|some aside",
    "set|put something|some|money|budget ?money aside",
    "already|is|been|have|we ?already|been|it|for ?been budgeted ?for",
    "it|that|this|which is|has ?already|all|been ?in|been|already ?the|in ?the|already budget|budgeted|plan|funded",
    "money|budget ?is|would|will|really|should ?be not ?the|a|an|my|our ?big|real object|problem|issue|question|concern|obstacle",
    "approved budget",
    "budget approved|secured|confirmed|allocated|available|signed|released",
    "approved|signed|released|secured|got|allocated|cleared|granted|gave|confirmed|okayed ?off|on|us ?on|us ?the|our|a|my budget|money|funding|funds|capex|investment",
    "got|have|has|received ?got ?the|a|final|board approval|go|green ?ahead|light ?from ?for|the|board ?money|budget|it|finance",
    "board|cfo|ceo|council|finance|boss|management|headquarters|hq ?has|have|already ?already approved|released|signed ?it|off",
    "fully funded|financed|budgeted",
    "money is there|available|here",
    "no problem ?with|about ?the money|budget|funding",
];

fn patterns() -> &'static Patterns<Tag> {
    static CELL: OnceLock<Patterns<Tag>> = OnceLock::new();
    CELL.get_or_init(|| {
        Patterns::new(&[
            ((BudgetStatus::Undecided, true), UNDECIDED),
            ((BudgetStatus::None, true), NONE),
            ((BudgetStatus::Available, true), AVAILABLE),
        ])
    })
}

/// A status that was said without an amount.
#[derive(Debug, Clone, Copy)]
pub(super) struct Statement {
    pub(super) status: BudgetStatus,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Budget wording is part of it or stands in the same segment.
    pub(super) budget_word: bool,
    /// It is about approval or a decision, and so holds for an amount said before.
    pub(super) firm: bool,
}

const FIRM: [&str; 16] = [
    "approved", "approve", "decided", "fixed", "confirmed", "released", "signed", "approval", "final",
    "agreed", "fighting", "pending", "frozen", "gone", "spent", "waiting",
];

const MONEY_WORDS: [&str; 23] = [
    "budget",
    "budgets",
    "money",
    "funds",
    "funding",
    "cash",
    "budgeted",
    "spend",
    "number",
    "figure",
    "amount",
    "spending",
    "afford",
    "capex",
    "price",
    "cent",
    "penny",
    "sum",
    "capital",
    "budgeting",
    "unbudgeted",
    "numbers",
    "grant",
];

/// All statements about the budget's state in a segment, in order.
pub(super) fn statements(tokens: &[Token]) -> Vec<Statement> {
    let segment = tokens.iter().any(|t| MONEY_WORDS.contains(&t.norm.as_str()));
    let mut found = Vec::new();
    for hit in patterns().all(tokens, 0, tokens.len()) {
        let words = &tokens[hit.start..hit.end];
        let own = words.iter().any(|t| MONEY_WORDS.contains(&t.norm.as_str()));
        if excluded(tokens, hit.start, hit.end, hit.tag.0) {
            continue;
        }
        found.push(Statement {
            status: hit.tag.0,
            start: hit.start,
            end: hit.end,
            budget_word: own || segment,
            firm: words.iter().any(|t| FIRM.contains(&t.norm.as_str())),
        });
    }
    found
}

fn excluded(tokens: &[Token], start: usize, end: usize, status: BudgetStatus) -> bool {
    let prev = start.checked_sub(1).map_or("", |i| tokens[i].norm.as_str());
    let before = start.checked_sub(2).map_or("", |i| tokens[i].norm.as_str());
    let next = tokens.get(end).map_or("", |t| t.norm.as_str());
    let asks = |w: &str| {
        matches!(
            w,
            "do" | "does" | "did" | "is" | "are" | "have" | "has" | "what" | "which" | "how"
        )
    };
    let question =
        tokens[end..].iter().take(12).find(|t| t.ends_sentence()).is_some_and(|t| t.is_mark('?'));
    match status {
        BudgetStatus::None => {
            matches!(
                next,
                "problem"
                    | "problems"
                    | "issue"
                    | "issues"
                    | "limit"
                    | "limits"
                    | "constraint"
                    | "constraints"
                    | "worries"
                    | "owner"
                    | "question"
                    | "back"
                    | "plate"
                    | "concerns"
            ) || question && matches!(prev, "is" | "there" | "you" | "really")
        }
        BudgetStatus::Available => {
            let asked_of = tokens[start.saturating_sub(6)..start].windows(2).any(|w| {
                w[0].is(&["do", "have", "did", "is", "are", "has", "would"])
                    && w[1].is(&["you", "there", "they", "your"])
                    && !w[0].glued
            });
            let you = asked_of || prev == "you" || tokens[start].is(&["you"]);
            let conditional = tokens[start.saturating_sub(4)..start].iter().any(|t| {
                t.is(&[
                    "if", "once", "when", "unless", "until", "whether", "till", "assuming", "wish",
                ])
            });
            let asked = asks(prev) || question && (asks(before) || asks(prev));
            let denied =
                matches!(prev, "no" | "not" | "never" | "nobody" | "without") || prev == "until";
            you || conditional || asked || denied
        }
        BudgetStatus::Undecided => {
            tokens[start..end].iter().any(|t| t.ends_sentence())
                || question && (asks(prev) || tokens[start].is(&["is", "are", "do", "have"]))
                || matches!(next, "phone" | "model")
        }
    }
}
