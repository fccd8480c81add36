"""Whom a tier of the ladder asked in somebody's place, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from states.items.base import Item

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Called(Item):
    """Somebody who was called to a tier: `asked` as its holder, or a deputy in the place of one.

    A deputy stands in `while away`, or `while asked`, until the matter leaves the tier, but no longer than `until_at`:
    the return of the other, or the end of the delegation. Then the part has `ended`. `nobody` says that nobody was
    found in the place of `instead_of`, `unnamed` that it stayed so.
    `party` is None for a part of the case.
    """

    kind: ClassVar[str] = "called"
    of_people: ClassVar[tuple[str, ...]] = ("person", "instead_of")

    tier: str
    role: str
    party: str | None
    person: str = ""
    instead_of: str = ""
    why: str
    until_at: datetime | None = None
