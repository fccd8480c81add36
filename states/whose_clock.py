"""Whose clock was it: splits the time a case took among those who held the next duty, to the microsecond."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from states import firing, later_dates, roles, stretches, timers
from states.stretches import Holder, Stretch, Who

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from states.calendar import Calendar
    from states.events import Event
    from states.process import Process
    from states.timers import OpenDeadline

_NOTHING = timedelta()
_ORDER = tuple(Who)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """The time of one holder: all of it but days off, and how much of it was working time by their calendar."""

    holder: Holder
    elapsed: timedelta
    working: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class RanOut:
    """A clock that ran out before the act came: when it first did, and when its duty ended, None while it has not.

    `first_due_at` is the date before any extension and `due_at` the last one; `late_by` counts from `ran_out_at`.
    """

    clock: str
    label: str
    duty: str
    holder: Holder | None
    since: datetime
    first_due_at: datetime
    due_at: datetime
    ran_out_at: datetime
    ended_at: datetime | None
    late_by: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """How the time of a case was spent up to an instant; the shares add up exactly to `elapsed`."""

    since: datetime
    until: datetime
    elapsed: timedelta
    shares: tuple[Share, ...]
    ran_out: tuple[RanOut, ...]


def account(
    definition: Callable[[str], Process],
    history: Iterable[Event],
    calendars: Mapping[str, Calendar],
    *,
    until: datetime,
) -> Account:
    """Account for the time of a case, from what all parties share of its events, oldest first.

    The time between a closing and a reopening belongs to nobody and is not counted.
    """
    events = tuple(history)
    passed = tuple(stretches.of_history(definition, events, calendars, until=until))
    return Account(
        since=events[0].at,
        until=passed[-1].end if passed else events[0].at,
        elapsed=sum((one.end - one.start for one in passed), _NOTHING),
        shares=_shares(passed),
        ran_out=tuple(_ran_out(passed, until=until)),
    )


def _shares(passed: Iterable[Stretch]) -> tuple[Share, ...]:
    sums: dict[Holder, tuple[timedelta, timedelta]] = {}
    for stretch in passed:
        for holder, elapsed, working in _split(stretch):
            before = sums.get(holder, (_NOTHING, _NOTHING))
            sums[holder] = before[0] + elapsed, before[1] + working
    found = (Share(holder=one, elapsed=spent, working=working) for one, (spent, working) in sums.items() if spent)
    return tuple(sorted(found, key=lambda share: (_ORDER.index(share.holder.who), len(share.holder.names))))


def _split(stretch: Stretch) -> Iterator[tuple[Holder, timedelta, timedelta]]:
    """Set apart the days off of whoever held the duty, unless its clock counts hours on any day."""
    whole = stretch.end - stretch.start
    if stretch.holder.who not in {Who.PARTY, Who.ROLE, Who.TIER}:
        yield stretch.holder, whole, _NOTHING
        return
    off = _NOTHING if stretch.by_the_hour else days_off(stretch.start, stretch.end, stretch.calendars)
    worked = (one.position(stretch.end) - one.position(stretch.start) for one in stretch.calendars)
    yield stretch.holder, whole - off, min(worked)
    yield Holder(Who.DAYS_OFF), off, _NOTHING


def days_off(start: datetime, end: datetime, calendars: tuple[Calendar, ...]) -> timedelta:
    """Return how much of a time lay on days that are off, weekends and holidays alike, in each of these calendars."""
    if not calendars:
        return end - start
    first, rest = calendars[0], calendars[1:]
    return sum((days_off(since, until, rest) for since, until in first.times_off(start, end)), _NOTHING)


@dataclass(slots=True)
class _Duty:
    """A clock as it was last seen, until when it was open, when it ran out, and who then held the duty."""

    clock: OpenDeadline
    open_until: datetime
    asked: str = ""
    ran_out_at: datetime | None = None
    holder: Holder | None = None


def _ran_out(passed: tuple[Stretch, ...], *, until: datetime) -> Iterator[RanOut]:
    duties: dict[str, _Duty] = {}
    for stretch in passed:
        for clock in _asking(stretch):
            duty = duties.setdefault(later_dates.base_of(clock.occurrence), _Duty(clock, stretch.end))
            duty.clock, duty.open_until, duty.asked = clock, stretch.end, roles.label(stretch.process, clock.duty)
            counts = timers.counts_now(stretch.case, clock.rule)
            if duty.ran_out_at is None and counts and clock.due_at <= stretch.end:
                duty.ran_out_at, duty.holder = clock.due_at, _holder_of(stretch, clock)
    for duty in sorted(duties.values(), key=lambda one: one.ran_out_at or until):
        if duty.ran_out_at is not None:
            yield _told(duty, duty.ran_out_at, still_open=duty.open_until >= until)


def _asking(stretch: Stretch) -> Iterator[OpenDeadline]:
    """Yield the clocks that ask something of somebody: not those of no length, nor where all have answered."""
    for clock in stretch.clocks:
        lasting = clock.due_at > clock.since and firing.is_asked(stretch.process, stretch.case, clock)
        if lasting and firing.still_asked(stretch.process, stretch.case, clock):
            yield clock


def _holder_of(stretch: Stretch, clock: OpenDeadline) -> Holder | None:
    """Name who let a stage's clock run out; of the other clocks the duty itself says it."""
    return stretch.holder if clock.rule.of == stretch.case.stage and stretch.holder.who is Who.PARTY else None


def _told(duty: _Duty, ran_out_at: datetime, *, still_open: bool) -> RanOut:
    clock = duty.clock
    return RanOut(
        clock=clock.rule.name,
        label=clock.rule.task,
        duty=duty.asked,
        holder=duty.holder,
        since=clock.since,
        first_due_at=clock.first_due_at or clock.due_at,
        due_at=clock.due_at,
        ran_out_at=ran_out_at,
        ended_at=None if still_open else duty.open_until,
        late_by=max(duty.open_until - ran_out_at, _NOTHING),
    )
