"""Puts held-out conversations into the other views: each punctuated one also as lower, whisper and asr.

    python heldout.py IN_FOLDER OUT_FOLDER      one file a view, a conversation a line

Gold goes along: phrases as they then stand, names as they were then heard. Names that are spelled in the talk
or stand in an address are heard rightly.
"""
import copy
import json
import random
import re
import sys
from pathlib import Path

import pieces as p
import talkfile
import views

LETTERS = {"rep": "R", "prospect": "P", None: "P"}
IN_ADDRESS = re.compile(r"\b(dot|at|dash|underscore)\b|[@_]", re.I)


def marked(conversation):
    """The conversation as a talk whose marks are its gold phrases and names."""
    gold = conversation["gold"]
    turns = [talkfile.Turn(LETTERS[segment["speaker"]], segment["text"]) for segment in conversation["segments"]]
    marks = []
    phrases = [("pain", "", pain) for pain in gold["pains"]]
    if gold["next_step"]:
        phrases.append(("step", gold["next_step"]["kind"], gold["next_step"]["text"]))
    for tag, kind, phrase in phrases:
        index = next(index for index, turn in enumerate(turns) if phrase in turn.text)
        start = turns[index].text.index(phrase)
        if not any(mark.turn == index and mark.start < start + len(phrase) and start < mark.end for mark in marks):
            marks.append(talkfile.Mark(index, start, start + len(phrase), tag, kind, phrase))
    spelled = any(re.search(r"\b\w(?:[ -]\w\b){2,}", turn.text) for turn in turns)
    for tag, text in [] if spelled else names(gold):
        marks += mentions(turns, tag, text, marks)
    return talkfile.Talk(conversation["id"], {"lead": "yes", "authority": "-"}, turns, marks)


def names(gold):
    whole = gold["contact"]["name"]
    found = [("company", gold["contact"]["company"])] + [("rival", rival["name"]) for rival in gold["competitors"]]
    parts = [("name", part) for part in (whole or "").split() if len(part) > 2]
    return [(tag, text) for tag, text in found if text] + parts


def mentions(turns, tag, text, known):
    for index, turn in enumerate(turns):
        for found in re.finditer(rf"(?<!\w){re.escape(text)}(?!\w)", turn.text):
            near = turn.text[max(0, found.start() - 12):found.end() + 8]
            taken = any(mark.turn == index and not mark.is_clause and mark.start < found.end() and found.start() < mark.end for mark in known)
            if not taken and not IN_ADDRESS.search(near):
                yield talkfile.Mark(index, found.start(), found.end(), tag, "", text)


def in_view(conversation, kind):
    talk = marked(conversation)
    rng = random.Random(f"{conversation['id']} {kind}")
    segments = views.view(talk, kind, rng, again=0)
    made = copy.deepcopy(conversation)
    made |= {"id": f"{conversation['id']}-{kind}", "variant": kind, "segments": []}
    at = 300
    for segment in segments:
        text = p.render(segment.pieces)[0]
        length = max(400, 380 * len(text.split()))
        made["segments"].append({"start_ms": at, "end_ms": at + length, "speaker": segment.speaker, "text": text})
        at += length + 350
    heard = {mark.text: said(segments, number) for number, mark in enumerate(talk.marks) if said(segments, number)}
    gold = made["gold"]
    gold["pains"] = [heard.get(pain, pain) for pain in gold["pains"]]
    if gold["next_step"]:
        gold["next_step"]["text"] = heard.get(gold["next_step"]["text"], gold["next_step"]["text"])
    contact = gold["contact"]
    contact["company"] = contact["company"] and as_name(heard.get(contact["company"], contact["company"]))
    contact["name"] = contact["name"] and " ".join(as_name(heard.get(part, part)) for part in contact["name"].split())
    gold["competitors"] = [{**rival, "name": as_name(heard.get(rival["name"], rival["name"]))} for rival in gold["competitors"]]
    return made


def said(segments, number):
    """The text of a mark in a view; of clauses the marked pieces, of names too."""
    for segment in segments:
        inside = [piece for piece in segment.pieces if number in (piece.entity, piece.clause)]
        if inside:
            return p.render(inside)[0]
    return None


def as_name(text):
    return text if any(letter.isupper() for letter in text) else text.title()


def main(source, out):
    out.mkdir(parents=True, exist_ok=True)
    views_of = {kind: [] for kind in views.VIEWS}
    for path in sorted(source.glob("*.json")):
        conversation = json.loads(path.read_text(encoding="utf-8"))
        views_of[conversation["variant"]].append(conversation)
        if conversation["variant"] == "clean":
            for kind in ("lower", "whisper", "asr"):
                views_of[kind].append(in_view(conversation, kind))
    for kind, found in views_of.items():
        lines = [json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in found]
        (out / f"{kind}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
