"""What is counted over many cases: load, time in stages, clocks, escalations, endings, durability and delivery.

Every figure is computed within what its viewer may read, and from what all parties of a case share. Who is shown the
cases of everybody is told no number under five, nor anything from which one could be worked out.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median, quantiles
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, false, func, or_, select

from cases import report_scope, tables
from cases.places import Scope
from cases.record import Record
from cases.report_scope import FEW, Look, Wanted
from states import roles
from states.process import Process

AGES = (timedelta(days=7), timedelta(days=30), timedelta(days=90))
"""Where one age of open cases ends and the next begins."""

Number = int | None
"""A number; None where it is too small to be told."""

_cases, _places = tables.cases, tables.case_places


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How many open cases stand at a stage, by age: up to each of `AGES`, and older."""

    process: str
    stage: str
    ages: tuple[Number, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StageTime:
    """How long cases stayed at a stage before they left it: half of them at most `half`, nine of ten at most `most`."""

    process: str
    stage: str
    times: Number
    half: timedelta | None
    most: timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Climbs:
    """How often questions came up to a tier by an act; `act` is empty where not everybody may know it."""

    process: str
    tier: str
    act: str
    times: Number


@dataclass(frozen=True, slots=True, kw_only=True)
class Endings:
    """How many cases ended with an outcome."""

    outcome: str
    cases: Number


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What every figure of one report is computed from: the cases that count, the window, and who may be told what.

    Where the cases of everybody are `few`, none is counted: where even one of them stands would tell too much.
    """

    record: Record
    connection: Connection
    ids: Select[Any]
    since: datetime | None
    until: datetime
    now: datetime
    everything: bool
    few: bool = False

    def process(self, hash_: str) -> Process:
        """Return a definition by its hash."""
        return self.record.registry.get(hash_)

    def told(self, *numbers: int) -> tuple[Number, ...]:
        """Leave out what is too small to be told."""
        return tuple(None if self.everything and 0 < one < FEW else one for one in numbers)

    def together(self, *numbers: int) -> tuple[Number, ...]:
        """Leave out all numbers of one row when one of them is too small, because the others would give it away."""
        told = self.told(*numbers)
        return told if None not in told else tuple(None for _ in numbers)

    def within(self, column: Any) -> Any:  # noqa: ANN401 - a column of instants
        """Spell that an instant lies in the window."""
        return and_(column < self.until, *((column >= self.since,) if self.since else ()))


def basis(look: Look, wanted: Wanted, *, zone: str = roles.SHARED) -> Basis:
    """Say what a report is computed from; raises `NotFound` for what is not this viewer's to ask for."""
    now, ids = look.now, report_scope.counted(look, wanted, zone=zone)
    few = wanted.everything and 0 < _count(look.connection, ids) < FEW
    return Basis(
        record=look.record,
        connection=look.connection,
        ids=ids.where(false()) if few else ids,
        since=wanted.since,
        until=min(wanted.until or now, now) + timedelta.resolution,
        now=now,
        everything=wanted.everything,
        few=few,
    )


def _count(connection: Connection, ids: Select[Any], *which: ColumnElement[bool]) -> int:
    found = select(func.count()).select_from(_cases).where(_cases.c.id.in_(ids), *which)
    return connection.execute(found).scalar_one()


def how_many(on: Basis) -> Number:
    """Count the cases."""
    return None if on.few else on.told(_count(on.connection, on.ids, _cases.c.opened_at < on.until))[0]


def caseload(on: Basis) -> tuple[Load, ...]:
    """Count the cases that were open at the end of the window, by stage and age."""
    age = case(*((_cases.c.opened_at > on.until - limit, number) for number, limit in enumerate(AGES)), else_=len(AGES))
    found = (
        select(_places.c.process_hash, _places.c.name, age.label("age"), func.count().label("cases"))
        .join(_cases, _cases.c.id == _places.c.case_id)
        .where(_places.c.scope == Scope.STAGE, _places.c.case_id.in_(on.ids), _places.c.since < on.until)
        .where(or_(_places.c.until.is_(None), _places.c.until >= on.until))
        .group_by(_places.c.process_hash, _places.c.name, age)
    )
    counts: dict[_StageKey, list[int]] = defaultdict(lambda: [0] * (len(AGES) + 1))
    for row in on.connection.execute(found):
        key = _stage(on, row.process_hash, row.name)
        if not key.final:
            counts[key][row.age] += row.cases
    return tuple(Load(process=key.process, stage=key.label, ages=on.told(*counts[key])) for key in sorted(counts))


def time_in_stage(on: Basis) -> tuple[StageTime, ...]:
    """Tell how long cases stayed at each stage that they left in the window."""
    found = select(_places.c.process_hash, _places.c.name, _places.c.since, _places.c.until).where(
        _places.c.scope == Scope.STAGE, _places.c.case_id.in_(on.ids), on.within(_places.c.until)
    )
    stays: dict[_StageKey, list[timedelta]] = defaultdict(list)
    for row in on.connection.execute(found):
        stays[_stage(on, row.process_hash, row.name)].append(row.until - row.since)
    return tuple(_stage_time(on, key, sorted(stays[key])) for key in sorted(stays) if not key.final)


def _stage_time(on: Basis, key: _StageKey, stays: list[timedelta]) -> StageTime:
    times = on.told(len(stays))[0]
    seconds = [one.total_seconds() for one in stays]
    most = quantiles(seconds, n=10, method="inclusive")[-1] if len(seconds) > 1 else seconds[0]
    return StageTime(
        process=key.process,
        stage=key.label,
        times=times,
        half=timedelta(seconds=median(seconds)) if times is not None else None,
        most=timedelta(seconds=most) if times is not None else None,
    )


def escalations(on: Basis) -> tuple[Climbs, ...]:
    """Count how often questions came up to each tier, and by which act."""
    before = _places.alias("before")
    found = (
        select(
            _places.c.process_hash,
            _places.c.name,
            _places.c.trigger,
            _places.c.zone,
            before.c.name.label("from_tier"),
            func.count().label("times"),
        )
        .outerjoin(
            before,
            and_(
                before.c.case_id == _places.c.case_id,
                before.c.scope == _places.c.scope,
                before.c.round == _places.c.round - 1,
            ),
        )
        .where(_places.c.scope == Scope.TIER, _places.c.case_id.in_(on.ids), on.within(_places.c.since))
        .group_by(_places.c.process_hash, _places.c.name, _places.c.trigger, _places.c.zone, before.c.name)
    )
    counts: dict[tuple[str, int, str, str], int] = defaultdict(int)
    for row in on.connection.execute(found):
        process = on.process(row.process_hash)
        order = list(process.tiers)
        if row.name in order and order.index(row.name) > (order.index(row.from_tier) if row.from_tier in order else 0):
            known = row.zone == roles.SHARED and row.trigger in process.triggers
            act = process.triggers[row.trigger].label if known else ""
            counts[process.title, order.index(row.name), process.tiers[row.name].label, act] += row.times
    return tuple(
        Climbs(process=process, tier=tier, act=act, times=on.told(times)[0])
        for (process, _, tier, act), times in sorted(counts.items())
    )


def endings(on: Basis) -> tuple[Endings, ...]:
    """Count by outcome the cases that closed in the window."""
    found = (
        select(_cases.c.outcome, func.count().label("cases"))
        .where(_cases.c.id.in_(on.ids), on.within(_cases.c.closed_at))
        .group_by(_cases.c.outcome)
    )
    rows = on.connection.execute(found).all()
    return tuple(
        Endings(outcome=row.outcome or "", cases=on.told(row.cases)[0])
        for row in sorted(rows, key=lambda row: (-row.cases, row.outcome or ""))
    )


@dataclass(frozen=True, slots=True, order=True)
class _StageKey:
    """A stage in the order of its definition; versions of a process with the same labels are one."""

    process: str
    place: int
    label: str
    final: bool


def _stage(on: Basis, hash_: str, name: str) -> _StageKey:
    process = on.process(hash_)
    stage = process.stages.get(name)
    if stage is None:
        return _StageKey(process.title, len(process.stages), name, final=False)
    return _StageKey(process.title, list(process.stages).index(name), stage.label, final=stage.final)
