"""Competing claims on one asset, place and time window, and the yardstick for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from states.items.base import Item

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Item):
    """A competing claim on a contested asset, place and time window, with its reasons and, once ranked, why so."""

    kind: ClassVar[str] = "claim"

    party: str
    asset: str
    place: str
    from_at: datetime
    until_at: datetime
    why: str
    rank: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion(Item):
    """A yardstick, agreed in the open before anyone is ranked; `source` is the standard or paper it is taken from."""

    kind: ClassVar[str] = "criterion"

    text: str
    source: str = ""
    agreed_by: tuple[str, ...] = ()
