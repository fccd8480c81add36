"""Checks the acts that reach another case: that nobody can write there unasked, and that the answer can be given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states import roles
from states.effects import EFFECTS
from states.fields import FieldType
from states.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.findings import Vocabulary
    from states.process import Process, Trigger

_THEIRS = "the_other_case_is_theirs"


def unguarded_links(process: Process, _vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find acts that let a person name any case, known to them or not."""
    for trigger in process.triggers.values():
        if _asks_for_a_case(trigger) and _THEIRS not in trigger.needs:
            text = f"it asks for another case, which may be somebody else's; add {_THEIRS} to its needs"
            yield Finding(trigger.line, f"trigger {trigger.name}", text)


def impossible_answers(process: Process, _vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find acts whose answer in the other case is missing, or is not one that the system may give."""
    for trigger in process.triggers.values():
        place = f"trigger {trigger.name}"
        if trigger.opens and trigger.there is None:
            yield Finding(trigger.line, place, "it opens another case that nothing begins; say under “there” what does")
        answer = process.triggers.get(trigger.there or "")
        if answer is not None and roles.SYSTEM not in answer.who:
            text = f"the system does “{answer.name}” in the other case, but may not; add “system” to its “who”"
            yield Finding(trigger.line, place, text)
        if (
            answer is not None
            and not trigger.opens
            and not _asks_for_a_case(trigger)
            and trigger.who != (roles.SYSTEM,)
        ):
            yield Finding(trigger.line, place, "it names no other case, so nothing can be done “there”; take that away")


def _asks_for_a_case(trigger: Trigger) -> bool:
    brought = (field for name in trigger.does if name in EFFECTS for field in EFFECTS[name].inputs.values())
    return any(field.type is FieldType.CASE for field in (*trigger.inputs.values(), *brought))
