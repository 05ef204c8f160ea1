"""Makes conversation files (tests/evaluation/conversations.md) of talks that were written with their gold leads.

    python conversations.py OUT_FOLDER FILE...      prints what is wrong, writes only what is right
"""
import datetime as dt
import json
import re
import sys
from pathlib import Path

ZONES = {"d1": "+01:00", "d2": "+02:00"}
SPEAKERS = {"R": "rep", "S": "rep", "P": "prospect", "Q": "prospect", "?": None}
WORD_MS = 380


def conversation(ident, body):
    head, _, lines = body.strip().partition("\n---\n")
    pairs = [[part.strip() for part in line.split(":", 1)] for line in head.split("\n")]
    one = {key: None if value == "-" else value for key, value in pairs if key not in ("pain", "rival")}
    rep, _, company = one["rep"].partition("|")
    moment, weekday = one["captured"].split()
    if f"{dt.date.fromisoformat(moment[:10]):%a}" != weekday:
        raise ValueError(f"{moment} is no {weekday}")
    return {
        "id": ident, "variant": one["variant"], "captured_at": f"{moment}:00{ZONES.get(ident[:2], '+00:00')}",
        "rep": {"name": rep.strip(), "company": company.strip()}, "segments": list(segments(lines)),
        "gold": {
            "is_lead": one["lead"] == "yes", "contact": {key: one[key] for key in ("name", "title", "company", "email", "phone")},
            "budget": budget(one["budget"]), "timeline": window(one["timeline"]), "authority": one["authority"],
            "pains": [value for key, value in pairs if key == "pain" and value != "-"],
            "competitors": [rival(value) for key, value in pairs if key == "rival" and value != "-"], "next_step": step(one["step"])}}


def segments(lines):
    at = 300
    for line in filter(None, (line.strip() for line in lines.split("\n"))):
        speaker, colon, text = line.partition(":")
        if not colon or speaker not in SPEAKERS:
            raise ValueError(f"no speaker in {line[:40]!r}")
        length = max(400, WORD_MS * len(text.split()))
        yield {"start_ms": at, "end_ms": at + length, "speaker": SPEAKERS[speaker], "text": text.strip()}
        at += length + 350


def window(text):
    if not text or text == "-":
        return None
    start, end = text.split("..")
    if dt.date.fromisoformat(start) > dt.date.fromisoformat(end):
        raise ValueError(f"{text} ends before it starts")
    return {"start": start, "end": end}


def budget(text):
    if not text:
        return None
    status, amounts, currency, period = text.split()
    least, most = (None if part == "-" else float(part) for part in amounts.split(".."))
    if status not in ("available", "none", "undecided") or period not in ("one_off", "month", "year", "-"):
        raise ValueError(f"budget {text!r}")
    return {"status": status, "min": least, "max": most, "currency": None if currency == "-" else currency,
            "period": None if period == "-" else period}


def rival(text):
    name, _, relation = text.rpartition("|")
    if relation.strip() not in ("current", "evaluating", "past"):
        raise ValueError(f"rival {text!r}")
    return {"name": name.strip(), "relation": relation.strip()}


def step(text):
    if not text:
        return None
    what, _, phrase = text.partition("|")
    kind, due = what.split()
    if kind not in "demo call meeting email proposal trial sample intro visit".split():
        raise ValueError(f"step {text!r}")
    return {"kind": kind, "due": window(due), "text": phrase.strip()}


def faults(found):
    texts = [segment["text"] for segment in found["segments"]]
    step_of = found["gold"]["next_step"]
    phrases = found["gold"]["pains"] + ([step_of["text"]] if step_of else [])
    yield from (f"not said: {phrase!r}" for phrase in phrases if not any(phrase in text for text in texts))
    if found["variant"] == "asr" and any(letter.isupper() for text in texts for letter in text):
        yield "capitals in raw recogniser text"
    if sum(len(text.split()) for text in texts) < 40:
        yield "less than 40 words"


def main(out, paths):
    count = wrong = 0
    out.mkdir(parents=True, exist_ok=True)
    for path in paths:
        parts = re.split(r"^=== *(\S+) *$", path.read_text(encoding="utf-8"), flags=re.M)
        for ident, body in zip(parts[1::2], parts[2::2]):
            try:
                found = conversation(ident, body)
                said = list(faults(found))
            except (KeyError, ValueError) as error:
                said = [str(error)]
            for fault in said:
                print(f"{ident}: {fault}")
            wrong += bool(said)
            if not said:
                count += 1
                (out / f"{ident}.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{count} written, {wrong} with faults")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]]))
