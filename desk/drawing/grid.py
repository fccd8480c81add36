"""A map: names in the cells between rows and columns, such as who has what say on whose side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from desk.drawing.page import INSET, LEADING, Page
from desk.drawing.pen import GROUND, INK, LINE, MUTED, WARN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markupsafe import Markup

    from desk.drawing.pen import Pen

_HEADS, _CELL, _TOP, _GAP = 110, 180, 52, 8


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a cell; an `open` one is drawn as something that is still to be done."""

    text: str
    open: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows and columns by their headings, and the names of each cell by the places of its row and column."""

    rows: Sequence[str]
    columns: Sequence[str]
    cells: Mapping[tuple[int, int], Sequence[Name]]


def draw(pen: Pen, grid: Grid, *, title: str, description: str) -> Markup:
    """Draw a map."""
    page = Page(pen, _HEADS + len(grid.columns) * _CELL)
    chips = {place: [_Chip(page.wrapped(one.text, _CELL - 2 * _GAP), one.open) for one in names] for place, names in
             grid.cells.items()}  # fmt: skip
    heights = [
        max([sum(chip.height + _GAP for chip in chips.get((row, column), ())) for column in range(len(grid.columns))])
        for row in range(len(grid.rows))
    ]
    tops = [_TOP, *accumulate((max(height, LEADING * 2) + 2 * _GAP for height in heights), initial=_TOP)][1:]
    marks = [
        *_heads(page, grid, tops),
        *(mark for (row, column), found in chips.items() for mark in _cell(page, found, tops[row], column)),
    ]
    return page.picture(*marks, title=title, description=description, height=tops[-1])


@dataclass(frozen=True, slots=True)
class _Chip:
    lines: list[str]
    open: bool

    @property
    def height(self) -> float:
        return len(self.lines) * LEADING + 10


def _heads(page: Page, grid: Grid, tops: list[float]) -> Iterator[Markup]:
    for number, name in enumerate(grid.columns):
        words = page.wrapped(name, _CELL)[:2]
        yield page.lines((_HEADS + number * _CELL + INSET, 18), words, bold=True)
    for name, top, end in zip(grid.rows, tops, tops[1:], strict=False):
        yield page.box((0, top), (page.breadth, end - top - 2), fill=GROUND, stroke="none")
        yield page.lines((INSET, top + 24), page.wrapped(name, _HEADS)[:3], fill=MUTED)


def _cell(page: Page, chips: list[_Chip], top: float, column: int) -> Iterator[Markup]:
    y = top + _GAP
    for chip in chips:
        at = (_HEADS + column * _CELL + _GAP / 2, y)
        yield page.box(at, (_CELL - _GAP, chip.height), fill="var(--paper)", stroke=WARN if chip.open else LINE)
        yield page.lines((at[0] + INSET, y + 19), chip.lines, fill=WARN if chip.open else INK)
        y += chip.height + _GAP
