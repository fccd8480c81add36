"""The dates that are coming in one case or in all of a viewer's: each with whom it waits for and what silence means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, or_, select

from cases import deadline_view, people, tables, viewer
from cases.deadline_view import Consequence, DeadlineView, Holder
from cases.record import Record
from cases.unit_of_work import reading
from cases.viewer import Seen, Viewer
from states import timers
from states.case import Case
from states.items import Mandate, Obligation
from states.obligations import OPEN, next_due
from states.process import Deadline, DeadlineScope
from states.said import say
from states.timers import OpenDeadline

CASES = 200
"""How many cases of one person are looked at: those with the soonest clocks."""
AHEAD = timedelta(days=90)
"""How far ahead promises that come again are laid out where no end is named."""
PAUSED = say("The case is paused")
AUTHORITY_ENDS = say("Authority ends")
_AUTHORITY_OVER = say("From then on nobody acts on it; a new one must be recorded before.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingDate:
    """One date, in a case as the viewer may see it; `mine` tells that it waits for the viewer."""

    case: Case
    date: DeadlineView
    mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Which dates are wanted: of one case or of all, from an instant and until another, and how many at most."""

    case: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Dates in order; `more` tells that there are others in the window, after the last of these."""

    dates: tuple[ComingDate, ...]
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look at the record: whose, through which connection, when, and until when what recurs is laid out."""

    record: Record
    who: Viewer
    connection: Connection
    now: datetime
    until: datetime


def calendar(record: Record, who: Viewer, *, wanted: Window, now: datetime) -> Calendar:
    """List the dates that are coming for a viewer, what is overdue first; what stands still in a pause has no date.

    Raises `NotFound` for a case that is unknown or not this viewer's.
    """
    with reading(record.engine) as connection:
        look = Look(record=record, who=who, connection=connection, now=now, until=wanted.until or now + AHEAD)
        cases = cases_with_dates(look) if wanted.case is None else (viewer.find(record, who, connection, wanted.case),)
        found = [date for seen in cases for date in of_case(look, seen)]
    return laid_out(found, wanted)


def laid_out(found: Iterable[ComingDate], wanted: Window) -> Calendar:
    """Put dates in order, those of the window alone and as many as are wanted."""
    inside = (
        one
        for one in found
        if one.date.paused_until is None
        if wanted.since is None or one.date.due_at >= wanted.since
        if wanted.until is None or one.date.due_at < wanted.until
    )
    ordered = sorted(inside, key=lambda one: (one.date.due_at, one.case.number, one.date.label))
    return Calendar(dates=tuple(ordered[: wanted.limit]), more=len(ordered) > wanted.limit)


def of_case(look: Look, seen: Seen) -> Iterator[ComingDate]:
    """List every date of one case: its clocks, what comes again, the end of a pause and of people's authority."""
    running = (*viewer.deadlines(look.record, seen), *coming_again(look.record, seen, until=look.until))
    names = deadline_view.names_of(look.connection, [(seen, one) for one in running])
    for one in running:
        date = deadline_view.describe(seen, one, names=names, now=look.now)
        yield ComingDate(case=seen.case, date=date, mine=deadline_view.asks(seen, one, look.who.actor))
    for date in (*_pause(look, seen), *_ends_of_authority(look, seen)):
        yield ComingDate(case=seen.case, date=date, mine=look.who.person in {one.id for one in date.holders})


def in_order(found: Iterable[ComingDate]) -> tuple[DeadlineView, ...]:
    """Put the dates of one case in order, those that stand still in a pause among them."""
    return tuple(sorted((one.date for one in found), key=lambda date: (date.due_at, date.label)))


def coming_again(record: Record, seen: Seen, *, until: datetime) -> Iterator[OpenDeadline]:
    """Lay out when the promises that recur will fall due after their present date."""
    rules = (rule for rule in seen.process.deadlines.values() if rule.scope is DeadlineScope.ITEM)
    rule = next((one for one in rules if (one.of, one.due_from) == (Obligation.kind, "due_at")), None)
    if rule is None or seen.case.closed_at is not None:
        return
    for term in seen.case.all(Obligation, *OPEN):
        for due_at in _occurrences(term, seen, until):
            yield _expected(record, seen, rule, replace(term, due_at=due_at, at=term.due_at, state="due"))


def _occurrences(term: Obligation, seen: Seen, until: datetime) -> Iterator[datetime]:
    due_at = next_due(term, seen.process.timezone)
    while due_at is not None and due_at < until:
        yield due_at
        term = replace(term, due_at=due_at)
        due_at = next_due(term, seen.process.timezone)


def _expected(record: Record, seen: Seen, rule: Deadline, term: Obligation) -> OpenDeadline:
    return timers.on_item(seen.process, seen.case, rule, record.calendars, term)


def _pause(look: Look, seen: Seen) -> Iterator[DeadlineView]:
    if seen.case.stay is not None:
        for timer in timers.resume(seen.process, seen.case):
            yield _date(look, PAUSED, timer.due_at, since=seen.case.stay.begun_at, means=timer.means)


def _ends_of_authority(look: Look, seen: Seen) -> Iterator[DeadlineView]:
    held = () if seen.case.closed_at is not None else seen.case.all(Mandate, "recorded")
    names = people.names(look.connection, {one.person for one in held})
    for one in held:
        if one.valid_until is not None and one.valid_until > look.now:
            ends = _date(look, AUTHORITY_ENDS, one.valid_until, since=one.at, means=_AUTHORITY_OVER)
            yield replace(ends, item=one, holders=(Holder(one.person, names.get(one.person, one.person)),))


def _date(look: Look, label: str, at: datetime, *, since: datetime, means: str) -> DeadlineView:
    return DeadlineView(
        name="",
        label=label,
        since=since,
        due_at=at,
        remaining=at - look.now,
        consequence=Consequence(at, means),
        duty="",
        holders=(),
        item=None,
        due=None,
        paused_until=None,
    )


def cases_with_dates(look: Look) -> Iterator[Seen]:
    """See the cases of a viewer in which something is coming, those with the soonest clocks first."""
    ids = look.connection.execute(_with_dates(look.who)).scalars().all()
    yield from viewer.see_many(look.record, look.who, look.connection, list(ids))


def _with_dates(who: Viewer) -> Select[Any]:
    cases, parts = tables.cases, tables.case_people
    mine = select(parts.c.case_id).where(parts.c.person_id == who.person)
    waiting = or_(cases.c.closed_at.is_(None), cases.c.due_at.is_not(None))
    found = select(cases.c.id).where(cases.c.id.in_(mine), waiting)
    return found.order_by(cases.c.due_at.is_(None), cases.c.due_at, cases.c.id).limit(CASES)
