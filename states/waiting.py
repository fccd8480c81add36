"""Whom a running clock waits for: who has the duty and an act that answers it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states import firing, roles
from states.effects import EFFECTS
from states.process import DeadlineScope, RoleScope

if TYPE_CHECKING:
    from collections.abc import Iterable

    from states.case import Case
    from states.items import Item
    from states.process import Process, Trigger
    from states.roles import Actor
    from states.timers import OpenDeadline


def waits_for(process: Process, case: Case, deadline: OpenDeadline, actor: Actor) -> bool:
    """Tell whether a clock waits for this person: the duty is theirs, and there is an act of theirs that answers it."""
    if actor.person not in firing.still_asked(process, case, deadline):
        return False
    if deadline.rule.scope in {DeadlineScope.STAGE, DeadlineScope.TIER} or _is_of_parties(process, deadline):
        return True
    return any(_is_open(process, case, one, actor=actor, item=deadline.item) for one in _answers(process, deadline))


def acts_on(process: Process, case: Case, item: Item, actor: Actor) -> tuple[Trigger, ...]:
    """List the acts that somebody has about an item as it stands, where the case stands."""
    known = (one for one in process.triggers.values() if _is_about(one, item))
    return tuple(one for one in known if _is_open(process, case, one, actor=actor, item=item))


def _is_of_parties(process: Process, deadline: OpenDeadline) -> bool:
    """Tell whether a clock of the whole case is the parties' own; that of who runs the case may only be its end."""
    _, role = roles.split(deadline.duty)
    return deadline.rule.scope is DeadlineScope.CASE and process.roles[role].scope is RoleScope.PARTY


def _answers(process: Process, deadline: OpenDeadline) -> Iterable[Trigger]:
    """List the acts that answer a clock of the case or of an item."""
    triggers = process.triggers
    if deadline.item is None:
        return (triggers[name] for name in deadline.rule.stops if name in triggers)
    item = deadline.item
    return (one for one in triggers.values() if one.name in deadline.rule.stops or _is_about(one, item))


def _is_about(trigger: Trigger, item: Item) -> bool:
    asked = (field for name in trigger.does for field in EFFECTS[name].inputs.values())
    return any(field.of == item.kind and (not field.states or item.state in field.states) for field in asked)


def _is_open(process: Process, case: Case, trigger: Trigger, *, actor: Actor, item: Item | None) -> bool:
    here = any(move.starts_at(case.stage) for move in trigger.moves)
    return here and any(roles.holds(process, case, actor, who=who, item=item) for who in trigger.who)
