"""What gives a clock a later date, and what that means for every date that hangs on it or runs beside it.

For the table of before and after only what all parties share is looked at, because it is put on record for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from states import obligations, roles, timers
from states.case import Extension, MovedDate
from states.events import DueMoved, ItemRecorded
from states.items import Obligation, Session
from states.process import DeadlineScope
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from states.calendar import Calendar
    from states.case import Case
    from states.events import Change
    from states.fields import Value
    from states.items import Item, Proposal
    from states.process import Deadline, Process, Trigger
    from states.timers import OpenDeadline

DUE, FIRST_DUE = say("Due"), say("First due")
_PLANNED = ("planned",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """A later date for the clock of a rule, decided at an instant; `item` is the one that the clock hangs on."""

    rule: Deadline
    until: datetime
    at: datetime
    item: Item | None = None


def wanted(process: Process, case: Case, trigger: Trigger, *, inputs: Mapping[str, Value], at: datetime) -> Later:
    """Read what an act that extends a clock asks for."""
    rule = next(rule for rule in process.every_deadline() if rule.name == trigger.extends)
    until, named = inputs.get("until"), inputs.get(rule.of or "")
    item = case.item(str(named)) if rule.scope is DeadlineScope.ITEM else None
    return Later(rule=rule, item=item, until=until if isinstance(until, datetime) else at, at=at)


def extended(process: Process, case: Case, calendars: Mapping[str, Calendar], *, later: Later) -> tuple[Change, ...]:
    """Give a clock its later date; where the date lies on an item, the item bears the later one from now on."""
    own = timers.own_date(later.rule, later.item) if later.item else None
    clock = running(process, case, calendars, later=later)
    first = clock.first_due_at if clock else None
    extension = Extension(
        occurrence=timers.occurrence_of(case, later.rule, later.item) or "",
        until=later.until,
        at=later.at,
        first_due_at=(first or own) if own else None,
    )
    bearing: dict[str, Any] = {later.rule.due_from or "": later.until}
    redated = (ItemRecorded(replace(later.item, **bearing)),) if later.item and own else ()
    moved = DueMoved(extension)
    return (*redated, replace(moved, dates=_table(process, case, calendars, later, (*redated, moved))))


def running(process: Process, case: Case, calendars: Mapping[str, Calendar], *, later: Later) -> OpenDeadline | None:
    """Find the clock that is to be extended as it runs; None where it does not, or where no calendars are at hand."""
    item = later.item.id if later.item else None
    found = (one for one in _clocks(process, case, calendars) if one.rule.name == later.rule.name)
    return next((one for one in found if _item_of(one) == item), None)


def _clocks(process: Process, case: Case, calendars: Mapping[str, Calendar]) -> tuple[OpenDeadline, ...]:
    """List the clocks that everybody in the case may know of."""
    return timers.seen_in({roles.SHARED}, timers.open_deadlines(process, case, calendars)) if calendars else ()


def _item_of(clock: OpenDeadline) -> str | None:
    return clock.item.id if clock.item else None


def _table(
    process: Process, case: Case, calendars: Mapping[str, Calendar], later: Later, changes: Iterable[Change]
) -> tuple[MovedDate, ...]:
    """List every date that an extension moves or runs into: the clock itself, its rungs, others, and sessions."""
    shared = after = replace(case, items=tuple(item for item in case.items if item.zone == roles.SHARED))
    for change in changes:
        after = change.apply(after)
    was, now = (running(process, one, calendars, later=later) for one in (shared, after))
    if was is None or now is None:
        return ()
    itself = (later.rule.name, _item_of(now))
    clocks = (one for one in _clocks(process, after, calendars) if (one.rule.name, _item_of(one)) != itself)
    return (*_of_clock(process, was, now), *_beside(clocks, was, now), *_sessions(shared, was, now))


def _of_clock(process: Process, was: OpenDeadline, now: OpenDeadline) -> Iterator[MovedDate]:
    """Yield the clock itself, with its first date where this is not its first extension, and then its rungs."""
    if was.first_due_at is not None:
        yield MovedDate(FIRST_DUE, was.first_due_at, was.first_due_at)
    yield MovedDate(DUE, was.due_at, now.due_at)
    for reminder in was.rule.reminders:
        before, after = (timers.moment(process, one, reminder.at) for one in (was, now))
        # What would have been said before the new date was known is not said again.
        yield MovedDate(
            say("Reminder at %(step)s", step=reminder.at), before, after if after >= now.noticed_at else None
        )
    for silence in was.rule.silences:
        yield MovedDate(silence.means, *(timers.moment(process, one, silence.at) for one in (was, now)))
    again = [obligations.next_due(one.item, process.timezone) for one in (was, now) if isinstance(one.item, Obligation)]
    if again and again[0] is not None:
        yield MovedDate(say("Next time"), again[0], again[1])


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
            if one.begins_at <= now.due_at:
                told = say("Session “%(agenda)s”, in time now", agenda=one.agenda)
            else:
                told = say("Session “%(agenda)s”, still after the new date", agenda=one.agenda)
            yield MovedDate(told, one.begins_at, one.begins_at)


def not_later(process: Process, case: Case, calendars: Mapping[str, Calendar], *, later: Later) -> str | None:
    """Say why a new date is none: it does not lie after the present one; None where it does."""
    clock = running(process, case, calendars, later=later)
    if clock is None or later.until > clock.due_at:
        return None
    return say("the new date must lie after the present one, %(due_at)s", due_at=clock.due_at)


def asked_for(
    process: Process, case: Case, calendars: Mapping[str, Calendar], *, proposal: Proposal, at: datetime
) -> tuple[MovedDate, ...]:
    """List what an extension that waits for the others would move, were it granted at this instant; else nothing."""
    trigger = process.triggers[proposal.act]
    if proposal.state != "open" or trigger.extends is None:
        return ()
    later = wanted(process, case, trigger, inputs=proposal.inputs, at=at)
    if timers.occurrence_of(case, later.rule, later.item) is None:
        return ()
    changes = extended(process, case, calendars, later=later)
    return next(change.dates for change in changes if isinstance(change, DueMoved))
