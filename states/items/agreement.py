"""The settlement text with its ratifications and signatures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from states.items.base import Item

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One party's signature on one exact text, named by its SHA-256."""

    party: str
    person: str
    at: datetime
    text_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement(Item):
    """The settlement text with its ratifications and signatures: drafting, ratification, signature, in force, void."""

    kind: ClassVar[str] = "agreement"

    text: str
    summary: str = ""
    text_hash: str = ""
    drafted_by: str = ""
    ratified_by: tuple[str, ...] = ()
    signatures: tuple[Signature, ...] = ()
