"""What the tiers of the ladder are asked and answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from states.items.base import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Item):
    """What a tier answered: decided, approved, returned, refused, referred or climbed, with its reasons."""

    kind: ClassVar[str] = "decision"

    tier: str
    answer: str
    text: str
