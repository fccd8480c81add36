"""Who was told what and how, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.file_words.registry import Fact, Names, spelled
from states import items

if TYPE_CHECKING:
    from collections.abc import Iterator


@spelled(items.Service, line=lambda item, names: f"{item.what} to {names.party(item.party)}")
def a_service(item: items.Service, names: Names) -> Iterator[Fact]:
    """Tell of a declaration of service."""
    yield Fact("To", names.person(item.person))
    yield Fact("How", item.method)
    yield Fact("Served", item.served_at)
    yield Fact("Counts as received", item.deemed_at or "")
    yield Fact("Asks for", "the account of the party, in the time that counts from then" if item.asks_account else "")
    yield Fact("Proof", "; ".join(one for one in (item.proof, names.items(item.documents)) if one))
    yield Fact("Declared by", names.party(item.declared_by))
    yield Fact("Answered by", names.person(item.answered_by))
    yield Fact("Denied because", item.answer)
