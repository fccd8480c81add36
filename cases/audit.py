"""The auditor: no open case may wait for nothing. It mends what it can and says loudly what it cannot."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from sqlalchemy import exists, select

from cases import armed, repository, tables
from cases import unit_of_work as work
from cases.service import CaseService
from cases.tables import TimerState
from states import timers

log = logging.getLogger(__name__)

_armed = exists().where(tables.timers.c.case_id == tables.cases.c.id, tables.timers.c.state == TimerState.ARMED)
_silent = select(tables.cases.c.id).where(tables.cases.c.closed_at.is_(None), ~_armed).order_by(tables.cases.c.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """How many open cases had no clock, how many got theirs back, and how many wait for nothing at all."""

    checked: int
    mended: int
    stuck: int


def mend(service: CaseService, *, limit: int = 500) -> Audit:
    """Look at up to `limit` open cases without an armed timer and arm again whatever their plan still asks for."""
    with work.reading(service.engine) as connection:
        silent = [row.id for row in connection.execute(_silent.limit(limit))]
    mended = sum(_mend(service, case_id) for case_id in silent)
    return Audit(checked=len(silent), mended=mended, stuck=len(silent) - mended)


def _mend(service: CaseService, case_id: str) -> bool:
    """Arm the plan of one case again; tell whether anything is armed now."""
    with work.unit_of_work(service.engine) as connection:
        case = repository.load(connection, case_id, lock=True).case
        process = service.registry.get(case.process)
        armed.arm(connection, case_id, timers.plan(process, case, service.calendars))
        waiting = armed.count(connection, case_id)
    if not waiting:
        log.error("case %s is open and no clock runs on it: act on it, or close it", case_id)
    return waiting > 0
