"""The neutral, the meetings and the offers in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.file_words.registry import Fact, Names, spelled
from states import items

if TYPE_CHECKING:
    from collections.abc import Iterator


@spelled(items.Neutral, line="person")
def a_neutral(item: items.Neutral, names: Names) -> Iterator[Fact]:
    """Tell of a neutral."""
    yield Fact("Disclosed", item.disclosure)
    yield Fact("Accepted by", names.parties(item.accepted_by))
    yield Fact("Objected", "; ".join(item.objections))
    yield Fact("Ruling", item.ruling)
    yield Fact("Left because", item.ended)


@spelled(items.Session, line="agenda")
def a_session(item: items.Session, names: Names) -> Iterator[Fact]:
    """Tell of a session."""
    yield Fact("Form", item.form)
    yield Fact("With", names.party(item.party) if item.party else "")
    yield Fact("Begins", item.begins_at or "")
    yield Fact("Place", item.place)
    yield Fact("Invited", names.persons(item.invited))
    yield Fact("Present", names.persons(item.attendance))
    yield Fact("Absent", ", ".join(f"{names.person(one.person)} ({one.reason})" for one in item.absences))
    yield Fact("Minutes", item.minutes)
    yield Fact("Minutes agreed by", names.parties(item.agreed_by))
    stated = (f"{names.party(one.party)}: {one.text}" for one in item.disagreements)
    yield Fact("Statement of disagreement", "; ".join(stated))
    yield Fact("Led nowhere because", ", ".join(item.reasons))
