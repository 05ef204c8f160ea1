"""What recognisers make of words: homophones, sounds written otherwise, words split and merged."""
import re

# Words that sound alike, or nearly so in a hall. Those of the last lines are said all the time and misheard seldom.
HOMOPHONES = """
their there they're|to too two|for four fore|your you're|its it's|hear here|by buy bye|know no|right write|week weak
our hour are|whole hole hall|meet meat|site sight cite|sell cell|cent sent scent|wait weight|way weigh|one won|eight ate
plain plane|great grate|new knew|piece peace|price prize|mail male|sale sail|role roll|steel steal|sum some|son sun|sea see
would wood|whether weather|which witch|principal principle|then than|affect effect|accept except|led lead|passed past
through threw|brake break|floor flaw|court caught|sauce source|raw roar|draw drawer|stationary stationery|allowed aloud
board bored|cue queue|desert dessert|fair fare|flour flower|heal heel|knight night|mane main|pair pear pare|patience patients
profit prophet|rain reign|road rode rowed|root route|scene seen|seller cellar|serial cereal|sort sought|stair stare
tail tale|tide tied|vain vein|waste waist|wear where|wine whine|yoke yolk|bare bear|base bass|bean been|berth birth
boarder border|capital capitol|check cheque|choose chews|council counsel|crews cruise|die dye|faze phase|gait gate|guessed guest
idle idol|lessen lesson|licence license|loan lone|mist missed|mussel muscle|oar or ore|pause paws|pole poll|poor pour pore
pray prey|quay key|rap wrap|read reed|ring wring|sew so sow|soar sore|sole soul|tea tee|team teem|throne thrown|toe tow
bill bell|ship sheep|batch patch
quote coat|order older|fleet fleece|tool tall|pump bump|line lime|cloud crowd|plan plant|yard guard|dock duck|track truck|trail trial
lease least leash|contract contact|audit edit|license licenses|tender tenda|renew renewal|paper pepper|filter filler
""".replace("\n", "|")
SMALL = """
an and in|a the|than then|is his as|was were|have of|that the|we've we|i've i|can can't|for four|to two too|our are|its it's
"""
FILLERS = ["um", "uh", "er", "like", "you know", "i mean", "sort of", "well", "so", "yeah"]
# A sound, and how else it is written.
SOUNDS = [
    ("ph", "f"), ("ck", "k"), ("k", "c"), ("c(?=[aou])", "k"), ("sch", "sh"), ("tz", "ts"), ("ij", "y"), ("ee", "ea"), ("ea", "ee"),
    ("oo", "u"), ("ou", "u"), ("ei", "i"), ("ie", "y"), ("y$", "ie"), ("ey$", "y"), ("th", "t"), ("v", "f"), ("w", "v"), ("z", "s"),
    ("ss", "s"), ("ll", "l"), ("nn", "n"), ("tt", "t"), ("rr", "r"), ("mm", "m"), ("e$", ""), ("h", ""), ("gh", "g"), ("qu", "kw"),
    ("x", "ks"), ("d$", "t"), ("b$", "p"), ("g$", "k"), ("a", "e"), ("e", "a"), ("i", "e"), ("o", "a"), ("u", "o"), ("m", "n"), ("n", "m"),
    ("s$", ""), ("er$", "a"), ("a$", "er"), ("r", ""), ("j", "y"), ("dj", "j"), ("cz", "ch"), ("sz", "sh"), ("kn", "n"), ("t", "d"),
]


def homophones(text):
    groups = [group.split() for group in text.split("|") if group.strip()]
    return {word: [other for other in group if other != word] for group in groups for word in group}


ALIKE, SMALL_ALIKE = homophones(HOMOPHONES), homophones(SMALL)


def sounding_like(rng, word, times=None):
    """A name as it is misheard: some of its sounds written otherwise."""
    plain = word.lower()
    for _ in range(times or rng.choice([1, 1, 2, 3])):
        fitting = [(sound, other) for sound, other in SOUNDS if re.search(sound, plain)]
        if fitting:
            sound, other = rng.choice(fitting)
            places = list(re.finditer(sound, plain))
            place = rng.choice(places)
            changed = plain[:place.start()] + other + plain[place.end():]
            plain = changed if len(changed) > 1 else plain
    return plain.capitalize() if word[:1].isupper() else plain


def near_words(word, known):
    """Known words one letter away."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    made = {head + tail[1:] for head, tail in cuts if tail}
    made |= {head + letter + tail[1:] for head, tail in cuts if tail for letter in letters}
    made |= {head + letter + tail for head, tail in cuts for letter in letters}
    return sorted(other for other in made if other in known and other != word)


def parted(rng, word):
    """A word heard as two, cut before a consonant; itself if it is short."""
    cuts = [at for at in range(3, len(word) - 2) if word[at].lower() not in "aeiou" and word[at - 1].lower() in "aeiounrl"]
    if not cuts:
        return [word]
    at = rng.choice(cuts)
    second = word[at:].capitalize() if word[:1].isupper() and rng.random() < 0.6 else word[at:]
    return [word[:at], second]
