"""Acts that wait for agreement, in words."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from desk.file_words.registry import Fact, Names, spelled
from states import items, said
from states.items import ladder
from states.said import say, under, word

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from states.fields import Value


def what_is_asked(inputs: Mapping[str, Value], names: Names) -> Iterator[Fact]:
    """Tell what an act would say, so that nobody agrees to what they have not read."""
    said_in_words = {name: value for name, value in inputs.items() if name != ladder.VERSION and value != ""}
    told = (under(word(name), _spelled(value, names)) for name, value in said_in_words.items())
    yield Fact(say("What is asked"), said.together(told))


def _question(item: items.Proposal, names: Names) -> str:
    """Find the words of the question that a proposed answer was given to; empty for what answers none."""
    if ladder.VERSION not in item.inputs:
        return ""
    asked = [one.text for one in names.case.all(items.Question) if one.at <= item.at]
    return asked[-1] if asked else ""


def _spelled(value: Value, names: Names) -> str:
    if isinstance(value, bool):
        return word("yes" if value else "no")
    if isinstance(value, datetime):
        return say("%(moment)s", moment=value)
    if isinstance(value, tuple):
        return said.listed(_spelled(one, names) for one in value)
    text = str(value)
    if names.case.party(text):
        return names.party(text)
    return names.items((text,)) if names.case.item(text) else names.person(text)


@spelled(items.Proposal, line=lambda item, _: word(item.label))
def a_proposal(item: items.Proposal, names: Names) -> Iterator[Fact]:
    """Tell which question it answers, who proposed it, who agreed, and why it was declined."""
    yield Fact(say("The question"), _question(item, names))
    yield from what_is_asked(item.inputs, names)
    yield Fact(say("Proposed by"), names.party(item.party) if item.party else names.person(item.by))
    yield Fact(say("Agreed by"), names.parties(item.agreed_by))
    yield Fact(say("Declined by"), names.person(item.declined_by))
    yield Fact(say("Reason"), item.reason)
