"""Effects on the terms of a draft: one promise is added, changed or taken out, with its owner, date and verifier."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from states.effects.registry import effect, instant, number, one_of, party, recorded, text
from states.events import ItemRecorded
from states.fields import Field, FieldType
from states.items import Issue, Obligation
from states.obligations import LIFE
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.events import Change
    from states.situation import Situation

_LIVE = tuple(dict.fromkeys(LIFE.sources("replace")))
_TERM = (
    text("action", "What will be done"),
    party("owner", "By which party"),
    instant("due_at", "By when"),
    party("verifier", "Verified by which other party"),
    text("proof", "What will prove it", long=False),
    text("place", "Where", required=False, long=False),
    text("indicator", "How much, or how well", required=False, long=False),
    Field(name="issue", type=FieldType.ITEM, label=say("On which issue"), required=False, of=Issue.kind),
    number("step_in_hours", "Another party may step in so many hours after it was missed"),
    number("every_days", "Comes again every so many days"),
    instant("until", "For the last time on", required=False),
    Field(
        name="replaces", type=FieldType.ITEM, label=say("In place of"), required=False, of=Obligation.kind, states=_LIVE
    ),
)


@effect(*_TERM)
def add_term(s: Situation) -> Iterator[Change]:
    """Add one promise with owner, date, proof and verifier."""
    yield recorded(s, Obligation, **_said(s), state=LIFE.initial)


@effect(one_of(Obligation, "Term", *LIFE.sources("remove")), *_TERM)
def change_term(s: Situation) -> Iterator[Change]:
    """Write a term of the draft anew."""
    term = s.item(Obligation)
    if term is not None:
        yield ItemRecorded(replace(term, **_said(s)))


@effect(one_of(Obligation, "Term", *LIFE.sources("remove")))
def remove_term(s: Situation) -> Iterator[Change]:
    """Take a term out of the draft."""
    term = s.item(Obligation)
    if term is not None:
        yield ItemRecorded(LIFE.moved(term, "remove"))


def _said(s: Situation) -> dict[str, Any]:
    words = {field.name: s.text(field.name) for field in _TERM}
    exact = {name: s.given(name) for name in ("due_at", "until")}
    return {**words, **exact, **{name: s.given(name) or 0 for name in ("step_in_hours", "every_days")}}
