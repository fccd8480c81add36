"""What a due timer brings to the case: the item it hangs on, and whether its clock still has a reason to act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states import conditions, roles
from states.situation import Situation

if TYPE_CHECKING:
    from states.case import Case
    from states.process import Process
    from states.timers import OpenDeadline, Timer


def inputs_of(case: Case, timer: Timer) -> dict[str, str]:
    """Name the item a timer hangs on, as the input of its kind."""
    item = case.item(timer.item) if timer.item else None
    return {item.kind: item.id} if item else {}


def is_asked(process: Process, case: Case, deadline: OpenDeadline) -> bool:
    """Tell whether the conditions of a running clock hold: where they do not, nothing is asked of anybody by it."""
    item = {deadline.item.kind: deadline.item.id} if deadline.item else {}
    situation = Situation(process=process, case=case, actor=roles.THE_CLOCK, at=deadline.since, inputs=item)
    return not conditions.unmet(deadline.rule.when, situation)


def withheld(process: Process, case: Case, timer: Timer) -> tuple[str, ...]:
    """List the conditions of a timer's clock that do not hold when it is due: it then does nothing."""
    rule = next((rule for rule in process.every_deadline() if rule.name == timer.deadline), None)
    if rule is None or not rule.when:
        return ()
    inputs = inputs_of(case, timer)
    situation = Situation(process=process, case=case, actor=roles.THE_CLOCK, at=timer.due_at, inputs=inputs)
    return conditions.unmet(rule.when, situation)
