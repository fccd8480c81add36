"""The collision radar: windows of open cases that want the same asset or place at the same time.

Whoever keeps the register sees them all. A party sees of its own windows that another case contests them, and of that
case nothing, unless it has a part there too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, FromClause, RowMapping, and_, or_, select

from cases import marking, tables, viewer
from cases.record import Record
from cases.similar import KEEPERS
from cases.unit_of_work import reading
from cases.viewer import Viewer
from states import errors
from states.marks import Window
from states.said import listed, say


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A window and the number of the case that contests it."""

    number: str
    window: Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Collision:
    """Two windows of different cases that overlap in time on the same asset or at the same place."""

    one: Claimed
    other: Claimed


@dataclass(frozen=True, slots=True, kw_only=True)
class Contested:
    """A window of a case that other cases contest: the numbers the viewer may know, and whether there are others."""

    window: Window
    numbers: tuple[str, ...]
    others: bool


def collisions(record: Record, who: Viewer, *, now: datetime) -> tuple[Collision, ...]:
    """List all collisions that are not over, the soonest first; raise `NotYours` for who does not keep the register."""
    if not KEEPERS & who.actor.offices:
        raise errors.NotYours(
            say("the collisions of all cases are for the offices: %(offices)s", offices=listed(sorted(KEEPERS)))
        )
    one, other = tables.case_windows.alias("one"), tables.case_windows.alias("other")
    first, second = tables.cases.alias("first"), tables.cases.alias("second")
    pairs = (
        select(one, first.c.number.label("one_number"), other, second.c.number.label("other_number"))
        .join(other, _clash(one, other))
        .join(first, and_(first.c.id == one.c.case_id, first.c.closed_at.is_(None)))
        .join(second, and_(second.c.id == other.c.case_id, second.c.closed_at.is_(None)))
        .where(one.c.case_id < other.c.case_id, one.c.until_at > now, other.c.until_at > now)
        .order_by(one.c.from_at, first.c.number, one.c.source, second.c.number, other.c.source)
    )
    with reading(record.engine) as connection:
        return tuple(
            Collision(
                one=Claimed(number=row["one_number"], window=_window(row, one)),
                other=Claimed(number=row["other_number"], window=_window(row, other)),
            )
            for row in connection.execute(pairs).mappings()
        )


def contested(record: Record, who: Viewer, case_ref: str) -> tuple[Contested, ...]:
    """List the windows of one case that others contest; raise `NotFound` for a case that is not this viewer's."""
    with reading(record.engine) as connection:
        case_id = viewer.find(record, who, connection, case_ref).case.id
        against = _against(connection, case_id)
        seen = {one.case.id for one in viewer.see_many(record, who, connection, sorted(set(against.values())))}
        numbers = _numbers(connection, set(against.values()))
        known = set(numbers) if KEEPERS & who.actor.offices else seen
        windows = marking.sketches(connection, [case_id])[case_id].windows
    found = []
    for window in windows:
        rivals = {other for (source, other) in against if source == window.source}
        if rivals:
            told = tuple(sorted(numbers[other] for other in rivals & known))
            found.append(Contested(window=window, numbers=told, others=bool(rivals - known)))
    return tuple(found)


def _against(connection: Connection, case_id: str) -> dict[tuple[str, str], str]:
    """Find which open case contests which window of a case."""
    mine, theirs = tables.case_windows.alias("mine"), tables.case_windows.alias("theirs")
    rivals = (
        select(mine.c.source, theirs.c.case_id)
        .join(theirs, _clash(mine, theirs))
        .join(tables.cases, tables.cases.c.id == theirs.c.case_id)
        .where(mine.c.case_id == case_id, theirs.c.case_id != case_id, tables.cases.c.closed_at.is_(None))
        .distinct()
    )
    return {(row.source, row.case_id): row.case_id for row in connection.execute(rivals)}


def _numbers(connection: Connection, case_ids: set[str]) -> dict[str, str]:
    wanted = select(tables.cases.c.id, tables.cases.c.number).where(tables.cases.c.id.in_(case_ids))
    return {row.id: row.number for row in connection.execute(wanted)}


def _clash(one: FromClause, other: FromClause) -> ColumnElement[bool]:
    same_asset = and_(one.c.asset_key == other.c.asset_key, one.c.asset_key != "")
    same_place = and_(one.c.place_key == other.c.place_key, one.c.place_key != "")
    at_once = and_(one.c.from_at < other.c.until_at, other.c.from_at < one.c.until_at)
    return and_(at_once, or_(same_asset, same_place))


def _window(row: RowMapping, of: FromClause) -> Window:
    return Window(**{name: row[of.c[name]] for name in Window.__slots__})
