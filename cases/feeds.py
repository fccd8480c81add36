"""The calendar of a person that their own program fetches: its token, kept as a hash alone, and the dates in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, delete, func, insert, select

from cases import coming, tables, token_hashes
from cases.coming import ComingDate
from cases.record import Record
from cases.unit_of_work import reading, unit_of_work
from cases.viewer import Seen, Viewer

LIMIT = 500
"""How many dates one calendar holds at most: the soonest."""
_UID_LENGTH = 32
_feeds = tables.feeds


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDate:
    """A date as it may lie on a machine of somebody else's: the number of its case, its kind, and when it is.

    `uid` names it for as long as it is there; `sequence` grows with whatever the reader may see happen in its case, the
    last of it at `changed_at`.
    """

    uid: str
    number: str
    label: str
    at: datetime
    sequence: int
    changed_at: datetime


def renew(engine: Engine, person_id: str, *, now: datetime) -> str:
    """Give a person's calendar a new token and return it; the one before is good for nothing from now on."""
    token = token_hashes.new(token_hashes.FOR_AN_ADDRESS)
    with unit_of_work(engine) as work:
        work.execute(delete(_feeds).where(_feeds.c.person_id == person_id))
        work.execute(
            insert(_feeds), {"person_id": person_id, "token_hash": token_hashes.hash_of(token), "made_at": now}
        )
    return token


def end(engine: Engine, person_id: str) -> None:
    """End a person's calendar; ending it twice changes nothing."""
    with unit_of_work(engine) as work:
        work.execute(delete(_feeds).where(_feeds.c.person_id == person_id))


def made_at(engine: Engine, person_id: str) -> datetime | None:
    """Tell since when a person has the calendar they have, or None."""
    with reading(engine) as connection:
        return connection.execute(select(_feeds.c.made_at).where(_feeds.c.person_id == person_id)).scalar()


def reader(engine: Engine, token: str) -> str | None:
    """Return the id of the person whose calendar a token reads; None once they have left."""
    people = tables.people
    found = (
        select(people.c.id)
        .join(_feeds, _feeds.c.person_id == people.c.id)
        .where(_feeds.c.token_hash == token_hashes.hash_of(token), people.c.active)
    )
    with reading(engine) as connection:
        return connection.execute(found).scalar()


def dates(record: Record, who: Viewer, *, now: datetime) -> tuple[FeedDate, ...]:
    """List the dates of a person's calendar, the soonest first."""
    with reading(record.engine) as connection:
        look = coming.Look(record=record, who=who, connection=connection, now=now, until=now + coming.AHEAD)
        cases = tuple(coming.cases_with_dates(look))
        found = [date for seen in cases for date in coming.of_case(look, seen)]
        changed = _last_changes(connection, cases)
    ordered = coming.laid_out(found, coming.Window(limit=LIMIT)).dates
    return tuple(_fed(ordered, changed))


def _fed(found: Iterable[ComingDate], changed: Mapping[str, datetime]) -> Iterator[FeedDate]:
    used: set[str] = set()
    for one in found:
        case, date = one.case, one.date
        hung_on = date.item.id if date.item else date.since.isoformat()
        key = f"{case.id} {date.name or date.label} {hung_on}"
        # What comes again hangs on one item at several dates.
        key = key if key not in used else f"{key} {date.due_at.isoformat()}"
        used.add(key)
        last = changed.get(case.id, case.opened_at)
        yield FeedDate(
            uid=hashlib.sha256(key.encode()).hexdigest()[:_UID_LENGTH],
            number=case.number,
            label=date.label,
            at=date.due_at,
            sequence=int((last - case.opened_at).total_seconds()),
            changed_at=last,
        )


def _last_changes(connection: Connection, cases: Iterable[Seen]) -> dict[str, datetime]:
    """Tell when something last happened in each case that its viewer may see, or in the working calendars."""
    zones = {seen.case.id: seen.zones for seen in cases}
    events = tables.events
    latest = (
        select(events.c.case_id, events.c.zone, func.max(events.c.recorded_at).label("at"))
        .where(events.c.case_id.in_(zones))
        .group_by(events.c.case_id, events.c.zone)
    )
    recounted = connection.execute(select(func.max(tables.calendars.c.stored_at))).scalar()
    changed: dict[str, datetime] = {}
    for row in connection.execute(latest):
        if row.zone in zones[row.case_id]:
            known = (one for one in (row.at, recounted, changed.get(row.case_id)) if one is not None)
            changed[row.case_id] = max(known)
    return changed
