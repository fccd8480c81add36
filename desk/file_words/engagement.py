"""Who takes part, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.file_words.registry import Fact, Names, spelled
from states import items

if TYPE_CHECKING:
    from collections.abc import Iterator


@spelled(items.Consent, line=lambda item, names: names.party(item.party))
def a_consent(item: items.Consent, _names: Names) -> Iterator[Fact]:
    """Tell of a consent."""
    yield Fact("Said", item.text)
