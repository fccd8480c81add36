"""Promises and lessons in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.file_words.registry import Fact, Names, spelled
from states import items

if TYPE_CHECKING:
    from collections.abc import Iterator


@spelled(items.Obligation, line="action")
def an_obligation(item: items.Obligation, names: Names) -> Iterator[Fact]:
    """Tell of an obligation."""
    yield Fact("Owner", names.party(item.owner))
    yield Fact("Due", item.due_at)
    yield Fact("Verified by", names.party(item.verifier))
    yield Fact("Evidence", item.evidence)


@spelled(items.Feedback, line="text")
def feedback(item: items.Feedback, names: Names) -> Iterator[Fact]:
    """Tell of feedback."""
    yield Fact("By", names.party(item.party))
