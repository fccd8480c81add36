"""What is filed from the first day on: issues, accounts, documents and notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from states.items.base import Item

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue(Item):
    """One question in dispute: open, settled, severed, referred or escalated, each on its own.

    `reason` says why it went elsewhere, and `door` to whom it was referred.
    """

    kind: ClassVar[str] = "issue"

    title: str
    reason: str = ""
    door: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement(Item):
    """A party's place among the accounts, for everybody to see, and its words once they are opened.

    States: awaited, sealed (filed, and opened with all others), silent (not filed in time), open, withdrawn (the party
    left). Its time counts from `received_at`, when the notice that asks for it was received, else from the asking.
    `late` says that it came after its time. Recorded without being asked for, it is open from the start.
    """

    kind: ClassVar[str] = "statement"

    party: str
    text: str = ""
    late: bool = False
    received_at: datetime | None = None
    opened_at: datetime | None = None

    @property
    def owner(self) -> str:
        """The party that is asked for it."""
        return self.party


@dataclass(frozen=True, slots=True, kw_only=True)
class Account(Item):
    """What a party filed under seal, private to it for ever: what is opened is a copy of its words."""

    kind: ClassVar[str] = "account"

    party: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(Item):
    """A file kept outside the database: what it shows, its SHA-256, size in bytes and media type.

    States: on file, late (came after the time for evidence), considered, not considered, deficient; who said so and
    why stand in `weighed_by` and `because`. `late` stays, whatever became of it.
    """

    kind: ClassVar[str] = "document"
    of_people: ClassVar[tuple[str, ...]] = ("weighed_by",)

    name: str
    shows: str
    sha256: str = ""
    size: int = 0
    media_type: str = ""
    issue: str = ""
    late: bool = False
    weighed_by: str = ""
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Item):
    """Words for one zone, such as a caucus note."""

    kind: ClassVar[str] = "note"

    text: str
