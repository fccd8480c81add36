"""Notifications: the reasons to write, which wait until the mail room has made a mail of each for every reader.

A row is claimed under a lease, and only the holder of the lease may write what became of it. One that is claimed twice
after a crash is harmless: it gives one message a person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, func, or_, select, text, update

from cases import codec, inserting, outbox, tables
from cases.outbox import NewMessage
from cases.tables import NotificationState
from cases.unit_of_work import reading, unit_of_work
from states import errors, turnout
from states.case import Case
from states.said import say

FORMER = "former"
"""In place of a role: whoever has lost their part in the case by the act that the mail is about."""
LEAVING = "leaving"
"""In place of a role: whoever the mail is about, because their tour ends."""
NEWLY_INVITED, UNINVITED = "newly_invited", "uninvited"
"""In place of a role: whoever the act asks to the session it is about and was not asked before, or asks no longer."""

# Spelled out, because SQLite uses a partial index only where the condition stands as the index has it.
QUEUED = text("state = 'queued'")
"""The state in which a notification waits to be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """A reason to write, as claimed: which mail, to which roles, about which event, item or timer of a case."""

    id: int
    case_id: str
    event_id: int | None
    occurrence: str
    mail: str
    to: tuple[str, ...]
    item: str | None
    timer_key: str | None
    due_at: datetime | None
    created_at: datetime
    attempts: int
    lease_owner: str
    lease_until: datetime

    @property
    def leaver(self) -> str:
        """The id of the person whose tour ends, if the mail is about that; else nothing."""
        return next((who.removeprefix(f"{LEAVING} ") for who in self.to if who.startswith(f"{LEAVING} ")), "")

    @property
    def former(self) -> frozenset[str]:
        """The ids of the people it goes to because they have lost their part."""
        return frozenset(who.removeprefix(f"{FORMER} ") for who in self.to if who.startswith(f"{FORMER} "))


def named_by(before: Case, after: Case) -> Mapping[str, frozenset[str]]:
    """Name the people to whom no role leads, but what an act did: who lost their part, or is asked to come or not."""
    return {
        FORMER: before.people - after.people,
        NEWLY_INVITED: turnout.newly_invited(before, after),
        UNINVITED: turnout.uninvited(before, after),
    }


def addressed(to: tuple[str, ...], named: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """Name in an address each of those to whom only the act leads; without an act there are none."""
    by_act = (FORMER, NEWLY_INVITED, UNINVITED)
    theirs = (f"{who} {one}" for who in by_act if who in to for one in sorted(named.get(who, ())))
    return (*(who for who in to if who not in by_act), *theirs)


def about_leaver(to: tuple[str, ...], person: str) -> tuple[str, ...]:
    """Name in the address of a mail about the end of a tour whose tour that is."""
    return tuple(f"{LEAVING} {person}" if who == LEAVING else who for who in to)


def ask_once(work: Connection, row: Mapping[str, Any]) -> bool:
    """Ask within a transaction for a mail, and tell whether its occurrence was not asked for before."""
    new = inserting.unless_there(work, tables.notifications).returning(tables.notifications.c.id)
    return work.execute(new, row).first() is not None


def claim(
    engine: Engine, *, now: datetime, limit: int = 200, owner: str, lease: timedelta = outbox.LEASE
) -> tuple[Notification, ...]:
    """Take notifications that are due under a lease, oldest first; two claimers never get the same row."""
    rows = tables.notifications
    due = (
        select(rows)
        .where(QUEUED, or_(rows.c.not_before.is_(None), rows.c.not_before <= now))
        .where(or_(rows.c.lease_until.is_(None), rows.c.lease_until <= now))
        .order_by(rows.c.id)
    )
    values = {"lease_owner": owner, "lease_until": now + lease}
    with unit_of_work(engine) as work:
        found = outbox.take(work, rows, due=due.limit(limit), values=values)
    return tuple(_as_notification({**row, **values}) for row in found)


def expand(engine: Engine, notification: Notification, messages: Sequence[NewMessage], *, now: datetime) -> bool:
    """Turn a notification into one message a person, all or none; tell whether the lease was still held."""
    about = {"notification_id": notification.id, "case_id": notification.case_id}
    with unit_of_work(engine) as work:
        held = _finish(work, notification, state=NotificationState.EXPANDED)
        if held:
            outbox.write(work, messages, mail=notification.mail, now=now, **about)
    return held


def cancel(engine: Engine, notification: Notification, *, why: str) -> bool:
    """Withdraw a notification whose reason is gone; tell whether the lease was still held."""
    with unit_of_work(engine) as work:
        return _finish(work, notification, state=NotificationState.CANCELLED, error=why)


def park(engine: Engine, notification: Notification, *, error: str) -> bool:
    """Keep a notification that cannot be told for a person to look at; tell whether the lease was still held."""
    with unit_of_work(engine) as work:
        return _finish(work, notification, state=NotificationState.PARKED, error=error)


def give_back(engine: Engine, notification: Notification) -> bool:
    """Leave a notification to the next worker as if it had not been taken up; tell whether the lease was still held."""
    with unit_of_work(engine) as work:
        return _finish(work, notification, attempts=notification.attempts - 1)


def parked(engine: Engine) -> tuple[int, ...]:
    """List the notifications that could not be written and wait for a person."""
    rows = tables.notifications.c
    with reading(engine) as connection:
        wanted = select(rows.id).where(rows.state == NotificationState.PARKED).order_by(rows.id)
        return tuple(connection.execute(wanted).scalars())


def unpark(engine: Engine, notification_id: int) -> None:
    """Queue a parked notification again, once what was wrong is mended."""
    rows = tables.notifications
    parked = (rows.c.id == notification_id, rows.c.state == NotificationState.PARKED)
    again = {"state": NotificationState.QUEUED, "attempts": 0, "error": None}
    with unit_of_work(engine) as work:
        if work.execute(update(rows).where(*parked).values(**again)).rowcount != 1:
            raise errors.NotFound(say("no notification %(id)s is parked", id=str(notification_id)))


def reason(engine: Engine, notification_id: int | None) -> Notification | None:
    """Read again why a message was written; None when no case asked for it. It holds no lease of its own."""
    if notification_id is None:
        return None
    rows = tables.notifications
    with reading(engine) as connection:
        row = connection.execute(select(rows).where(rows.c.id == notification_id)).mappings().one()
    return _as_notification({**row, "lease_owner": "", "lease_until": row["created_at"]})


def late_ones(engine: Engine, *, before: datetime) -> int:
    """Count the reminders that wait to be told though they were due before an instant."""
    rows = tables.notifications.c
    late = (QUEUED, rows.event_id.is_(None), rows.timer_key.is_not(None), rows.due_at < before)
    with reading(engine) as connection:
        return connection.execute(select(func.count()).where(*late)).scalar_one()


def give_up(engine: Engine, *, now: datetime) -> int:
    """Park what was taken up too often without an end, and say how many rows."""
    rows = tables.notifications
    hopeless = (QUEUED, rows.c.lease_until <= now, rows.c.attempts >= outbox.TOO_OFTEN)
    error = f"taken up {outbox.TOO_OFTEN} times, and each time the worker stopped before it was done"
    parked = update(rows).where(*hopeless).values(state=NotificationState.PARKED, error=error, **outbox.NO_LEASE)
    with unit_of_work(engine) as work:
        return work.execute(parked).rowcount


def _finish(work: Connection, notification: Notification, **values: object) -> bool:
    """Let go of a notification with these values, if the lease is still held."""
    rows = tables.notifications
    mine = (
        rows.c.id == notification.id,
        rows.c.state == NotificationState.QUEUED,
        rows.c.lease_owner == notification.lease_owner,
        rows.c.lease_until == notification.lease_until,
        rows.c.attempts == notification.attempts,
    )
    done = update(rows).where(*mine).values(**values, **outbox.NO_LEASE)
    return work.execute(done).rowcount == 1


def _as_notification(row: Mapping[str, Any]) -> Notification:
    known = {name: row[name] for name in Notification.__slots__}
    return Notification(**{**known, "to": tuple(codec.parse(row["to"]))})
