"""What mediation records of people and meetings: the neutral, the names before it, and the sessions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from states.items.base import Item

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Neutral(Item):
    """A person proposed as mediator, with what that person discloses of links and interests.

    States: named (nothing is disclosed yet), proposed, challenged (an objection waits for its ruling), confirmed,
    replaced, recused. `objected_by` are the parties whose objection was heard once, `accepted_by` those that said yes.
    """

    kind: ClassVar[str] = "neutral"
    of_people: ClassVar[tuple[str, ...]] = ("person",)

    person: str
    disclosure: str
    objections: tuple[str, ...] = ()
    objected_by: tuple[str, ...] = ()
    accepted_by: tuple[str, ...] = ()
    ruling: str = ""
    ended: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """A person who was asked to a session and did not come, and why, as a code."""

    person: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dissent:
    """What a party does not accept in the minutes, in its own words."""

    party: str
    text: str


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
    """A meeting with the neutral: joint, a caucus with one party, or a shuttle between those who do not meet.

    States: planned, open, closed, agreed (its minutes, by every party of it), disputed (with a statement of
    disagreement), unanswered (the clock ran out), missed, cancelled. `party` is the one party of a caucus or of a leg
    of a shuttle; `invited` were asked to come and `attendance` came; `reasons` are codes why it led nowhere, none when
    it did not fail. `shared_id` is the same in every joined case with which it is held together; else it is empty.
    `sequence` counts how often its date, its place or who is asked has changed, and whether it was called off: by it
    calendars tell an invitation from an earlier one.
    """

    kind: ClassVar[str] = "session"
    of_people: ClassVar[tuple[str, ...]] = ("attendance", "invited", "absent")

    form: str
    agenda: str
    attendance: tuple[str, ...] = ()
    minutes: str = ""
    party: str | None = None
    begins_at: datetime | None = None
    place: str = ""
    invited: tuple[str, ...] = ()
    absences: tuple[Absence, ...] = ()
    reasons: tuple[str, ...] = ()
    closed_at: datetime | None = None
    agreed_by: tuple[str, ...] = ()
    disagreements: tuple[Dissent, ...] = ()
    shared_id: str = ""
    sequence: int = 0

    @property
    def absent(self) -> tuple[str, ...]:
        """Name those who were asked and did not come."""
        return tuple(one.person for one in self.absences)
