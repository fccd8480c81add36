"""The answers of two sides that meet: whoever gives the answer that waits for theirs agrees to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states import agreeing, answering, asking
from states.fields import FieldType
from states.items import Proposal
from states.items.ladder import VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from states.fields import Value
    from states.process import Process, Trigger
    from states.situation import Situation

AGREEING = "agree_to_proposal"
"""The effect of an act by which somebody agrees to what was proposed."""


def meeting(trigger: Trigger, s: Situation) -> tuple[str, dict[str, Value]] | None:
    """Return the act and inputs by which an answer meets the same one of another side; None where it is the first.

    Both must be given on the newest brief. Reasons that nobody must give make no other answer.
    """
    if trigger.answers is None or not answering.needs_others(trigger, s) or agreeing.needs_vote(trigger, s):
        return None
    given = _substance(trigger, s, s.inputs or {})
    waiting = (one for one in s.case.all(Proposal, "open") if one.act == trigger.name)
    newest = (one for one in waiting if answering.is_on_the_newest(s.case, one) and agreeing.waits_for(s, one))
    same = next((one for one in newest if _substance(trigger, s, one.inputs) == given), None)
    act = act_of_agreeing(s.process)
    return (act, {Proposal.kind: same.id}) if same is not None and act is not None else None


def _substance(trigger: Trigger, s: Situation, inputs: Mapping[str, Value]) -> dict[str, Value]:
    asked = asking.asked(s.process, s.case, trigger, s.actor)
    reasons = {name for name, field in asked.items() if field.type is FieldType.LONG_TEXT and not field.required}
    return {name: value for name, value in inputs.items() if value is not None and name not in {VERSION, *reasons}}


def act_of_agreeing(process: Process) -> str | None:
    """Name the act by which somebody agrees to what was proposed."""
    return next((one.name for one in process.triggers.values() if AGREEING in one.does), None)
