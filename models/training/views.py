"""The four forms in which the app may see a talk: clean, lower, whisper, plain recogniser."""
import collections
import dataclasses
import functools
import re
from pathlib import Path

import inflect
from text_to_num import alpha2digit

import mishear
import pieces as p

VIEWS = ("clean", "lower", "whisper", "asr")
SPEAKERS = {"R": "rep", "S": "rep", "P": "prospect", "Q": "prospect"}
NAMES = ("name", "company", "rival", "tool")
SIGNS = {"@": "at", "%": "percent", "&": "and", "+": "plus", "€": "euros", "$": "dollars", "£": "pounds"}
NUMBERS = set("""zero oh one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million""".split())
INFLECT = inflect.engine()


@dataclasses.dataclass
class Segment:
    speaker: str  # rep, prospect or None
    pieces: list
    role: str  # who really speaks


def view(talk, kind, rng, again=0.15):
    """The segments of a talk in a view. `again` is how often a name is heard anew and not as before."""
    segments = [Segment(SPEAKERS[turn.speaker], p.of_turn(talk, index), SPEAKERS[turn.speaker]) for index, turn in enumerate(talk.turns)]
    ears = Ears(talk, rng, {"clean": 0, "lower": 0, "whisper": 0.45, "asr": 0.6}[kind], again)
    change = {"clean": lambda x: x, "lower": ears.lower, "whisper": ears.whisper, "asr": ears.asr}[kind]
    segments = [dataclasses.replace(segment, pieces=change(segment.pieces)) for segment in segments]
    if kind == "whisper" and rng.random() < 0.4:
        segments = smeared(segments, rng)
    if rng.random() < {"clean": 0.1, "lower": 0.25, "whisper": 0.15, "asr": 0.5}[kind]:
        segments = [dataclasses.replace(segment, speaker=None) for segment in segments]
    return [segment for segment in segments if segment.pieces]


def smeared(segments, rng):
    """Voices are told apart a little too late or too early: words at the seams go to the wrong turn."""
    parts = [list(segment.pieces) for segment in segments]
    for before, after in zip(parts, parts[1:]):
        if rng.random() < 0.15:
            joined = before + [piece.like(piece.text, piece.spaced or index == 0) for index, piece in enumerate(after)]
            seam = len(before) + rng.choice([-3, -2, -1, 1, 2, 3])
            cuts = [index for index, piece in enumerate(joined)
                    if piece.is_word and piece.spaced and abs(index - seam) <= 2 and 2 < index < len(joined) - 2]
            if cuts:
                before[:], after[:] = joined[:cuts[0]], joined[cuts[0]:]
    return [dataclasses.replace(segment, pieces=part) for segment, part in zip(segments, parts)]


@functools.cache
def common_words():
    """Words that occur often in the training talks."""
    counts = collections.Counter(
        word for path in sorted((Path(__file__).parent / "talks").glob("*.talk")) for word in re.findall(r"[a-z']+", path.read_text(encoding="utf-8")))
    return frozenset(word for word, count in counts.items() if count >= 5 and len(word) > 2)


def written(number):
    """A number as recognisers write it: 60,000 and 4 million."""
    if not number.isdecimal() or number[0] == "0" or int(number) < 10_000:
        return number
    value = int(number)
    if value >= 1_000_000 and value % 100_000 == 0:
        return f"{value / 1_000_000:g} million"
    return f"{value:,}"


def signs_dropped(found, drops):
    """Without some signs, and without those that have lost the word before them."""
    out, spaced = [], False
    for piece in found:
        stray = not piece.is_word and piece.text not in "$€£\"" and not (out and out[-1].is_word)
        if not piece.is_word and (stray or drops(piece)):
            spaced = spaced or piece.spaced
            continue
        out.append(piece.like(piece.text, piece.spaced or spaced))
        spaced = False
    return out


def is_number(text):
    return text.lower() in NUMBERS


def unhyphened(found):
    """ "thirty-two" as two words."""
    out = []
    for index, piece in enumerate(found):
        around = 0 < index < len(found) - 1 and is_number(found[index - 1].text) and is_number(found[index + 1].text)
        if piece.text == "-" and around:
            continue
        after = index > 1 and found[index - 1].text == "-" and is_number(found[index - 2].text) and is_number(piece.text)
        out.append(piece.like(piece.text, True) if after else piece)
    return out


class Ears:
    """Changes pieces as a recogniser would. A name is misheard alike most of the times it is said."""

    def __init__(self, talk, rng, share, again=0.15):
        self.talk, self.rng, self.share, self.again, self.heard = talk, rng, share, again, {}

    def lower(self, found):
        return self.plain(self.numbers(found, self.rng.random() < 0.4))

    def whisper(self, found):
        found = self.names(self.words(found, 0.02))
        found = [piece for piece in found if piece.text.lower() not in ("um", "uh", "er", "hm", "mm") or self.rng.random() < 0.1]
        found = self.addresses(self.digits(found, 0.85))
        return signs_dropped(found, lambda piece: piece.text in ",;:-–—\"" and self.rng.random() < 0.2)

    def asr(self, found):
        found = self.names(self.words(found, self.rng.uniform(0.02, 0.07)))
        found = self.digits(found, 0.9) if self.rng.random() < 0.4 else self.numbers(found, True)
        return self.fillers(self.plain(found))

    def plain(self, found):
        """Lower case, no signs but those that are spoken."""
        out = []
        for piece in found:
            if piece.is_word:
                glued = out and not piece.spaced
                out.append(piece.like(piece.text.lower().replace("’", "'"), True if glued or out else piece.spaced))
            elif piece.text in SIGNS:
                out.append(piece.like(SIGNS[piece.text], True))
        return out

    def fillers(self, found):
        out = []
        for index, piece in enumerate(found):
            inside = index and found[index - 1].entity == piece.entity and piece.entity >= 0
            if self.rng.random() < 0.025 and not inside:
                clause = piece.clause if index and found[index - 1].clause == piece.clause else -1
                out += [p.Piece(word, True, -1, clause) for word in self.rng.choice(mishear.FILLERS).split()]
            out.append(piece)
        return out

    def words(self, found, share):
        """Ordinary words misheard."""
        out = []
        for piece in found:
            small = mishear.SMALL_ALIKE.get(piece.text.lower())
            alike = small or mishear.ALIKE.get(piece.text.lower())
            wrong = piece.entity < 0 and piece.is_word and self.rng.random() < share * (0.7 if small else 4 if alike else 0.7)
            alike = wrong and (alike or mishear.near_words(piece.text.lower(), common_words()))
            if alike:
                word = self.rng.choice(alike)
                out.append(piece.like(word.capitalize() if piece.text[:1].isupper() else word))
            else:
                out.append(piece)
        return out

    def names(self, found):
        out = []
        for piece in found:
            tag = self.talk.marks[piece.entity].tag if piece.entity >= 0 else ""
            heard = self.misheard(piece.text) if tag in NAMES and piece.is_word and len(piece.text) > 2 else [piece.text]
            out += [piece.like(part, piece.spaced if index == 0 else True) for index, part in enumerate(heard)]
        return out

    def misheard(self, word):
        key = word.lower()
        if key not in self.heard or self.rng.random() < self.again:
            wrong = self.rng.random() < self.share
            parted = wrong and self.rng.random() < 0.2
            self.heard[key] = mishear.parted(self.rng, word) if parted else [mishear.sounding_like(self.rng, word)] if wrong else [word]
        return self.heard[key]

    def digits(self, found, share):
        """Numbers in words become digits; a run of number words is one piece or one a digit."""
        def key(piece):
            return (piece.entity, piece.clause) if is_number(piece.text) else None
        out = []
        for marks, run in p.runs(unhyphened(found), key):
            texts = [piece.text.lower() for piece in run]
            lone = texts in (["one"], ["oh"]) or self.rng.random() > share
            if marks is None or lone:
                out += run
                continue
            told = [written(number) for number in alpha2digit(" ".join(texts), "en", threshold=0).split()]
            out += [run[0].like(text, run[0].spaced if index == 0 else True) for index, text in enumerate(told)]
        return out

    def numbers(self, found, wanted):
        """Digits become words."""
        out = []
        for piece in found:
            if not (wanted and piece.text.isdecimal()):
                out.append(piece)
                continue
            long = len(piece.text) > 4 or piece.text[0] == "0"
            year = len(piece.text) == 4 and piece.text[:2] in ("19", "20") and piece.text[2] != "0"
            told = INFLECT.number_to_words(piece.text, group=1 if long and self.in_tag(piece, "phone", "email") else 2 if year else 0, andword="", comma="")
            parts = told.replace(",", "").replace("-", " ").split()
            out += [piece.like(part, piece.spaced if index == 0 else True) for index, part in enumerate(parts)]
        return out

    def in_tag(self, piece, *tags):
        return piece.entity >= 0 and self.talk.marks[piece.entity].tag in tags

    def addresses(self, found):
        """Half-formatted e-mail addresses: dots and dashes written, "at" mostly left."""
        out = []
        for piece in found:
            word = piece.text.lower()
            sign = {"dot": ".", "dash": "-", "hyphen": "-", "underscore": "_"}.get(word)
            if self.in_tag(piece, "email") and out and sign and self.rng.random() < 0.8:
                out.append(piece.like(sign, False))
            elif self.in_tag(piece, "email") and out and out[-1].text in ".-_" and out[-1].entity == piece.entity:
                out.append(piece.like(piece.text, False))
            elif self.in_tag(piece, "email") and word == "at" and self.rng.random() < 0.25:
                out.append(piece.like("@", False))
            elif self.in_tag(piece, "email") and out and out[-1].text == "@":
                out.append(piece.like(piece.text, False))
            else:
                out.append(piece)
        return out
