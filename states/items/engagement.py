"""What engagement records: who matters, who may bind whom, who consents, and under which ground rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from states.items.base import Item

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Stakeholder(Item):
    """Somebody who matters to the outcome: mapped, engaged, left out for a reason, or removed.

    `side` is the party they stand with, None for a community or an authority that stands with neither.
    """

    kind: ClassVar[str] = "stakeholder"
    PARTS: ClassVar[tuple[str, ...]] = ("decides", "advises", "can block", "is affected", "is missing")

    name: str
    part: str
    organisation: str = ""
    side: str | None = None
    interest: str = ""
    reach: str = ""
    last_contact: str = ""
    contact_at: datetime | None = None
    contact_by: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate(Item):
    """What one person may do for a party: recorded or revoked, valid within its dates.

    Each of `GRADES` includes those before it. `documents` are the items that prove it.
    """

    kind: ClassVar[str] = "mandate"
    of_people: ClassVar[tuple[str, ...]] = ("person",)
    GRADES: ClassVar[tuple[str, ...]] = ("negotiate", "sign", "ratify")

    party: str
    person: str
    may: str
    valid_from: datetime
    valid_until: datetime | None = None
    limit: str = ""
    amount: Decimal | None = None
    documents: tuple[str, ...] = ()
    why: str = ""

    @property
    def owner(self) -> str:
        """The party it binds."""
        return self.party

    def covers(self, wanted: str) -> bool:
        """Tell whether it reaches as far as a grade, whatever its dates."""
        return self.GRADES.index(self.may) >= self.GRADES.index(wanted)

    def valid(self, at: datetime) -> bool:
        """Tell whether it holds at an instant."""
        begun, ended = self.valid_from <= at, self.valid_until is not None and self.valid_until <= at
        return self.state == "recorded" and begun and not ended


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent(Item):
    """A party's voluntary, revocable answer to the question whether it will mediate.

    States: given, refused or revoked; asked or silent for a party that joined when the others had answered.
    """

    kind: ClassVar[str] = "consent"

    party: str
    text: str = ""

    @property
    def owner(self) -> str:
        """The party whose answer it is."""
        return self.party


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """One party's yes to one exact text, named by its SHA-256."""

    party: str
    person: str
    at: datetime
    text_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessAgreement(Item):
    """The ground rules of this one process: proposed, accepted by every party, or replaced by a later text.

    Every text is an item of its own, so an acceptance can only mean the words that were seen. `clocks` are the
    spans that the parties set for themselves, each as `mediation 20 wd`.
    """

    kind: ClassVar[str] = "process_agreement"

    ground_rules: str
    confidentiality: str
    languages: tuple[str, ...] = ()
    press: str = ""
    timetable: str = ""
    clocks: tuple[str, ...] = ()
    text_hash: str = ""
    acceptances: tuple[Acceptance, ...] = ()

    @property
    def accepted_by(self) -> frozenset[str]:
        """The parties that accepted this exact text."""
        return frozenset(one.party for one in self.acceptances if one.text_hash == self.text_hash)

    @property
    def spans(self) -> dict[str, str]:
        """The spans the parties set for themselves, by the clock's name in the definition."""
        return {name: span.strip() for name, _, span in (line.strip().partition(" ") for line in self.clocks)}
