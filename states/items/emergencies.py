"""A room of a case that is opened in an emergency to somebody who has no part in the case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from states.items.base import Item

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakGlass(Item):
    """A request by an administrator to read one room for some hours: asked, then open, refused or withdrawn; ended.

    `by` asks and reads, `answered_by` is the second person. It lies in a zone that the case team and whoever's room it
    is read. An open one ends by itself at `until`.
    """

    kind: ClassVar[str] = "break_glass"
    of_people: ClassVar[tuple[str, ...]] = ("answered_by", "ended_by")

    room: str
    reason: str
    hours: int
    answered_by: str = ""
    until: datetime | None = None
    ended_by: str = ""

    def lets_in(self, person: str, at: datetime) -> bool:
        """Tell whether somebody may read the room by it at an instant."""
        return self.state == "open" and self.by == person and self.until is not None and at < self.until
