"""Finds what keeps coming back: the third case of one clause, place or cause opens a case about the pattern itself.

The heartbeat of the follow-ups looks, so that nobody's act waits for it or fails by it. The id of such a case follows
from its mark, so two that look at the same moment open one.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, exc, func, not_, or_, select

from cases import armed, numbers, repository, tables
from cases import unit_of_work as work
from cases.deciding import Deciding
from cases.registry import ProcessRegistry
from cases.service import CaseService
from states import errors, notices, patterns, roles
from states.case import Case
from states.marks import Mark, MarkKind
from states.process import Process, Recurrence

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Family:
    """The definitions whose cases are counted together, and the one that a case about a pattern follows."""

    process: Process
    rule: Recurrence
    hashes: tuple[str, ...]


def open_systemic(service: CaseService) -> int:
    """Open a case for each pattern that has none, take new cases into those there are; return how many were opened."""
    opened = 0
    for family in _families(service):
        for mark in _frequent(service, family):
            try:
                opened += _gather(service, family, mark)
            except (exc.IntegrityError, armed.LostRace):
                log.info("another worker has just dealt with the pattern of a %s", mark.kind)
            except errors.Refused as refusal:
                log.error("the pattern of a %s cannot become a case: %s", mark.kind, refusal)  # noqa: TRY400 - told whole
    return opened


def _families(service: CaseService) -> Iterator[_Family]:
    registry = service.registry
    with work.reading(service.engine) as connection:
        used = list(connection.execute(select(tables.cases.c.process_hash).distinct()).scalars())
    for name in registry.names():
        process = registry.current(name)
        rule = process.recurrence
        if rule is not None and rule.opens == name:
            yield _Family(process, rule, tuple(one for one in used if _opens(registry, one) == name))


def _opens(registry: ProcessRegistry, process_hash: str) -> str | None:
    rule = registry.get(process_hash).recurrence
    return rule.opens if rule else None


def _frequent(service: CaseService, family: _Family) -> list[Mark]:
    """List the marks that enough cases bear."""
    marks = tables.case_marks
    counted = (
        select(marks.c.kind, marks.c.key)
        .join(tables.cases, tables.cases.c.id == marks.c.case_id)
        .where(marks.c.kind.in_(patterns.COUNTED), _counts(family, since=_since(service, family)))
        .group_by(marks.c.kind, marks.c.key)
        .having(func.count() >= family.rule.times)
        .order_by(marks.c.kind, marks.c.key)
    )
    with work.reading(service.engine) as connection:
        return [Mark(MarkKind(row.kind), row.key) for row in connection.execute(counted)]


def _since(service: CaseService, family: _Family) -> datetime:
    return service.clock.now() - timedelta(days=family.rule.within_days)


def _counts(family: _Family, *, since: datetime) -> ColumnElement[bool]:
    cases = tables.cases
    ended_well = or_(cases.c.outcome.is_(None), not_(cases.c.outcome.in_(family.rule.without)))
    return and_(cases.c.process_hash.in_(family.hashes), cases.c.opened_at >= since, ended_well)


def _gather(service: CaseService, family: _Family, mark: Mark) -> int:
    """Bring the case about one pattern and its members up to date in one transaction; return 1 when it was opened."""
    now = service.clock.now()
    with work.unit_of_work(service.engine) as connection:
        earlier, next_id = _earlier(connection, family, mark)
        bearers = _bearers(connection, family, mark, since=_since(service, family))
        fresh = patterns.fresh(bearers, earlier)
        standing = earlier[-1].id if earlier and earlier[-1].closed_at is None else None
        if standing is None and patterns.distinct(fresh) < family.rule.times:
            return 0
        deciding = service.deciding(connection, now)
        if standing is None:
            _open(deciding, family, mark, fresh, new_id=next_id)
        for member in sorted(case.id for case in fresh):
            deciding.tie(family.rule.gathers, standing or next_id, member)
    return 1 if standing is None else 0


def _open(deciding: Deciding, family: _Family, mark: Mark, members: tuple[Case, ...], *, new_id: str) -> None:
    number = numbers.next_number(deciding.connection, family.process, now=deciding.now)
    notice = patterns.notice(mark, members, id=new_id, number=number, urgency=family.rule.urgency)
    case, happened = notices.open_case(
        family.process, notice, actor=roles.THE_SYSTEM, at=deciding.now, recorded_at=deciding.now
    )
    deciding.recording(family.process).opened(case, happened)
    deciding.tell(family.rule.begins, new_id)


def _earlier(connection: Connection, family: _Family, mark: Mark) -> tuple[list[Case], str]:
    """Read the cases there were about a pattern, oldest first, and the id that the next one would have."""
    found: list[Case] = []
    while True:
        seed = f"{family.process.name}/{mark.kind}/{mark.key}/{len(found)}"
        wanted = hashlib.sha256(seed.encode()).hexdigest()[:32]
        if connection.execute(select(tables.cases.c.id).where(tables.cases.c.id == wanted)).first() is None:
            return found, wanted
        found.append(repository.load(connection, wanted, lock=True).case)


def _bearers(connection: Connection, family: _Family, mark: Mark, *, since: datetime) -> tuple[Case, ...]:
    marks = tables.case_marks
    bearing = (
        select(marks.c.case_id)
        .join(tables.cases, tables.cases.c.id == marks.c.case_id)
        .where(marks.c.kind == mark.kind, marks.c.key == mark.key, _counts(family, since=since))
        .order_by(tables.cases.c.opened_at, tables.cases.c.number)
    )
    ids = list(connection.execute(bearing).scalars())
    return tuple(stored.case for stored in repository.load_many(connection, ids))
