//! Word lists of the money grammar.

use crate::text::{TENS, UNITS};

const SCALE_WORDS: [&str; 13] = [
    "thousand",
    "thousands",
    "grand",
    "k",
    "kay",
    "million",
    "millions",
    "mio",
    "billion",
    "lakh",
    "lakhs",
    "crore",
    "crores",
];
/// Words that are no counted thing after a number.
const FUNCTION_WORDS: &str = " a an the and or but so for in on at of to from by with is are was were be \
    been it its it's this that these those we i you he she they us me my our your not no yes yeah yep ok \
    okay max maximum minimum min tops top ceiling cap limit plus more less budget total altogether \
    overall per each every annually yearly monthly quarterly now then than if because since as about \
    around roughly maybe perhaps probably approximately give if when while before after until till \
    would will could can should might may must have has had do does did am what which who how there \
    here also only just already still all too well right sure sorry wait actually sounds works gets \
    covers goes plus minus something ish say said including excluding inclusive exclusive net gross \
    upfront once one off through max's please thanks alright exactly ballpark available approved set \
    reserved earmarked allocated budgeted put lets fine easily tops either gives comes lies depends \
    unless perhaps always as was less this plus apiece pa annum year month next last hopefully \
    honestly definitely up down over under above below between against into out left without within \
    depending whatever though investment spend spending funding money cash grant funds capex opex seems looks feels fits suits makes means remains \
    stays stands does ";

/// Things counted or measured: a number before them is no money.
const UNIT_NOUNS: &str = " people thanks persons employees staff workers users user seats seat heads colleagues \
    trucks truck vehicles vans cars vessels ships buses forklifts machines robots devices sensors \
    cameras meters metres meter metre feet foot square sqm sqft squares km kilometers kilometres \
    kilometer kilometre miles mile kilos kilo kg kilograms grams tons tonnes ton tonne litres liters \
    litre liter gallons pages documents transactions orders invoices customers clients patients beds \
    stores shops sites plants locations branches cycles hours hour days day weeks week months years \
    minutes seconds percent percentage % units pieces parts parcels packages pallets tickets calls \
    emails mails rows records lines items skus articles students pupils members visitors guests \
    followers subscribers contacts leads watts watt kw kwh kilowatt kilowatts megawatts volts amps rpm \
    times series model degrees bar pixels boxes bottles cans cases tyres tires panels screens rooms \
    flats apartments houses homes households buildings inspectors technicians engineers drivers nurses \
    doctors farmers animals cows pigs hens birds acres hectares hectare inches inch mm cm millimetres \
    centimetres wide long deep tall strong steps clicks views downloads licences licenses inhabitants \
    citizens residents passengers flights bags meals portions samples tests scans images videos \
    shipments deliveries containers bookings claims cases permits applications tenants subscribers \
    rpm lux gigabytes terabytes gb tb mb visits impressions operators shifts cores amp hp \
    horsepower psi lumens strokes rolls sheets labels tags doors windows booths exhibitors attendees \
    appointments cents cent square-feet population strong gen euros-per newtons hertz ";

pub(super) fn is_number_word(norm: &str) -> bool {
    UNITS.contains(&norm)
        || TENS.contains(&norm)
        || matches!(norm, "hundred" | "half")
        || SCALE_WORDS.contains(&norm)
}

pub(super) fn is_scale_word(norm: &str) -> bool {
    SCALE_WORDS.contains(&norm)
}

/// Whether a list of words between blanks has this word.
pub(super) fn listed(list: &str, norm: &str) -> bool {
    !norm.is_empty()
        && !norm.contains(' ')
        && list.match_indices(norm).any(|(i, m)| {
            let bytes = list.as_bytes();
            i > 0 && bytes[i - 1] == b' ' && bytes.get(i + m.len()) == Some(&b' ')
        })
}

pub(super) fn is_function_word(norm: &str) -> bool {
    listed(FUNCTION_WORDS, norm)
}

pub(super) fn is_unit_noun(norm: &str) -> bool {
    listed(UNIT_NOUNS, norm)
}

/// Goods bought once, whose price is no subscription.
pub(super) const ONE_OFF_GOODS: [&str; 50] = [
    "lines",
    "cells",
    "presses",
    "machine",
    "machines",
    "project",
    "line",
    "robot",
    "robots",
    "cell",
    "press",
    "printer",
    "truck",
    "trucks",
    "forklift",
    "forklifts",
    "scanner",
    "scanners",
    "installation",
    "building",
    "equipment",
    "purchase",
    "hardware",
    "crane",
    "lathe",
    "mill",
    "oven",
    "packer",
    "conveyor",
    "plant",
    "unit",
    "van",
    "vans",
    "tractor",
    "excavator",
    "drone",
    "drones",
    "laser",
    "furnace",
    "pump",
    "pumps",
    "palletizer",
    "palletiser",
    "tool",
    "rollout",
    "renovation",
    "refit",
    "retrofit",
    "conversion",
    "upgrade",
];
