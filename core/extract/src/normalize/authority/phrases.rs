//! What people say of their part in a decision. Rows of weight (permille) and patterns, see
//! `pattern`; a pattern says the whole of its own negation, so `i decide` never meets "i don't
//! decide".

/// Decides or signs alone.
pub(super) const DECIDES: &[(u16, &str)] = &[
    (950, "it|buck|everything stops|ends|lands at|on|with my|me desk?"),
    (950, "i call the all? shots"),
    (950, "nobody|noone has|needs to say|sign|agree|approve yes? but|except|apart me|from"),
    (950, "decision|call|choice is|lies entirely|all|only|completely|solely|with? mine|me"),
    (900, "i just|can|simply? order|buy it|that|them|this|things myself|alone|directly"),
    (950, "i'm the one|person|guy|woman making|taking|deciding|signing|approving"),
    (900, "what i say|decide goes|happens|counts"),
    (900, "it's|that's me who|that decides|signs|approves|picks|buys"),
    (
        900,
        "i sign|approve all|every|the|those|these contract|contracts|order|orders|invoices|purchase|offers",
    ),
    (850, "sign|decide|approve it|that|this|off? on? myself|alone|personally"),
    (
        950,
        "don't|needn't|never have|need|got to? ask|check|consult|convince with? anybody|anyone|nobody|permission|first|else",
    ),
    (850, "if i like|want|say ** i|we buy|take|order|get"),
    (900, "only|just mine"),
    (900, "i have|got free hand|rein"),
    (
        950,
        "i just|can|do|always|simply|will|usually|also|normally? sign|decide|approve it|that|this|those|everything|off|them|myself|alone|for? it|myself|alone?",
    ),
    (
        950,
        "i|i'm|i'll make|making|take|taking the|that|those|all? final? decision|decisions|call|calls",
    ),
    (900, "i have|got|get|hold the final|last say|word|call|decision|authority|signature|vote"),
    (900, "i've got|had? the final|last say|word|call|decision"),
    (
        850,
        "i have|got|hold full|sole|complete|the|signing|purchasing|budget|buying|spending authority|power|signature|budget|purse strings?",
    ),
    (850, "i hold|control the|my|my own|own budget|money|purse|chequebook|checkbook strings|own?"),
    (
        850,
        "i can just|simply|also? sign|decide|approve|order|buy|say yes|authorise|authorize it|that|this|off|myself|alone|on|yes?",
    ),
    (950, "i'm|i the one|person|guy|woman|man who|that signs|decides|approves|picks|buys|pays"),
    (950, "i'm the sole|only|final|main|actual? decision|decider maker?"),
    (900, "i'm the|a decision maker|maker's"),
    (800, "i'm authorised|authorized|allowed to sign|decide|buy|approve|spend"),
    (
        950,
        "it's|that's|its|is|be|be's my|mine call|coal|decision|choice|job|money to? decide|alone?",
    ),
    (900, "it's|that's entirely|all|totally|completely|only? up|down to me"),
    (900, "decision|call|choice|last|final word? is|lies|rests|stays with? mine|me"),
    (900, "it's|that's|its just|only|all|entirely|basically? me"),
    (900, "buck stops|ends here|with me?"),
    (950, "my signature|sign|name|word * enough|counts|goes|final|required|needed"),
    (900, "my signature|okay is|does all? it|needed|takes?"),
    (
        950,
        "don't|needn't|never need|have|ask anybody's|anyone's|nobody's|no|any|anybody|anyone|anybody's|permission for? permission|approval|blessing|signature|okay|ok|else|else's|else's|to|first?",
    ),
    (900, "i answer to nobody|no"),
    (
        900,
        "nobody|noone|no-one else|but has|needs|decides|signs|me to|say|sign|approve|anything|yes|okay|it?",
    ),
    (900, "nobody|no one but|above|over|except me"),
    (900, "no one else has|needs|decides|signs"),
    (
        800,
        "i pick|choose|select|award|order|buy the|what|which|whatever|whichever|it|them supplier|vendor|system|i|one|like|want|we|machine|buy|get|supplier|myself",
    ),
    (900, "ends|stops|land|lands|comes|come|falls on|with|down to? me|my desk?"),
    (900, "i say|give yes|no|the or|go no|ahead|yes?"),
    (850, "i give|have the green|final light|approval|okay|ok|go|sign-off|signoff"),
    (900, "i do the|all signing|deciding|approving|buying"),
    (850, "me alone|myself|personally|only"),
    (850, "just|only|solely|simply me|myself"),
    (800, "me i|myself|i'm sign|decide|approve|alone|personally?"),
    (800, "we|they board hears|hear|learn|learns about|of it afterwards|later|after"),
    (800, "hears|learns|hear|told|informed about? it? afterwards|after|later"),
    (850, "i decide|sign|approve|authorise|authorize that|it|this|myself"),
    (850, "i sign|decide|approve|authorise|authorize"),
    (850, "what i say goes|counts|happens"),
    (
        800,
        "i write|sign the cheque|cheques|check|checks|contract|contracts|order|orders|po|purchase",
    ),
    (850, "my say so|so's"),
];

/// One of several who decide.
pub(super) const SHARED: &[(u16, &str)] = &[
    (
        900,
        "committee|board|panel|council|commission|jury and|but|where i'm|i|i've sit|have|am? a|one|on|also? member|on|part|in|there|vote|it|them|one",
    ),
    (900, "we decide|make|take|do ** as a|the|one family|team|group|board|couple|partners"),
    (850, "two|three|four|double|dual signatures|signature"),
    (850, "half me"),
    (
        950,
        "neither|none|nobody of|can us|the|sign|decide two? can|may|will|alone? sign|decide|alone? alone|without|by",
    ),
    (
        900,
        "everybody|everyone|all|partners has|have|must|needs|need to? agree|vote|sign|decide|approve",
    ),
    (850, "together with my|our|the|a ** decide|sign|choose|approve"),
    (
        900,
        "we're|they're|it's two|three|four|five|six|seven who|that|to|deciding decide|sign|vote|decides",
    ),
    (950, "we need|have|must to? sign|decide|agree|approve ** both|together|jointly"),
    (
        900,
        "i'm|i sit|am|also? on|in the|that|our|a? evaluation|purchasing|buying|steering|procurement|investment|selection|tender|valuation|management|city|supervisory|hospital? committee|board|panel|council|commission|jury",
    ),
    (
        900,
        "i'm part|member a? of? the|that|our|a? evaluation|purchasing|buying|steering|procurement|investment|selection|tender|valuation|management? committee|board|panel|council|commission|jury|decision|group",
    ),
    (900, "not|never|can't|don't|won't|cannot|couldn't|isn't * alone|solely|single-handedly"),
    (
        950,
        "we both|all|two|three|jointly|each have|need|must|decide|sign|to|vote|agree|approve to? sign|decide|agree|approve|together|vote?",
    ),
    (950, "both|all of us|two have|need|must|decide|sign|three|to to? sign|decide|agree|together?"),
    (900, "both|two|all|three|four|of us|have|must|need to? sign|agree|decide|approve"),
    (
        950,
        "we decide|sign|choose|vote|approve|agree that|it|this|on|as? a? together|jointly|team|group|unanimously|both|it|as|committee|by?",
    ),
    (850, "we decide|sign|vote|choose as|together|jointly|by|on"),
    (
        950,
        "decide|decides|decided|sign|signs|choose|agree|decision|buy it|this|that|is|made? together|jointly|unanimously|collectively|with",
    ),
    (
        900,
        "joint|shared|group|team|collective|collegial|common|family|board decision|decisions|effort|call",
    ),
    (900, "i have|got|get one|a|only? vote|say|voice among|of|out|too|as|in|like|and|on?"),
    (900, "i've got|only? one|a vote"),
    (900, "one|a of the five|three|two|four|six|several|many|people? votes?"),
    (900, "one vote|voice of|out|among|in|and?"),
    (
        900,
        "i'm|i am|i one of|on|sit the|three|four|five|two|six|several people|who|that|of|committee|board|panel|us|decision who|that|makers|partners decide|decides|sign|vote|decide",
    ),
    (
        900,
        "i'm|i've one of the|two|three|four|five|six|several|those|them|many decision|deciders|signatories|people|signatures|partners|votes|voices|who|makers|three|four|five|two makers|who|that?",
    ),
    (
        900,
        "board|council|committee|council's|partners votes|decides|vote|decide|approves|signs|is ** i'm|i on|in|one|have|am|vote|part|sit",
    ),
    (
        900,
        "two|three|four|five|six|seven|eight|nine|ten|some|several|many|half|a of|people|dozen us|vote|decide|sign|of|people|have|must|who|on in|on|us|to|vote|decide|sign|have|the?",
    ),
    (
        900,
        "needs|need|takes|requires|require|needed two|both|three|dual|four|double|a signatures|signature|people|of|us|eyes|second|votes|yeses|approvals|committee",
    ),
    (850, "four eyes|eye"),
    (
        950,
        "me|myself|i and|plus|with|together my|the|our|a|his|her|martin ** both|sign|decide|vote|have|together|agree|jointly|must|signs|approve",
    ),
    (900, "my|the|our * and|plus me|myself"),
    (
        900,
        "with|and my|the|our brother|wife|husband|partner|boss|sister|father|colleague|cofounder|co|partners|team|cfo|ceo|director|board|owner and|together|both|jointly|we|i|decide",
    ),
    (950, "not|isn't|never|no just|only|simply me|mine|my|i|myself call|decision?"),
    (
        950,
        "not|never|no|isn't|can't|don't|cannot one|me|mine|my|i|by|on|decide|sign? call|decision|choice|my|that|it|this|by? alone|own|solely",
    ),
    (
        900,
        "can't|don't|cannot|couldn't|won't|wouldn't decide|sign|do|approve|order|buy|make it|that|this|anything|the|such|decision? alone|myself|without|by|on",
    ),
    (
        900,
        "has|have|needs|wants|would to|also? sign|agree|approve|say|decide|be off|on|yes|it|convinced|happy? too|also|as|aswell",
    ),
    (850, "has|have|needs to also|both|all|jointly sign|agree|approve|decide"),
    (850, "if one|any|either|someone of|says|objects the|us|two|three|no|them"),
    (850, "unanimous|unanimity|consensus|committee decision|collegial|majority"),
    (
        850,
        "goes|go|has|have to|through|before|to a|the|our committee|steering|panel|evaluation|jury * i'm|i|with|we",
    ),
    (
        900,
        "it's|its|there's|there|are|we're|where two|three|four|five|six|seven|several|a|both|the of|dozen|couple us|people|of",
    ),
    (
        850,
        "it's a|the? committee|team|group|board|family|joint|collective|partners|partner's decision|effort|vote|thing|call",
    ),
    (
        850,
        "i|we|me decide|sign|vote|choose|agree|approve with|together|jointly|along my|with|the|our",
    ),
    (
        850,
        "i sign|decide|approve and|but|then|with|first my|the|our|he|she|then|martin * signs|too|sign|approves|decides|countersigns|as|also|has|needs|must|co-signs",
    ),
    (850, "countersigned|countersigns|countersign|cosign|cosigns"),
    (850, "it's me|us and|plus|both|two|three|together"),
    (
        850,
        "mine|my vote|voice|is|isn't|counts not|no|is|as bigger|more|isn't|much|heavier|only|one|one's",
    ),
    (850, "fifty fifty|50 50"),
    (850, "i have|i've|got a say|seat|voice|vote in|at|on it|the|that|this"),
    (
        900,
        "me|myself and|plus|comma the|my|our|a|two ** sign|decide|vote|together|both|agree|it|we",
    ),
    (800, "all three|four|two of|partners|have|must|sign"),
];

/// Evaluates or recommends; another decides.
pub(super) const INFLUENCES: &[(u16, &str)] = &[
    (
        900,
        "i'm the|here|just|only one|person|guy|woman|to? who|that|to? tests|evaluates|compares|recommends|writes|scouts|researches|test|scout|evaluate|compare|checks|look",
    ),
    (
        900,
        "my|our recommendation|recommendations|advice|opinion usually|often|always|mostly|normally? goes|counts|carries|gets|is|wins|matters|decides|weighs",
    ),
    (900, "i|we|i'll narrow it|them|that|things|this? down"),
    (850, "put in a good word"),
    (
        900,
        "want|wants|value|values|need|needs|hear|take|takes|trust|trusts|respect|respects my|our input|opinion|advice|feedback|view|judgement|judgment|recommendation",
    ),
    (
        850,
        "scout|scouting|looking|evaluating|researching|shopping around? for|on my|our|the|behalf boss|manager|director|team|owner|ceo|cfo|of",
    ),
    (
        850,
        "i|we compare|check|review the|all|different|three|some products|offers|vendors|options|suppliers|systems|quotes",
    ),
    (
        900,
        "buys|buy|orders|order|takes|take|signs whatever|what i|we specify|recommend|suggest|say|choose|tell|propose|write",
    ),
    (
        850,
        "i'm an|the|a|only|just|technical? technical|an|internal? evaluator|adviser|advisor|champion|influencer|tester",
    ),
    (
        900,
        "job|role|part|task is|it's|here? just|only|mostly? to compare|evaluate|test|recommend|advise|scout|find|assess|prepare|check|look|shortlist|propose|collect|gather",
    ),
    (
        900,
        "i|we|i'm put|make|build|draw|putting|making|do|doing together|up? a|the|our|up? short|vendor|first? shortlist|list|selection|shortlisting",
    ),
    (
        850,
        "tell|tells|telling purchasing|procurement|management|boss|them|him|her|my|the|our boss|director|manager|cfo|owner|ceo? what|which",
    ),
    (
        950,
        "i|i'll|i'd|i'm|we just|can|only|do|mostly|will|would|merely|make|give|write|giving|making|writing|always|to|usually|then? recommend|recommending|advise|suggest|propose|evaluate|recommendation|shortlist|prepare|preselect|advising|evaluating|champion",
    ),
    (
        950,
        "i|i'm|i'll|and|just|only write|writing|make|making|give|giving|do|doing|draft|right|prepare|preparing|put|putting|file|present the|a|my|up|together|that|and|an evaluation|recommendation|recommendations|paper|shortlist|short|report|business|proposal|specs|spec|specification|specifications|requirements|evaluation|comparison|assessment|case|list|input|opinion|pitch|memo|advice|test|tests|testing|homework|legwork|research|technical|pre-selection|preselection|brief|list's|memo",
    ),
    (
        900,
        "writing|write|draft|prepare|preparing the|a paper|recommendation|evaluation|report|memo|business|shortlist|case",
    ),
    (
        900,
        "my|our|the recommendation|advice|opinion|recommendations|suggestion|input|vote's goes|counts|matters|carries|is|weighs|helps * ",
    ),
    (
        900,
        "ask|asks|asked|consult|consults|listen|listens|trust|trusts|rely|relies|follow|follows me|us|to|on|my|for what|for|me|which|first|about|recommendation|advice|opinion|i|my|judgement|us|before|if|though|judgment",
    ),
    (
        900,
        "they|he|she|boss|board|management|purchasing do|does|usually|always|will|normally|mostly|often|at|just? least? ask|asks|listen|listens|follow|follows|trust|trusts|take|takes|consult|consults me|us|my|to",
    ),
    (
        900,
        "i can|could|will|would|have|may|i'd|just|only|i'll to|just|only? bring|take|pass|show|pitch|present|suggest|propose|put|forward|push|sell|raise|recommend|influence it|this|that|him|them|her|up|on|forward|the|to",
    ),
    (
        850,
        "i|i'll|i'd bring|pass|take|forward|hand|present|pitch|push|put|carry it|this|that|them|my to|on|up|back|forward|recommendation|past|in|idea",
    ),
    (
        900,
        "i|we choose|do|make|pick|narrow|create|set|build|put|compile the|it|a|up|down|together short|shortlist|list|to|shortlisting|requirements",
    ),
    (
        900,
        "choose|make|do|making|pick|choosing|write|build|compile the|a shortlist|short|selection|vendor|pre-selection list|shortlist?",
    ),
    (
        900,
        "i|we test|try|evaluate|trial|assess|benchmark|scout|research|screen|vet|examine it|them|the|and|this|everything|at|products|tools|systems|vendors|options|suppliers|what|which|things|for|new|all|different|technology",
    ),
    (
        900,
        "i'm just|only|mostly|here|the|to? testing|evaluating|scouting|researching|comparing|gathering|collecting|evaluate|compare|scout|collect|gather|look|evaluator|technical|screening",
    ),
    (
        850,
        "i|i'm|we|i'll|to gather|collect|gathering|collecting|bring|do|doing|get|narrow the|back|some|all? information|info|offers|quotes|groundwork|legwork|evaluation|homework|brochures|evaluating|prices|facts|research|background|testing",
    ),
    (
        850,
        "have|got|has|get a|some|strong|big|lot|bit|certain say|influence|input|voice|of|word in|on|but|influence|say|though|there|input?",
    ),
    (
        850,
        "my input|influence|opinion|view|voice|word has|is|counts|matters|carries|asked|weight|heard|does|goes",
    ),
    (850, "i|and|i'd influence|champion|advise|sponsor|shape|consult on|the|that|it|them|this|him"),
    (
        850,
        "i convince|persuade|need|have|must|can to|him|her|them|the|my? convince|persuade|boss|cfo|him|her|board|them|sell|director|owner",
    ),
    (
        800,
        "recommendation|recommendations|shortlist|shortlisting|technical evaluation? comes|is|part|from|evaluation|side from|mine|me|my",
    ),
    (
        850,
        "technical|first evaluation|side|opinion|assessment|selection|choice|part|recommendation is|comes|lies|mine mine|me|with|from|my|is?",
    ),
    (
        800,
        "i say|tell|said him|them|her|what|which|the|my what|which|we|i|one|boss|best|they|is|would need|want|take|should|is|recommend|prefer|think",
    ),
    (
        800,
        "i'd|i would|i|we|i'll have|need|has|got|would|must|to|want to|get|got|have|still? get|run|ask|check|clear|talk|discuss|go approval|it|my|the|this|with|sign-off|signoff|him|her|permission|them|for|through|back to|boss|with|past|by|from|from|it|management|my|the|for|director|cfo|ceo|approval|head",
    ),
    (850, "what i'd|i recommend|take|suggest|prefer"),
    (
        850,
        "i do|handle|run|lead|manage|drive|led|organise the|all|vendor technical|product|vendor|pilot|first|pre|tender|market|selection|testing|tests|evaluation|evaluations|trials|screening|research|legwork|scouting|project|trial|comparison evaluation|selection|scouting|research|work|testing|comparison|part?",
    ),
    (800, "i|we filter|filters|spec|specify|specs|source|draw"),
    (
        800,
        "only|just|merely|simply recommend|advise|evaluate|suggest|test|propose|prepare|recommending|an advisory|adviser|advisor",
    ),
    (800, "in an advisory|advisory role"),
    (800, "i have no|have final|last say|but ** recommend|input|advise|ask|suggest"),
];

/// Has no part in it.
pub(super) const NO_SAY: &[(u16, &str)] = &[
    (900, "no idea|clue who decides|signs|buys|approves|chooses|does"),
    (950, "zero|little|any say|influence|power|voice|input in|over|on|at|there|here?"),
    (900, "we|i|i'm|we're get|are|just? told|given|handed what|which|it"),
    (900, "not|isn't|never|hardly for|to me|us to? decide|say|judge|choose|pick"),
    (
        950,
        "none|nothing|little of|about? that|it|this|these|here is|are|gets up|decided|my|mine to|by|decision? me|us?",
    ),
    (
        850,
        "comes|is|arrives|bought|decided|dictated|given from|by|at|in the|our mother|parent|holding|group company|hq?",
    ),
    (900, "don't|can't|never sign|approve|order|buy|choose|decide anything|nothing|any"),
    (900, "no budget|authority|vote and|or no|vote|say|budget"),
    (
        950,
        "i don't|never|can't|cannot|won't|couldn't|didn't|wouldn't really|actually|even|get|not|personally? to? decide|sign|buy|choose|approve|order|pick|authorise|authorize|purchase",
    ),
    (
        950,
        "i|we don't|never|can't|cannot|won't|didn't make|take any|the|these|those|such|that|big? decision|decisions|call|calls|choice|choices|purchases",
    ),
    (950, "i|we decide|sign|approve nothing|zero|none"),
    (
        900,
        "we|i|you just|simply|have|only|must|gotta|to? to? take|use|get|live|work with? what|whatever * gives|give|sends|send|buys|buy|decides|tells|choose|chooses|get|given|orders|order",
    ),
    (
        700,
        "you'd|you'll|you|better|should have|need|better|must|should? to? talk|speak|ask|call|contact|go to|with? my|our|the? boss|purchasing|procurement|office|director|cfo|buyer|manager|management|ceo|owner|head",
    ),
    (700, "wish it|i|that were|was|could|had"),
    (
        950,
        "no say|saying|influence|authority|part|voice|vote in|over|on|what|at|there|with|about|here|to|whatsoever?",
    ),
    (
        950,
        "have|got|had|has no|any|zero|nothing|little say|influence|authority|voice|vote|to|input say|do",
    ),
    (
        950,
        "don't|haven't|didn't|never have|get|got any|a|much|really|the say|influence|authority|voice|vote|budget|power",
    ),
    (
        950,
        "not|isn't|never|wouldn't|won't|ain't|hardly really|at|all|exactly|even|be|for|something? up|down to|for me|us|i",
    ),
    (
        950,
        "not|isn't|ain't|never|wasn't|wouldn't|hardly be|really|at|actually|even|exactly? my|mine|me call|coal|decision|job|department|business|place|area|choice|responsibility|money|budget|table|thing|field|area|remit|who|to|that|deciding|signing|decides|signs",
    ),
    (900, "not|isn't|ain't my|mine|me decision|call|coal|to|who|that make|decide|decides|signs?"),
    (
        900,
        "i'm not the|a|really|actually|in|involved|one|authorised|authorized|allowed|any? decision|one|person|decider|who|maker|right|to|position|in|the|guy|involved|that|charge|buyer",
    ),
    (
        900,
        "i'm just|only|simply|merely a|an|the|here user|operator|visitor|worker|end|nurse|small|little|normal|employee|cog|student|intern|messenger|driver|technician|looking|assistant|helper|trainee|fitter|with|simple",
    ),
    (
        900,
        "nobody|noone|no|never|not|they|no-one|hardly anybody|one|don't|never|even|doesn't ask|asks|asked|listens|consults|cares me|us|to|what|about|my|nurses|people|the|anyone|anybody",
    ),
    (900, "nobody|noone asks|asked|listens|consults|cares me|us|to|what|about"),
    (900, "way|far above|over|beyond my pay|head|level|paygrade|station"),
    (900, "above my pay|paygrade|head|level"),
    (
        900,
        "nothing|zero|not|have|got to|anything|do|nothing do|with|with|to purchasing|buying|purchases|it|that|decisions|do|the|decision",
    ),
    (850, "sends|send|gives|give|hands|sent us|me a|the|our list|catalogue|catalog|what"),
    (850, "i|we get what|whatever i'm|we're|they|comes|i given|give|get|told|buy|us|send"),
    (
        850,
        "i just|only|simply|merely use|work|operate|drive|clean|run|do it|with|them|the|what|as|in|there|here",
    ),
    (
        850,
        "they|head|headquarters|hq|corporate|ministry|management|others|government|group decide|decides|choose|tell|office|picks|tells|buy|buys|dictates|hands|choose|chooses|dictate for|over|everything|it|us|that|this|without|decides|all|what|picks|tells|sends",
    ),
    (
        900,
        "it's|its|gets|get|all|is|are|everything's|everything|that's|comes|that all|is|are|gets|already? decided|dictated|mandated|chosen|handled|done|bought|ordered centrally|somewhere|elsewhere|above|by|at|in|from|for|over|upstairs",
    ),
    (
        850,
        "someone|somebody|others|other|other's|people else|people|do|decide decides|signs|does|decide|picks|makes|handles|that|buys|that's",
    ),
    (
        850,
        "don't|not|wouldn't|couldn't look|ask|be|at|the|involved|me|tell me|right|you|in|one|person|about purchasing|buying|person|who|decisions|decides|that|i'm?",
    ),
    (850, "not involved|part|in in|of|any"),
    (850, "know say|saying in|over|what|on"),
    (850, "i'm|we're not|never involved|asked|consulted|part"),
    (
        800,
        "i|i'm|we leave|just|do that|it|what|as i'm|to|the|told|we're|my told|purchasing|others|boss|head|management?",
    ),
];

/// Others who decide: subject and verb, at most one adverb between.
pub(super) const OTHERS: &str = "boss|manager|director|cfo|ceo|owner|board|council|committee|procurement|purchasing|management|headquarters|\
office|hq|corporate|ministry|wife|husband|father|dad|brother|partner|superior|chief|cto|coo|cio|md|supervisor|he|she|they|head|\
president|group|department|team|group|mother|partners|founder|people|finance|city|hospital|buyer|controller|dean|\
principal|mayor|authority|bank|shareholders|investors|company|it|others|boss's|martin|foreman|parent|captain|bored|colleague|buyers|lead|upstairs|rector|counsel";

/// Verbs of deciding in the third person.
pub(super) const DECIDE_VERBS: &str = "decides|decide|desides|signs|sign|approves|approve|votes|vote|chooses|choose|picks|pick|buys|pays|has|have|holds|makes|make|takes|\
gets|deciding|says|say|gives|authorises|authorizes|awards|handles|does";
