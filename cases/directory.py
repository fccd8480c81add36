"""Reads what is on file about people, within a transaction, as the rules ask for it: `states.directory.Directory`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime, timedelta
from functools import cache, partial
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from cases import codec, tables
from states import asking, machine, questions, wall_time
from states.case import Case
from states.directory import NOTHING_ON_FILE, Away, Delegation, Directory, Entry, Post
from states.machine import Act
from states.process import Process

_ONE_DAY = timedelta(days=1)

_Read = Callable[[frozenset[str], frozenset[str]], Directory]


def for_act(connection: Connection, process: Process, case: Case, act: Act) -> Directory:
    """Load what an act asks of the directory; nothing for one that asks nothing."""
    return _asked_by(partial(_read, connection), process, case, act)


def of_case(connection: Connection, case: Case) -> Directory:
    """Load what whoever looks at a case may be told of the people who answer a question; nothing where none waits."""
    if questions.open_one(case) is None:
        return NOTHING_ON_FILE
    return load(connection, people=case.people, organisations=_bodies(case))


def for_many(connection: Connection) -> Callable[[Process, Case, Act], Directory]:
    """Return what loads for each act what it asks, the same people once, for whoever plays many acts in one look."""
    return partial(_asked_by, cache(partial(_read, connection)))


def _read(connection: Connection, people: frozenset[str], bodies: frozenset[str]) -> Directory:
    return load(connection, people=people, organisations=bodies)


def _asked_by(read: _Read, process: Process, case: Case, act: Act) -> Directory:
    """Find what an act asks of the directory by a way to load it."""
    trigger = machine.find_trigger(process, act.trigger)
    if not asking.asks_directory(process, case, trigger, actor=act.actor, given=act.inputs):
        return NOTHING_ON_FILE
    named = asking.people_touched(process, case, trigger, actor=act.actor, given=act.inputs)
    return read(case.people | named, _bodies(case))


def _bodies(case: Case) -> frozenset[str]:
    """Name the organisations whose people the parties of a case are."""
    return frozenset(party.organisation for party in case.parties) - {""}


def load(connection: Connection, *, people: Collection[str], organisations: Collection[str]) -> Directory:
    """Load these people and everybody of their organisations and of these, with their posts, absences and deputies."""
    rows = tables.people.c
    theirs = select(rows.organisation_id).where(rows.id.in_(tuple(people)), rows.organisation_id.is_not(None))
    bodies = set(connection.execute(theirs).scalars()) | set(organisations)
    delegations = _delegations(connection, people, bodies)
    deputies = {one.deputy for one in delegations}
    known = {*people, *deputies}
    found = connection.execute(select(tables.people).where(or_(rows.id.in_(known), rows.organisation_id.in_(bodies))))
    entries = found.all()
    away = _absences(connection, [row.id for row in entries])
    zones, kinds = _organisations(connection, bodies)
    return Directory(
        people={row.id: _entry(row, away.get(row.id, ())) for row in entries},
        kinds=kinds,
        posts=_posts(connection, zones),
        delegations=delegations,
    )


def _delegations(connection: Connection, people: Collection[str], bodies: Collection[str]) -> tuple[Delegation, ...]:
    kept, rows = tables.delegations, tables.people
    joined = select(kept).join(rows, rows.c.id == kept.c.person_id).order_by(kept.c.person_id, kept.c.id)
    wanted = joined.where(or_(rows.c.id.in_(tuple(people)), rows.c.organisation_id.in_(tuple(bodies))))
    return tuple(map(as_delegation, connection.execute(wanted)))


def as_delegation(row: Row[Any]) -> Delegation:
    """Read a row of the delegations."""
    return Delegation(
        person=row.person_id,
        deputy=row.deputy_id,
        scope=frozenset(codec.parse(row.scope)),
        since=date.fromisoformat(row.since),
        until=_day(row.until),
        priority=row.priority,
    )


def _absences(connection: Connection, people: Iterable[str]) -> dict[str, tuple[Away, ...]]:
    """Read when people are away; a neutral also on the days that the roster holds."""
    away, neutrals, wanted = tables.absences, tables.neutrals, tuple(people)
    found: dict[str, tuple[Away, ...]] = {}
    for row in connection.execute(select(neutrals).where(neutrals.c.person_id.in_(wanted))):
        days = (Away(date.fromisoformat(since), date.fromisoformat(until)) for since, until in codec.parse(row.away))
        found[row.person_id] = tuple(days)
    for row in connection.execute(select(away).where(away.c.person_id.in_(wanted)).order_by(away.c.since)):
        found[row.person_id] = (*found.get(row.person_id, ()), as_away(row))
    return found


def as_away(row: Row[Any]) -> Away:
    """Read a row of the absences."""
    return Away(date.fromisoformat(row.since), date.fromisoformat(row.until))


def _organisations(connection: Connection, bodies: Collection[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the zone and the kind of each organisation by its id."""
    rows = tables.organisations
    found = connection.execute(select(rows).where(rows.c.id.in_(tuple(bodies)))).all()
    return {row.id: row.timezone for row in found}, {row.id: row.kind for row in found}


def _posts(connection: Connection, zones: dict[str, str]) -> tuple[Post, ...]:
    rows = tables.posts
    wanted = select(rows).where(rows.c.organisation_id.in_(tuple(zones))).order_by(rows.c.name, rows.c.place)
    return tuple(as_post(row, timezone=zones[row.organisation_id]) for row in connection.execute(wanted))


def as_post(row: Row[Any], *, timezone: str) -> Post:
    """Read a row of the posts, with the zone of its organisation."""
    return Post(
        organisation=row.organisation_id,
        name=row.name,
        place=row.place,
        people=tuple(codec.parse(row.people)),
        since=date.fromisoformat(row.since),
        turn_days=row.turn_days,
        timezone=timezone,
    )


def _entry(row: Row[Any], away: tuple[Away, ...]) -> Entry:
    return Entry(
        id=row.id,
        name=row.name,
        organisation=row.organisation_id or "",
        manager=row.manager_id or "",
        timezone=row.timezone,
        away=away,
        leaves_on=_last_day(row),
    )


def _last_day(row: Row[Any]) -> date | None:
    """Return the last day somebody is there: whoever was recorded as having left is gone from that day on."""
    if row.active:
        return _day(row.leaves_on)
    left: datetime | None = row.left_at
    return left.astimezone(wall_time.find_zone(row.timezone)).date() - _ONE_DAY if left else date.min


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
