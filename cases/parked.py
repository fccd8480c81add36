"""What was kept for a person because it kept failing: timers, notifications, and mails that could not be delivered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, String, and_, cast, func, literal, null, select

from cases import outbox, tables, viewer
from cases.record import Record
from cases.tables import NotificationState, TimerState
from cases.unit_of_work import reading
from cases.viewer import Seen, Viewer
from states.roles import ADMINISTRATOR

LIMIT = 200
"""How many of each kind are listed, the newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """Something that waits for a person.

    `kind` is timer, notification or message, and `key` names it within its kind and case; `what` is the deadline or
    the mail. An administrator without a part in the case is given no number, and of the error only its class.
    """

    kind: str
    key: str
    case_id: str | None
    number: str | None
    what: str
    error: str
    at: datetime


def parked(record: Record, who: Viewer) -> tuple[Parked, ...]:
    """List what is parked in the cases the viewer runs; for an administrator, in all cases."""
    everywhere = ADMINISTRATOR in who.actor.offices
    with reading(record.engine) as connection:
        found = [row for wanted in _kinds(who, everywhere=everywhere) for row in connection.execute(wanted)]
        ids = list(dict.fromkeys(row.case_id for row in found if row.case_id is not None))
        seen = {one.case.id: one for one in viewer.see_many(record, who, connection, ids) if one.reads_team}
    shown = (_shown(row, seen.get(row.case_id), everywhere=everywhere) for row in found)
    return tuple(sorted((row for row in shown if row is not None), key=lambda row: row.at, reverse=True))


def _kinds(who: Viewer, *, everywhere: bool) -> Iterator[Select[Any]]:
    parts = tables.case_people
    mine = select(parts.c.case_id).where(parts.c.person_id == who.person)
    for wanted, case_id in (_timers(), _notifications(), _messages()):
        yield wanted if everywhere else wanted.where(case_id.in_(mine))


def _timers() -> tuple[Select[Any], ColumnElement[str]]:
    kept, items = tables.timers, tables.items
    zone = and_(items.c.case_id == kept.c.case_id, items.c.id == kept.c.item)
    columns = (kept.c.key, kept.c.case_id, kept.c.deadline.label("what"), kept.c.error, kept.c.due_at.label("at"))
    told = select(literal("timer").label("kind"), *columns, items.c.zone, null().label("event_zone"))
    wanted = told.outerjoin_from(kept, items, zone)
    return wanted.where(kept.c.state == TimerState.PARKED).order_by(kept.c.due_at.desc()).limit(LIMIT), kept.c.case_id


def _notifications() -> tuple[Select[Any], ColumnElement[str]]:
    kept = tables.notifications
    key = cast(kept.c.id, String).label("key")
    columns = (kept.c.case_id, kept.c.mail.label("what"), kept.c.error, kept.c.created_at.label("at"))
    wanted = _with_zones(select(literal("notification").label("kind"), key, *columns).select_from(kept))
    return wanted.where(kept.c.state == NotificationState.PARKED).order_by(kept.c.id.desc()).limit(
        LIMIT
    ), kept.c.case_id


def _messages() -> tuple[Select[Any], ColumnElement[str]]:
    kept, notices = tables.messages, tables.notifications
    at = func.coalesce(kept.c.settled_at, kept.c.created_at, type_=tables.Instant()).label("at")
    columns = (cast(kept.c.id, String).label("key"), kept.c.case_id, kept.c.mail.label("what"))
    told = select(literal("message").label("kind"), *columns, kept.c.state.label("error"), at)
    wanted = _with_zones(told.select_from(kept).outerjoin(notices, notices.c.id == kept.c.notification_id))
    return wanted.where(kept.c.state.in_(outbox.DEAD)).order_by(kept.c.id.desc()).limit(LIMIT), kept.c.case_id


def _with_zones(wanted: Select[Any]) -> Select[Any]:
    """Add the zones of the event and the item that a notification tells of."""
    notices, events, items = tables.notifications, tables.events, tables.items
    return (
        wanted.add_columns(items.c.zone, events.c.zone.label("event_zone"))
        .outerjoin(events, events.c.id == notices.c.event_id)
        .outerjoin(items, and_(items.c.case_id == notices.c.case_id, items.c.id == notices.c.item))
    )


def _shown(row: Row[Any], seen: Seen | None, *, everywhere: bool) -> Parked | None:
    within = seen is not None and seen.may_read(row.zone, row.event_zone)
    if not within and not everywhere:
        return None
    error = row.error or ""
    return Parked(
        kind=row.kind,
        key=row.key,
        case_id=row.case_id,
        number=seen.case.number if seen is not None and within else None,
        what=row.what,
        error=error if within else _class_of(error),
        at=row.at,
    )


def _class_of(error: str) -> str:
    """Return the class that a stored error begins with; whatever else it says may be about the case."""
    name = error.partition(":")[0]
    return name if name.isidentifier() else "failed"
