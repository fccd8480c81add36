"""How one case belongs with another."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from states.items.base import Item


class Relation(StrEnum):
    """How two cases belong together.

    `cross` cases touch the same matter; a `joiner` follows the case it is joined to; a `repeat` is the matter of an
    earlier case come back; `severed` is an issue taken out into a case of its own; `systemic` is a case about a pattern
    that the other one is part of.
    """

    CROSS = "cross"
    JOINER = "joiner"
    REPEAT = "repeat"
    SEVERED = "severed"
    SYSTEMIC = "systemic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Item):
    """A tie to another case, on file in both; only who may see the other case sees it. States: open, taken back.

    `outward` is true in the case from which the tie was made: the one that is joined, that repeats, that was split, or
    that is part of a pattern. `taken_back` says why it was a mistake.
    """

    kind: ClassVar[str] = "link"

    other: str
    number: str
    relation: str
    outward: bool
    reason: str = ""
    taken_back: str = ""
