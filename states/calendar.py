"""Knows working time: which days and instants a calendar counts, and how many lie between two of them."""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import accumulate, pairwise
from types import MappingProxyType
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from states import errors
from states.said import say
from states.wall_time import Window, as_utc, at_local, find_zone

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class _Table:
    """Working intervals in microseconds since 1970 UTC, and the working time that lies before each."""

    starts: list[int]
    ends: list[int]
    before: list[int]
    total: int


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """Working time of one place: an immutable value whose version is the hash of its content.

    `week` holds the windows of Monday to Sunday; a day without windows is weekend. `valid_from` and `valid_until` are
    local dates, both included; whatever lies outside raises `OutsideCalendar`. The tables behind the arithmetic are
    built at first use and kept, which is why this dataclass has no slots.
    """

    name: str
    timezone: str
    week: tuple[tuple[Window, ...], ...]
    valid_from: date
    valid_until: date
    holidays: Mapping[date, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        """Freezes the holidays and refuses what cannot be a calendar."""
        object.__setattr__(self, "holidays", MappingProxyType(dict(sorted(self.holidays.items()))))
        find_zone(self.timezone)
        if not self.name:
            self._refuse("has no name: give it one")
        if len(self.week) != len(WEEKDAYS) or not any(self.week):
            self._refuse("needs windows for seven weekdays, at least one of them open")
        if self.valid_until < self.valid_from:
            self._refuse("ends before it begins: swap the dates of 'valid'")
        for day, windows in zip(WEEKDAYS, self.week, strict=True):
            if any(a.closes > b.opens or a.closes == time.min for a, b in pairwise(windows)):
                self._refuse(f"has overlapping or unsorted windows on {day}: list them in order, without overlap")

    def _refuse(self, why: str) -> NoReturn:
        raise errors.DefinitionError(f"the calendar {self.name!r} {why}")

    def _outside(self, what: str) -> NoReturn:
        covered = f"{self.valid_from} to {self.valid_until} ({self.timezone})"
        raise errors.OutsideCalendar(
            say(
                "%(what)s lies outside the calendar “%(calendar)s”, which covers %(covered)s: extend its 'valid' dates",
                what=what,
                calendar=self.name,
                covered=covered,
            )
        )

    @property
    def content(self) -> dict[str, object]:
        """Everything that makes the calendar what it is, ready for JSON."""
        return {
            "name": self.name,
            "timezone": self.timezone,
            "valid": [self.valid_from.isoformat(), self.valid_until.isoformat()],
            "week": {
                day: [str(window) for window in windows] for day, windows in zip(WEEKDAYS, self.week, strict=True)
            },
            "holidays": {day.isoformat(): name for day, name in self.holidays.items()},
        }

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> Calendar:
        """Makes the calendar again from its stored content, so that a case keeps the version it was pinned to."""
        valid_from, valid_until = map(date.fromisoformat, content["valid"])
        return cls(
            name=content["name"],
            timezone=content["timezone"],
            week=tuple(tuple(map(Window.parse, content["week"][day])) for day in WEEKDAYS),
            valid_from=valid_from,
            valid_until=valid_until,
            holidays={date.fromisoformat(day): name for day, name in content["holidays"].items()},
        )

    @cached_property
    def version(self) -> str:
        """The sha256 of the content, in hex."""
        canonical = json.dumps(self.content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone in which the windows are meant."""
        return find_zone(self.timezone)

    def position(self, instant: datetime) -> timedelta:
        """Returns the working time between the calendar's beginning and the instant."""
        moment = self._covered(instant)
        table = self._table
        row = bisect_right(table.starts, moment) - 1
        if row < 0:
            return timedelta()
        return timedelta(microseconds=table.before[row] + min(moment, table.ends[row]) - table.starts[row])

    def instant(self, position: timedelta, *, at_opening: bool = False) -> datetime:
        """Returns the UTC instant at which so much working time has passed since the calendar's beginning.

        Between a closing and the next opening no working time passes: the closing is returned, or with `at_opening`
        the opening.
        """
        sought = position // _MICROSECOND
        table = self._table
        if not table.starts or not 0 <= sought <= table.total:
            self._outside(
                say("working time of %(seconds)s seconds from its beginning", seconds=int(position.total_seconds()))
            )
        row = max((bisect_right if at_opening else bisect_left)(table.before, sought) - 1, 0)
        return _EPOCH + timedelta(microseconds=table.starts[row] + sought - table.before[row])

    def windows_between(self, start: datetime, end: datetime) -> tuple[tuple[datetime, datetime], ...]:
        """Returns the UTC working intervals between two instants, clipped to them."""
        first, last = self._covered(start), self._covered(end)
        table = self._table
        rows = range(bisect_right(table.ends, first), bisect_left(table.starts, last))
        return tuple(
            (
                _EPOCH + timedelta(microseconds=max(first, table.starts[row])),
                _EPOCH + timedelta(microseconds=min(last, table.ends[row])),
            )
            for row in rows
        )

    def is_working_day(self, day: date) -> bool:
        """Tells whether the local date has working windows and is no holiday."""
        self._check_day(day)
        return bool(self.week[day.weekday()]) and day not in self.holidays

    def working_day_after(self, day: date, n: int) -> date:
        """Returns the nth working day after a date, or before it when n is negative.

        The date itself is never counted; with n = 0 it is returned when it is a working day, else the next one is.
        """
        self._check_day(day)
        days = self._working_days
        row = bisect_right(days, day.toordinal()) + n - 1 if n > 0 else bisect_left(days, day.toordinal()) + n
        if not 0 <= row < len(days):
            self._outside(say("working day %(number)s counted from %(day)s", number=f"{n:+d}", day=day))
        return date.fromordinal(days[row])

    def working_days_between(self, first: date, last: date) -> int:
        """Counts the working days after the first date up to and including the last; negative when it lies before.

        It undoes `working_day_after`: between a date and its nth working day lie n.
        """
        self._check_day(first)
        self._check_day(last)
        days = self._working_days
        if first <= last:
            return bisect_right(days, last.toordinal()) - bisect_right(days, first.toordinal())
        return bisect_left(days, last.toordinal()) - bisect_left(days, first.toordinal())

    def days_off(self, first: date, last: date) -> dict[date, str | None]:
        """Returns the dates between two, both included, that are no working days.

        A holiday on an otherwise open weekday comes with its name, a weekend day with None.
        """
        days = map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))
        return {
            day: self.holidays.get(day) if self.week[day.weekday()] else None
            for day in days
            if not self.week[day.weekday()] or day in self.holidays
        }

    def times_off(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yields the times between two instants that lie on days without working time, each from and until."""
        day, begin = as_utc(start).astimezone(self.zone).date(), as_utc(start)
        while begin < end:
            following = max(begin, min(at_local(day + timedelta(days=1), time.min, self.zone), as_utc(end)))
            if not self.is_working_day(day) and begin < following:
                yield begin, following
            day, begin = day + timedelta(days=1), following

    def opening(self, day: date) -> datetime:
        """Returns the UTC instant at which a working day opens."""
        return at_local(day, self._windows(day)[0].opens, self.zone)

    def closing(self, day: date) -> datetime:
        """Returns the UTC instant of a working day's close of business."""
        return self._closing(day, self._windows(day)[-1])

    def within(self, day: date, wall: time) -> datetime:
        """Returns the UTC instant of a wall time on a working day, moved into working time where it falls outside.

        Before the opening and during a break it moves to the next opening, after the last window to the close.
        """
        windows = self._windows(day)
        for window in windows:
            if wall < window.opens:
                return at_local(day, window.opens, self.zone)
            if window.holds(wall):
                return at_local(day, wall, self.zone)
        return self._closing(day, windows[-1])

    def _windows(self, day: date) -> tuple[Window, ...]:
        if not self.is_working_day(day):
            raise errors.DefinitionError(
                f"{day} is not a working day of the calendar {self.name!r}: choose a working day"
            )
        return self.week[day.weekday()]

    def _closing(self, day: date, window: Window) -> datetime:
        return at_local(day + timedelta(days=window.closes == time.min), window.closes, self.zone)

    def _check_day(self, day: date) -> None:
        if not self.valid_from <= day <= self.valid_until:
            self._outside(say("the day %(day)s", day=day))

    def _covered(self, instant: datetime) -> int:
        moment = _microseconds(instant)
        first, last = self._bounds
        if not first <= moment <= last:
            self._outside(say("the instant %(instant)s", instant=instant.isoformat()))
        return moment

    @cached_property
    def _bounds(self) -> tuple[int, int]:
        ends = self.valid_from, self.valid_until + timedelta(days=1)
        first, last = (_microseconds(at_local(day, time.min, self.zone)) for day in ends)
        return first, last

    @cached_property
    def _working_days(self) -> list[int]:
        span = range(self.valid_from.toordinal(), self.valid_until.toordinal() + 1)
        holidays = {day.toordinal() for day in self.holidays}
        return [number for number in span if self.week[(number - 1) % 7] and number not in holidays]

    @cached_property
    def _table(self) -> _Table:
        intervals = list(self._intervals())
        before = list(accumulate((end - start for start, end in intervals), initial=0))
        total = before.pop()
        return _Table([start for start, _ in intervals], [end for _, end in intervals], before, total)

    def _intervals(self) -> Iterator[tuple[int, int]]:
        # Where the clocks jump over a window's edge the windows of that day could touch: a later one never starts
        # before the earlier has ended, and a window that vanishes in the gap is left out.
        reached = 0
        for day in map(date.fromordinal, self._working_days):
            for window in self.week[day.weekday()]:
                start = _microseconds(at_local(day, window.opens, self.zone))
                end = _microseconds(self._closing(day, window))
                if end > (start := max(start, reached)):
                    yield start, end
                    reached = end


def _microseconds(instant: datetime) -> int:
    if instant.tzinfo is None:
        as_utc(instant)
    since = instant - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
