"""Root causes in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.file_words.registry import Fact, Names, Step, spelled
from states import items, said
from states.said import say, under, word

if TYPE_CHECKING:
    from collections.abc import Iterator

_STATES = {
    "open": say("provisional"),
    "disagreed": say("disagreement stated"),
    "uncontested": say("uncontested, not agreed"),
}


@spelled(items.Cause, line="statement", tag=lambda item, _: _STATES.get(item.state) or word(item.state))
def a_cause(item: items.Cause, names: Names) -> Iterator[Fact]:
    """Tell of a cause."""
    yield Fact(say("Of the issue"), names.items([item.issue]))
    yield Fact(say("Because"), tuple(_steps(item, names)))
    yield Fact(say("Family"), said.listed(map(word, filter(None, (item.family, item.setting)))))
    yield Fact(say("Paper"), item.clause)
    yield Fact(say("Place"), item.place)
    yield Fact(say("Source"), item.source)
    if not item.is_condition:
        yield Fact(say("Ends at"), say("a person, and not yet at a condition"))
    if not item.in_control:
        whose = item.controlled_by or say("nobody has said whose")
        yield Fact(say("Control"), say("outside the parties: %(whose)s", whose=whose))
    yield Fact(say("Agreed by"), names.parties(item.agreed_by))
    disputed = (_with_reason(names.party(one), why) for one, why in item.reasons.items())
    yield Fact(say("Disputed by"), said.lines(disputed) or names.parties(item.disputed_by))
    yield Fact(say("Silent"), names.parties(item.silent_by))


def _steps(item: items.Cause, names: Names) -> Iterator[Step]:
    """Tell a chain from what is plain to see down to the condition, each link with what it alone rests on."""
    for why in item.whys:
        own = "" if why.source == item.source else why.source
        known = filter(None, (own, names.items([why.document])))
        standing = () if why.state == "unknown" else (word(why.state),)
        yield Step(why.text, note=said.together((*known, *standing)))


def _with_reason(party: str, why: str) -> str:
    return under(party, why) if why else party


@spelled(items.Disagreement, line="text")
def a_disagreement(item: items.Disagreement, names: Names) -> Iterator[Fact]:
    """Tell of a statement of disagreement."""
    yield Fact(say("About"), names.items([item.cause]))
    yield Fact(say("Accepted by"), names.parties(item.accepted_by))
