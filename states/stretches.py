"""A history as stretches of time: between two events nothing changes, so each stretch has one case and one holder.

Only what all parties share is looked at: the stages, the tiers of the ladder, the pauses, and the answers that are
shared. So everybody is told the same, and nobody learns from it what was said in confidence.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from states import case as cases
from states import firing, roles, timers
from states.events import CaseOpened, ItemRecorded
from states.process import DeadlineScope, RoleScope

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from states.calendar import Calendar
    from states.case import Case, Party
    from states.events import Change, Event
    from states.process import Process
    from states.timers import OpenDeadline


class Who(StrEnum):
    """What a stretch of time belongs to, in the order in which that is told."""

    PARTY = "party"
    ROLE = "role"
    TIER = "tier"
    STAY = "agreed pause"
    DAYS_OFF = "days off"
    OUTAGE = "outage"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who held the next duty: parties by their ids, several where they were asked together, or a role, or a tier."""

    who: Who
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A time in which a case stood as it is here under a definition, with the clocks that ran on it.

    `calendars` are those by which the holder counts, `by_the_hour` tells that the clock counts hours on any day.
    """

    process: Process = field(repr=False)
    case: Case
    start: datetime
    end: datetime
    clocks: tuple[OpenDeadline, ...] = field(repr=False)
    holder: Holder
    calendars: tuple[Calendar, ...] = field(repr=False)
    by_the_hour: bool


def shared_part(history: Iterable[Event], *, held: Collection[str]) -> Iterator[Event]:
    """Yield as much of a history as all parties share, with those items alone that are `held` for all to read now."""
    for event in history:
        if event.zone == roles.SHARED:
            changes = (_shared(change, held) for change in event.changes)
            yield replace(event, changes=tuple(change for change in changes if change is not None))


def _shared(change: Change, held: Collection[str]) -> Change | None:
    if isinstance(change, CaseOpened):
        return CaseOpened(replace(change.case, items=tuple(one for one in change.case.items if one.id in held)))
    return None if isinstance(change, ItemRecorded) and change.item.id not in held else change


def of_history(
    definition: Callable[[str], Process],
    history: Iterable[Event],
    calendars: Mapping[str, Calendar],
    *,
    until: datetime,
) -> Iterator[Stretch]:
    """Yield the stretches in which a case was open, oldest first; without a gap but between closing and reopening.

    `definition` gives the version of the process, by its hash, under which the case then ran.
    """
    for span in _spans(history, until):
        if span.start < span.end and span.case.closed_at is None:
            process = definition(span.case.process)
            clocks = timers.seen_in({roles.SHARED}, timers.open_deadlines(process, span.case, calendars))
            holder, clock = _holder(process, span.case, clocks)
            yield Stretch(
                process=process,
                case=span.case,
                start=span.start,
                end=span.end,
                clocks=clocks,
                holder=Holder(Who.OUTAGE) if span.outage else holder,
                calendars=_calendars(process, span.case, holder, clock, calendars=calendars),
                by_the_hour=clock is not None and clock.due is not None and clock.due.duration.unit.elapsed,
            )


@dataclass(frozen=True, slots=True)
class _Span:
    case: Case
    start: datetime
    end: datetime
    outage: bool = False


def _spans(history: Iterable[Event], until: datetime) -> Iterator[_Span]:
    """Cut a history at its events; what lies between the due instant of a timer and its firing is an outage."""
    happened = iter(history)
    case = cases.replay([next(happened)])
    since = case.opened_at
    for event in happened:
        reached = max(since, min(event.recorded_at, until))
        due = min(max(event.at, since), reached) if event.timer is not None else reached
        yield _Span(case, since, due)
        yield _Span(case, due, reached, outage=True)
        case, since = cases.evolve(case, event), reached
    yield _Span(case, since, max(since, until))


def _holder(process: Process, case: Case, clocks: tuple[OpenDeadline, ...]) -> tuple[Holder, OpenDeadline | None]:
    """Say who holds the next duty and which clock runs on it: a tier while the matter is with it, else the stage."""
    if case.stay is not None:
        return Holder(Who.STAY), None
    scopes = {clock.rule.scope: clock for clock in clocks if clock.rule.scope in _HOLDING}
    tier = scopes.get(DeadlineScope.TIER)
    if tier is not None and case.tier is not None:
        held = roles.holders(process, case, tier.duty)
        return Holder(Who.TIER, (case.tier,)) if held else Holder(Who.NOBODY), tier
    stage = scopes.get(DeadlineScope.STAGE)
    return (_of_stage(process, case, stage), stage) if stage is not None else (Holder(Who.NOBODY), None)


_HOLDING = frozenset({DeadlineScope.TIER, DeadlineScope.STAGE})


def _of_stage(process: Process, case: Case, clock: OpenDeadline) -> Holder:
    asked = firing.still_asked(process, case, clock)
    prefix, role = roles.split(clock.duty)
    if not asked:
        return Holder(Who.NOBODY)
    if process.roles[role].scope is not RoleScope.PARTY:
        return Holder(Who.ROLE, (role,))
    here = roles.narrowed(case, prefix, None)
    return Holder(Who.PARTY, tuple(party.id for party in here if set(party.people.get(role, ())) & set(asked)))


def _calendars(
    process: Process,
    case: Case,
    holder: Holder,
    clock: OpenDeadline | None,
    *,
    calendars: Mapping[str, Calendar],
) -> tuple[Calendar, ...]:
    """List the calendars of whoever holds the duty: each party's own, unless the clock has one by rule."""
    if clock is None or clock.rule.calendar is not None or holder.who is not Who.PARTY:
        return (clock.calendar,) if clock else ()
    parties: list[Party] = [party for party in case.parties if party.id in holder.names]
    names = dict.fromkeys(party.calendar or process.calendar for party in parties)
    return tuple(calendars[name] for name in names)
