"""The watchdog: does every open case wait for each of its dates, do the hearts beat, and how late do clocks fire.

It asks the record which cases wait for nothing, and compares with `cases.gaps` what is armed with what the plans ask
for. What it finds is mended by `cases.audit`, or by a person.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Engine, Select, exists, func, select, type_coerce

from cases import gaps, heartbeats, tables, timers
from cases import unit_of_work as work
from cases.gaps import Gap
from cases.record import Record
from cases.tables import TimerState
from cases.timers import Late

SLACK = timedelta(minutes=5)
"""How long after its due instant a timer may wait before somebody must look."""
SILENCE: Mapping[str, timedelta] = {
    "escalations": timedelta(minutes=5),
    "deliveries": timedelta(minutes=5),
    "arrivals": timedelta(minutes=5),
    "jobs": timedelta(minutes=5),
    "webhooks": timedelta(minutes=5),
    "housekeeping": timedelta(hours=1),
    "follow-ups": timedelta(hours=3),
}
"""How long each heart may be silent before it is taken to stand still."""
WINDOWS = (timedelta(days=1), timedelta(days=7), timedelta(days=30))
TIMERS, NEXT_DATES = "timers", "next dates"

_cases, _timers = tables.cases, tables.timers


@dataclass(frozen=True, slots=True, kw_only=True)
class Heart:
    """One heartbeat: when it last beat, None for never, and whether that is too long ago."""

    name: str
    last_at: datetime | None
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Undated:
    """An open case for which no next date is armed and no reason is on file; `promised_at` is the date it shows."""

    case_id: str
    number: str
    promised_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lateness:
    """How long after their due instants the timers fired that did within the last `window`; None where none did."""

    window: timedelta
    fired: int
    p50: timedelta | None
    p99: timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What the watchdog found at an instant; `gaps` are timers that cases lack, even where they wait for another.

    Parked timers are a reason on file, so they alone are no alarm.
    """

    at: datetime
    open_cases: int
    hearts: tuple[Heart, ...]
    undated: tuple[Undated, ...]
    gaps: tuple[Gap, ...]
    overdue: tuple[Late, ...]
    parked: tuple[Late, ...]
    lateness: tuple[Lateness, ...]

    @property
    def late(self) -> tuple[str, ...]:
        """Name what is late, never a case: the hearts that stand still, `timers`, `next dates`."""
        found = {TIMERS: self.overdue, NEXT_DATES: self.undated or self.gaps}
        return (*(heart.name for heart in self.hearts if heart.late), *(name for name, some in found.items() if some))


def watch(record: Record, *, now: datetime, slack: timedelta = SLACK) -> Watch:
    """Look at everything; at the plans of as many cases as have their turn now."""
    engine = record.engine
    with work.reading(engine) as connection:
        undated = tuple(Undated(**row) for row in connection.execute(without_date(now)).mappings())
        open_cases = connection.execute(select(func.count()).where(_cases.c.closed_at.is_(None))).scalar_one()
    return Watch(
        at=now,
        open_cases=open_cases,
        hearts=hearts(engine, now=now),
        undated=undated,
        gaps=gaps.find(engine, registry=record.registry, calendars=record.calendars, now=now),
        overdue=tuple(timers.overdue(engine, now=now, slack=slack)),
        parked=tuple(timers.parked(engine)),
        lateness=lateness(engine, now=now),
    )


def standing_still(engine: Engine, *, now: datetime, slack: timedelta = SLACK) -> tuple[str, ...]:
    """Name what is late, with a few quick questions that anybody may ask as often as they like.

    Of the next dates it tells what the last sweep over all cases found.
    """
    late = [heart.name for heart in hearts(engine, now=now) if heart.late]
    overdue = select(exists().where(tables.ARMED, _timers.c.due_at < now - slack))
    with work.reading(engine) as connection:
        late += [TIMERS] if connection.execute(overdue).scalar() else []
    stuck = any(beat.name == "follow-ups" and beat.detail.get("stuck") for beat in heartbeats.read(engine))
    return (*late, *([NEXT_DATES] if stuck else []))


def hearts(engine: Engine, *, now: datetime) -> tuple[Heart, ...]:
    """Tell of each heart when it last beat, and whether it stands still."""
    beats = {beat.name: beat.last_at for beat in heartbeats.read(engine)}
    return tuple(
        Heart(name=name, last_at=beats.get(name), late=name not in beats or now - beats[name] > silence)
        for name, silence in SILENCE.items()
    )


def without_date(now: datetime) -> Select[Any]:
    """Select the open cases that wait for nothing, or show a coming date for which nothing is armed.

    A case whose timer was put aside for a person has its reason on file.
    """
    armed = _timer(tables.ARMED)
    parked = _timer(_timers.c.state == TimerState.PARKED)
    # Of each clock the next rung alone is armed, so what leads to the date is armed for it or for an earlier instant.
    leads_there = _timer(tables.ARMED, _timers.c.due_at <= _cases.c.due_at)
    promised = (_cases.c.due_at > now) & ~leads_there
    return (
        select(_cases.c.id.label("case_id"), _cases.c.number, _cases.c.due_at.label("promised_at"))
        .where(_cases.c.closed_at.is_(None), (~armed & ~parked) | promised)
        .order_by(_cases.c.id)
    )


def _timer(*such: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(_timers.c.case_id == _cases.c.id, *such)


def lateness(engine: Engine, *, now: datetime) -> tuple[Lateness, ...]:
    """Measure how late the timers fired, in each window up to now."""
    return tuple(_lateness(engine, window, since=now - window) for window in WINDOWS)


def _lateness(engine: Engine, window: timedelta, *, since: datetime) -> Lateness:
    fired = (_timers.c.state == TimerState.FIRED, _timers.c.fired_at >= since)
    late = type_coerce(_timers.c.fired_at, BigInteger) - type_coerce(_timers.c.due_at, BigInteger)
    with work.reading(engine) as connection:
        count = connection.execute(select(func.count()).select_from(_timers).where(*fired)).scalar_one()
        ranked = select(late).where(*fired).order_by(late)
        p50, p99 = (
            connection.execute(ranked.offset(place).limit(1)).scalar_one() if count else None
            for place in _places(count)
        )
    return Lateness(window=window, fired=count, p50=_span(p50), p99=_span(p99))


def _places(count: int) -> Iterator[int]:
    """Name the places of the median and of the 99th percentile by nearest rank, counted from 0."""
    for percent in (50, 99):
        yield max(0, -(-count * percent // 100) - 1)


def _span(microseconds: int | None) -> timedelta | None:
    return None if microseconds is None else timedelta(microseconds=microseconds)
