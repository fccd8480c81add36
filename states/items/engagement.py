"""What engaging the stakeholders records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from states.items.base import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent(Item):
    """A party's voluntary, revocable answer to the question whether it will mediate: given, refused or revoked."""

    kind: ClassVar[str] = "consent"

    party: str
    text: str = ""
