"""What is known about the matter: the board of facts, and the inquiries that are to settle some of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from states.items.base import Item

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

AGREED, DISPUTED, UNKNOWN = "agreed", "disputed", "unknown"
ANSWERS = (AGREED, DISPUTED, UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact(Item):
    """Something that is said to be so: its source, how sure it is, and the answer of each party.

    `corrects` is the id of the fact it stands in place of; that one stays on file as corrected.
    """

    kind: ClassVar[str] = "fact"

    statement: str
    source: str
    confidence: str = "unknown"
    document: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    corrects: str | None = None

    def standing(self, parties: Collection[str]) -> str:
        """Say how the fact stands between the parties: agreed by all of them, disputed by one, else unknown."""
        said = [self.answers.get(party, UNKNOWN) for party in parties]
        if DISPUTED in said:
            return DISPUTED
        return AGREED if said and set(said) == {AGREED} else UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry(Item):
    """Joint fact-finding: its terms, who does it by when, the facts it is to settle, and who accepts what it found."""

    kind: ClassVar[str] = "inquiry"

    terms: str
    conducted_by: str
    due_at: datetime
    facts: tuple[str, ...] = ()
    findings: str = ""
    document: str = ""
    reported_at: datetime | None = None
    accepted_by: tuple[str, ...] = ()
    rejected_by: tuple[str, ...] = ()
    silent_by: tuple[str, ...] = ()
