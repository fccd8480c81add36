"""Facts about who may publish what."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from states import roles
from states.conditions.registry import condition
from states.effects import publishing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.items import Item
    from states.situation import Situation

_COMMON = frozenset({"id", "zone", "by", "state"})


@condition(
    "only its owner publishes it: a party what lies in its own zones, the mediator what lies with the team",
    weighs_inputs=True,
)
def the_owner_publishes(s: Situation) -> bool:
    """Keep the mediator from publishing what a party said in confidence, and everybody from what is not theirs."""
    origin = publishing.the_origin(s)
    if origin is None:
        return True
    if origin.zone == roles.TEAM:
        return s.actor.person in s.case.roles.get("mediator", ())
    own = {roles.zone_of(kind, party.id) for party in s.speaks_for for kind in roles.OF_A_PARTY}
    return origin.zone in own


@condition("the words to publish stand in it, exactly so", weighs_inputs=True)
def the_words_stand_in_it(s: Situation) -> bool:
    """Let nothing else cross under the name of a quotation."""
    origin, words = publishing.the_origin(s), _plain(s.text("words"))
    return origin is None or any(words in _plain(text) for text in _texts(origin))


@condition(
    "a note, an account or a document may be published whole; of anything else, the words are chosen",
    weighs_inputs=True,
)
def it_may_be_published_whole(s: Situation) -> bool:
    """Keep what else stands on a session or an envelope from crossing unseen."""
    return bool(s.text("words")) or isinstance(publishing.the_origin(s), publishing.WHOLE)


def _texts(item: Item) -> Iterator[str]:
    values = (getattr(item, field.name) for field in fields(item) if field.name not in _COMMON)
    return (value for value in values if isinstance(value, str))


def _plain(text: str) -> str:
    return " ".join(text.split())
