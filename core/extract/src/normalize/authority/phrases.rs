//! What people say of their part in a decision. Rows of weight (permille) and patterns, see
//! `pattern`; a pattern says the whole of its own negation, so `i decide` never meets "i don't
//! decide".

/// Decides or signs alone.
pub(super) const DECIDES: &[(u16, &str)] = &[
    (900, "i'm the budget|cost holder|owner|responsible"),
    (900, "convince|persuade|sell it|that|this? to? me"),
    (900, "my|mine ** nobody|noone|no-one|not else|else's|anybody"),
    (900, "are|is|remain|remains|be mine to decide|approve|sign|make|choose|pick"),
    (
        850,
        "i just|simply? tell|instruct accounting|finance|purchasing|procurement|them to|what order|pay|buy|to",
    ),
    (
        950,
        "leave|leaves|left|entrusts|delegates|delegated it|that|this|them|those|everything|these? all|entirely|completely? to|up me|to",
    ),
    (
        950,
        "don't|needn't|doesn't|never need|have|require|requires a|an|any|another|anybody's|anyone's|to|get? second|further|other|get|extra? signature|approval|okay|ok|permission|sign-off|blessing|yes|vote",
    ),
    (900, "i just|simply order|buy|purchase"),
    (
        950,
        "gave|gives|give|given|has|have me|i've the|full|all|a|got? full? authority|power|mandate|freedom|okay",
    ),
    (
        850,
        "i'm|i have|hold|carry|the one|guy|person|man|woman? with|who|that? holds|has|carries? the company? cheque|chequebook|checkbook|check|wallet|purse|credit book|card?",
    ),
    (
        950,
        "don't|never|needn't ask|consult|check nobody|anybody|anyone|permission|around|with? anybody|anyone|nobody?",
    ),
    (
        950,
        "nothing|nobody|none|anything ** without my|me okay|ok|signature|approval|yes|say-so|sign-off|name|stamp|blessing",
    ),
    (950, "nobody|noone|no-one tells|dictates|orders|instructs me|to me|what|how?"),
    (950, "gave|gives|give|given|have|got|has|i've|with me? a free|carte hand|blanche|rein"),
    (
        900,
        "looking|talking|speaking at|to|with him|her|it|the him|her|boss|decision|owner|person|man|woman|one|guy who|that|maker? decides|signs|decide|sign|chooses|picks|approves|buys",
    ),
    (
        850,
        "you're|are talking|speaking|looking to|at|with the boss|one|man|woman|right boss|one|man|woman|person",
    ),
    (
        900,
        "decisions|it|tools|software|these|those|they|purchases|purchasing|machines|equipment is|are my|mine decision|call|choice|area|domain",
    ),
    (900, "full|complete|total|absolute|sole freedom|authority|control|discretion"),
    (900, "my money|budget|company|shop|business my decision|call|choice|money|rules"),
    (900, "goes|comes|lands over|across|on my desk"),
    (
        950,
        "don't|needn't|never need|have a|the|any|to? committee|board|boss|signature|approval|meeting|ask? for? that|it|this? just|i? i? just? buy|decide|order|sign|do",
    ),
    (900, "i approve|sign|decide|buy|order|do it|that|this|things|all? on my own"),
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
    (950, "but|only|always only? together|jointly with"),
    (850, "i|i'm chair|head|chairing the|it|that|our committee|board|council?"),
    (950, "next|addition|besides|beside|alongside|same to? time|weight? as? mine|my"),
    (
        900,
        "everybody|everyone|each|all|members ** has|have|get|gets a|one|their|the|same vote|say|voice",
    ),
    (
        900,
        "everybody|everyone|each|all ** decides|decide|votes|vote|signs|sign|agrees|agree together|jointly|too|and|on|me|myself",
    ),
    (
        900,
        "we always|usually|normally|all|only|just decide|sign|vote|choose|agree in|together|jointly|as|on|it",
    ),
    (
        900,
        "decide|decides|decided|decision|agree * in|by|as the|a? management|committee|group|family|whole|steering|leadership team|committee|group|meeting|family|vote|board",
    ),
    (
        900,
        "my|our signature|yes|vote|okay|approval and|plus|as|together my|the|our|that|a|his|her|well|with",
    ),
    (
        900,
        "agree|discuss|decide it|that|this|on? with my|our business? partner|partners|brother|sister|wife|husband|co-owner|father|mother|board",
    ),
    (
        900,
        "but|and|then my|the|our bank|boss|board|owner|partner|wife|brother|cfo|ceo|director|council|partners has|have|must|needs|also to? also? agree|sign|approve|too|confirm",
    ),
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
        "decide|decides|decided|sign|signs|choose|agree|decision|buy it|this|that|is|made? together|jointly|unanimously|collectively",
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
        "with|and my|the|our brother|wife|husband|partner|boss|sister|father|colleague|cofounder|co|partners|team|cfo|ceo|director|board|owner and|together|both|jointly|we|i",
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
