"""The duties of a reader that an act may answer, for its form: by when, and what happens if it is left."""

from __future__ import annotations

from cases.deadline_view import DeadlineView
from cases.queries import CaseFile
from states.machine import Option


def answered_by(file: CaseFile, option: Option, *, person: str) -> tuple[DeadlineView, ...]:
    """List the running clocks that wait for somebody: those on an item the act names, else those on no item at all."""
    mine = [one for one in file.deadlines if any(holder.id == person for holder in one.holders)]
    named = {field.of for field in option.inputs.values() if field.of}
    on_items = tuple(one for one in mine if one.item is not None and one.item.kind in named)
    return on_items or tuple(one for one in mine if one.item is None)
