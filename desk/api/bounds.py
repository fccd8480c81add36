"""How long what programs send may be, said once: names, lines, texts, marks and the numbers of rows."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query
from pydantic import Field

LARGEST_ID = 2**63 - 1
LARGEST_VERSION = 2**31 - 1
LONGEST_NAME, LONGEST_LINE, LONGEST_TEXT = 200, 1_000, 100_000
MOST_OF_ANYTHING = 200

Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
Line = Annotated[str, Field(max_length=LONGEST_LINE)]
Text = Annotated[str, Field(max_length=LONGEST_TEXT)]

CaseRef = Annotated[
    str, Path(min_length=1, max_length=LONGEST_NAME, description="the case's number, such as D-2026-0042, or its id")
]
Trigger = Annotated[str, Path(min_length=1, max_length=LONGEST_NAME, description="the name of the act, such as admit")]
ItemId = Annotated[str, Path(min_length=1, max_length=LONGEST_NAME, description="the id of what is on file")]
PersonId = Annotated[
    str, Path(min_length=1, max_length=LONGEST_NAME, description="the id of a person; `me` is whoever asks")
]
RowId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
Wanted = Annotated[str | None, Query(max_length=LONGEST_NAME)]
