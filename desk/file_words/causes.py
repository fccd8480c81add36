"""Root causes in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.file_words.registry import Fact, Names, Step, spelled
from states import items

if TYPE_CHECKING:
    from collections.abc import Iterator

_STATES = {"open": "provisional", "disagreed": "disagreement stated", "uncontested": "uncontested, not agreed"}


@spelled(items.Cause, line="statement", tag=lambda item, _: _STATES.get(item.state, item.state))
def a_cause(item: items.Cause, names: Names) -> Iterator[Fact]:
    """Tell of a cause."""
    yield Fact("Of the issue", names.items([item.issue]))
    yield Fact("Because", tuple(_steps(item, names)))
    yield Fact("Family", ", ".join(filter(None, (item.family, item.setting))))
    yield Fact("Paper", item.clause)
    yield Fact("Place", item.place)
    yield Fact("Source", item.source)
    if not item.is_condition:
        yield Fact("Ends at", "a person, and not yet at a condition")
    if not item.in_control:
        yield Fact("Control", f"outside the parties: {item.controlled_by or 'nobody has said whose'}")
    yield Fact("Agreed by", names.parties(item.agreed_by))
    disputed = (f"{names.party(one)}: {item.reasons[one]}".rstrip(": ") for one in item.reasons)
    yield Fact("Disputed by", "\n".join(disputed) or names.parties(item.disputed_by))
    yield Fact("Silent", names.parties(item.silent_by))


def _steps(item: items.Cause, names: Names) -> Iterator[Step]:
    """Tell a chain from what is plain to see down to the condition, each link with what it alone rests on."""
    for why in item.whys:
        own = "" if why.source == item.source else why.source
        known = filter(None, (own, names.items([why.document])))
        standing = () if why.state == "unknown" else (why.state,)
        yield Step(why.text, note="; ".join((*known, *standing)))


@spelled(items.Disagreement, line="text")
def a_disagreement(item: items.Disagreement, names: Names) -> Iterator[Fact]:
    """Tell of a statement of disagreement."""
    yield Fact("About", names.items([item.cause]))
    yield Fact("Accepted by", names.parties(item.accepted_by))
