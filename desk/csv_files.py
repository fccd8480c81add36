"""Tables as files for spreadsheets: RFC 4180, and no cell that a spreadsheet would take for a formula."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from fastapi import Response

from desk import headers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def answer(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Answer with a table as a file to be saved under a name."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow([cell(one) for one in columns])
    writer.writerows([cell(one) for one in row] for row in rows)
    # The mark at the beginning tells spreadsheets that it is UTF-8.
    content = written.getvalue().encode("utf-8-sig")
    saved = {
        "content-disposition": f'attachment; filename="{name}"',
        "content-security-policy": headers.DOWNLOAD_POLICY,
    }
    return Response(content, headers=saved, media_type="text/csv; charset=utf-8")


def cell(value: object) -> str:
    """Write a value as text; what a spreadsheet would reckon with begins with an apostrophe."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_BEGINS_A_FORMULA) else text
