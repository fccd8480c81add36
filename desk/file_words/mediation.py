"""The neutral, the meetings and the offers in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.file_words.registry import Fact, Names, spelled
from states import items, said
from states.said import say, under, word

if TYPE_CHECKING:
    from collections.abc import Iterator


@spelled(items.Neutral, line="person")
def a_neutral(item: items.Neutral, names: Names) -> Iterator[Fact]:
    """Tell of a neutral."""
    yield Fact(say("Disclosed"), item.disclosure)
    yield Fact(say("Accepted by"), names.parties(item.accepted_by))
    yield Fact(say("Objected"), said.together(item.objections))
    yield Fact(say("Ruling"), word(item.ruling))
    yield Fact(say("Left because"), item.ended)


@spelled(items.Session, line="agenda")
def a_session(item: items.Session, names: Names) -> Iterator[Fact]:
    """Tell of a session."""
    yield Fact(say("Form"), word(item.form))
    yield Fact(say("With"), names.party(item.party) if item.party else "")
    yield Fact(say("Begins"), item.begins_at or "")
    yield Fact(say("Place"), item.place)
    yield Fact(say("Invited"), names.persons(item.invited))
    yield Fact(say("Present"), names.persons(item.attendance))
    yield Fact(say("Absent"), said.listed(_away(names.person(one.person), one.reason) for one in item.absences))
    yield Fact(say("Minutes"), item.minutes)
    yield Fact(say("Minutes agreed by"), names.parties(item.agreed_by))
    stated = (under(names.party(one.party), one.text) for one in item.disagreements)
    yield Fact(say("Statement of disagreement"), said.together(stated))
    yield Fact(say("Led nowhere because"), said.listed(map(word, item.reasons)))


def _away(name: str, why: str) -> str:
    return say("%(name)s (%(why)s)", name=name, why=word(why))
