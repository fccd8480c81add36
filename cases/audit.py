"""The auditor: no open case may wait for nothing. It mends what it can and says loudly what it cannot."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from cases import armed, gaps, recording, repository, watchdog
from cases import unit_of_work as work
from cases.service import CaseService
from states import timers

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """How many open cases lacked a timer, how many got theirs back, and how many wait for nothing at all."""

    checked: int
    mended: int
    stuck: int


def mend(service: CaseService, *, limit: int = 500) -> Audit:
    """Look at up to `limit` open cases without a next date, and those with a gap; arm whatever their plan asks for."""
    now = service.clock.now()
    with work.reading(service.engine) as connection:
        silent = [row.case_id for row in connection.execute(watchdog.without_date(now).limit(limit))]
    missing = gaps.find(service.engine, registry=service.registry, calendars=service.calendars, now=now)
    lacking = dict.fromkeys((*silent, *(gap.case_id for gap in missing)))
    mended = sum(_mend(service, case_id) for case_id in lacking)
    return Audit(checked=len(lacking), mended=mended, stuck=len(lacking) - mended)


def _mend(service: CaseService, case_id: str) -> bool:
    """Arm the plan of one case again, and show the date that is really armed; tell whether anything is."""
    now = service.clock.now()
    with work.unit_of_work(service.engine) as connection:
        case = repository.load(connection, case_id, lock=True).case
        process = service.registry.get(case.process)
        plan = timers.plan(process, case, service.calendars)
        armed.arm(connection, case_id, plan)
        over = armed.settled(connection, case_id)
        repository.promise(connection, case_id, due_at=recording.next_act_at(plan, now=now, over=over))
        waiting = armed.count(connection, case_id)
    if not waiting:
        log.error("case %s is open and no clock runs on it: act on it, or close it", case_id)
    return waiting > 0
