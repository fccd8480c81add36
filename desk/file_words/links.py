"""Ties to other cases in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.file_words.registry import Fact, Names, spelled
from states import items
from states.items import Relation

if TYPE_CHECKING:
    from collections.abc import Iterator

# How a tie reads in the case it was made from, and in the other one.
_READS = {
    Relation.CROSS: ("Touches", "Touches"),
    Relation.JOINER: ("Joined to", "Leads"),
    Relation.REPEAT: ("Repeats", "Came back in"),
    Relation.SEVERED: ("An issue was taken out into", "Taken out of"),
    Relation.SYSTEMIC: ("Part of the pattern in", "Pattern seen in"),
}


def _line(item: items.Link, _names: Names) -> str:
    here, there = _READS[Relation(item.relation)]
    return f"{here if item.outward else there} {item.number}"


@spelled(items.Link, line=_line)
def a_link(item: items.Link, _names: Names) -> Iterator[Fact]:
    """Tell of a link."""
    yield Fact("Why", item.reason)
    if item.taken_back:
        yield Fact("Taken back, because", item.taken_back)
