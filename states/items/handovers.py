"""A part of a case that one person hands over to another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from states.items.base import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover(Item):
    """A part offered to a successor: offered, then accepted, declined or lapsed; a part of the case has no `party`.

    Until it is accepted `predecessor` keeps the part, and `successor` reads what the part will let them read.
    """

    kind: ClassVar[str] = "handover"
    of_people: ClassVar[tuple[str, ...]] = ("predecessor", "successor")

    role: str
    party: str | None
    predecessor: str
    successor: str
    reason: str
    answer: str = ""
