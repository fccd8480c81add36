"""Bars: one row for each thing, its parts one after another, with its name above and what it comes to at the end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING

from desk.drawing.pen import ACCENT, GROUND, INK, LETTER, MUTED, NARROW
from states import lettering

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markupsafe import Markup

    from desk.drawing.pen import Pen

_ROW, _HEAD, _LEADING = 30, 22, 18
_BAR = 4
_SPACE = 10
_LEAST = 8


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
        return (_ROW if self.parts else _HEAD) + _LEADING * len(self.lines)

    @property
    def lines(self) -> list[str]:
        """The lines of its name, beside what it comes to."""
        room = NARROW - (_SPACE + LETTER * lettering.width(self.total) if self.total else 0)
        return lettering.wrapped(self.name, max(int(room / LETTER), _LEAST))


def draw(pen: Pen, bars: Sequence[Bar], *, title: str, description: str, most: float | None = None) -> Markup:
    """Draw bars on one scale, on which the longest, or `most`, takes the whole breadth."""
    longest = most or max((sum(part.length for part in bar.parts) for bar in bars), default=0) or 1
    told = [replace(bar, name=pen.words.tell(bar.name), total=pen.words.tell(bar.total)) for bar in bars]
    tops = list(accumulate((bar.height for bar in told), initial=0.0))
    marks = [mark for top, bar in zip(tops, told, strict=False) for mark in _row(pen, bar, top, longest)]
    return pen.picture(*marks, title=title, description=description, height=tops[-1])


def _row(pen: Pen, bar: Bar, top: float, longest: float) -> Iterator[Markup]:
    first, fill = (15, INK) if bar.parts else (28, ACCENT)
    yield from (pen.text(0, top + first + _LEADING * row, line, fill=fill) for row, line in enumerate(bar.lines))
    if not bar.parts:
        return
    low = top + _BAR + _LEADING * len(bar.lines)
    yield pen.text(1, top + first, bar.total, fill=MUTED, anchor="end")
    yield pen.bar(0, 1, low, fill=GROUND, says="")
    begin = 0.0
    for part in bar.parts:
        length = part.length / longest
        if length > 0:
            yield pen.bar(begin, min(length, 1 - begin), low, fill=part.fill, says=part.says)
        begin += length
