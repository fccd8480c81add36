"""The clockwork's heartbeat: fires what is due, keeps what fails for a person, and tells what is late."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, and_, or_, select, tuple_, update

from cases import tables
from cases import unit_of_work as work
from cases.service import CaseService, Fired, Outcome
from cases.tables import TimerState
from states import errors
from states.said import say

LEASE = timedelta(minutes=5)
"""How long a worker that was seen claiming timers is trusted to be at work on them."""
_LOOK_AHEAD = 100

_table = tables.timers
_soonest = select(_table.c.due_at, _table.c.not_before).where(tables.ARMED).order_by(_table.c.due_at).limit(_LOOK_AHEAD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What one heartbeat did; `escalations` are those among `fired` by which a case climbed to another tier."""

    fired: int = 0
    reminded: int = 0
    cancelled: int = 0
    redated: int = 0
    failed: int = 0
    parked: int = 0
    escalations: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """A timer that should have fired, or that was kept for a person, with the error that stopped it."""

    case_id: str
    number: str
    key: str
    due_at: datetime
    attempts: int
    error: str | None


def fire_due_timers(service: CaseService, *, limit: int = 500, owner: str) -> Counts:
    """Fire everything that is due, in due order for each case, until nothing is.

    `owner` names this worker: several may run at once and share the work `limit` timers at a time.
    """
    seen: Counter[str] = Counter()
    while claimed := _claim(service, limit=limit, owner=owner):
        for case_id in claimed:
            for fired in service.fire_due(case_id):
                seen.update(_counted(fired))
    return Counts(**{name: seen[name] for name in Counts.__slots__})


def next_due_at(engine: Engine) -> datetime | None:
    """Tell when the next timer is due, or is to be tried again; None when nothing is armed."""
    soonest: datetime | None = None
    with work.reading(engine) as connection:
        for row in connection.execute(_soonest):
            wakes_at: datetime = max(row.due_at, row.not_before or row.due_at)
            soonest = min(soonest or wakes_at, wakes_at)
            if row.not_before is None:
                break
    return soonest


def rescue_expired(engine: Engine, *, now: datetime) -> int:
    """Free the timers of workers that died with them in hand, and count them."""
    held = and_(tables.ARMED, _table.c.lease_until <= now)
    with work.unit_of_work(engine) as connection:
        return connection.execute(update(_table).where(held), {"lease_owner": None, "lease_until": None}).rowcount


def overdue(engine: Engine, *, now: datetime, slack: timedelta) -> list[Late]:
    """List the timers that wait although they were due longer ago than `slack`."""
    late = _late.where(tables.ARMED, _table.c.due_at < now - slack)
    return _read(engine, late)


def parked(engine: Engine) -> list[Late]:
    """List the timers that kept failing and wait for a person."""
    return _read(engine, _late.where(_table.c.state == TimerState.PARKED))


def retry(engine: Engine, case_id: str, key: str) -> None:
    """Let a parked timer be tried again; raises `NotFound` when there is none of this key."""
    kept = and_(_table.c.case_id == case_id, _table.c.key == key, _table.c.state == TimerState.PARKED)
    fresh = {"state": TimerState.ARMED, "attempts": 0, "not_before": None, "error": None}
    with work.unit_of_work(engine) as connection:
        if connection.execute(update(_table).where(kept), fresh).rowcount == 0:
            raise errors.NotFound(say("no timer “%(key)s” of this case is waiting for a person", key=key))


_late = (
    select(
        _table.c.case_id,
        tables.cases.c.number,
        _table.c.key,
        _table.c.due_at,
        _table.c.attempts,
        _table.c.error,
    )
    .join(tables.cases, tables.cases.c.id == _table.c.case_id)
    .order_by(_table.c.due_at, _table.c.case_id)
)


def _read(engine: Engine, wanted: Select[Any]) -> list[Late]:
    with work.reading(engine) as connection:
        return [Late(**row) for row in connection.execute(wanted).mappings()]


def _claim(service: CaseService, *, limit: int, owner: str) -> list[str]:
    """Take timers that are due under a lease; return the cases they belong to, the longest waiting first."""
    now = service.clock.now()
    due = (
        select(_table.c.case_id, _table.c.key)
        .where(
            tables.ARMED,
            _table.c.due_at <= now,
            or_(_table.c.not_before.is_(None), _table.c.not_before <= now),
            or_(_table.c.lease_until.is_(None), _table.c.lease_until <= now),
        )
        .order_by(_table.c.due_at)
        .limit(limit)
    )
    with work.reading(service.engine) as connection:
        if connection.execute(due.limit(1)).first() is None:
            return []
    with work.unit_of_work(service.engine) as connection:
        claimed = _lease(connection, due.with_for_update(skip_locked=True), owner=owner, until=now + LEASE)
    return list(dict.fromkeys(row.case_id for row in sorted(claimed, key=lambda row: (row.due_at, row.case_id))))


def _lease(connection: Connection, due: Select[Any], *, owner: str, until: datetime) -> list[Row[Any]]:
    taken = (
        update(_table)
        .where(tuple_(_table.c.case_id, _table.c.key).in_(due))
        .values(lease_owner=owner, lease_until=until, fence=_table.c.fence + 1)
        .returning(_table.c.case_id, _table.c.due_at)
    )
    return list(connection.execute(taken))


def _counted(fired: Fired) -> list[str]:
    name = "" if fired.outcome is Outcome.NOT_NOW else str(fired.outcome)
    return [name, "escalations"] if fired.escalated else [name]
