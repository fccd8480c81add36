"""Root causes in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.file_words.registry import Fact, Names, spelled
from states import items

if TYPE_CHECKING:
    from collections.abc import Iterator


@spelled(items.Cause, line="statement")
def a_cause(item: items.Cause, names: Names) -> Iterator[Fact]:
    """Tell of a cause."""
    yield Fact("Family", item.family)
    yield Fact("Because", " ← ".join(item.whys))
    yield Fact("Source", item.source)
    yield Fact("Agreed by", names.parties(item.agreed_by))
    yield Fact("Disputed by", names.parties(item.disputed_by))
