"""The office's own working calendars: put on file, read anew by others who work on the record, and what they move."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from cases import armed, listing, recording, repository, tables
from cases import unit_of_work as work
from cases.record import Record
from cases.registry import CalendarRegistry
from cases.service import CaseService
from states import errors, roles, timers
from states.calendar import Calendar
from states.case import Case
from states.process import Process
from states.said import say

_BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A date of an open case that another calendar moves: which clock, and the instants before and after."""

    number: str
    clock: str
    before: datetime
    after: datetime


def refresh(record: Record) -> None:
    """Read what another process may have put on file."""
    if isinstance(record.calendars, CalendarRegistry):
        record.calendars.refresh()


def store(service: CaseService, calendar: Calendar) -> int:
    """Put a version of a calendar on file and date every open case by it; return how many cases were dated anew."""
    if not isinstance(service.calendars, CalendarRegistry):
        raise errors.Unavailable(say("the calendars of this record cannot be changed"))
    service.calendars.store(calendar, at=service.clock.now())
    return sum(_date_anew(service, case_id) for case_id in _open_cases(service))


def moved(record: Record, new: Calendar) -> tuple[Moved, ...]:
    """Tell which dates of open cases, of those that all their parties read, a calendar would move."""
    then: Mapping[str, Calendar] = ChainMap({new.name: new}, dict(record.calendars))
    found: list[Moved] = []
    with work.reading(record.engine) as connection:
        ids = connection.execute(select(tables.cases.c.id).where(tables.cases.c.closed_at.is_(None))).scalars().all()
        for start in range(0, len(ids), _BATCH):
            for stored in repository.load_many(connection, ids[start : start + _BATCH]):
                process = record.registry.get(stored.case.process)
                found += _moved_in(process, stored.case, record.calendars, then)
    return tuple(found)


def _moved_in(
    process: Process, case: Case, now: Mapping[str, Calendar], then: Mapping[str, Calendar]
) -> Iterator[Moved]:
    labels = {rule.name: rule.label for rule in process.every_deadline()}
    before = {one.key: one for one in timers.plan(process, case, now)}
    for timer in timers.plan(process, case, then):
        was = before.get(timer.key)
        if was is not None and was.due_at != timer.due_at and timer.zone == roles.SHARED:
            clock = labels.get(timer.deadline, timer.deadline)
            yield Moved(number=case.number, clock=clock, before=was.due_at, after=timer.due_at)


def _open_cases(service: CaseService) -> tuple[str, ...]:
    with work.reading(service.engine) as connection:
        wanted = select(tables.cases.c.id).where(tables.cases.c.closed_at.is_(None)).order_by(tables.cases.c.id)
        return tuple(connection.execute(wanted).scalars())


def _date_anew(service: CaseService, case_id: str) -> bool:
    """Bring the timers of a case, and how it is listed, in line with its plan; tell whether its next date has moved."""
    now = service.clock.now()
    with work.unit_of_work(service.engine) as connection:
        case = repository.load(connection, case_id, lock=True).case
        by = listing.Clocks(service.registry.get(case.process), service.calendars)
        plan = timers.plan(by.process, case, by.calendars)
        armed.arm(connection, case_id, plan)
        listing.keep(connection, by, case, happened=())
        due_at = recording.next_act_at(plan, now=now, over=armed.settled(connection, case_id))
        was = connection.execute(select(tables.cases.c.due_at).where(tables.cases.c.id == case_id)).scalar_one()
        repository.promise(connection, case_id, due_at=due_at)
        return bool(was != due_at)
