"""Who looked at a case, and who may: written beside what is shown, and read by the case team and by each party.

A look is kept once an hour for each person and kind of page, with the rooms that were open to them then. A party reads
of those who could read a room of its own, and the case team of everybody; of a mediator's notebook its author alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from cases import codec, emergencies, inserting, people, repository, tables, viewer
from cases.record import Record
from cases.unit_of_work import reading, unit_of_work
from cases.viewer import Seen, Viewer
from states import errors, roles
from states.items import Called
from states.said import Said, say


class Kind(StrEnum):
    """What somebody looked at."""

    CASE = "case"
    BRIEF = "brief"
    DOCUMENT = "document"
    EXPORT = "export"
    NOTEBOOK = "notebook"
    NOTEBOOK_EXPORT = "notebook export"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A look: whose, when first in its hour, at what, and whether a room was open to them in an emergency."""

    person: str
    name: str
    at: datetime
    kind: Kind
    opened: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody who may read rooms of a case, and why; `until` where a room is open to them in an emergency."""

    person: str
    name: str
    rooms: tuple[str, ...]
    why: tuple[str, ...]
    until: datetime | None = None


def note(record: Record, who: Viewer, case_ref: str, kind: Kind, *, now: datetime) -> bool:
    """Write down that somebody looked; tell whether it is the first such look of the hour.

    Whoever may read nothing of the case was shown nothing, so nothing is written.
    """
    hour = now.replace(minute=0, second=0, microsecond=0)
    kept = tables.looks.c
    with reading(record.engine) as connection:
        case_id = connection.execute(_named(case_ref)).scalar()
        mine = (kept.case_id == case_id, kept.person_id == who.person, kept.hour == hour, kept.kind == kind)
        if case_id is None or connection.execute(select(kept.at).where(*mine)).first():
            return False
        seen = viewer.see(record, who, connection, repository.load(connection, case_id))
    if seen is None:
        return False
    row = {
        "case_id": case_id,
        "person_id": who.person,
        "hour": hour,
        "kind": kind,
        "at": now,
        "rooms": codec.dump(tuple(sorted(seen.zones))),
        "opened": case_id in who.opened,
    }
    with unit_of_work(record.engine) as work:
        first = inserting.unless_there(work, tables.looks).returning(kept.at)
        return work.execute(first, row).first() is not None


def of_case(record: Record, who: Viewer, case_ref: str) -> tuple[Look, ...]:
    """List who looked at a case, the newest first, as far as the viewer may know. Raises `NotFound` and `NotYours`."""
    kept = tables.looks
    with reading(record.engine) as connection:
        seen, own = _seen(record, who, connection, case_ref)
        wanted = select(kept, tables.people.c.name).join(tables.people, tables.people.c.id == kept.c.person_id)
        rows = connection.execute(wanted.where(kept.c.case_id == seen.case.id).order_by(kept.c.at.desc(), kept.c.kind))
        return tuple(_look(row) for row in rows if _may_know(row, who, seen, own))


def readers(record: Record, who: Viewer, case_ref: str, *, now: datetime) -> tuple[Reader, ...]:
    """List who may read which rooms of a case and why, as far as the viewer may know.

    Raises `NotFound`, and `NotYours` for whoever neither runs the case nor stands for a party.
    """
    with reading(record.engine) as connection:
        seen, own = _seen(record, who, connection, case_ref)
        known = people.names(connection, {*seen.case.people, *_holders_of_offices(connection)})
        offices = _offices(connection, known)
        found = [_reader(seen, person, known, held) for person, held in offices.items()]
    let_in = tuple(_let_in(record, seen, now=now))
    narrowed = (_narrowed(one, own) for one in (*found, *let_in))
    return tuple(sorted((one for one in narrowed if one.rooms), key=lambda one: (one.name, one.person)))


def _named(case_ref: str) -> Any:  # noqa: ANN401 - a statement of SQLAlchemy's
    return select(tables.cases.c.id).where(or_(tables.cases.c.id == case_ref, tables.cases.c.number == case_ref))


def _seen(record: Record, who: Viewer, connection: Connection, case_ref: str) -> tuple[Seen, frozenset[str] | None]:
    """See a case, and name the rooms of which the viewer may know who reads them; None stands for all."""
    seen = viewer.find(record, who, connection, case_ref)
    if seen.reads_team and not who.opened.get(seen.case.id):
        return seen, None
    parties = roles.parties_of(seen.case, who.actor)
    own = frozenset(roles.zone_of(kind, party.id) for party in parties for kind in roles.OF_A_PARTY) & seen.zones
    if not own:
        raise errors.NotYours(
            say("who may see a case, and who looked, is told to those who run it and, of its own rooms, to each party")
        )
    return seen, own


def _may_know(row: Row[Any], who: Viewer, seen: Seen, own: frozenset[str] | None) -> bool:
    if row.person_id == who.person:
        return True
    if own is None:
        return bool(row.kind != Kind.NOTEBOOK)
    shown = row.kind not in {Kind.NOTEBOOK, Kind.NOTEBOOK_EXPORT}
    return shown and bool(own & frozenset(codec.parse(row.rooms)) & seen.zones)


def _look(row: Row[Any]) -> Look:
    return Look(person=row.person_id, name=row.name, at=row.at, kind=Kind(row.kind), opened=row.opened)


def _holders_of_offices(connection: Connection) -> Iterator[str]:
    rows = tables.people.c
    yield from connection.execute(select(rows.id).where(rows.active, rows.offices != "[]")).scalars()


def _offices(connection: Connection, known: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Find which offices these people hold; who has left may see nothing, whichever part they still have."""
    rows = tables.people.c
    found = connection.execute(select(rows.id, rows.offices).where(rows.id.in_(tuple(known)), rows.active))
    return {row.id: frozenset(codec.parse(row.offices)) for row in found}


def _reader(seen: Seen, person: str, names: Mapping[str, str], offices: frozenset[str]) -> Reader:
    actor = roles.Actor(person, offices)
    zones = roles.readable_zones(seen.process, seen.case, actor)
    return Reader(person=person, name=names[person], rooms=tuple(sorted(zones)), why=tuple(_why(seen, actor, names)))


def _why(seen: Seen, actor: roles.Actor, names: Mapping[str, str]) -> Iterator[str]:
    """Say by which parts somebody reads: a part of the case or of a party, and in whose place."""
    standing = {one.role: one for one in seen.case.all(Called) if one.person == actor.person and one.instead_of}
    held = roles.roles_of(seen.process, seen.case, actor)
    for role in sorted(one for one in held if seen.process.roles[one].reads or one == roles.SUCCESSOR):
        label = roles.label(seen.process, role)
        party = next((one for one in seen.case.parties if actor.person in one.people.get(role, ())), None)
        part = say("%(part)s of %(party)s", part=label, party=party.name) if party else label
        called = standing.get(role)
        if called is None:
            yield part
        else:
            yield say(
                "%(part)s, in the place of %(name)s", part=part, name=names.get(called.instead_of, called.instead_of)
            )


def _let_in(record: Record, seen: Seen, *, now: datetime) -> Iterator[Reader]:
    """List those to whom a room is open in an emergency, as far as the viewer reads of it."""
    requests = emergencies.requests(record.engine)
    here = [one for one in requests if one.case_id == seen.case.id and one.item.zone in seen.zones]
    names = emergencies.names_of(record.engine, here)
    for one in (request.item for request in here if request.item.lets_in(request.item.by, now)):
        yield Reader(
            person=one.by,
            name=names.get(one.by, one.by),
            rooms=(one.room,),
            why=(OPENED_TO_THEM,),
            until=one.until,
        )


OPENED_TO_THEM: Said = say("the room is open to them in an emergency")


def _narrowed(one: Reader, own: frozenset[str] | None) -> Reader:
    rooms = one.rooms if own is None else tuple(room for room in one.rooms if room in own)
    return Reader(person=one.person, name=one.name, rooms=rooms, why=one.why, until=one.until)
