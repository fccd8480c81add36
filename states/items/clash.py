"""Competing claims on one asset, place and time window, and the yardstick for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from states.items.base import Item

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Item):
    """A competing claim on a contested asset, place and time window, with its reasons and, once agreed, its rank."""

    kind: ClassVar[str] = "claim"

    party: str
    asset: str
    place: str
    from_at: datetime
    until_at: datetime
    why: str
    rank: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion(Item):
    """A yardstick for ranking claims, agreed in the open before anyone is ranked."""

    kind: ClassVar[str] = "criterion"

    text: str
    agreed_by: tuple[str, ...] = ()
