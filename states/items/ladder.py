"""What the tiers of the ladder are asked, what each side notes on the brief, and what is answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from states.items.base import Item

if TYPE_CHECKING:
    from datetime import datetime


VERSION = "version"
"""The input of an answer that names the version of the brief which was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One thing that a tier is asked, in words, and by whom; `cause` is why, such as request, time or impasse.

    `party` is the one that asked, None for the team and the clock; `issue` and `new_fact` are what it named.
    """

    text: str
    cause: str
    by: str
    party: str | None = None
    issue: str | None = None
    new_fact: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Item):
    """What a tier is asked: first annotated by both sides, then asked, then answered, or settled below.

    `cause` is why it came up, such as request, time, impasse or breach; `party` is the one that asked, None for the
    team and the clock. What came up while it was open is asked `also`, so that nothing waits unseen behind it.
    `asked_of` are the tiers it was put to, in order. `version` counts up with everything that may change an answer, so
    that nobody decides on a brief that is no longer the newest.
    """

    kind: ClassVar[str] = "question"

    tier: str
    text: str
    cause: str
    party: str | None = None
    issue: str | None = None
    new_fact: str | None = None
    version: int = 1
    asked_of: tuple[str, ...] = ()
    asked_at: datetime | None = None
    also: tuple[Matter, ...] = ()

    @property
    def matters(self) -> tuple[Matter, ...]:
        """List everything that is asked, what it began with first."""
        first = Matter(
            text=self.text, cause=self.cause, by=self.by, party=self.party, issue=self.issue, new_fact=self.new_fact
        )
        return first, *self.also

    @property
    def whole(self) -> str:
        """Say everything that is asked."""
        return " ".join(dict.fromkeys(one.text for one in self.matters))

    @property
    def is_open(self) -> bool:
        """Tell whether it still waits for an answer."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation(Item):
    """One side's column of the brief, in its own words; `complete` once the side lets the brief leave."""

    kind: ClassVar[str] = "annotation"

    question: str
    party: str
    interest: str
    facts: str = ""
    options: str = ""

    @property
    def complete(self) -> bool:
        """Tell whether the side has said all it wants to say."""
        return self.state == "complete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Item):
    """What a tier answered: decided, approved, approved with changes, returned, refused, referred or passed up.

    `question` is what it answers, `due_at` until when instructions are to be carried out.
    """

    kind: ClassVar[str] = "decision"

    tier: str
    answer: str
    text: str
    question: str | None = None
    due_at: datetime | None = None


OPEN = ("annotating", "complete", "asked")
