"""Which acts of a person answer what they were asked: a proposal that waits for them, a question put to their vote."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from states import conditions, machine, roles
from states.items import Ballot, Proposal
from states.situation import Situation

if TYPE_CHECKING:
    from datetime import datetime

    from states.case import Case
    from states.items import Item
    from states.machine import Option
    from states.process import Process, Trigger
    from states.roles import Actor

KINDS = frozenset({Proposal.kind, Ballot.kind})
"""The kinds of items that ask somebody for a decision."""
_ANSWERS = frozenset({"agree_to_proposal", "decline_proposal", "vote"})


def answers(process: Process, case: Case, actor: Actor, at: datetime, *, item: Item) -> tuple[Option, ...]:
    """List the acts with which this person may answer an item now; none when it does not wait for them."""
    plain = Situation(process=process, case=case, actor=actor, at=at, inputs={item.kind: item.id})
    options = machine.permitted(process, case, actor, at)
    return tuple(one for one in options if one.ready and _asks_for(one, item) and _holds(one.trigger, plain))


def subject(item: Item) -> object:
    """Return what of an item is asked, beside who has answered so far: a link to another subject is a stale one."""
    version = getattr(item, "version", None)
    return version if version is not None else (getattr(item, "act", ""), getattr(item, "inputs", {}))


def _holds(trigger: Trigger, plain: Situation) -> bool:
    """Tell whether an act that answers is open to the actor on the very item that the situation names."""
    mine = roles.speaks_for(plain.process, plain.case, plain.actor, trigger.who)
    return not conditions.unmet(trigger.needs, replace(plain, speaks_for=mine))


def _asks_for(option: Option, item: Item) -> bool:
    asked = option.inputs.get(item.kind)
    if not _ANSWERS & set(option.trigger.does):
        return False
    return asked is not None and asked.of == item.kind and (not asked.states or item.state in asked.states)
