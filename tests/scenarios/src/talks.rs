//! Talks that name everything a CRM record needs. Persons and firms are made up.

use confee_domain::Transcript;
use serde_json::json;

const FIRST: [&str; 32] = [
    "Owen", "Clara", "Henrik", "Judith", "Martin", "Nora", "Peter", "Rosa", "Simon", "Tessa",
    "Victor", "Wendy", "Adam", "Bella", "Colin", "Diana", "Edgar", "Fiona", "George", "Hannah",
    "Isaac", "Julia", "Kevin", "Laura", "Marcus", "Nadia", "Oliver", "Paula", "Robert", "Sarah",
    "Thomas", "Ursula",
];
const LAST: [&str; 32] = [
    "Hartnell",
    "Brandt",
    "Keller",
    "Larsen",
    "Novak",
    "Fischer",
    "Gardner",
    "Holloway",
    "Ingram",
    "Jensen",
    "Kowalski",
    "Lindgren",
    "Marlowe",
    "Norwood",
    "Osborne",
    "Pemberton",
    "Quigley",
    "Radcliffe",
    "Sandberg",
    "Thornton",
    "Underhill",
    "Vaughan",
    "Whitaker",
    "Yardley",
    "Ashworth",
    "Bellamy",
    "Carver",
    "Dawson",
    "Ellison",
    "Fairfax",
    "Grantham",
    "Hughes",
];
const PLACE: [&str; 32] = [
    "Fenland",
    "Oakvale",
    "Northmoor",
    "Redwater",
    "Silverdale",
    "Stonebridge",
    "Westbrook",
    "Highfield",
    "Larkhill",
    "Millbrook",
    "Ashford",
    "Birchwood",
    "Clearwater",
    "Dunmore",
    "Eastgate",
    "Foxglove",
    "Greenhill",
    "Hazelwood",
    "Ivybridge",
    "Kingsley",
    "Longmeadow",
    "Maplewood",
    "Newhaven",
    "Orchard",
    "Pinewood",
    "Ravenhill",
    "Sandown",
    "Thornbury",
    "Valewood",
    "Wildwood",
    "Yewtree",
    "Brookside",
];
const TRADE: [&str; 32] = [
    "Berry", "Apple", "Cherry", "Salad", "Potato", "Flower", "Cheese", "Honey", "Grape", "Onion",
    "Carrot", "Tomato", "Pepper", "Melon", "Barley", "Walnut", "Lemon", "Peach", "Plum", "Pear",
    "Garlic", "Herb", "Mushroom", "Turnip", "Cabbage", "Lettuce", "Spinach", "Pumpkin", "Bean",
    "Maize", "Clover", "Rhubarb",
];

/// How many talks differ in person, firm and address.
pub const DIFFERENT: usize = 1_024;

fn pick(list: &[&'static str; 32], n: usize) -> &'static str {
    list[n % 32]
}

/// The id of the n-th talk.
#[must_use]
pub fn id(n: usize) -> String {
    format!("talk-{n:04}")
}

/// The visitor's e-mail address in the n-th talk.
#[must_use]
pub fn email(n: usize) -> String {
    format!("{}@{}", pick(&LAST, n / 32).to_lowercase(), domain(n))
}

/// The firm's domain in the n-th talk.
#[must_use]
pub fn domain(n: usize) -> String {
    format!("{}{}.co.uk", pick(&PLACE, n), pick(&TRADE, n / 32)).to_lowercase()
}

/// A short talk whose draft has name, title, company, e-mail, budget, timeline and next step: all
/// five kinds of record arise from it.
#[must_use]
pub fn talk(n: usize) -> Transcript {
    let (first, last) = (pick(&FIRST, n), pick(&LAST, n / 32));
    let (place, trade) = (pick(&PLACE, n), pick(&TRADE, n / 32));
    let spoken = format!(
        "{} at {} dot co dot uk.",
        last.to_lowercase(),
        format!("{place}{trade}").to_lowercase()
    );
    let said = [
        ("rep", "I'm Mira Kohl, from Kaltwerk. And you are?".to_owned()),
        ("prospect", format!("{first} {last}, head of operations at {place} {trade} Farms.")),
        ("rep", "Is there a budget for it yet?".to_owned()),
        ("prospect", "We have 150,000 pounds for both halls.".to_owned()),
        ("rep", "And when would it have to run?".to_owned()),
        ("prospect", "Before the end of April.".to_owned()),
        ("rep", "Shall I come to the farm and do a site survey of both halls?".to_owned()),
        ("prospect", "Yes, please do. Next Thursday I'm there all day.".to_owned()),
        ("rep", "Next Thursday it is. Where do I send the confirmation?".to_owned()),
        ("prospect", spoken),
    ];
    let segments: Vec<_> = said
        .iter()
        .enumerate()
        .map(|(i, (who, text))| {
            json!({"start_ms": i * 6_000, "end_ms": i * 6_000 + 5_000, "speaker": who, "text": text})
        })
        .collect();
    let talk = json!({
        "id": id(n),
        "captured_at": "2026-11-18T14:20:00+01:00",
        "rep": {"name": "Mira Kohl", "company": "Kaltwerk"},
        "segments": segments,
    });
    serde_json::from_value(talk).unwrap()
}
