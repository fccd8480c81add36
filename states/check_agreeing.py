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

_PANEL = {"convene_panel", "vote", "close_vote"}
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


def undecided_votes(process: Process, _vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find acts that wait for the vote of a panel that nobody can convene, or that has no way to decide."""
    for trigger in process.triggers.values():
        by = trigger.voted_by
        if by is None:
            continue
        wrong = [] if by in trigger.who else [f"“{by}” may not do it, so there is nothing to vote on; add it to “who”"]
        if trigger.agreed_by or trigger.seconded_by:
            wrong.append("it waits for a vote and for other agreement too; keep one of them")
        missing = _PANEL - {effect for one in process.triggers.values() for effect in one.does}
        wrong += [f"no act does {effect}, so a panel could not decide; add one" for effect in sorted(missing)]
        yield from (Finding(trigger.line, f"trigger {trigger.name}", text) for text in wrong)


def impossible_extensions(process: Process, _vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find acts that give a new date to a clock there is not."""
    clocks = {rule.name: rule for rule in process.every_deadline()}
    for trigger in process.triggers.values():
        if trigger.extends is None:
            continue
        rule, place = clocks.get(trigger.extends), f"trigger {trigger.name}"
        if rule is None:
            text = f"there is no clock “{trigger.extends}”; "
            yield Finding(trigger.line, place, text + findings.nearest(trigger.extends, clocks))
