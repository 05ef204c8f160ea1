"""Draws the cards that writers of training talks work from.

    python cards.py WRITER COUNT [--seed N]

Facts first: the card says what a talk must and must not carry, so that gold is there before the text.
Frequencies are those of a trade fair, not of a form: most talks lack most fields.
"""
import argparse
import datetime as dt
import random
from pathlib import Path

from faker import Faker

HERE = Path(__file__).parent
LOCALES = (
    "en_US en_GB en_IN de_DE fr_FR it_IT es_ES nl_NL pl_PL tr_TR pt_BR es_MX sv_SE fi_FI cs_CZ ro_RO vi_VN id_ID "
    "yo_NG ig_NG zu_ZA tw_GH en_KE hu_HU hr_HR ga_IE fil_PH lt_LT et_EE da_DK no_NO sk_SK sl_SI es_AR fr_CA de_CH uz_UZ"
).split()
EXTRA = (
    "Yuki Tanabe|Haruto Ishikawa|Min-jun Seo|Ji-woo Kang|Wei Zhang|Xiu Ying Lau|Farah Haddad|Omar El-Sayed|Layla Nasser|"
    "Dmitri Volkov|Oksana Melnyk|Nikos Papadakis|Eleni Vlachou|Reza Karimi|Shirin Moradi|Aisha Rahman|Kwame Mensah|"
    "Siobhan Gallagher|Rhys Llewellyn|Morag Sinclair|Chayton Begay|Tane Parata|Leilani Kahale|Arjun Mehta|Sunita Rao|"
    "Grace Summer|Will Power|Mark Price|Rose Field|Drew Day|May Winter|Art Baker|Joy Banks|Frank Moor|Hope Rivers"
).split("|")
WORDS = (
    "Loop Sunday Harbour Anvil Juniper Copper Lantern Tide Acorn Bright Summit Ember Willow Pioneer Raven Marble Cedar Orbit "
    "Echo Falcon Quarry Meadow Velvet Ridge Spark Thistle Compass Nectar Cobalt Drift Hazel Arrow Pebble Saffron Onyx Birch "
    "Monday Kite Rocket Button Honest Target Square Vision Focus Prime Unity Gusto Salt Root Leap Nest Mint Bloom Beacon"
).split()
THINGS = (
    "Foods Logistics Engineering Dairy Clinics Hotels Textiles Plastics Motors Farms Construction Pharma Bakery Energy Water "
    "Labs Packaging Marine Retail Media Robotics Timber Interiors Freight Systems Cosmetics Brewing Metals Care Schools"
).split()
PLACES = (
    "Northfield Brackwater Sandholm Vale Oakhurst Kestrel Bay Lindau Porto Alto Ashby Riverside Halden Maribor Westhaven "
    "Kilmore Larkspur Tolosa Ribeira Dunmore Estrada Novara Brno Galway Umeå Szeged Accra Jaipur Cebu"
).split()
BODIES = "Hospital Trust|City Council|University|Primary Schools Trust|Fire Service|Museum|Airport|Water Board|Housing Association|Zoo|Port Authority|County Library".split("|")
SYLLABLES = "ver mo lin tra zel qui nor ax fin lu ceo bra dy sol vi tek ra mel ono pra go wex hal ist ari ko".split()
RIVALS = ["no rival", "no rival", "no rival", "1 current", "1 current", "1 current, 1 evaluating", "1 evaluating", "2 evaluating",
          "1 past", "1 past, 1 current", "1 current, told by its product name only", "no rival, but 2 tools that are none",
          "1 current, and 1 tool that is none"]
TITLES = [
    "a usual title of that trade", "a usual title of that trade", "a usual title of that trade",
    "an abbreviated one (CTO, EVP, COO, QA lead)", "owner or founder",
    "said as a function without a title ('I run procurement', 'I look after the vans')",
    "a long one with 'and' or 'of' or 'for'", "assistant, deputy, interim or junior something",
    "one changed lately: the old one is said as well", "a trade (plumber, vet, head chef, agronomist)"]
AMOUNTS = ["an exact sum", "an exact sum", "a range", "a range with the scale said once ('fifty to sixty k')", "up to ...", "at least ...",
           "about / roughly a sum", "a sum, corrected later to another", "per seat or piece, with the total said as well",
           "low, mid or high six figures", "a yearly sum", "a monthly sum", "next fiscal year's money, with a sum",
           "the visitor accepts the rep's price as fitting the budget"]
TIMELINES = ["by the end of a quarter", "in a quarter", "next month", "by a month", "in some weeks or months", "a range of weeks or months",
             "before a named date of their own (season, move, audit, opening), with its date or month", "when the rival's contract ends",
             "as soon as possible", "not before a month", "this year", "first or second half of next year", "within a week or two",
             "a date that is corrected later", "early or late next year", "by Christmas or Easter or the summer holidays"]
AUTHORITY = {"decision_maker": 22, "shared": 20, "influencer": 20, "none": 8, "-": 34}
KINDS = "demo call meeting email proposal trial sample intro visit".split()
DUES = ["a weekday", "next <weekday>", "next week", "tomorrow", "a date", "in two weeks", "by <weekday>", "week of a date", "the week after next",
        "this afternoon at the fair", "in <month>", "end of the month", "day after tomorrow", "Monday or Tuesday"]
NOT_LEADS = ["student", "job seeker", "vendor who pitches", "wants a gift or sweets", "asks the way", "competitor's employee who looks around",
             "journalist or blogger", "retired, just curious", "fair staff or neighbour stand", "wrong stand, looks for another firm"]
TRAPS = [
    "the rep says own name and company more than once", "the rep names list prices that the visitor does not take up",
    "the cost of the problem is said as a sum", "the rep tells another customer's deal with name, sum and date",
    "something is negated that sounds like a field ('we're not looking at Siemens', 'it isn't that we have fifty grand lying about')",
    "name, company or title is asked back and corrected", "a colleague of the visitor is mentioned by name and title",
    "a second visitor joins and speaks (Q:)", "a second person of the stand speaks (S:)",
    "the company's name is an ordinary word; it is used so that it might be taken for one", "the name is spelled letter by letter",
    "the company is spelled letter by letter", "a next step is refused before another is agreed", "a next step stays vague ('let's be in touch')",
    "products are named that are integrations and no rivals", "the visitor is a consultant who asks for a client",
    "a past employer or a past tool is named", "the talk is interrupted (announcement, phone call, child, colleague)",
    "numbers that are no money and no dates: head counts, square metres, tonnes, model numbers",
    "several dates that are no timeline: founded, last fair, last failure, holidays", "the visitor tells what the boss wants, not what they want",
    "the rep sums up at the end and gets one thing wrong, the visitor corrects", "jokes about money or time that must not be taken for facts",
    "the visitor asks many technical questions; most of the talk carries nothing", "the visitor is a partner of the rep's firm already for something else",
    "the address or number of a colleague is given instead of one's own (that is email.third / phone.third, and e-mail stays '-')",
    "names of people and firms look alike or are shared", "visitor and rep know each other from earlier", "the rep talks most of the time",
]
MANNERS = [
    "terse", "rambling", "very polite", "impatient", "jokes a lot", "non-native, simple grammar", "British understatement", "American, warm and loud",
    "Indian English", "Irish, chatty", "German directness", "Scottish", "Australian, informal", "technical to the bone", "sceptical", "tired, end of the day",
    "enthusiastic", "shy", "thinks aloud, starts over", "negotiates from the first minute", "West African English", "Dutch bluntness", "Texan", "Singaporean, lah"]


def company(rng, fake, sells=False):
    kind = rng.choice([0, 1, 2, 2, 2, 3, 4, 5, 7]) if sells else rng.randrange(9)
    word, thing, place = rng.choice(WORDS), rng.choice(THINGS), rng.choice(PLACES)
    coined = "".join(rng.sample(SYLLABLES, rng.choice([2, 2, 3]))).capitalize()
    return [word, f"{word} {thing}", f"{coined}", f"{coined} {thing}", f"{fake.last_name()} {thing}",
            f"{fake.last_name()} & {rng.choice(['Sons', 'Partners', fake.last_name(), 'Co'])}", f"{place} {rng.choice(BODIES)}",
            "".join(rng.sample("ABCDEFGHIKLMNOPRSTVWZ", 3)) + rng.choice(["", " Group", f" {thing}"]), f"{place} {thing}"][kind]


def faker(rng):
    fake = Faker(rng.choice(LOCALES))
    fake.seed_instance(rng.random())
    return fake


def person(rng, fake):
    return rng.choice(EXTRA) if rng.random() < 0.2 else f"{fake.first_name()} {fake.last_name()}"


def pick(rng, weights):
    return rng.choices(list(weights), weights.values())[0]


def facts(rng, fake, captured):
    """The lines of a card about one visitor who is a lead."""
    name = person(rng, fake)
    form = rng.random()
    name = "-" if form < 0.13 else name.split()[0] + " (first name only)" if form < 0.23 else name
    firm = company(rng, fake) if rng.random() < 0.82 else "-"
    yield "name", name
    yield "title", rng.choice(TITLES) if rng.random() < 0.66 else "-"
    yield "company", firm
    mail = rng.random() < 0.45
    yield "e-mail", rng.choice(["spoken plainly", "spoken, part of it spelled", "corrected while it is said", "first name dot last name at the firm's domain, said in few words",
                                "at a free mailer", "with numbers or an underscore or a dash"]) if mail else "-"
    yield "phone", rng.choice(["mobile with country code", "digits in groups", "as words, with double or oh", "corrected while it is said"]) if rng.random() < 0.3 else "-"
    money = rng.random()
    yield "budget", ("-" if money < 0.38 else "none (said to have none)" if money < 0.47 else "undecided" + rng.choice(["", "", ", with a rough sum named"])
                     if money < 0.58 else "available, no sum" if money < 0.64 else "available: " + rng.choice(AMOUNTS)
                     + " in " + rng.choice("EUR USD GBP CHF USD EUR SEK INR AUD PLN CAD".split() + ["no currency said"]))
    yield "timeline", rng.choice(TIMELINES) if rng.random() < 0.68 else "-"
    yield "authority", pick(rng, AUTHORITY)
    yield "pains", rng.choice("0 1 1 1 2 2 2 2 3 3 4".split())
    yield "rivals", rng.choice(RIVALS)
    step = rng.random()
    kind = rng.choice(KINDS)
    yield "next step", ("-" if step < 0.15 else "refused (-)" if step < 0.22 else "left vague (-)" if step < 0.29
                        else f"{kind}, no date" if step < 0.44 else f"{kind}, {rng.choice(DUES)}")


def card(rng, ident, offer):
    fake, rep = faker(rng), faker(rng)
    day = dt.date(2025, 1, 6) + dt.timedelta(days=rng.randrange(1150))
    while day.weekday() == 6:
        day += dt.timedelta(days=1)
    lines = [f"=== {ident}", f"captured: {day} {day:%a}", f"rep: {person(rng, rep)} | {company(rng, rep, sells=True)}, sells {offer}"]
    if rng.random() < 0.1:
        lines += ["lead: no", f"who: {rng.choice(NOT_LEADS)}", f"name: {rng.choice([person(rng, fake), '-', '-'])}"]
    else:
        lines += ["lead: yes"] + [f"{key}: {value}" for key, value in facts(rng, fake, day)]
    length = rng.choices(["50-110", "110-200", "200-320", "320-480", "480-750"], [16, 30, 32, 17, 5])[0]
    traps = rng.sample(TRAPS, rng.choice([0, 1, 1, 2, 2, 3]))
    lines += [f"words: {length}", f"visitor: {rng.choice(MANNERS)}", f"rep's manner: {rng.choice(MANNERS)}"]
    lines += [f"trap: {trap}" for trap in traps]
    return "\n".join(lines)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("writer")
    arguments.add_argument("count", type=int)
    arguments.add_argument("--seed", type=int, default=0)
    given = arguments.parse_args()
    rng = random.Random(f"{given.writer} {given.seed}")
    offers = HERE.joinpath("offers.txt").read_text().split("\n")[:-1]
    chosen = [rng.choice(offers) for _ in range(given.count)]
    cards = [card(rng, f"{given.writer}-{n:03}", offer) for n, offer in enumerate(chosen, 1)]
    print("\n\n".join(cards))


if __name__ == "__main__":
    main()
