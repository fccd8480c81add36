"""The words of the rules that people read as words."""

from __future__ import annotations

from collections.abc import Iterator

from config import load, vocabulary
from states import terms
from states.effects.registry import EFFECTS
from states.fields import Field, FieldType
from states.items import KINDS
from states.lifecycle import LIFECYCLES
from states.process import Urgency


def fields() -> Iterator[Field]:
    for name in load.shipped_processes():
        process = load.load_shipped(name, vocabulary=vocabulary.shipped())
        yield from process.fields.values()
        yield from (one for act in process.triggers.values() for one in act.inputs.values())
    yield from (one for effect in EFFECTS.values() for one in effect.inputs.values())


def test_every_choice_and_every_state_that_people_read_is_a_word_of_the_rules() -> None:
    choices = {one for field in fields() if field.type.one is FieldType.CHOICE for one in field.choices}
    states = {state for life in LIFECYCLES.values() for state in life.states}
    beginnings = {str(kind.__dataclass_fields__["state"].default) for kind in KINDS.values()}
    spelled_otherwise = set(Urgency) | {one for one in choices if one.isdigit()}
    assert {one.replace("_", " ") for one in choices | states | beginnings} <= terms.WORDS | spelled_otherwise
