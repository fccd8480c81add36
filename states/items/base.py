"""The common part of everything a case file holds: an id, a zone, a state, and who recorded it when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """The common part: an opaque `id`, the `zone` that may read it, a `state`, who recorded it and when."""

    kind: ClassVar[str] = "item"
    # The attributes, beside `by`, that hold the ids of people.
    of_people: ClassVar[tuple[str, ...]] = ()

    id: str
    zone: str
    by: str
    at: datetime
    state: str = "open"

    @property
    def people(self) -> frozenset[str]:
        """The ids of everybody the item names, for whoever puts it into words."""
        values = (getattr(self, name) for name in self.of_people)
        named = ((value,) if isinstance(value, str) else value for value in values)
        return frozenset((self.by, *(person for ids in named for person in ids)))
