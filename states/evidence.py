"""The time for evidence: what comes after it is marked late, and never refused for that."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from states.case import Case
    from states.process import Process


def is_over(process: Process, case: Case) -> bool:
    """Tell whether the time for evidence is over: its phase is reached, or its clock was stopped.

    A definition that sets no time never ends it, and a case that goes back to an earlier phase has time again.
    """
    until = process.evidence_until
    if until is None:
        return False
    if until in process.phases:
        order = list(process.phases)
        return order.index(process.phase_of(case.stage)) >= order.index(until)
    clock = case.running.get(until)
    return clock is not None and clock.stopped
