"""From segments to the windows of tokens that the model reads, with a label for every head.

A window: [CLS] rep's name and company [SEP] then for each turn a sign of who speaks and its words, [SEP] at the end.
"""
import dataclasses
from pathlib import Path

import numpy as np
from tokenizers import BertWordPieceTokenizer

import labels

LENGTH = 512
OVERLAP = 128
MOST_REP = 16
SPEAKERS = {"rep": "[unused1]", "prospect": "[unused2]", None: "[unused3]"}
NOTHING = -100


class Tokens:
    def __init__(self, vocabulary):
        self.tokenizer = BertWordPieceTokenizer(str(vocabulary), lowercase=True)
        self.known = {}
        self.cls, self.sep = (self.tokenizer.token_to_id(token) for token in ("[CLS]", "[SEP]"))
        self.speakers = {who: self.tokenizer.token_to_id(token) for who, token in SPEAKERS.items()}

    def of(self, text):
        if text not in self.known:
            self.known[text] = self.tokenizer.encode(text, add_special_tokens=False).ids
        return self.known[text]


@dataclasses.dataclass
class Window:
    ids: list
    labels: dict  # by head: a list as long as ids, or a number for heads of the whole


def windows(tokens, talk, segments, length=LENGTH):
    """The windows of a talk; turns are cut only where one alone is longer than a window."""
    head = [tokens.cls, *tokens.of(" ".join(talk.rep))[:MOST_REP], tokens.sep]
    room = length - len(head) - 1
    rows = [row for segment in segments for row in turn_rows(tokens, talk, segment)]
    begins = [index for index, row in enumerate(rows) if row["role"] != NOTHING]
    start = 0
    while True:
        end = min(len(rows), start + room)
        if end < len(rows):
            whole = [begin for begin in begins if start + room // 2 < begin <= end]
            end = whole[-1] if whole else end
        yield window(tokens, talk, head, rows[start:end])
        if end == len(rows):
            return
        back = [begin for begin in begins if end - OVERLAP <= begin < end and begin > start]
        start = back[0] if back else end


def turn_rows(tokens, talk, segment):
    blank = dict.fromkeys((head for head in labels.HEADS if head not in labels.WHOLE), NOTHING)
    yield blank | {"id": tokens.speakers[segment.speaker], "role": labels.ROLES.index(segment.role), "entity": 0, "clause": 0}
    entity = clause = -1
    for piece in segment.pieces:
        for number, token in enumerate(tokens.of(piece.text)):
            row = blank | {"id": token, "entity": 0, "clause": 0}
            if piece.entity >= 0:
                mark = talk.marks[piece.entity]
                goes_on = piece.entity == entity or number > 0
                row |= {"entity": 1 + 2 * labels.entity_class(mark) + goes_on, "entity_kind": labels.entity_kind(mark)}
            if piece.clause >= 0:
                mark = talk.marks[piece.clause]
                goes_on = piece.clause == clause or number > 0
                row |= {"clause": 1 + 2 * labels.clause_class(mark) + goes_on, "clause_kind": labels.clause_kind(mark)}
                row["state"] = NOTHING if labels.state(mark) is None else labels.state(mark)
            yield row
        entity, clause = piece.entity, piece.clause


def window(tokens, talk, head, rows):
    found = {name: [NOTHING] * len(head) + [row[name] for row in rows] + [NOTHING] for name in rows[0] if name != "id"}
    found["lead"] = int(talk.head["lead"] == "yes")
    found["authority"] = labels.AUTHORITIES.index(talk.head["authority"])
    return Window([*head, *(row["id"] for row in rows), tokens.sep], found)


def batch(found):
    """Arrays of some windows, filled up to the longest: ids (0 filled), mask, labels by head."""
    longest = max(len(window.ids) for window in found)
    ids = np.zeros((len(found), longest), dtype=np.int64)
    mask = np.zeros((len(found), longest), dtype=bool)
    wanted = {head: np.full((len(found), longest), NOTHING) for head in labels.HEADS if head not in labels.WHOLE}
    for row, window in enumerate(found):
        ids[row, :len(window.ids)] = window.ids
        mask[row, :len(window.ids)] = True
        for head, values in wanted.items():
            values[row, :len(window.ids)] = window.labels[head]
    whole = {head: np.array([window.labels[head] for window in found]) for head in labels.WHOLE}
    return ids, mask, wanted | whole


def vocabulary(folder):
    return Path(folder) / "vocab.txt"
