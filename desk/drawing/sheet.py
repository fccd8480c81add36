"""A picture and the table that says the same, on a page and as a file of comma-separated values."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import Response
from markupsafe import Markup

from states.said import Said, say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desk.words import Words

Cell = str | int | float | None

FEW: Said = say("under 5")
"""What stands for a number that is too small to be told: it might tell of one case, or of one person."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
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


def as_csv(columns: Iterable[str], rows: Iterable[Iterable[Cell]], words: Words) -> str:
    """Write a table as RFC 4180 has it, in the reader's language, so that no program takes a cell for a formula."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([_safe(words.tell(one)) for one in columns])
    writer.writerows([[_cell(one, words) for one in row] for row in rows])
    return file.getvalue()


def csv_answer(name: str, columns: Iterable[str], rows: Iterable[Iterable[Cell]], words: Words) -> Response:
    """Answer with a table as a file to keep; its first sign tells spreadsheets that it is UTF-8."""
    kept = {"content-disposition": f'attachment; filename="{name}.csv"'}
    content = as_csv(columns, rows, words).encode("utf-8-sig")
    return Response(content, media_type="text/csv; charset=utf-8", headers=kept)


def _cell(value: Cell, words: Words) -> Cell:
    if value is None:
        return words.tell(FEW)
    return _safe(words.tell(value)) if isinstance(value, str) else value


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
