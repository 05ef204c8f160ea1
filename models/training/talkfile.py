"""Reads and checks talks in the form of writing-guide.md.

    python talkfile.py FILE...      prints what is wrong, a line each; exits with 1 if anything is
"""
import dataclasses
import datetime as dt
import re
import sys
from pathlib import Path

STEPS = "demo call meeting email proposal trial sample intro visit".split()
ENTITIES = {
    "name": ("", "rep", "third"), "title": ("", "third"), "company": ("", "rep", "third"), "email": ("", "third"),
    "phone": ("", "third"), "spell": ("name", "company", "other"), "money": ("budget", "old", "price", "cost", "other"),
    "time": ("buy", "old", "due", "other"), "rival": ("current", "evaluating", "past"), "tool": ("",),
}
CLAUSES = {
    "pain": ("",), "step": STEPS, "stepalso": STEPS, "stepopen": STEPS, "stepno": STEPS, "nolead": ("",),
    "auth": ("decision_maker", "shared", "influencer", "none"), "fund": ("available", "none", "undecided"),
}
HEAD = "captured rep lead name title company email phone budget timeline authority step".split()
CONTACT = "name title company email phone".split()
MOST_WORDS = {"pain": 18, "step": 25, "name": 6, "company": 8, "title": 14}
BUDGET = re.compile(r"(available|none|undecided) (-|[\d.]+)\.\.(-|[\d.]+) ([A-Z]{3}|-) (one_off|month|year|-)$")
DAYS = re.compile(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)$")


class Wrong(Exception):
    """A talk that is not in the form; says where and what."""


@dataclasses.dataclass
class Mark:
    turn: int
    start: int
    end: int
    tag: str
    kind: str
    text: str

    @property
    def is_clause(self):
        return self.tag in CLAUSES


@dataclasses.dataclass
class Turn:
    speaker: str
    text: str


@dataclasses.dataclass
class Talk:
    ident: str
    head: dict
    turns: list
    marks: list

    def of(self, tag, kind=None):
        return [mark for mark in self.marks if mark.tag == tag and kind in (None, mark.kind)]

    @property
    def captured(self):
        return dt.date.fromisoformat(self.head["captured"].split()[0])

    @property
    def rep(self):
        name, _, company = self.head["rep"].partition("|")
        return name.strip(), company.strip()


def read(path):
    """The talks of a file; raises Wrong at the first that cannot be read."""
    parts = re.split(r"^=== *(\S+) *$", Path(path).read_text(encoding="utf-8"), flags=re.M)
    if parts[0].strip():
        raise Wrong(f"{path}: text before the first ===")
    return [talk(ident, body) for ident, body in zip(parts[1::2], parts[2::2])]


def talk(ident, body):
    head, dashes, lines = body.strip().partition("\n---\n")
    if not dashes:
        raise Wrong(f"{ident}: no line of --- after the head")
    pairs = dict(line.split(":", 1) for line in head.split("\n") if ":" in line)
    turns, marks = [], []
    for line in filter(None, (line.strip() for line in lines.split("\n"))):
        speaker, colon, text = line.partition(":")
        if not colon or speaker not in "RPQS":
            raise Wrong(f"{ident}: a turn begins with R: P: Q: or S:, not {line[:30]!r}")
        plain, found = strip(ident, len(turns), text.strip())
        turns.append(Turn(speaker, plain))
        marks += found
    return Talk(ident, {key.strip(): value.strip() for key, value in pairs.items()}, turns, marks)


def strip(ident, turn, text):
    """A turn without its marks, and the marks."""
    plain, marks, open_marks = "", [], []
    at = 0
    while at < len(text):
        opening = re.match(r"\{([a-z]+)(?:\.([a-z_]+))?\|", text[at:])
        if opening:
            open_marks.append((opening[1], opening[2] or "", len(plain)))
            at += opening.end()
        elif text[at] == "}":
            if not open_marks:
                raise Wrong(f"{ident}: a }} too many in {text[:60]!r}")
            tag, kind, start = open_marks.pop()
            check_mark(ident, tag, kind, [mark[0] for mark in open_marks])
            marks.append(Mark(turn, start, len(plain), tag, kind, plain[start:]))
            at += 1
        elif text[at] in "{|":
            raise Wrong(f"{ident}: a stray {text[at]} in {text[max(0, at - 20):at + 30]!r}")
        else:
            plain += text[at]
            at += 1
    if open_marks:
        raise Wrong(f"{ident}: {open_marks[0][0]} is not closed in {text[:60]!r}")
    return plain, marks


def check_mark(ident, tag, kind, around):
    kinds = ENTITIES.get(tag, CLAUSES.get(tag))
    if kinds is None or kind not in kinds:
        raise Wrong(f"{ident}: there is no mark {tag}.{kind}" if kind else f"{ident}: there is no mark {tag}")
    if tag in ENTITIES and any(outer in ENTITIES for outer in around) or tag in CLAUSES and any(outer in CLAUSES for outer in around):
        raise Wrong(f"{ident}: {tag} inside of {around}")


def letters(text):
    return re.sub(r"[^\w]", "", text).casefold()


def said_address(text):
    """A spoken address as it is written, roughly."""
    text = f" {text.lower()} "
    for said, sign in ((" dot ", "."), (" at ", "@"), (" dash ", "-"), (" hyphen ", "-"), (" minus ", "-"), (" underscore ", "_"), (" plus ", "+")):
        text = text.replace(said, sign).replace(said, sign)
    return re.sub(r"[\s,]", "", text).strip(".")


def faults(talk):
    """What is wrong with a talk, a sentence each."""
    missing = [key for key in HEAD if key not in talk.head]
    if missing:
        return [f"the head lacks {', '.join(missing)}"]
    return [*head_faults(talk), *contact_faults(talk), *field_faults(talk), *text_faults(talk), *unmarked(talk)]


def head_faults(talk):
    day, _, weekday = talk.head["captured"].partition(" ")
    if f"{dt.date.fromisoformat(day):%a}" != weekday:
        yield f"captured: {day} is a {dt.date.fromisoformat(day):%a}"
    if talk.head["lead"] not in ("yes", "no"):
        yield "lead is yes or no"
    for key in ("timeline", "step"):
        days = talk.head[key].partition(" ")[2] if key == "step" else talk.head[key]
        if days and days != "-":
            found = DAYS.match(days)
            if not found:
                yield f"{key}: {days!r} is not START..END"
            elif not dt.date.fromisoformat(found[1]) <= dt.date.fromisoformat(found[2]):
                yield f"{key} ends before it starts"
            elif dt.date.fromisoformat(found[2]) < talk.captured:
                yield f"{key} lies before the day of the talk"
    if talk.head["budget"] != "-" and not BUDGET.match(talk.head["budget"]):
        yield f"budget: {talk.head['budget']!r} is not STATUS MIN..MAX CUR PERIOD"


def contact_faults(talk):
    for key in CONTACT:
        value, marks = talk.head[key], talk.of(key, "")
        if value == "-" and marks:
            yield f"{key} is - but {marks[0].text!r} is marked as the visitor's"
        elif value != "-" and not marks:
            yield f"{key} is {value!r} but nothing is marked"
        elif value != "-" and key in ("name", "title", "company") and not talk.of("spell"):
            if not any(letters(value) == letters(mark.text) for mark in marks) and not (
                    key == "name" and all(any(letters(part) in letters(mark.text) for mark in marks) for part in value.split())):
                yield f"{key} is {value!r} but marked is {[mark.text for mark in marks]}"
    email = talk.head["email"]
    if email != "-" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", email):
        yield f"email {email!r} is none"
    if talk.head["phone"] != "-" and not re.fullmatch(r"\+?\d{5,15}", talk.head["phone"]):
        yield f"phone {talk.head['phone']!r} is not digits"


def field_faults(talk):
    head = talk.head
    budget = BUDGET.match(head["budget"])
    has_sum = budget and (budget[2], budget[3]) != ("-", "-")
    yield from agree("budget", head["budget"] != "-", talk.of("money", "budget") + talk.of("fund") + talk.of("money", "price") * bool(has_sum))
    if has_sum and not talk.of("money", "budget") + talk.of("money", "price"):
        yield "the budget has a sum but no money.budget is marked"
    if talk.of("money", "budget") and budget and not has_sum:
        yield "money.budget is marked but the budget has no sum"
    yield from agree("timeline", head["timeline"] != "-", talk.of("time", "buy"))
    yield from agree("authority", head["authority"] != "-", talk.of("auth"))
    kinds = {mark.kind for mark in talk.of("auth")}
    if head["authority"] != "-" and head["authority"] not in kinds:
        yield f"authority {head['authority']} is marked as {sorted(kinds)}"
    kind, _, due = head["step"].partition(" ")
    yield from agree("step", head["step"] != "-", talk.of("step"))
    if kind != "-" and talk.of("step") and not talk.of("step", kind):
        yield f"step {kind} is marked as {[mark.kind for mark in talk.of('step')]}"
    if kind != "-" and due not in ("", "-") and not talk.of("time", "due"):
        yield "the step has a date but no time.due is marked"
    if head["lead"] == "no" and not talk.of("nolead"):
        yield "no lead, but no nolead is marked"
    if head["lead"] == "yes" and talk.of("nolead"):
        yield "nolead is marked in a lead"
    if len(talk.of("pain")) > 5:
        yield "more than 5 pains"


def agree(key, is_given, marks):
    if is_given and not marks:
        yield f"{key} is given but nothing is marked for it"
    if marks and not is_given:
        yield f"{key} is - but {marks[0].text!r} is marked"


def text_faults(talk):
    for mark in talk.marks:
        if mark.text != mark.text.strip() or not mark.text:
            yield f"the mark {mark.text!r} begins or ends with a space or is empty"
        if len(mark.text.split()) > MOST_WORDS.get(mark.tag, 40):
            yield f"{mark.tag} is too long: {mark.text!r}"
    for turn in talk.turns:
        if not turn.text:
            yield "an empty turn"
    if sum(len(turn.text.split()) for turn in talk.turns) < 35:
        yield "less than 35 words"


def unmarked(talk):
    """Mentions of what is marked elsewhere in the talk."""
    proper = ("name", "company", "rival", "tool")
    known = {mark.text for mark in talk.marks if mark.tag in proper and len(mark.text) > 3 and mark.text[0].isupper()}
    for index, turn in enumerate(talk.turns):
        for text in known:
            for found in re.finditer(rf"(?<!\w){re.escape(text)}(?!\w)", turn.text):
                around = (mark for mark in talk.marks if mark.turn == index and mark.start <= found.start() and found.end() <= mark.end)
                if not any(not mark.is_clause for mark in around):
                    yield f"{text!r} is not marked in {turn.text[max(0, found.start() - 20):found.end() + 15]!r}"


def main(paths):
    count = wrong = 0
    for path in paths:
        try:
            for talk in read(path):
                count += 1
                for fault in faults(talk):
                    wrong += 1
                    print(f"{talk.ident}: {fault}")
        except (Wrong, ValueError) as error:
            wrong += 1
            print(error)
    print(f"{count} talks, {wrong} faults")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
