"""What the parties promised, and what was learned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from states.items.base import Item

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation(Item):
    """One promise: owner, action, due instant and the other party that verifies it.

    States: planned, due (in force), reported, contested, missed; the final ones are in `FINAL`.
    """

    kind: ClassVar[str] = "obligation"

    owner: str
    action: str
    due_at: datetime
    verifier: str
    evidence: str = ""
    reported_at: datetime | None = None

    FINAL: ClassVar[frozenset[str]] = frozenset({"verified", "provisional", "waived", "replaced", "failed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback(Item):
    """What a party or the convener learned from the case; "none" is an answer."""

    kind: ClassVar[str] = "feedback"

    party: str | None
    text: str
