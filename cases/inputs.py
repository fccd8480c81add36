"""The inputs an act may ever have asked for, whoever did it: what an event of it can be read by."""

from __future__ import annotations

from states.effects import EFFECTS
from states.fields import Field, FieldType
from states.migrating import DATES, REASON
from states.migration import MIGRATING
from states.process import Process
from states.said import say

# What `states.asking` asks for on its own account.
_ASKED_WHEN_NEEDED = (
    Field(name="party", type=FieldType.PARTY, label=say("Party")),
    Field(name="until", type=FieldType.INSTANT, label=say("Resume on")),
)
_SAID_OF_A_MIGRATION = {
    REASON: Field(name=REASON, type=FieldType.LONG_TEXT, label=say("Reason")),
    DATES: Field(name=DATES, type=FieldType.TEXTS, label=say("Dates that moved")),
}


def of_act(process: Process, trigger: str) -> dict[str, Field]:
    """Name the inputs an act may ask for, whoever does it."""
    if trigger == MIGRATING:
        return _SAID_OF_A_MIGRATION
    if trigger not in process.triggers:
        return {}
    act = process.triggers[trigger]
    by_effects = {name: field for effect in act.does for name, field in EFFECTS[effect].inputs.items()}
    later = {"until": Field(name="until", type=FieldType.INSTANT, label=say("New date"))} if act.extends else {}
    asked = by_effects | dict(act.inputs) | later
    return asked | {field.name: field for field in _ASKED_WHEN_NEEDED if field.name not in asked}
