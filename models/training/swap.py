"""Puts other names of people, firms and products into a talk, alike in every mention."""
import dataclasses

import cards

WHOSE = {"name": ("name",), "company": ("company",), "product": ("rival", "tool")}


def swapped(talk, rng, products):
    """A copy of the talk in which some names are others. Left alone is what is spelled or part of an address."""
    bound = " ".join(mark.text.lower() for mark in talk.marks if mark.tag in ("email", "spell"))
    table = {}
    for group, tags in WHOSE.items():
        for text in {mark.text for mark in talk.marks if mark.tag in tags}:
            free = not any(word in bound for word in text.lower().split()) and not talk.of("spell")
            if free and rng.random() < 0.6:
                table[group, text] = other(group, text, rng, products)
    parts_of_names(table)
    return replaced(talk, table)


def other(group, text, rng, products):
    if group == "product":
        return rng.choice(products)
    fake = cards.faker(rng)
    if group == "company":
        return cards.company(rng, fake)
    words = cards.person(rng, fake).split()
    count = len(text.split())
    return words[0] if count == 1 else " ".join([words[0], *words[-1:]])


def parts_of_names(table):
    """ "Joost" is the first word of what "Joost Verhoeven" became."""
    for (group, text), new in list(table.items()):
        if group == "name" and " " in text:
            for part, instead in ((text.split()[0], new.split()[0]), (text.split()[-1], new.split()[-1])):
                if (group, part) in table:
                    table[group, part] = instead


def replaced(talk, table):
    groups = {tag: group for group, tags in WHOSE.items() for tag in tags}
    turns, moved = [], {}
    for index, turn in enumerate(talk.turns):
        inside = sorted((mark for mark in talk.marks if mark.turn == index and (groups.get(mark.tag), mark.text) in table), key=lambda m: m.start)
        text, at, shifts = "", 0, []
        for mark in inside:
            new = table[groups[mark.tag], mark.text]
            text += turn.text[at:mark.start] + new
            shifts.append((mark.end, len(new) - len(mark.text)))
            at = mark.end
        turns.append(dataclasses.replace(turn, text=text + turn.text[at:]))
        moved[index] = shifts
    def place(mark, at):
        return at + sum(by for end, by in moved[mark.turn] if end <= at)
    marks = [dataclasses.replace(mark, start=place(mark, mark.start), end=place(mark, mark.end)) for mark in talk.marks]
    marks = [dataclasses.replace(mark, text=turns[mark.turn].text[mark.start:mark.end]) for mark in marks]
    return dataclasses.replace(talk, turns=turns, marks=marks)


def pool(talks):
    """Names of products in some talks."""
    return sorted({mark.text for talk in talks for mark in talk.marks if mark.tag in ("rival", "tool") and mark.text[0].isupper()})

