"""What each side says for itself: its talk with the convener, its worksheet, and how hot it finds the conflict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from states.items.base import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk(Item):
    """The convener's talk with one side."""

    kind: ClassVar[str] = "talk"

    party: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Worksheet(Item):
    """What one party thinks through for itself; the one in the state “open” is living, the others were replaced."""

    kind: ClassVar[str] = "worksheet"

    party: str
    position: str = ""
    interest: str = ""
    need: str = ""
    best_alternative: str = ""
    worst_alternative: str = ""
    red_lines: str = ""
    mandate: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(Item):
    """How hot somebody finds the conflict: a step of Glasl's nine; `party` is empty for the case team."""

    kind: ClassVar[str] = "reading"

    party: str
    step: int
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal(Item):
    """Something in the readings that the case team should answer; a `hot` one tells that the conflict grew hot."""

    kind: ClassVar[str] = "signal"

    text: str
    answer: str = ""
    hot: bool = False
