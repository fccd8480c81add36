"""Timers that are missing: what the plan of a case says must be armed, beside the rows that wait."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, func, select

from cases import armed, repository, tables
from cases import unit_of_work as work
from cases.registry import ProcessRegistry
from states import timers
from states.calendar import Calendar

MOST = 500
"""How many open cases are compared in one look: those whose turn it is in this hour."""
_TURN = timedelta(hours=1)
_AT_ONCE = 100
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_cases = tables.cases


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A timer that a case must have and has not: nothing is armed for it, or what is armed would fire too late."""

    case_id: str
    number: str
    key: str
    due_at: datetime


def find(
    engine: Engine, *, registry: ProcessRegistry, calendars: Mapping[str, Calendar], now: datetime
) -> tuple[Gap, ...]:
    """Compare the plans of open cases with their rows, and name each timer that is missing.

    Where there are more than `MOST` open cases they take turns by the hour, so that each is looked at in every round.
    """
    with work.reading(engine) as connection:
        ids = _whose_turn_it_is(connection, now=now)
        pages = (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
        return tuple(gap for page in pages for gap in _of_cases(connection, page, registry, calendars))


def _whose_turn_it_is(connection: Connection, *, now: datetime) -> list[str]:
    is_open = _cases.c.closed_at.is_(None)
    count = connection.execute(select(func.count()).where(is_open)).scalar_one()
    turns = max(1, -(-count // MOST))
    turn = (now - _EPOCH) // _TURN % turns
    wanted = select(_cases.c.id).where(is_open).order_by(_cases.c.id).offset(turn * MOST).limit(MOST)
    return list(connection.execute(wanted).scalars())


def _of_cases(
    connection: Connection, case_ids: list[str], registry: ProcessRegistry, calendars: Mapping[str, Calendar]
) -> Iterator[Gap]:
    rows = armed.rows_of(connection, case_ids)
    for case in (stored.case for stored in repository.load_many(connection, case_ids)):
        plan = timers.plan(registry.get(case.process), case, calendars)
        for timer in armed.lacking(plan, rows[case.id]):
            yield Gap(case_id=case.id, number=case.number, key=timer.key, due_at=timer.due_at)
