"""A picture and the table that says the same; `desk.csv_files` writes the table as a file."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from states.said import Said, say

Cell = str | int | float | None

FEW: Said = say("under 5")
"""What stands for a number that is too small to be told: it might tell of one case, or of one person."""
NO_DRAWING = Markup("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A picture with its table: `name` is its part of an address, `note` says what is counted, `empty` that nothing is.

    The first cell of a row names it; None stands for a number that is too small to be told. `legend` names colours.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    drawing: Markup = NO_DRAWING
    note: str = ""
    empty: str = ""
    legend: tuple[tuple[str, str], ...] = ()
