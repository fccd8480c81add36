"""Who was told what and how, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.file_words.registry import Fact, Names, spelled
from states import items, said
from states.said import say, word

if TYPE_CHECKING:
    from collections.abc import Iterator


@spelled(
    items.Service, line=lambda item, names: say("%(what)s to %(party)s", what=item.what, party=names.party(item.party))
)
def a_service(item: items.Service, names: Names) -> Iterator[Fact]:
    """Tell of a declaration of service."""
    yield Fact(say("To"), names.person(item.person))
    yield Fact(say("How"), word(item.method))
    yield Fact(say("Served"), item.served_at)
    yield Fact(say("Counts as received"), item.deemed_at or "")
    yield Fact(
        say("Asks for"), say("the account of the party, in the time that counts from then") if item.asks_account else ""
    )
    yield Fact(say("Proof"), said.together(one for one in (item.proof, names.items(item.documents)) if one))
    yield Fact(say("Declared by"), names.party(item.declared_by))
    yield Fact(say("Answered by"), names.person(item.answered_by))
    yield Fact(say("Denied because"), item.answer)
