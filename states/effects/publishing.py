"""Effects that carry something out of a confidential zone: only its owner does, and only as a copy."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from states import roles
from states.effects.registry import effect, recorded, text
from states.events import ItemRecorded
from states.fields import Field, FieldType
from states.items import Document, Item, Note, Release, Statement
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.events import Change
    from states.situation import Situation

WHOLE = (Note, Statement, Document)
"""What may be copied as it stands; of anything else, words are chosen."""


@effect(
    Field(name="item", type=FieldType.ITEM, label=say("What to publish"), confined=True),
    text("words", "Only these words of it, in place of the whole", required=False),
)
def publish(s: Situation) -> Iterator[Change]:
    """Put a copy where all parties read it; that there is an original stays known to its readers alone."""
    origin = the_origin(s)
    if origin is None:
        return
    copy_id = s.new_id("copy")
    yield recorded(s, Release, zone=origin.zone, origin=origin.id, copy=copy_id)
    if s.text("words"):
        yield recorded(s, Note, id=copy_id, zone=roles.SHARED, text=s.text("words"))
    else:
        yield ItemRecorded(replace(origin, id=copy_id, zone=roles.SHARED, by=s.actor.person, at=s.at))


def the_origin(s: Situation) -> Item | None:
    """Find what is to be published."""
    return s.case.item(s.text("item"))
