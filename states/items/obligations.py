"""What the parties promised, what they think of the process, and what was learned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from states.items.base import Item

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation(Item):
    """One promise: owner, action, due instant and the other party that verifies it; `states.obligations` moves it.

    `proof` is what will prove it, `evidence` what its owner then reported, `parts` what was done so far. Another party
    may step in `step_in_hours` after it was missed; 0 means that nobody may. One that comes every so many days is
    followed by its next occurrence until `until`. `follows`, `replaces` and `repays` name earlier obligations. It was
    missed or contested at `broken_at`, and `session` is the meeting about that.
    """

    kind: ClassVar[str] = "obligation"

    owner: str
    action: str
    due_at: datetime
    verifier: str
    place: str = ""
    proof: str = ""
    indicator: str = ""
    issue: str = ""
    clause: str = ""
    agreement: str = ""
    step_in_hours: int = 0
    every_days: int = 0
    until: datetime | None = None
    follows: str = ""
    replaces: str = ""
    repays: str = ""
    parts: tuple[str, ...] = ()
    evidence: str = ""
    reported_by: str = ""
    reported_at: datetime | None = None
    provisional_at: datetime | None = None
    verified_by: str = ""
    reason: str = ""
    broken_at: datetime | None = None
    session: str = ""
    stepped_in_by: str = ""
    failed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback(Item):
    """What a party thinks of the process and of the neutral, with scores from 1 to 5 where it likes to give them."""

    kind: ClassVar[str] = "feedback"

    party: str | None
    text: str
    process_score: int | None = None
    neutral_score: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson(Item):
    """What a party or the office learned from the case; "none" is an answer."""

    kind: ClassVar[str] = "lesson"

    party: str | None
    text: str
