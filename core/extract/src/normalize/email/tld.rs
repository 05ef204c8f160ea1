//! Top-level domains, and what a recogniser makes of them.

use std::collections::HashSet;
use std::sync::LazyLock;

const TLDS: &str = "com net org edu gov mil int info biz name pro mobi jobs travel tel cat coop \
aero museum ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn \
bo br bs bt bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz \
ec ee eg er es et eu fi fj fk fm fo fr ga gd ge gf gg gh gi gl gm gn gp gq gr gt gu gw gy hk hm \
hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc \
li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc \
ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa \
sb sc sd se sg sh si sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr \
tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw app dev cloud shop store \
online site tech digital group agency solutions services systems software global world company \
consulting energy engineering health care clinic hospital legal law finance capital bank media \
studio design works space live life team email academy school university museum berlin hamburg \
wien london paris nyc amsterdam swiss bayern koeln cologne tokyo africa asia scot wales irish eus \
gal xyz club blog news today zone network technology industries supply tools parts farm garden \
green eco solar bio coffee restaurant hotel immo gmbh ltd llc inc limited partners ventures \
holdings international enterprises management marketing events expert institute foundation ngo \
plus one page link click run build construction builders house homes estate auto car delivery \
express logistics transport aero cafe kitchen wine beer fish fashion clothing art gallery photo \
video audio games toys fit dental vet pharmacy doctor labs codes guru ninja wiki page top vip \
aws arpa post vet wtf moda saarland ruhr tirol brussels vlaanderen gent frl quebec bzh corsica";

const MISHEARD: &[(&str, &str)] = &[
    ("calm", "com"),
    ("come", "com"),
    ("kom", "com"),
    ("comm", "com"),
    ("comb", "com"),
    ("con", "com"),
    ("call", "com"),
    ("cum", "com"),
    ("khan", "com"),
    ("cong", "com"),
    ("calmed", "com"),
    ("common", "com"),
    ("coms", "com"),
    ("nett", "net"),
    ("met", "net"),
    ("neck", "net"),
    ("nets", "net"),
    ("orc", "org"),
    ("ork", "org"),
    ("orgue", "org"),
    ("organ", "org"),
    ("ayo", "io"),
    ("eyo", "io"),
    ("day", "de"),
    ("deh", "de"),
    ("cho", "co"),
    ("koh", "co"),
    ("cove", "co"),
    ("yoo", "eu"),
    ("fur", "fr"),
    ("guv", "gov"),
    ("gove", "gov"),
    ("governor", "gov"),
    ("know", "no"),
    ("bee", "be"),
    ("see", "se"),
    ("add", "edu"),
];
/// Country domains that follow "com", "co", "org" without a spoken dot.
const SECOND: &[&str] = &[
    "uk", "au", "br", "ng", "za", "nz", "sg", "hk", "tr", "mx", "ar", "tw", "cn", "ph", "pk", "jp",
    "kr", "ua", "pl", "ke", "il", "gh", "eg", "bd", "vn", "pe", "ec", "uy",
];
const LAYERS: &[&str] =
    &["com", "co", "org", "net", "gov", "edu", "ac", "ltd", "or", "ne", "nhs", "gob", "go", "gouv"];

static SET: LazyLock<HashSet<&'static str>> = LazyLock::new(|| TLDS.split_whitespace().collect());

/// Whether it is a top-level domain.
pub(super) fn is_tld(label: &str) -> bool {
    SET.contains(label)
}

/// The domain that a misheard word stands for after "dot".
pub(super) fn misheard(word: &str) -> Option<&'static str> {
    MISHEARD.iter().find(|(w, _)| *w == word).map(|(_, t)| *t)
}

/// Whether a country domain follows a layer ("com br") without a dot between.
pub(super) fn follows(layer: &str, country: &str) -> bool {
    LAYERS.contains(&layer) && SECOND.contains(&country)
}

/// Whether a label is the layer below a country domain ("co" in "co.uk").
pub(super) fn is_layer(label: &str) -> bool {
    LAYERS.contains(&label)
}

/// The provider's domain when its name was said alone or misspelt.
pub(super) fn provider(label: &str) -> Option<&'static str> {
    Some(match label {
        "gmail" | "geemail" | "jemail" | "jimail" | "g-mail" | "gmale" | "gemail" | "gmailed"
        | "googlemail" | "jeemail" | "gimail" => "gmail",
        "hotmail" | "hotmale" | "hot-mail" => "hotmail",
        "outlook" | "outlok" => "outlook",
        "yahoo" | "yahu" | "yahool" => "yahoo",
        "icloud" | "eyecloud" | "i-cloud" => "icloud",
        "protonmail" | "protonmale" | "proton-mail" => "protonmail",
        _ => return None,
    })
}
