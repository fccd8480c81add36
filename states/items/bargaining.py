"""What the parties bargain with: options, offers open and sealed, rules for the meantime, and where they are stuck."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from states.items.base import Item

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """How an option does by one criterion: meets, partly or not, and why; `by` is the person who says so."""

    criterion: str
    verdict: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Harm:
    """What an option may do to somebody under one head of the do-no-harm check: none, some or serious, in words."""

    head: str
    level: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Option(Item):
    """A way to settle an issue, looked at before anybody offers it: open, tested or dropped."""

    kind: ClassVar[str] = "option"

    issue: str
    text: str
    judgements: tuple[Judgement, ...] = ()
    harms: tuple[Harm, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer(Item):
    """Terms one side would accept, or, from no party, the mediator's own proposal.

    States: open, accepted (by every other party), rejected, countered, withdrawn, lapsed. `expires_at` is a date of
    its own in place of the clock's; `answers` is the offer it counters, `round` the sealed round it was opened in.
    `issues` are settled by its acceptance, `options` are those it is made of, and `despite` is why they were offered
    although untested or harmful. `authority` is the mandate on which it is made, empty where there is none; an offer
    that goes beyond it, or has none, is `subject_to_approval`. `amount` is what it is worth, where that matters.
    """

    kind: ClassVar[str] = "offer"

    party: str | None
    text: str
    accepted_by: tuple[str, ...] = ()
    rejected_by: tuple[str, ...] = ()
    expires_at: datetime | None = None
    answers: str | None = None
    round: str | None = None
    issues: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    despite: str = ""
    amount: Decimal | None = None
    authority: str = ""
    subject_to_approval: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Round(Item):
    """A question that every party answers under seal until all answers are opened at one instant.

    States: open, complete (the last answer is in), opened, lapsed (one was missing at the date). Who has filed is for
    everybody to see, and what was filed for nobody.
    """

    kind: ClassVar[str] = "round"

    question: str
    due_at: datetime
    filed_by: tuple[str, ...] = ()
    complete_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope(Item):
    """One party's sealed offer in a round, private to it for ever: what is opened is a copy of its words."""

    kind: ClassVar[str] = "envelope"

    party: str
    round: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Interim(Item):
    """A time-boxed rule without prejudice to anybody's position.

    States: proposed, on (accepted by every party, or imposed with a `reason` by a tier), refused, lapsed, ended before
    its date, expired by itself.
    """

    kind: ClassVar[str] = "interim"

    rule: str
    expires_at: datetime
    accepted_by: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlock(Item):
    """Where one issue is stuck, with codes why and what was tried."""

    kind: ClassVar[str] = "deadlock"

    issue: str
    reasons: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Impasse(Item):
    """That neither side moves further so: declared, or proposed by the clock; `doors` are the ways that are left."""

    kind: ClassVar[str] = "impasse"

    deadlocks: tuple[str, ...]
    text: str
    doors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Release(Item):
    """That something confidential was published by its owner: `origin` stays where it lies, `copy` is for all."""

    kind: ClassVar[str] = "release"

    origin: str
    copy: str
