"""How the mail side stands: counted by state, and the mails that reached nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, Table, case, func, select

from cases import notifying, tables
from cases.outbox import DEAD, TRIED, MessageState
from cases.unit_of_work import reading

HALTED = "halted"
"""The outcome of a try that ends a run of sending, because the next mail would fare alike."""
_DEAD_COLUMNS = ("id", "case_id", "person_id", "address", "mail", "state", "attempts", "settled_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A message that a person must look at; it says nothing of what the case is about."""

    id: int
    case_id: str | None
    person_id: str
    address: str
    mail: str
    state: str
    attempts: int
    settled_at: datetime | None
    code: int | None
    reply: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many notifications and messages stand in each state, and since when the oldest one waits.

    A mail that was planned for later waits from then on, so the instant may lie ahead.
    """

    notifications: Mapping[str, int]
    messages: Mapping[str, int]
    oldest_waiting_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Halt:
    """The stream of mails stands still: since when, and what the relay said."""

    at: datetime
    code: int | None
    reply: str


def counts(engine: Engine) -> Counts:
    """Count the outbox by state."""
    with reading(engine) as connection:
        notifications, messages = (_by_state(connection, table) for table in (tables.notifications, tables.messages))
        queued = select(func.min(tables.notifications.c.created_at)).where(notifying.QUEUED)
        rows = tables.messages.c
        wanted_at = case((rows.state == MessageState.QUEUED, rows.next_at), else_=rows.created_at)
        waiting = select(func.min(wanted_at)).where(tables.WAITING)
        oldest = [connection.execute(wanted).scalar() for wanted in (queued, waiting)]
    since = min((instant for instant in oldest if instant is not None), default=None)
    return Counts(notifications=notifications, messages=messages, oldest_waiting_at=since)


def dead_letters(engine: Engine, *, limit: int = 100) -> tuple[DeadLetter, ...]:
    """List the newest mails that were refused or given up, with the server's last words; not what others carry."""
    messages, deliveries, every = tables.messages, tables.deliveries, tables.deliveries.alias()
    last = select(func.max(every.c.id)).where(every.c.message_id == messages.c.id).correlate(messages).scalar_subquery()
    wanted = (
        select(*(messages.c[name] for name in _DEAD_COLUMNS), deliveries.c.code, deliveries.c.reply)
        .select_from(messages)
        .outerjoin(deliveries, deliveries.c.id == last)
        .where(messages.c.state.in_(DEAD), messages.c.carried_by.is_(None))
        .order_by(messages.c.id.desc())
        .limit(limit)
    )
    with reading(engine) as connection:
        return tuple(
            DeadLetter(**{**row, "reply": row["reply"] or ""}) for row in connection.execute(wanted).mappings()
        )


def halted(engine: Engine) -> Halt | None:
    """Return what the relay said last, when that was that it will not work for us; any mail that went since ends it."""
    deliveries = tables.deliveries
    last = (
        select(deliveries.c.at, deliveries.c.outcome, deliveries.c.code, deliveries.c.reply)
        .where(deliveries.c.outcome.in_(TRIED))
        .order_by(deliveries.c.id.desc())
        .limit(1)
    )
    with reading(engine) as connection:
        found = connection.execute(last).one_or_none()
    if found is None or found.outcome != HALTED:
        return None
    return Halt(at=found.at, code=found.code, reply=found.reply)


def _by_state(connection: Connection, table: Table) -> dict[str, int]:
    counted = connection.execute(select(table.c.state, func.count()).group_by(table.c.state))
    return {row[0]: row[1] for row in counted}
