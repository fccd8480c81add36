"""Competing claims in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.file_words.registry import Fact, Names, spelled
from states import items

if TYPE_CHECKING:
    from collections.abc import Iterator


@spelled(items.Claim, line=lambda item, names: f"{names.party(item.party)}: {item.asset}, {item.place}")
def a_claim(item: items.Claim, _names: Names) -> Iterator[Fact]:
    """Tell of a claim."""
    yield Fact("From", item.from_at)
    yield Fact("Until", item.until_at)
    yield Fact("Why", item.why)
    yield Fact("Rank", str(item.rank or ""))
    yield Fact("How the criteria speak", item.reason)


@spelled(items.Criterion, line="text")
def a_criterion(item: items.Criterion, names: Names) -> Iterator[Fact]:
    """Tell of a criterion."""
    yield Fact("Taken from", item.source)
    yield Fact("Agreed by", names.parties(item.agreed_by))
