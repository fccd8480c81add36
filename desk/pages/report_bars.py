"""What the pictures of reports share: bars under headings, and numbers that may be too small to be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.drawing import bars as drawing
from desk.drawing.bars import Bar
from desk.drawing.pen import Pen
from desk.drawing.sheet import FEW, NO_DRAWING
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from markupsafe import Markup

    from cases.reports import Number
    from desk.drawing.sheet import Cell
    from desk.words import Words

MOST = 12
"""How many bars one picture has where each is a thing of its own; its table has all."""
NOTHING = say("Nothing of this kind happened in the cases that are counted.")


def headed(drawn: list[tuple[str, Bar]], words: Words) -> list[Bar]:
    """Put the name of each process above its bars, where there are several."""
    processes = dict.fromkeys(process for process, _ in drawn)
    if len(processes) == 1:
        return [bar for _, bar in drawn]
    return [
        one
        for wanted in processes
        for one in (Bar(words.tell(wanted)), *(bar for process, bar in drawn if process == wanted))
    ]


def bars(drawn: list[Bar], words: Words, *, title: str, description: str, most: float | None = None) -> Markup:
    """Draw bars, or nothing where there are none."""
    return drawing.draw(Pen(words), drawn, title=title, description=description, most=most) if drawn else NO_DRAWING


def total(numbers: Iterable[Number]) -> Number:
    """Add numbers up; what cannot be told makes the sum untold."""
    known = list(numbers)
    return None if None in known else sum(one for one in known if one is not None)


def figure(number: Number, words: Words) -> str:
    """Spell a number, or that it is too small to be told."""
    return words.tell(FEW) if number is None else words.number(number)


def share(part: int, whole: int, words: Words) -> str:
    """Spell a part of a whole in per cent."""
    return words.percent(100 * part / whole)


def rate(part: Number, rest: Number, words: Words) -> Cell:
    """Spell what part of two numbers the first is, where both may be told."""
    if part is None or rest is None:
        return None
    return share(part, part + rest, words) if part + rest else ""
