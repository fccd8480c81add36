"""Checks the acts that wait for others, and the clocks that may get another date: that somebody can answer them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states import findings, roles
from states.findings import Finding
from states.items import Proposal
from states.process import CLOCK, DeadlineScope, RoleScope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.findings import Vocabulary
    from states.process import Process, Trigger

_AGREE, _DECLINE, _WAITS = "agree_to_proposal", "decline_proposal", "the_proposal_waits_for_them"


def unanswered_proposals(process: Process, _vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find acts that wait for others who cannot answer, or would wait for ever."""
    for trigger in process.triggers.values():
        if trigger.agreed_by is None and trigger.seconded_by is None:
            continue
        for text in _hindrances(process, trigger):
            yield Finding(trigger.line, f"trigger {trigger.name}", text)


def _hindrances(process: Process, trigger: Trigger) -> Iterator[str]:
    by = trigger.agreed_by or trigger.seconded_by or ""
    role = process.roles.get(roles.split(by)[1])
    if trigger.agreed_by and trigger.seconded_by:
        yield "it waits for every party and for a second person; keep one of the two"
    if trigger.agreed_by and role is not None and role.scope is not RoleScope.PARTY:
        yield f"every party agrees through “{by}”, which no party has; write a role of a party"
    if trigger.seconded_by and role is not None and role.scope is RoleScope.OFFICE:
        yield f"“{by}” reads nothing of a case, so nobody who holds it can second an act; write a part of the case"
    if CLOCK in trigger.who or trigger.there:
        yield "the clock and other cases wait for nobody; take the agreement or that away"
    for effect in (_AGREE, _DECLINE):
        answers = [one for one in process.triggers.values() if effect in one.does and by in one.who]
        if not any(_WAITS in one.needs for one in answers):
            yield f"“{by}” has no act that does {effect} and needs {_WAITS}; add one"
    if not any(rule.scope is DeadlineScope.ITEM and rule.of == Proposal.kind for rule in process.deadlines.values()):
        yield "a proposal has no clock, so silence would hold it open for ever; add a deadline of: proposal"


def impossible_extensions(process: Process, _vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find acts that give a new date to a clock there is not, or to one whose date lies on an item."""
    clocks = {rule.name: rule for rule in process.every_deadline()}
    for trigger in process.triggers.values():
        if trigger.extends is None:
            continue
        rule, place = clocks.get(trigger.extends), f"trigger {trigger.name}"
        if rule is None:
            text = f"there is no clock “{trigger.extends}” of a stage, tier or case; "
            yield Finding(trigger.line, place, text + findings.nearest(trigger.extends, clocks))
        elif rule.scope is DeadlineScope.ITEM:
            text = f"the clock “{rule.name}” hangs on an item, which has a date of its own; change that instead"
            yield Finding(trigger.line, place, text)
