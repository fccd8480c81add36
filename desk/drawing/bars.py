"""Bars: one row for each thing, its parts one after another, with its name above and what it comes to at the end."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from desk.drawing.pen import ACCENT, GROUND, INK, LETTER, MUTED, NARROW, fitting
from states import lettering

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markupsafe import Markup

    from desk.drawing.pen import Pen

ROW = 48
_HEAD, _LEADING = 22, 18
_BAR = 22
_SPACE = 10


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bar: how long it is, its colour, and what it says."""

    length: float
    fill: str
    says: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A row: its name, what it comes to in short, and its parts; one without parts is a heading of those after it."""

    name: str
    total: str = ""
    parts: tuple[Part, ...] = ()

    @property
    def height(self) -> float:
        """The room it takes."""
        return ROW if self.parts else _HEAD + _LEADING * len(self.heading)

    @property
    def heading(self) -> list[str]:
        """The lines of its name, where it is a heading."""
        return lettering.wrapped(self.name, int(NARROW / LETTER))


def draw(pen: Pen, bars: Sequence[Bar], *, title: str, description: str, most: float | None = None) -> Markup:
    """Draw bars on one scale, on which the longest, or `most`, takes the whole breadth."""
    longest = most or max((sum(part.length for part in bar.parts) for bar in bars), default=0) or 1
    tops = list(accumulate((bar.height for bar in bars), initial=0.0))
    marks = [mark for top, bar in zip(tops, bars, strict=False) for mark in _row(pen, bar, top, longest)]
    return pen.picture(*marks, title=title, description=description, height=tops[-1])


def _row(pen: Pen, bar: Bar, top: float, longest: float) -> Iterator[Markup]:
    room = NARROW - _SPACE - LETTER * lettering.width(pen.words.tell(bar.total))
    name = fitting(pen.words.tell(bar.name), room)
    if not bar.parts:
        yield from (pen.text(0, top + 28 + _LEADING * row, line, fill=ACCENT) for row, line in enumerate(bar.heading))
        return
    yield pen.text(0, top + 15, name, fill=INK)
    yield pen.text(1, top + 15, bar.total, fill=MUTED, anchor="end")
    yield pen.bar(0, 1, top + _BAR, fill=GROUND, says="")
    begin = 0.0
    for part in bar.parts:
        length = part.length / longest
        if length > 0:
            yield pen.bar(begin, min(length, 1 - begin), top + _BAR, fill=part.fill, says=part.says)
        begin += length
