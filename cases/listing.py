"""Keeps how each case stands in the lists of its readers: when it last moved, and when its soonest clock runs out.

Both as that very reader may know, so that neither the order of a list nor a filter tells of what happened in a room of
others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select

from cases import repository, tables
from states import firing, roles, timers, waiting, zoning
from states.calendar import Calendar
from states.case import Case
from states.events import Event
from states.process import Process
from states.timers import OpenDeadline

_listings = tables.case_listings
_of_case = select(_listings).where(_listings.c.case_id == bindparam("of"))
# "of" and "who" are not columns.
_add = insert(_listings)
_remove = delete(_listings).where(_listings.c.case_id == bindparam("of"), _listings.c.person_id == bindparam("who"))


@dataclass(frozen=True, slots=True)
class Listing:
    """How a case stands in one reader's list; `mine` tells whether a clock of it waits for them."""

    moved_at: datetime
    due_at: datetime | None
    mine: bool


@dataclass(frozen=True, slots=True)
class Clocks:
    """The definition and the calendars by which the clocks of a case run."""

    process: Process
    calendars: Mapping[str, Calendar]


def keep(
    connection: Connection,
    by: Clocks,
    case: Case,
    *,
    happened: Iterable[Event],
    running: Collection[OpenDeadline] | None = None,
) -> None:
    """Bring the lists of all readers in line with a case in which this happened.

    `running` are the clocks that run on it, from whoever has counted them already.
    """
    if running is None:
        running = timers.open_deadlines(by.process, case, by.calendars)
    old = {row.person_id: row for row in connection.execute(_of_case, {"of": case.id})}
    before = {person: Listing(row.moved_at, row.due_at, row.mine) for person, row in old.items()}
    moved: dict[str, datetime] = {}
    for event in happened:
        moved[event.zone] = max(event.recorded_at, moved.get(event.zone, event.recorded_at))
    new = dict(_listings_of(by.process, case, running, before=before, moved=moved))
    changed = {person: listing for person, listing in new.items() if before.get(person) != listing}
    if gone := sorted((before.keys() - new.keys()) | (before.keys() & changed.keys())):
        connection.execute(_remove, [{"of": case.id, "who": person} for person in gone])
    if changed:
        connection.execute(_add, [_row(case, person, changed[person]) for person in sorted(changed)])


def forget(connection: Connection, case_id: str) -> None:
    """Take a case out of all lists, to be written anew."""
    connection.execute(delete(_listings).where(_listings.c.case_id == case_id))


def _listings_of(
    process: Process,
    case: Case,
    running: Collection[OpenDeadline],
    *,
    before: Mapping[str, Listing],
    moved: Mapping[str, datetime],
) -> Iterator[tuple[str, Listing]]:
    for person in sorted({person for person, _, _ in repository.people_of(case)}):
        actor = roles.Actor(person)
        zones = roles.readable_zones(process, case, actor)
        if not zones:
            continue
        told = [one for one in running if _is_told(process, case, one, zones)]
        seen = [at for zone, at in moved.items() if zone in zones]
        known = before[person].moved_at if person in before else case.opened_at
        mine = any(waiting.waits_for(process, case, one, actor) for one in told)
        yield person, Listing(max([known, *seen]), min((one.due_at for one in told), default=None), mine)


def _is_told(process: Process, case: Case, deadline: OpenDeadline, zones: frozenset[str]) -> bool:
    """Tell whether somebody who reads these zones knows that a clock runs and asks for something."""
    if deadline.rule.zone not in zones or (deadline.item is not None and deadline.item.zone not in zones):
        return False
    if not deadline.rule.when:
        return True
    # Whether it asks is answered from what they read, or its silence would tell of what they do not.
    items = tuple(item for item in case.items if item.zone in zones)
    known = replace(case, items=items, fields=zoning.readable_fields(process, case, zones))
    return firing.is_asked(process, known, deadline)


def _row(case: Case, person: str, listing: Listing) -> dict[str, object]:
    return {
        "case_id": case.id,
        "person_id": person,
        "moved_at": listing.moved_at,
        "due_at": listing.due_at,
        "mine": listing.mine,
    }
