//! The phrases that leave the decision to another.

/// Evaluates or recommends; another decides.
pub(super) const INFLUENCES: &[(u16, &str)] = &[
    (
        900,
        "i'm|am only|just|merely|more? the|an|a|like? technical|outside|external|internal|scientific? adviser|advisor|evaluator|tester|assessor",
    ),
    (
        950,
        "only|but|not if|when|after|without|before i|we|me|my say|recommend|approve|give|like|agree|recommended|saying|advice|okay|it's",
    ),
    (
        900,
        "with|on|after|following my|our input|advice|recommendation|help|opinion|proposal|guidance",
    ),
    (900, "i|we only|just|mainly|merely test|try|check|compare|filter|evaluate|look"),
    (
        900,
        "my|our say|word|vote|voice|input|opinion|view ** counts|matters|weight|weighs|heard but|though|yet",
    ),
    (
        900,
        "i|i'll|i'd|we can|could|will|would|only|just? push|lobby|fight|argue|advocate|vouch|speak for|in",
    ),
    (
        900,
        "i|we|and tell|telling|show him|her|them|my|the? boss|owner|owners|management? what's|which|what|where",
    ),
    (
        900,
        "does|do|does|buys|signs|follows|takes whatever|what|everything i|we tell|say|suggest|advise|recommend|want|put|choose|propose|pick",
    ),
    (
        900,
        "i|we can|could|may only|just? veto|block|influence|kill it|that|something|a|things|anything?",
    ),
    (
        900,
        "i|we i'll|can|will|could|must|have|need? to|then? hand|pass|forward|send|give|submit it|them|everything|that|this|the|my * to|on|over|up|upstairs",
    ),
    (
        900,
        "hand|pass|forward|submit|handing|passing|forwarding it|them|everything on|over|up|along? to",
    ),
    (
        900,
        "we|i only|just|merely give|gave|have|offer|get our|my|an opinion|input|view|advice|feedback|wishes",
    ),
    (
        900,
        "i'm supposed|asked|sent|told|meant to|here to? find|look|collect|compare|report|check|evaluate|gather|scout|bring",
    ),
    (900, "he|she|they|boss|management|director goes|go with what i"),
    (
        900,
        "i can|could|only|just|may|will only|just? make a|my|some suggestion|suggestions|proposal|proposals|wishes|recommendation",
    ),
    (900, "report|reporting back to"),
    (900, "only|just make a|my|some? suggestion|suggestions|proposal|proposals"),
    (
        850,
        "find|get|bring me? two|three|some|a|few vendors|offers|quotes|options ** report|back|present|show",
    ),
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
        "ask|asks|asked|consult|consults|listen|listens|trust|trusts|rely|relies|follow|follows me|us|to|on|my|for what|for|me|which|first|about|recommendation|advice|opinion|my|judgement|us|before|if|though|judgment",
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
    (
        850,
        "that's|it's|is for|to|on my|the|our|others|him|her|them|somebody|someone * to decide|say|choose|sign",
    ),
    (850, "better off asking|talking|speaking|with|going|contacting"),
    (
        850,
        "i|we just|only|simply|merely ** press|push|drive|use|operate|clean|load|sweep|carry|fix|repair|install",
    ),
    (
        850,
        "somebody|someone|others|people|guys in|at|from|upstairs ** deals|deal|handles|handle|does|do|decides|decide|looks|takes",
    ),
    (
        850,
        "purchasing|procurement|management|headquarters|office|finance|boss|manager|director|owner deals|deal|looks|takes with|after|care that|those|this|it|of|these|such",
    ),
    (900, "we|i just|only|simply get|are sent|given|told|shipped|issued"),
    (
        800,
        "you|you'd|you'll|better|best need|have|should|must|want|would|could|to|better|will ** talk|speak|go|contact|call|see to|with? my|our|the head|plant|production|purchasing? boss|manager|director|owner|cfo|ceo|cto|purchasing|procurement|buyer|office|husband|wife|management",
    ),
    (
        800,
        "purchasing|procurement|management|headquarters|hq|corporate|office|finance|buying|buyer|buyers handles|handle|does|takes all|care? of? that|those|this|it|everything|things|these",
    ),
    (
        850,
        "it|that|everything|this comes|is|gets|come imposed|sent|handed? down? from the? headquarters|hq|above|corporate|upstairs|head|parent|top|management|group",
    ),
    (
        700,
        "question|one|decision|matter|thing|topic|something for my|the|our|head boss|purchasing|procurement|owner|manager|director|cfo|ceo|office|board|management|it",
    ),
    (
        700,
        "ask|asks|contact my|the|our? purchasing|procurement|boss|buyer|headquarters|management|owner",
    ),
    (
        750,
        "purchasing|buying|procurement|that|everything|it is|gets|was done|handled|decided|made|sits in|at|by|elsewhere|centrally",
    ),
    (900, "do|does what i'm|we're told"),
    (900, "nothing to say|decide"),
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
principal|mayor|authority|bank|shareholders|investors|company|it|others|boss's|foreman|parent|captain|bored|colleague|buyers|lead|upstairs|rector|counsel|professor|surgeon|pharmacist|treasurer|secretary|chairman|chairwoman|chair|\
minister|bishop|abbot|uncle|aunt|sister|grandfather|mum|mom|landlord|franchisor|gm|vp|svp|trustee|vestry|parish|jury|panel|commission|\
administration|leadership|executive|holding|legal|accountant|bookkeeper|superintendent|chef|commander|consultant|sponsor|investor";

/// Verbs of deciding in the third person.
pub(super) const DECIDE_VERBS: &str = "decides|decide|desides|signs|sign|approves|approve|votes|vote|chooses|choose|picks|pick|buys|pays|has|have|holds|makes|make|takes|\
gets|deciding|says|say|gives|authorises|authorizes|awards|handles|does";
