"""Tables as files for spreadsheets: RFC 4180, and no cell that a spreadsheet would take for a formula."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from fastapi import Response

from desk import headers
from desk.drawing.sheet import FEW

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desk.drawing.sheet import Cell
    from desk.words import Words

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def answer(name: str, columns: Iterable[str], rows: Iterable[Iterable[Cell]], words: Words) -> Response:
    """Answer with a table as a file to be saved under a name, told in the reader's language."""
    saved = {
        "content-disposition": f'attachment; filename="{name}.csv"',
        "content-security-policy": headers.DOWNLOAD_POLICY,
    }
    # The mark at the beginning tells spreadsheets that it is UTF-8.
    content = written(columns, rows, words).encode("utf-8-sig")
    return Response(content, headers=saved, media_type="text/csv; charset=utf-8")


def written(columns: Iterable[str], rows: Iterable[Iterable[Cell]], words: Words) -> str:
    """Write a table; None stands for a number that is too small to be told."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([_cell(one, words) for one in columns])
    writer.writerows([_cell(one, words) for one in row] for row in rows)
    return file.getvalue()


def _cell(value: Cell, words: Words) -> Cell:
    """Write a value; a text that a spreadsheet would reckon with begins with an apostrophe."""
    if value is not None and not isinstance(value, str):
        return value
    text = words.tell(FEW if value is None else value)
    return f"'{text}" if text.startswith(_BEGINS_A_FORMULA) else text
