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

    id: str
    zone: str
    by: str
    at: datetime
    state: str = "open"
