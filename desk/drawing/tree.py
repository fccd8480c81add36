"""A tree of reasons: what is asked about on top, beneath it each chain of why, down to what lies at its root."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk.drawing.page import INSET, LEADING, Page
from desk.drawing.pen import ACCENT, BAD, INK, LINE, MUTED, OK

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markupsafe import Markup

    from desk.drawing.pen import Pen

_COLUMN, _GAP, _DROP = 250, 20, 26
_STROKES = {"agreed": OK, "disputed": BAD, "uncontested": OK, "disagreed": BAD}


@dataclass(frozen=True, slots=True)
class Node:
    """One box: what it says, how it stands in a word, and a state that gives it its colour."""

    text: str
    tag: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Branch:
    """What is asked about, and the chains beneath it, each from the nearest reason to the root."""

    head: str
    chains: Sequence[Sequence[Node]]


def draw(pen: Pen, branches: Sequence[Branch], *, title: str, description: str) -> Markup:
    """Draw branches below each other."""
    most = max(len(one.chains) for one in branches)
    page = Page(pen, most * (_COLUMN + _GAP) - _GAP + 4)
    marks: list[Markup] = []
    y = 2.0
    for branch in branches:
        drawn, y = _branch(page, branch, y)
        marks += drawn
    return page.picture(*marks, title=title, description=description, height=y)


def _branch(page: Page, branch: Branch, top: float) -> tuple[list[Markup], float]:
    breadth = page.breadth - 4
    lines = page.wrapped(branch.head, breadth)
    height = len(lines) * LEADING + 14
    marks = [
        page.box((2, top), (breadth, height), fill="var(--soft)", stroke=ACCENT),
        page.lines((2 + INSET, top + 22), lines, bold=True),
    ]
    deepest = top + height
    for number, chain in enumerate(branch.chains):
        y = top + height
        left = 2 + number * (_COLUMN + _GAP)
        for node in chain:
            marks += _node(page, node, (left, y))
            y += _DROP + _height(page, node)
        deepest = max(deepest, y)
    return marks, deepest + _GAP


def _node(page: Page, node: Node, at: tuple[float, float]) -> Iterator[Markup]:
    left, top = at
    lines, box = page.wrapped(node.text, _COLUMN), (left, top + _DROP)
    middle = left + 24
    yield page.line((middle, top), (middle, top + _DROP))
    yield page.box(box, (_COLUMN, _height(page, node)), fill="var(--paper)", stroke=_STROKES.get(node.state, LINE))
    yield page.lines((left + INSET, box[1] + 20), lines, fill=INK)
    if node.tag:
        told = page.wrapped(node.tag, _COLUMN)[:1]
        yield page.lines((left + INSET, box[1] + 20 + len(lines) * LEADING), told, fill=MUTED)


def _height(page: Page, node: Node) -> float:
    return (len(page.wrapped(node.text, _COLUMN)) + bool(node.tag)) * LEADING + 12
