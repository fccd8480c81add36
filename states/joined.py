"""What joined cases do together: which cases those are, and how an act on one of them reads in another."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from states import events, fields, marks
from states.items import Link, Relation, Session
from states.roles import SHARED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from states.case import Case
    from states.events import Event
    from states.fields import Field
    from states.machine import Act

TOGETHER = "together"


def partners(case: Case) -> tuple[str, ...]:
    """List the ids of the cases with which this one may do something together: those it leads, and those it touches."""
    links = (link for link in case.all(Link, "open") if link.relation in {Relation.JOINER, Relation.CROSS})
    led = (link.other for link in links if link.relation == Relation.CROSS or not link.outward)
    return tuple(dict.fromkeys(led))


def leads(case: Case) -> tuple[str, ...]:
    """List the ids of the cases that this one is joined to."""
    links = (link for link in case.all(Link, "open") if link.relation == Relation.JOINER and link.outward)
    return tuple(dict.fromkeys(link.other for link in links))


def shared_id(case: Case) -> str:
    """Name something that is about to begin in several cases; the same whenever the same act is decided again."""
    return hashlib.sha256(f"{case.id}/{case.version}/together".encode()).hexdigest()[:12]


def touched(happened: Iterable[Event]) -> tuple[Session, ...]:
    """List what an act did to things that are held together with other cases."""
    changes = (change for event in happened for change in event.changes)
    items = (change.item for change in changes if isinstance(change, events.ItemRecorded))
    return tuple(item for item in items if isinstance(item, Session) and item.shared_id)


def is_confidential(sessions: Iterable[Session]) -> bool:
    """Tell whether something held together lies in a zone that not all parties of its case read."""
    return any(session.zone != SHARED for session in sessions)


def takes_part(case: Case, sessions: Iterable[Session]) -> bool:
    """Tell whether a case holds its own copy of one of these."""
    ids = {session.shared_id for session in sessions}
    return any(session.shared_id in ids for session in case.all(Session))


def translated(act: Act, asked: Mapping[str, Field], *, here: Case, there: Case, about: Iterable[Session]) -> Act:
    """Put an act on one case into the terms of another: its own copies of what is shared, its own ids of the parties.

    A party or a person that the other case does not know is left out where several are named. `about` is what the act
    has touched here: the other case is told which of its own is meant, even where that went without saying.
    """
    given = {name: raw for name, raw in act.inputs.items() if name != TOGETHER}
    given |= {session.kind: session.id for session in about if session.kind in asked}
    return replace(act, inputs={name: _translated(raw, asked.get(name), here, there) for name, raw in given.items()})


def _translated(raw: object, field: Field | None, here: Case, there: Case) -> object:
    table = _TABLES[field.type.one](here, there) if field and field.type.one in _TABLES else None
    if field is None or table is None:
        return raw
    try:
        named = fields.each(fields.read(field, raw))
    except fields.Unreadable:
        return raw
    known = [table[one] for one in named if one in table]
    return known if field.type.many else next(iter(known), raw)


def _parties(here: Case, there: Case) -> dict[str, str]:
    bodies = {marks.body_of(party): party.id for party in there.parties}
    return {party.id: bodies[body] for party in here.parties if (body := marks.body_of(party)) in bodies}


def _sessions(here: Case, there: Case) -> dict[str, str]:
    copies = {session.shared_id: session.id for session in there.all(Session) if session.shared_id}
    return {one.id: copies[one.shared_id] for one in here.all(Session) if one.shared_id in copies}


def _people(_here: Case, there: Case) -> dict[str, str]:
    """Leave each person as they are who has a part in the other case."""
    held = (*there.roles.values(), *(people for party in there.parties for people in party.people.values()))
    return {person: person for people in held for person in people}


_TABLES = {
    fields.FieldType.PARTY: _parties,
    fields.FieldType.ITEM: _sessions,
    fields.FieldType.PERSON: _people,
}
