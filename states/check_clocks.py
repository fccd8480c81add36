"""Checks the clocks of a definition: that every open stage has one, and that what each fires can really happen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from states import findings
from states.fields import FieldType
from states.findings import Finding
from states.items import Proposal
from states.process import ASKED, CLOCK, DeadlineScope

if TYPE_CHECKING:
    from states.findings import Vocabulary
    from states.process import Deadline, Process, Stage, Trigger


def careless_stages(process: Process, _vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find open stages without duty holder, clock or meaning of silence, and final ones with a clock."""
    for stage in process.stages.values():
        lacks = [] if stage.final else list(_lacks(stage))
        if lacks:
            text = f"an open stage must say who acts, by when, and what silence means; it lacks {', '.join(lacks)}"
            yield Finding(stage.line, f"stage {stage.name}", text)
        if stage.final and stage.deadline:
            text = "a final stage has no clock, because the case is over; take the clock, reminders and silence away"
            yield Finding(stage.line, f"stage {stage.name}", text)


def _lacks(stage: Stage) -> Iterator[str]:
    if not stage.duty:
        yield "duty"
    if not (stage.deadline and stage.deadline.spans):
        yield "clock"
    if not (stage.deadline and stage.deadline.silences):
        yield "silence"


def careless_deadlines(process: Process, _vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find clocks of tiers, items and the case that lack something they need to run."""
    for deadline in process.every_deadline():
        of_stage = deadline.scope is DeadlineScope.STAGE and not deadline.beside
        lacks = [] if of_stage else list(_missing(deadline))
        if lacks:
            text = f"it lacks {', '.join(lacks)}; add what it needs to run"
            yield Finding(deadline.line, findings.place_of(deadline), text)


def _missing(deadline: Deadline) -> Iterator[str]:
    if not deadline.duty:
        yield "duty"
    if deadline.duty in findings.RECIPIENTS and (deadline.duty, deadline.of) != (ASKED, Proposal.kind):
        yield f"a role as its duty: “{deadline.duty}” names nobody who could do it"
    if not (deadline.spans or deadline.due_from):
        yield "clock"
    if not deadline.silences:
        yield "silence"
    if deadline.scope is DeadlineScope.CASE and not deadline.starts:
        yield "starts (nobody starts it)"
    if deadline.scope is DeadlineScope.ITEM and not deadline.of:
        yield "of (a kind of item)"
    if deadline.scope is DeadlineScope.ITEM and not deadline.states:
        yield "states (of the item, in which it runs)"


def impossible_silences(process: Process, _vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find silences that fire an act the clock cannot do, or one that does nothing."""
    for deadline in process.every_deadline():
        for silence in deadline.silences:
            trigger = process.triggers.get(silence.fires)
            for text in _hindrances(deadline, trigger) if trigger else ():
                yield Finding(deadline.line, findings.place_of(deadline), f"silence fires “{silence.fires}”, {text}")


def _hindrances(deadline: Deadline, trigger: Trigger) -> Iterator[str]:
    if CLOCK not in trigger.who:
        yield "which the clock may not do; add clock to its “who”"
    if deadline.scope is DeadlineScope.STAGE and not any(move.starts_at(deadline.of or "") for move in trigger.moves):
        yield "which does not start from this stage; add the stage to its “from”"
    if not _does_something(trigger):
        yield "which does nothing; give it a stage to go to, a tier, an effect or a mail"
    for asked in trigger.inputs.values():
        brought = asked.type is FieldType.ITEM and asked.of == deadline.of
        if asked.required and asked.initial is None and not brought:
            yield f"which asks for “{asked.name}”, and the clock has no answer; add “required: false” or “initial: …”"


def _does_something(trigger: Trigger) -> bool:
    changes = (trigger.changes_stage(), trigger.tier, trigger.stay, trigger.does, trigger.sets, trigger.mails)
    return any(changes)


def ladder_top(process: Process, _vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find a ladder whose top tier has no step of its own when it is silent, since nothing is above it."""
    if not process.tiers:
        return
    top = list(process.tiers.values())[-1]
    fired = [silence.fires for silence in top.deadline.silences] if top.deadline else []
    acts = [process.triggers[name] for name in fired if name in process.triggers]
    if all(trigger.tier == "up" for trigger in acts):
        text = "it is the top of the ladder, so nothing is left to climb to; say what happens when it is silent"
        yield Finding(top.line, f"tier {top.name}", text)
