"""What a later date of a clock means for every date that hangs on it or runs beside it: a table of before and after.

Only what all parties share is looked at, because the table is put on record for all of them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from states import roles, timers
from states.case import Extension, MovedDate
from states.items import Proposal, Session
from states.process import DeadlineScope

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from states.calendar import Calendar
    from states.case import Case
    from states.process import Deadline, Process
    from states.timers import OpenDeadline

DUE, FIRST_DUE = "Due", "First due"
_PLANNED = ("planned",)


def running(process: Process, case: Case, calendars: Mapping[str, Calendar], *, rule: Deadline) -> OpenDeadline | None:
    """Find the clock of a rule as it runs on a case; None where it does not, or where no calendars are at hand."""
    return next((one for one in _clocks(process, case, calendars) if one.rule.name == rule.name), None)


def _clocks(process: Process, case: Case, calendars: Mapping[str, Calendar]) -> tuple[OpenDeadline, ...]:
    """List the clocks that everybody in the case may know of."""
    return timers.seen_in({roles.SHARED}, timers.open_deadlines(process, case, calendars)) if calendars else ()


def of_extension(
    process: Process, case: Case, calendars: Mapping[str, Calendar], *, rule: Deadline, extension: Extension
) -> tuple[MovedDate, ...]:
    """List every date that an extension moves or runs into: the clock itself, its rungs, others, and sessions."""
    shared = replace(case, items=tuple(item for item in case.items if item.zone == roles.SHARED))
    later = replace(shared, extensions=(*shared.extensions, extension))
    was = running(process, shared, calendars, rule=rule)
    now = running(process, later, calendars, rule=rule)
    if was is None or now is None:
        return ()
    clocks = (one for one in _clocks(process, later, calendars) if one.rule.name != rule.name)
    return (*_of_clock(process, was, now), *_beside(clocks, was, now), *_sessions(shared, was, now))


def _of_clock(process: Process, was: OpenDeadline, now: OpenDeadline) -> Iterator[MovedDate]:
    """Yield the clock itself, with its first date where this is not its first extension, and then its rungs."""
    if was.first_due_at is not None:
        yield MovedDate(FIRST_DUE, was.first_due_at, was.first_due_at)
    yield MovedDate(DUE, was.due_at, now.due_at)
    for reminder in was.rule.reminders:
        before, after = (timers.moment(process, one, reminder.at) for one in (was, now))
        # What would have been said before the new date was known is not said again.
        yield MovedDate(f"Reminder at {reminder.at}", before, after if after >= now.noticed_at else None)
    for silence in was.rule.silences:
        yield MovedDate(silence.means, *(timers.moment(process, one, silence.at) for one in (was, now)))


def _beside(clocks: Iterator[OpenDeadline], was: OpenDeadline, now: OpenDeadline) -> Iterator[MovedDate]:
    """Yield the clocks of the whole case, and others that now end before this one, which they did not before."""
    for one in clocks:
        passed = was.due_at < one.due_at <= now.due_at
        if one.due_at > one.since and (passed or one.rule.scope is DeadlineScope.CASE):
            yield MovedDate(one.rule.label, one.due_at, one.due_at)


def _sessions(case: Case, was: OpenDeadline, now: OpenDeadline) -> Iterator[MovedDate]:
    """Yield the sessions that were planned for after the old date: they come in time now, or still too late."""
    for one in case.all(Session, *_PLANNED):
        if one.begins_at is not None and one.begins_at > was.due_at:
            told = "in time now" if one.begins_at <= now.due_at else "still after the new date"
            yield MovedDate(f"Session “{one.agenda}”, {told}", one.begins_at, one.begins_at)


def not_later(
    process: Process, case: Case, calendars: Mapping[str, Calendar], *, rule: Deadline, until: datetime
) -> str | None:
    """Say why a new date is none: it does not lie after the present one; None where it does."""
    clock = running(process, case, calendars, rule=rule)
    if clock is None or until > clock.due_at:
        return None
    return f"the new date must lie after the present one, {clock.due_at:%Y-%m-%d %H:%M} UTC"


def asked_for(
    process: Process, case: Case, calendars: Mapping[str, Calendar], *, proposal: Proposal, at: datetime
) -> tuple[MovedDate, ...]:
    """List what an extension that waits for the others would move, were it granted at this instant; else nothing."""
    extended, until = process.triggers[proposal.act].extends, proposal.inputs.get("until")
    rule = next((one for one in process.every_deadline() if one.name == extended), None)
    occurrence = timers.occurrence_of(case, rule) if rule else None
    if proposal.state != "open" or rule is None or occurrence is None or not isinstance(until, datetime):
        return ()
    later = Extension(occurrence=occurrence, until=until, at=at)
    return of_extension(process, case, calendars, rule=rule, extension=later)
