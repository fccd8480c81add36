"""Several cases chosen at once: which acts are open to their viewer in all of them, and ask the same in each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from cases import tables, viewer
from cases.record import Record
from cases.unit_of_work import reading
from cases.viewer import Seen, Viewer
from states import errors
from states.fields import Field, FieldType
from states.machine import Option
from states.process import Trigger
from states.said import count, say

MOST = 100
"""How many cases may be chosen at once."""
_ALIKE = frozenset(
    {
        FieldType.TEXT,
        FieldType.LONG_TEXT,
        FieldType.TEXTS,
        FieldType.INTEGER,
        FieldType.NUMBER,
        FieldType.YES_NO,
        FieldType.DATE,
        FieldType.INSTANT,
        FieldType.CHOICE,
        FieldType.PERSON,
    }
)
"""What may be said of several cases at once; parties, items and texts to be sealed are each case's own."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """One of the cases that were chosen, with the acts the viewer has on it now."""

    seen: Seen
    options: tuple[Option, ...]

    def option(self, trigger: str) -> Option | None:
        """Find an act among those that are open."""
        return next((one for one in self.options if one.trigger.name == trigger), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An act that is open in all chosen cases, with what it asks for in the same way in each."""

    trigger: Trigger
    inputs: Mapping[str, Field]


def choose(record: Record, who: Viewer, refs: Sequence[str], *, now: datetime) -> tuple[Chosen, ...]:
    """Read the cases of some ids or numbers, each once, in the order of their numbers; others' cases are left out.

    Raises `NeedsMissing` for none, or too many.
    """
    wanted = list(dict.fromkeys(refs))
    if not wanted:
        raise errors.NeedsMissing(say("choose at least one line of the list"))
    if len(wanted) > MOST:
        told = count("choose %(count)s case at most", "choose %(count)s cases at most", count=MOST)
        raise errors.NeedsMissing(told)
    named = select(tables.cases.c.id).where(or_(tables.cases.c.id.in_(wanted), tables.cases.c.number.in_(wanted)))
    with reading(record.engine) as connection:
        ids = list(connection.execute(named.order_by(tables.cases.c.number)).scalars())
        seen = [
            viewer.find(record, who, connection, one.case.id) for one in viewer.see_many(record, who, connection, ids)
        ]
        found = tuple(Chosen(one, viewer.options(record, who, connection, one, now=now)) for one in seen)
    if not found:
        raise errors.NotFound(viewer.UNKNOWN)
    return found


def offers(chosen: Sequence[Chosen]) -> tuple[Offer, ...]:
    """List the acts that are open in all of them and ask for nothing that differs."""
    first, *rest = chosen
    return tuple(offer for option in first.options if (offer := _offer(option, rest)) is not None)


def offer(chosen: Sequence[Chosen], trigger: str) -> Offer:
    """Find one of the offers. Raises `NotFound` for an act that is not open in all of them, or asks differently."""
    found = next((one for one in offers(chosen) if one.trigger.name == trigger), None)
    if found is None:
        raise errors.NotFound(say("this act is not open to you on all these cases, or asks something else in each"))
    return found


def _offer(option: Option, rest: Sequence[Chosen]) -> Offer | None:
    others = [one.option(option.trigger.name) for one in rest]
    if any(other is None or other.trigger.label != option.trigger.label for other in others):
        return None
    asked = [option, *(other for other in others if other is not None)]
    if not any(one.ready for one in asked):
        return None
    inputs = dict(_common(option, asked[1:]))
    return Offer(trigger=option.trigger, inputs=inputs) if all(_is_enough(inputs, one) for one in asked) else None


def _common(option: Option, others: Sequence[Option]) -> Iterator[tuple[str, Field]]:
    for name, field in option.inputs.items():
        alike = all(other.inputs.get(name) == field for other in others)
        if alike and field.type in _ALIKE and field.among is None:
            yield name, field


def _is_enough(inputs: Mapping[str, Field], option: Option) -> bool:
    """Tell whether an act needs nothing that cannot be said of all cases at once."""
    needed = (field for name, field in option.inputs.items() if name not in inputs)
    return not any(field.required and field.initial is None for field in needed)
