"""Acts that wait for agreement, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.file_words.registry import Fact, Names, spelled
from states import items

if TYPE_CHECKING:
    from collections.abc import Iterator


@spelled(items.Proposal, line="label")
def a_proposal(item: items.Proposal, names: Names) -> Iterator[Fact]:
    """Tell who proposed it, who agreed, and why it was declined."""
    yield Fact("Proposed by", names.party(item.party) if item.party else names.person(item.by))
    yield Fact("Agreed by", names.parties(item.agreed_by))
    yield Fact("Declined by", names.person(item.declined_by))
    yield Fact("Reason", item.reason)
