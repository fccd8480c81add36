"""What a due timer brings to the case: the item it hangs on, whom it still asks, and whether it has a reason to act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states import asking, conditions, done_once, machine, roles, rungs
from states.process import DeadlineScope
from states.situation import Situation

if TYPE_CHECKING:
    from datetime import datetime

    from states.case import Case
    from states.process import Process, Silence
    from states.timers import OpenDeadline, Timer


def inputs_of(case: Case, timer: Timer) -> dict[str, str]:
    """Name the item a timer hangs on, as the input of its kind."""
    item = case.item(timer.item) if timer.item else None
    return {item.kind: item.id} if item else {}


def act_of(process: Process, case: Case, timer: Timer, *, recorded_at: datetime) -> machine.Act:
    """Make the act of the clock: it counts from the due instant, and names the item it hangs on if it asks for one."""
    trigger = machine.find_trigger(process, timer.trigger or "")
    asked = asking.asked(process, case, trigger, roles.THE_CLOCK)
    given = {name: value for name, value in inputs_of(case, timer).items() if name in asked}
    return machine.Act(
        trigger=trigger.name,
        actor=roles.THE_CLOCK,
        at=timer.due_at,
        recorded_at=recorded_at,
        inputs=given,
        timer=timer.key,
    )


def is_asked(process: Process, case: Case, deadline: OpenDeadline) -> bool:
    """Tell whether the conditions of a running clock hold: where they do not, nothing is asked of anybody by it."""
    return not conditions.unmet(deadline.rule.when, _asked(process, case, deadline))


def _asked(process: Process, case: Case, deadline: OpenDeadline) -> Situation:
    item = {deadline.item.kind: deadline.item.id} if deadline.item else {}
    return Situation(process=process, case=case, actor=roles.THE_CLOCK, at=deadline.since, inputs=item)


def still_asked(process: Process, case: Case, deadline: OpenDeadline) -> tuple[str, ...]:
    """List who holds the duty of a running clock, but for those whose party did its part of a stage already."""
    holders = roles.holders(process, case, deadline.duty, item=deadline.item)
    if deadline.rule.scope is not DeadlineScope.STAGE:
        return holders
    return tuple(person for person in holders if not done_once.has_done_their_part(process, case, person))


def withheld(process: Process, case: Case, timer: Timer) -> tuple[str, ...]:
    """List the conditions of a timer that do not hold when it is due: it then does nothing."""
    if not timer.when:
        return ()
    inputs = inputs_of(case, timer)
    situation = Situation(process=process, case=case, actor=roles.THE_CLOCK, at=timer.due_at, inputs=inputs)
    return conditions.unmet(timer.when, situation)


def silences(process: Process, case: Case, deadline: OpenDeadline) -> tuple[tuple[datetime, Silence], ...]:
    """List what a running clock does by itself and when, in order, as far as the case stands now."""
    dated = ((rungs.moment(process, deadline, one.at), one) for one in deadline.rule.silences)
    holding = [(at, one) for at, one in dated if not conditions.unmet(one.when, _asked(process, case, deadline))]
    return tuple(sorted(holding, key=lambda one: one[0]))
