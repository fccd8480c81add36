"""Bars: one row for each thing, its parts one after another, with its name above and what it comes to at the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk.drawing.pen import GROUND, INK, MUTED, NARROW, fitting

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markupsafe import Markup

    from desk.drawing.pen import Pen

ROW = 48
_BAR = 22
_NAME_ROOM = 0.66


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bar: how long it is, its colour, and what it says."""

    length: float
    fill: str
    says: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A row: its name, what it comes to in short, and its parts."""

    name: str
    total: str
    parts: tuple[Part, ...]


def draw(pen: Pen, bars: Sequence[Bar], *, title: str, description: str, most: float | None = None) -> Markup:
    """Draw bars on one scale, on which the longest, or `most`, takes the whole breadth."""
    longest = most or max((sum(part.length for part in bar.parts) for bar in bars), default=0) or 1
    marks = [mark for row, bar in enumerate(bars) for mark in _row(pen, bar, row * ROW, longest)]
    return pen.picture(*marks, title=title, description=description, height=len(bars) * ROW)


def _row(pen: Pen, bar: Bar, top: float, longest: float) -> Iterator[Markup]:
    name = fitting(pen.words.tell(bar.name), NARROW * _NAME_ROOM)
    yield pen.text(0, top + 15, name, fill=INK)
    yield pen.text(1, top + 15, bar.total, fill=MUTED, anchor="end")
    yield pen.bar(0, 1, top + _BAR, fill=GROUND, says="")
    begin = 0.0
    for part in bar.parts:
        length = part.length / longest
        if length > 0:
            yield pen.bar(begin, min(length, 1 - begin), top + _BAR, fill=part.fill, says=part.says)
        begin += length
