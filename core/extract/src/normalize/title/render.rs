//! How a title is written.

use super::words::{Word, listed};

const SMALL: &str = "of for and the to in on at a an";

const ACRONYMS: &str = "ceo cfo coo cto cio ciso cmo cro cpo chro cdo cso cco cno cao clo vp svp evp \
    avp md gm pm hr it ict qa qc ehs hse qhse hseq she pr ux ui ai bi pa ea ot \
    erp crm sre dba cnc hvac icu r&d emea apac dach latam uk us usa eu bim mep \
    plc scada cad seo ppc smb esg mro sap pmo gp av ml b2b l&d f&b m&a fp&a mba \
    sdr bdr";

/// Short forms that everyone writes out; the second column where they are the head noun.
const SHORT: &[(&str, &str, &str)] = &[
    ("ops", "Operations", "Operations"),
    ("op", "Operations", "Operations"),
    ("mktg", "Marketing", "Marketing"),
    ("sr", "Senior", "Senior"),
    ("snr", "Senior", "Senior"),
    ("jr", "Junior", "Junior"),
    ("asst", "Assistant", "Assistant"),
    ("assoc", "Associate", "Associate"),
    ("mgr", "Manager", "Manager"),
    ("mgmt", "Management", "Management"),
    ("dev", "Development", "Developer"),
    ("eng", "Engineering", "Engineer"),
    ("engr", "Engineering", "Engineer"),
    ("exec", "Executive", "Executive"),
    ("comms", "Communications", "Communications"),
    ("acct", "Account", "Accountant"),
    ("admin", "Administration", "Administrator"),
    ("sys", "Systems", "Systems"),
    ("sysadmin", "Systems Administrator", "Systems Administrator"),
    ("rep", "Representative", "Representative"),
    ("reps", "Representatives", "Representatives"),
    ("coord", "Coordinator", "Coordinator"),
    ("biz", "Business", "Business"),
    ("bizdev", "Business Development", "Business Development"),
    ("mfg", "Manufacturing", "Manufacturing"),
    ("dir", "Director", "Director"),
    ("supt", "Superintendent", "Superintendent"),
    ("supe", "Superintendent", "Superintendent"),
    ("spec", "Specialist", "Specialist"),
    ("dept", "Department", "Department"),
    ("tech", "Tech", "Technician"),
    ("infosec", "Information Security", "Information Security"),
    ("devops", "DevOps", "DevOps"),
    ("prof", "Professor", "Professor"),
    ("postdoc", "Postdoc", "Postdoc"),
    ("phd", "PhD", "PhD"),
    ("intl", "International", "International"),
    ("reg", "Regulatory", "Regulatory"),
    ("telesales", "Telesales", "Telesales"),
    ("vet", "Vet", "Veterinarian"),
    ("iot", "IoT", "IoT"),
    ("ios", "iOS", "iOS"),
    ("undergrad", "Undergraduate", "Undergraduate"),
    ("grad", "Graduate", "Graduate"),
    ("rd", "R&D", "R&D"),
];

/// The title as one would write it: "vp of ops" -> "VP of Operations". `head` is one past the
/// head noun within `words`.
pub(super) fn title(words: &[Word], head: usize) -> String {
    let mut out = String::new();
    let mut glue = true;
    for (i, w) in words.iter().enumerate() {
        if w.norm == "/" {
            out.push('/');
            glue = true;
            continue;
        }
        if !glue {
            out.push(' ');
        }
        glue = false;
        let next = words.get(i + 1);
        match short(&w.norm, i + 1 == head, next) {
            Some(long) => out.push_str(&long),
            None => out.push_str(&one(w, i == 0)),
        }
    }
    out
}

fn short(norm: &str, head: bool, next: Option<&Word>) -> Option<String> {
    if norm == "admin" && !head && next.is_some_and(|n| n.is(&["assistant", "asst", "officer"])) {
        return Some("Administrative".into());
    }
    SHORT
        .iter()
        .find(|(s, _, _)| *s == norm)
        .map(|(_, long, noun)| (if head { *noun } else { *long }).to_owned())
}

fn one(w: &Word, first: bool) -> String {
    if listed(ACRONYMS, &w.norm) {
        return w.norm.to_uppercase();
    }
    if listed(SMALL, &w.norm) && !first {
        return w.norm.clone();
    }
    let letters = w.text.chars().filter(|c| c.is_alphabetic()).count();
    let caps = letters > 1 && letters < 5 && w.text.chars().all(|c| !c.is_lowercase());
    let inner =
        w.text.chars().skip(1).any(char::is_uppercase) && w.text.chars().any(char::is_lowercase);
    if caps || inner {
        return w.text.clone();
    }
    w.norm.split('-').map(capitalised).collect::<Vec<_>>().join("-")
}

fn capitalised(part: &str) -> String {
    let mut chars = part.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

/// The words as they stand, acronyms in capitals.
pub(super) fn said(words: &[Word]) -> String {
    let one = |w: &Word| {
        if listed(ACRONYMS, &w.norm) { w.norm.to_uppercase() } else { w.text.clone() }
    };
    words.iter().map(one).collect::<Vec<_>>().join(" ").replace(" / ", "/")
}
