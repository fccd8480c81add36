"""The part of a case's record that one reader may read: its entries counted from one, and sealed by themselves.

The places of the whole record, its length and its newest hash move with what happens in rooms of others, so nobody is
handed those: neither as a number, nor as a mark that changes.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import ColumnElement, Connection, func, select

from cases import tables

_events = tables.events.c


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """How many entries somebody may read, and the seal of these, which changes with each new one and nothing else."""

    version: int
    seal: str


def of(connection: Connection, case_id: str, zones: Collection[str]) -> OwnRecord:
    """Count and seal the entries of a case that lie in some zones."""
    hashes = connection.execute(select(_events.hash).where(*_in(case_id, zones)).order_by(_events.seq)).scalars().all()
    return OwnRecord(len(hashes), sha256("\n".join(hashes).encode()).hexdigest())


def version(connection: Connection, case_id: str, zones: Collection[str], *, until: int | None = None) -> int:
    """Count the entries of a case that lie in some zones; those up to a place of the whole record when it is given."""
    ended = () if until is None else (_events.seq <= until,)
    return int(connection.execute(select(func.count()).where(*_in(case_id, zones), *ended)).scalar_one())


def places(connection: Connection, case_id: str, zones: Collection[str], event_ids: Collection[int]) -> tuple[int, ...]:
    """Return the places, among the entries that lie in some zones, of those of some events that lie there too."""
    place = func.row_number().over(order_by=_events.seq).label("place")
    numbered = select(_events.id, place).where(*_in(case_id, zones)).subquery()
    wanted = select(numbered.c.place).where(numbered.c.id.in_(event_ids)).order_by(numbered.c.place)
    return tuple(connection.execute(wanted).scalars())


def numbered(case_id: str, zones: Collection[str]) -> ColumnElement[int]:
    """Return the place of an event among those that lie in some zones, as a column to select from `events` with."""
    earlier = tables.events.alias()
    before = (earlier.c.case_id == case_id, earlier.c.zone.in_(sorted(zones)), earlier.c.seq <= _events.seq)
    return select(func.count()).where(*before).scalar_subquery()


def _in(case_id: str, zones: Collection[str]) -> tuple[ColumnElement[bool], ...]:
    return (_events.case_id == case_id, _events.zone.in_(sorted(zones)))
