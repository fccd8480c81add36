"""Names new things: case numbers that people can say, counted without gaps, and ids that tell nothing."""

from __future__ import annotations

import hashlib
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, select, text

from cases import tables
from states import errors
from states.process import Process
from states.said import say

_count = text(
    "INSERT INTO counters (name, value) VALUES (:name, 1) "
    "ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value"
)
_of_number = select(tables.cases.c.id).where(tables.cases.c.number == bindparam("wanted"))
_of_id = select(tables.cases.c.id).where(tables.cases.c.id == bindparam("wanted"))


def next_number(connection: Connection, process: Process, *, now: datetime) -> str:
    """Return the next free number of this prefix and year, such as D-2026-0042; numbers brought along are skipped."""
    series = f"{process.prefix}-{now.astimezone(ZoneInfo(process.timezone)).year}"
    while True:
        number = f"{series}-{connection.execute(_count, {'name': series}).scalar_one():04}"
        if not _taken(connection, number):
            return number


def refuse_taken(connection: Connection, *, number: str, case_id: str) -> None:
    """Raise `Conflict` when a case of this number or id exists."""
    if _taken(connection, number):
        raise errors.Conflict(
            say("the number %(number)s is already taken: choose another, or none to get the next one", number=number)
        )
    if connection.execute(_of_id, {"wanted": case_id}).first():
        raise errors.Conflict(say("a case with the id %(id)s was already opened", id=case_id))


def item_id(case_id: str, index: int) -> str:
    """Make the opaque id of an issue that is there from the beginning."""
    return hashlib.sha256(f"{case_id}/0/issue/{index}".encode()).hexdigest()[:12]


def _taken(connection: Connection, number: str) -> bool:
    return connection.execute(_of_number, {"wanted": number}).first() is not None
