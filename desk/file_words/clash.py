"""Competing claims in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.file_words.registry import Fact, Names, spelled
from states import items, said
from states.said import say, under

if TYPE_CHECKING:
    from collections.abc import Iterator


@spelled(items.Claim, line=lambda item, names: under(names.party(item.party), said.listed((item.asset, item.place))))
def a_claim(item: items.Claim, _names: Names) -> Iterator[Fact]:
    """Tell of a claim."""
    yield Fact(say("From"), item.from_at)
    yield Fact(say("Until"), item.until_at)
    yield Fact(say("Why"), item.why)
    yield Fact(say("Rank"), str(item.rank or ""))
    yield Fact(say("How the criteria speak"), item.reason)


@spelled(items.Criterion, line="text")
def a_criterion(item: items.Criterion, names: Names) -> Iterator[Fact]:
    """Tell of a criterion."""
    yield Fact(say("Taken from"), item.source)
    yield Fact(say("Agreed by"), names.parties(item.agreed_by))
