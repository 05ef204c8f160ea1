"""Turns as words and punctuation that carry their marks through every change of the text."""
import dataclasses
import re

PIECE = re.compile(r"\w+(?:['’]\w+)*|[^\w\s]")


@dataclasses.dataclass
class Piece:
    """A word or a sign. `entity` and `clause` number the marks of the talk that it lies in; -1: none."""
    text: str
    spaced: bool
    entity: int = -1
    clause: int = -1

    @property
    def is_word(self):
        return self.text[0].isalnum() or self.text[0] == "_"

    def like(self, text, spaced=None):
        """Another text in the same marks."""
        return dataclasses.replace(self, text=text, spaced=self.spaced if spaced is None else spaced)


def of_turn(talk, index):
    """The pieces of a turn of a talk."""
    entity, clause = {}, {}
    for number, mark in enumerate(talk.marks):
        if mark.turn == index:
            (clause if mark.is_clause else entity).update(dict.fromkeys(range(mark.start, mark.end), number))
    text = talk.turns[index].text
    found = PIECE.finditer(text)
    return [Piece(part[0], part.start() > 0 and text[part.start() - 1].isspace(), entity.get(part.start(), -1),
                  clause.get(part.start(), -1)) for part in found]


def render(pieces):
    """The text, and the first character of each piece in it."""
    text, starts = "", []
    for piece in pieces:
        text += " " if piece.spaced and text else ""
        starts.append(len(text))
        text += piece.text
    return text, starts


def runs(pieces, key):
    """Neighbouring pieces with one key, as (key, pieces)."""
    found = []
    for piece in pieces:
        if found and found[-1][0] == key(piece):
            found[-1][1].append(piece)
        else:
            found.append((key(piece), [piece]))
    return found
