"""Tells whose party has done what a stage asks of each party once, such as to consent, to ratify or to sign."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states import roles
from states.conditions import registry
from states.situation import Situation

if TYPE_CHECKING:
    from states.case import Case
    from states.process import Process


def has_done_their_part(process: Process, case: Case, person: str) -> bool:
    """Tell whether a person's party did what it does once at this stage."""
    actor = roles.Actor(person)
    for trigger in process.triggers.values():
        once = tuple(need for need in trigger.needs if need in registry.CONDITIONS and registry.CONDITIONS[need].once)
        here = once and any(move.starts_at(case.stage) for move in trigger.moves)
        mine = roles.speaks_for(process, case, actor, trigger.who) if here else ()
        if not mine:
            continue
        situation = Situation(process=process, case=case, actor=actor, at=case.stage_since, speaks_for=mine, inputs={})
        if registry.unmet(once, situation):
            return True
    return False
