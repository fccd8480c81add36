"""What is filed from the first day on: issues, accounts, documents and notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from states.items.base import Item


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
    """A party's own account: the answer to the notice, or its view of the causes."""

    kind: ClassVar[str] = "statement"

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
