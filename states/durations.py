"""Reads spans of time and says when they are over: the arithmetic of deadlines, pauses and reminders."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from states import derivation, errors, wall_time
from states.calendar import Calendar

_WHOLE = 100
_TEXT = re.compile(r"([+-]?) ?([0-9]{1,5}) ?([a-z]+(?: [a-z]+)?)")
_ALLOWED = (
    "write a whole number and a unit: min (minutes), h (clock hours), wh (working hours), wd (working days), "
    "cd (civil days) or weeks, such as '3 wd' or '60 civil days'"
)


class Unit(StrEnum):
    """What a duration is counted in; the value is its short spelling."""

    MINUTE = "min"
    HOUR = "h"
    WORKING_HOUR = "wh"
    WORKING_DAY = "wd"
    CIVIL_DAY = "cd"

    @property
    def working(self) -> bool:
        """Tells whether only working time counts."""
        return self in {Unit.WORKING_HOUR, Unit.WORKING_DAY}

    @property
    def elapsed(self) -> bool:
        """Tells whether the time passes by the clock, whatever the place and the day."""
        return self in {Unit.MINUTE, Unit.HOUR}


_SPELLINGS = {
    "min": (Unit.MINUTE, 1),
    "minute": (Unit.MINUTE, 1),
    "h": (Unit.HOUR, 1),
    "hour": (Unit.HOUR, 1),
    "wh": (Unit.WORKING_HOUR, 1),
    "working hour": (Unit.WORKING_HOUR, 1),
    "wd": (Unit.WORKING_DAY, 1),
    "working day": (Unit.WORKING_DAY, 1),
    "cd": (Unit.CIVIL_DAY, 1),
    "civil day": (Unit.CIVIL_DAY, 1),
    "week": (Unit.CIVIL_DAY, 7),
}


@dataclass(frozen=True, slots=True)
class Duration:
    """A span of time as people write it: an amount, negative for "before", and a unit."""

    amount: int
    unit: Unit

    def __str__(self) -> str:
        """Writes the duration in its short spelling, which `parse` reads back."""
        return f"{self.amount} {self.unit}"

    @classmethod
    def parse(cls, text: str) -> Duration:
        """Reads a duration such as "3 wd", "60 civil days", "8 weeks" or "-2 h"."""
        found = _TEXT.fullmatch(" ".join(text.lower().split()))
        if not found:
            raise errors.DurationError(f"{text!r} is not a span of time: {_ALLOWED}")
        sign, digits, word = found.groups()
        spelling = _SPELLINGS.get(word) or _SPELLINGS.get(word.removesuffix("s")) if word != "day" else None
        if spelling is None:
            raise errors.DurationError(f"{text!r} does not say which time is meant by {word!r}: {_ALLOWED}")
        unit, factor = spelling
        return cls(int(sign + digits) * factor, unit)

    @property
    def span(self) -> timedelta:
        """The clock or working time of a duration in minutes or hours; days have no fixed length."""
        minutes = {Unit.MINUTE: 1, Unit.HOUR: 60, Unit.WORKING_HOUR: 60}[self.unit]
        return timedelta(minutes=minutes * self.amount)


class Roll(StrEnum):
    """Where a due date counted in civil days goes when it falls on a day off."""

    NONE = "none"
    FOLLOWING = "following"
    PRECEDING = "preceding"


class DayEnds(StrEnum):
    """When on the last working day a deadline falls due."""

    CLOSE = "close"
    SAME_TIME = "same time"


@dataclass(frozen=True, slots=True)
class Rules:
    """How days are counted.

    `cut_off` is a local hour of the calendar's place: a start after it, or on a day off, counts from the opening of
    the next working day, and a start before the opening counts from the opening. It does not touch clock hours.
    """

    cut_off: time | None = None
    roll: Roll = Roll.NONE
    day_ends: DayEnds = DayEnds.CLOSE


PLAIN = Rules()


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which a deadline stood still, and why."""

    start: datetime
    end: datetime
    reason: str

    def __post_init__(self) -> None:
        """Refuses instants without a time zone and a pause that ends before it starts."""
        if wall_time.as_utc(self.end) < wall_time.as_utc(self.start):
            raise errors.DurationError(f"the pause {self.reason!r} ends before it starts: swap its two instants")


@dataclass(frozen=True, slots=True)
class CountedPause:
    """A pause, merged with those that overlap it, and the time it gave back."""

    pause: Pause
    given_back: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """When a duration is over, and everything that led there.

    All instants are UTC. `counted_from` is the start after the cut-off; `rolls` are the moves off days off, each as
    the instants before and after.
    """

    at: datetime
    start: datetime
    counted_from: datetime
    duration: Duration
    calendar: Calendar = field(repr=False)
    timezone: str
    rules: Rules
    pauses: tuple[CountedPause, ...] = ()
    rolls: tuple[tuple[datetime, datetime], ...] = ()

    def explain(self) -> dict[str, object]:
        """Returns the derivation as JSON-able data: "due because ..."."""
        return derivation.explain(self)


def due(  # noqa: PLR0913 - the six facts that make a deadline; a bundle would only hide them
    start: datetime,
    duration: Duration,
    *,
    calendar: Calendar,
    timezone: str,
    rules: Rules = PLAIN,
    pauses: Iterable[Pause] = (),
) -> Due:
    """Returns when a duration that starts at an aware instant is over.

    Working time is that of the calendar; civil days are those of `timezone`, the process's IANA zone. A day's
    deadline never counts the start day. A pause that begins before the deadline, as extended so far, gives back the
    time it took: working time where the duration is in working time, clock time otherwise. Raises `DurationError`
    for a negative duration and `OutsideCalendar` where the calendar is needed and does not reach.
    """
    if duration.amount < 0:
        raise errors.DurationError(f"a deadline cannot lie before its start: {duration} must not be negative")
    begin = wall_time.as_utc(start)
    count = _Count(duration, calendar, wall_time.find_zone(timezone), rules)
    counted_from = count.begin(begin)
    landed = count.landing(counted_from)
    first = count.rolled(landed)
    extended, counted = count.extended(first, pauses=_merged(pauses), since=counted_from)
    at = count.rolled(extended)
    return Due(
        at=max(at, counted_from),
        start=begin,
        counted_from=counted_from,
        duration=duration,
        calendar=calendar,
        timezone=timezone,
        rules=rules,
        pauses=counted,
        rolls=tuple(move for move in ((landed, first), (extended, at)) if move[0] != move[1]),
    )


def time_between(start: datetime, end: datetime, *, basis: Unit, calendar: Calendar) -> timedelta:
    """Returns the time from one instant to another: working time for working units, clock time otherwise."""
    if basis.working:
        return calendar.position(end) - calendar.position(start)
    return wall_time.as_utc(end) - wall_time.as_utc(start)


def portion(due: Due, percent: float) -> datetime:
    """Returns the instant at which a share of a deadline's own time has passed; over 100 percent lies beyond it.

    Time given back for a pause is no part of the whole, and is given back again once the pause has begun. Raises
    `DurationError` for a share below nothing.
    """
    if percent < 0:
        raise errors.DurationError(f"{percent} is not a share of the time: give a percentage from 0 up")
    if percent == _WHOLE:
        return due.at
    unit, calendar = due.duration.unit, due.calendar
    given_back = sum((counted.given_back for counted in due.pauses), timedelta())
    whole = time_between(due.start, due.at, basis=unit, calendar=calendar) - given_back
    reached = later(due.start, whole * percent / _WHOLE, basis=unit, calendar=calendar)
    for counted in due.pauses:
        if counted.pause.start < reached:
            reached = later(reached, counted.given_back, basis=unit, calendar=calendar)
    reached = max(reached, due.start)
    return reached if percent > _WHOLE else min(reached, due.at)


def later(instant: datetime, span: timedelta, *, basis: Unit, calendar: Calendar) -> datetime:
    """Returns the instant at which so much time has passed: working time for working units, clock time otherwise."""
    return calendar.instant(calendar.position(instant) + span) if basis.working else instant + span


def shift(instant: datetime, offset: Duration, *, calendar: Calendar, timezone: str) -> datetime:
    """Returns the UTC instant that lies an offset after another, or before it when the offset is negative.

    Days keep the local wall time: civil days that of `timezone`, working days that of the calendar's place, moved
    into working time where needed.
    """
    begin = wall_time.as_utc(instant)
    where = wall_time.find_zone(timezone)
    same_time = Rules(day_ends=DayEnds.SAME_TIME)
    return _Count(offset, calendar, where, same_time).landing(begin)


@dataclass(frozen=True, slots=True)
class _Count:
    """One count of a duration: what is counted, where, and by which rules."""

    duration: Duration
    calendar: Calendar
    zone: ZoneInfo
    rules: Rules

    def begin(self, start: datetime) -> datetime:
        """Applies the cut-off: return the instant from which the start counts."""
        if self.rules.cut_off is None or self.duration.unit.elapsed:
            return start
        local = start.astimezone(self.calendar.zone)
        day = local.date()
        late = self.calendar.is_working_day(day) and local.time() > self.rules.cut_off
        return max(start, self.calendar.opening(self.calendar.working_day_after(day, 1 if late else 0)))

    def landing(self, begin: datetime) -> datetime:
        """Returns the instant at which the duration is over, before any roll or pause."""
        match self.duration.unit:
            case Unit.WORKING_DAY:
                return self._working_day(begin)
            case Unit.CIVIL_DAY:
                local = begin.astimezone(self.zone)
                return wall_time.at_local(local.date() + timedelta(days=self.duration.amount), local.time(), self.zone)
            case Unit.WORKING_HOUR:
                position = self.calendar.position(begin) + self.duration.span
                return self.calendar.instant(position, at_opening=self.duration.amount < 0)
            case _:
                return begin + self.duration.span

    def _working_day(self, begin: datetime) -> datetime:
        local = begin.astimezone(self.calendar.zone)
        day = self.calendar.working_day_after(local.date(), self.duration.amount)
        if self.rules.day_ends is DayEnds.CLOSE:
            return self.calendar.closing(day)
        return self.calendar.within(day, local.time())

    def rolled(self, at: datetime) -> datetime:
        """Moves a civil-day due date off a day off, keeping the local wall time."""
        if self.duration.unit is not Unit.CIVIL_DAY or self.rules.roll is Roll.NONE:
            return at
        local = at.astimezone(self.zone)
        if self.calendar.is_working_day(local.date()):
            return at
        day = self.calendar.working_day_after(local.date(), 1 if self.rules.roll is Roll.FOLLOWING else -1)
        return wall_time.at_local(day, local.time(), self.zone)

    def extended(
        self, at: datetime, *, pauses: Iterable[Pause], since: datetime
    ) -> tuple[datetime, tuple[CountedPause, ...]]:
        """Gives back the time of each pause that begins before the deadline as extended so far."""
        counted = []
        for pause in pauses:
            given_back = timedelta()
            begins = max(pause.start, since)
            if begins < min(at, pause.end):
                given_back = self._between(begins, pause.end)
                at = later(at, given_back, basis=self.duration.unit, calendar=self.calendar) if given_back else at
            counted.append(CountedPause(pause, given_back))
        return at, tuple(counted)

    def _between(self, start: datetime, end: datetime) -> timedelta:
        return time_between(start, end, basis=self.duration.unit, calendar=self.calendar)


def _merged(pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    """Returns the pauses in order of time, those that overlap as one with both reasons."""
    merged: list[Pause] = []
    utc = (Pause(wall_time.as_utc(pause.start), wall_time.as_utc(pause.end), pause.reason) for pause in pauses)
    for pause in sorted(utc, key=lambda pause: (pause.start, pause.end)):
        if merged and pause.start <= merged[-1].end:
            merged[-1] = _joined(merged[-1], pause)
        else:
            merged.append(pause)
    return tuple(merged)


def _joined(first: Pause, second: Pause) -> Pause:
    reasons = first.reason.split("; ")
    reason = first.reason if second.reason in reasons else f"{first.reason}; {second.reason}"
    return Pause(first.start, max(first.end, second.end), reason)
