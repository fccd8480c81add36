"""Rooms of cases that are opened in an emergency: asked for, agreed to by a second person, read, and shut again.

Each step is an event in the chain of the case, written with the mails about it in one transaction. What somebody may
read by it is found from the items on file whenever they look, so nothing has to be taken back in time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast
from uuid import uuid4

from sqlalchemy import Connection, Engine, select

from cases import codec, outbox, people, recording, reference, repository, tables
from cases.outbox import NewMessage
from cases.people import Directory, Person
from cases.service import CaseService, retrying
from cases.unit_of_work import reading, unit_of_work
from states import case as cases
from states import emergencies, errors, roles
from states.case import Case
from states.events import Event
from states.items import BreakGlass
from states.process import Process
from states.roles import ADMINISTRATOR, Actor
from states.said import say

HEAD_OF_OFFICE = "head_of_office"
SECOND_PERSONS = frozenset({ADMINISTRATOR, HEAD_OF_OFFICE})
MAIL = "room_opened"

_read_item = codec.reader(BreakGlass)


@dataclass(frozen=True, slots=True)
class Request:
    """A request for a room, with the number of its case; of the case itself it tells nothing."""

    case_id: str
    number: str
    item: BreakGlass


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an administrator asks for: a case by its number, a room of it, why, and for how many hours."""

    case_ref: str
    room: str
    reason: str
    hours: int


Letters = Callable[[Request, Sequence[Person]], Sequence[NewMessage]]
"""Writes the mails that tell people of a room that was opened."""


class Emergencies:
    """Everything that opens and shuts rooms."""

    def __init__(self, service: CaseService) -> None:
        """Keep the service whose cases these are."""
        self._service = service
        self._engine = service.engine

    def ask(self, wanted: Wanted, actor: Actor) -> Request:
        """Ask for a room. Raises `NotYours`, `NotFound` and `NeedsMissing`."""
        if ADMINISTRATOR not in actor.offices:
            raise errors.NotYours(say("only an administrator asks for a room to be opened"))
        case_id, now = reference.case_id(self._engine, wanted.case_ref), self._service.clock.now()

        def decide(process: Process, case: Case) -> Event:
            item = BreakGlass(
                id=f"break_glass-{uuid4().hex[:12]}",
                zone=wanted.room,
                by=actor.person,
                at=now,
                state="asked",
                room=wanted.room,
                reason=wanted.reason,
                hours=wanted.hours,
            )
            return emergencies.ask(process, case, replace(item, room=_room(case, wanted.room)))

        return self._record(case_id, decide, now=now)

    def agree(self, case_id: str, item_id: str, actor: Actor, *, letters: Letters) -> Request:
        """Open a room as a second person, and tell everybody whose room it is. Raises `NotYours` and `Conflict`."""
        _refuse_others(actor)
        now = self._service.clock.now()

        def decide(_process: Process, case: Case) -> Event:
            return emergencies.agree(_item(case, item_id), by=actor.person, at=now)

        return self._record(case_id, decide, now=now, letters=letters)

    def refuse(self, case_id: str, item_id: str, actor: Actor) -> Request:
        """Leave a room shut, or withdraw one's own request. Raises `NotYours` and `Conflict`."""
        _refuse_others(actor)
        now = self._service.clock.now()
        return self._record(
            case_id, lambda _, case: emergencies.refuse(_item(case, item_id), by=actor.person, at=now), now=now
        )

    def end(self, case_id: str, item_id: str, actor: Actor) -> Request:
        """Shut a room before its time; whoever runs the case may, too. Raises `NotYours` and `Conflict`."""
        now = self._service.clock.now()

        def decide(process: Process, case: Case) -> Event:
            if roles.TEAM not in roles.readable_zones(process, case, actor):
                _refuse_others(actor)
            return emergencies.end(_item(case, item_id), by=actor.person, at=now)

        return self._record(case_id, decide, now=now)

    def _record(
        self, case_id: str, decide: Callable[[Process, Case], Event], *, now: datetime, letters: Letters | None = None
    ) -> Request:
        def once() -> Request:
            with unit_of_work(self._engine) as work:
                stored = repository.load(work, case_id, lock=True)
                process = self._service.registry.get(stored.case.process)
                event = decide(process, stored.case)
                after = cases.evolve(stored.case, event)
                self._service.deciding(work, now).recording(process).beside(stored, after, event)
                (item,) = recording.items_of(event)
                request = Request(after.id, after.number, cast("BreakGlass", item))
                if letters is not None:
                    told = self._whose_room(process, after, request.item.zone)
                    outbox.write(work, letters(request, told), mail=MAIL, case_id=after.id, now=now)
                return request

        return retrying(once)

    def _whose_room(self, process: Process, case: Case, zone: str) -> tuple[Person, ...]:
        """List everybody in the case who reads the zone in which it is told."""
        known = Directory(self._engine).people(sorted(case.people))
        return tuple(
            one
            for one in known.values()
            if one.active and zone in roles.readable_zones(process, case, Actor(one.id, frozenset(one.offices)))
        )


def requests(engine: Engine) -> tuple[Request, ...]:
    """List every request there ever was, the newest first."""
    with reading(engine) as connection:
        found = tuple(_requests(connection))
    return tuple(sorted(found, key=lambda one: one.item.at, reverse=True))


def opened_to(engine: Engine, person: str, *, now: datetime) -> tuple[Request, ...]:
    """List the rooms that somebody may read just now because a second person agreed."""
    with reading(engine) as connection:
        return tuple(one for one in _requests(connection, state="open") if one.item.lets_in(person, now))


def find(engine: Engine, case_id: str, item_id: str) -> Request:
    """Find one request. Raises `NotFound`."""
    found = next((one for one in requests(engine) if (one.case_id, one.item.id) == (case_id, item_id)), None)
    if found is None:
        raise errors.NotFound(say("there is no such request"))
    return found


def names_of(engine: Engine, asked: Sequence[Request]) -> dict[str, str]:
    """Name everybody in some requests."""
    with reading(engine) as connection:
        return people.names(connection, {person for one in asked for person in one.item.people})


def _requests(connection: Connection, *, state: str | None = None) -> Iterator[Request]:
    items, kept = tables.items, tables.cases
    wanted = select(kept.c.id, kept.c.number, items.c.data).join(items, items.c.case_id == kept.c.id)
    wanted = wanted.where(items.c.kind == BreakGlass.kind)
    for row in connection.execute(wanted if state is None else wanted.where(items.c.state == state)):
        yield Request(row.id, row.number, _read_item(codec.parse(row.data)))


def _room(case: Case, wanted: str) -> str:
    """Return the zone of a room in which the party was named by its id or by its name."""
    kind, _, named = wanted.partition(":")
    found = (one.id for one in case.parties if named.casefold() in {one.id.casefold(), one.name.casefold()})
    return roles.zone_of(kind, next(found, named)) if named else wanted


def _item(case: Case, item_id: str) -> BreakGlass:
    found = next((one for one in case.all(BreakGlass) if one.id == item_id), None)
    if found is None:
        raise errors.NotFound(say("there is no such request"))
    return found


def _refuse_others(actor: Actor) -> None:
    if not actor.offices & SECOND_PERSONS:
        raise errors.NotYours(say("a room is opened and shut by administrators and the head of office"))
