"""What mediation records: the neutral, the meetings, the offers and the rules for the meantime."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from states.items.base import Item

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Neutral(Item):
    """A person proposed as mediator: proposed, objected, confirmed or replaced."""

    kind: ClassVar[str] = "neutral"
    of_people: ClassVar[tuple[str, ...]] = ("person",)

    person: str
    disclosure: str
    objections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortlist(Item):
    """Names put before the parties before one is proposed; each party may strike so many of them."""

    kind: ClassVar[str] = "shortlist"
    of_people: ClassVar[tuple[str, ...]] = ("names",)

    names: tuple[str, ...]
    strikes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference(Item):
    """What one party, its `owner`, says of a shortlist, between it and the case team: awaited, given or silent."""

    kind: ClassVar[str] = "preference"
    of_people: ClassVar[tuple[str, ...]] = ("struck", "ranked")

    owner: str
    shortlist: str
    struck: tuple[str, ...] = ()
    ranked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Session(Item):
    """A meeting with the neutral: open or closed, joint, caucus or shuttle, with attendance and minutes."""

    kind: ClassVar[str] = "session"
    of_people: ClassVar[tuple[str, ...]] = ("attendance",)

    form: str
    agenda: str
    attendance: tuple[str, ...] = ()
    minutes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer(Item):
    """Terms one side would accept: open until every other party accepted, one rejected, or the clock lapsed it."""

    kind: ClassVar[str] = "offer"

    party: str | None
    text: str
    accepted_by: tuple[str, ...] = ()
    rejected_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Interim(Item):
    """A time-boxed rule without prejudice: on until its date, then expired by itself, or ended before."""

    kind: ClassVar[str] = "interim"

    rule: str
    expires_at: datetime
