"""The rows of the mail side: notifications wait to be told, messages to be sent, and deliveries say how each try went.

A row is claimed under a lease, and only the holder of the lease may write what became of it. What is claimed twice
after a crash is harmless: one notification gives one message a person, and a message is sent again as the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, Select, Table, func, insert, literal, or_, select, text, update

from cases import codec, decision_links, inserting, tables
from cases.decision_links import Link, NewLink
from cases.tables import NotificationState
from cases.unit_of_work import reading, unit_of_work
from states import errors
from states.said import say, word

TOO_OFTEN = 5
LEASE = timedelta(minutes=5)

FORMER = "former"
"""In place of a role: whoever has lost their part in the case by the act that the mail is about."""


LEAVING = "leaving"
"""In place of a role: whoever the mail is about, because their tour ends."""


class MessageState(StrEnum):
    """Where a message stands between the outbox and the relay."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    RETRY = "retry"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    HELD = "held"
    CANCELLED = "cancelled"
    PARKED = "parked"


DEAD = (MessageState.REFUSED, MessageState.PARKED)
_OVER = (*DEAD, MessageState.SENT, MessageState.CANCELLED)
_NO_LEASE: Mapping[str, None] = {"lease_owner": None, "lease_until": None}
_DEAD_COLUMNS = ("id", "case_id", "person_id", "address", "mail", "state", "attempts", "settled_at")
# Spelled out, because SQLite uses a partial index only where the condition stands as the index has it.
_QUEUED = text("state = 'queued'")


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


def addressed(to: tuple[str, ...], gone: frozenset[str]) -> tuple[str, ...]:
    """Name in an address each of those who have just lost their part, for no role leads to them any more."""
    former = (f"{FORMER} {one}" for one in sorted(gone)) if FORMER in to else ()
    return (*(who for who in to if who != FORMER), *former)


def about_leaver(to: tuple[str, ...], person: str) -> tuple[str, ...]:
    """Name in the address of a mail about the end of a tour whose tour that is."""
    return tuple(f"{LEAVING} {person}" if who == LEAVING else who for who in to)


def ask_once(work: Connection, row: Mapping[str, Any]) -> bool:
    """Ask within a transaction for a mail, and tell whether its occurrence was not asked for before."""
    new = inserting.unless_there(work, tables.notifications).returning(tables.notifications.c.id)
    return work.execute(new, row).first() is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """A finished mail to one person; `message_id` and `content` never change again, and `link` is kept with them."""

    person_id: str
    address: str
    kind: str
    language: str
    subject: str
    message_id: str
    sender: str
    content: bytes
    link: NewLink | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A mail as claimed for sending; `attempts` counts this one, `first_at` is when the first one began."""

    id: int
    notification_id: int | None
    case_id: str | None
    person_id: str
    address: str
    mail: str
    message_id: str
    sender: str
    content: bytes
    attempts: int
    first_at: datetime
    lease_owner: str
    lease_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What became of one try: the message's next state, when to try again, and what the server said."""

    state: str
    outcome: str
    next_at: datetime | None = None
    code: int | None = None
    reply: str = ""


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
    """How many notifications and messages stand in each state, and since when the oldest one waits."""

    notifications: Mapping[str, int]
    messages: Mapping[str, int]
    oldest_waiting_at: datetime | None


def claim_notifications(
    engine: Engine, *, now: datetime, limit: int = 200, owner: str, lease: timedelta = LEASE
) -> tuple[Notification, ...]:
    """Take notifications that are due under a lease, oldest first; two claimers never get the same row."""
    rows = tables.notifications
    due = (
        select(rows)
        .where(_QUEUED, or_(rows.c.not_before.is_(None), rows.c.not_before <= now))
        .where(or_(rows.c.lease_until.is_(None), rows.c.lease_until <= now))
        .order_by(rows.c.id)
    )
    values = {"lease_owner": owner, "lease_until": now + lease}
    with unit_of_work(engine) as work:
        found = _claim(work, rows, due=due.limit(limit), values=values)
    return tuple(_as_notification({**row, **values}) for row in found)


def expand(engine: Engine, notification: Notification, messages: Sequence[NewMessage], *, now: datetime) -> bool:
    """Turn a notification into one message a person, all or none; tell whether the lease was still held."""
    rows = [_new_row(message, notification.mail, now) for message in messages]
    known = {"notification_id": notification.id, "case_id": notification.case_id}
    with unit_of_work(engine) as work:
        held = _finish(work, notification, state=NotificationState.EXPANDED)
        if held and rows:
            _insert_once(work, [{**row, **known} for row in rows])
            _keep_links(work, messages)
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


def enqueue(engine: Engine, message: NewMessage, *, mail: str, instead_of: Link | None = None, now: datetime) -> bool:
    """Queue a message that no case asked for, such as a sign-in link; the same `message_id` twice is sent once.

    One that brings a link `instead_of` an expired one is queued once for that; tells whether it was queued.
    """
    with unit_of_work(engine) as work:
        if instead_of is not None and not decision_links.renew(work, instead_of, now=now):
            return False
        _insert_once(work, [_new_row(message, mail, now)])
        _keep_links(work, [message])
    return True


def queue(work: Connection, messages: Sequence[NewMessage], *, mail: str, case_id: str, now: datetime) -> None:
    """Queue finished mails about a case within the transaction that gave the reason for them."""
    if messages:
        _insert_once(work, [{**_new_row(message, mail, now), "case_id": case_id} for message in messages])


def claim_messages(
    engine: Engine, *, now: datetime, limit: int = 200, owner: str, lease: timedelta = LEASE
) -> tuple[Message, ...]:
    """Take messages that are due under a lease, soonest first, and mark them as being sent."""
    rows = tables.messages
    due = (
        select(rows)
        .where(tables.WAITING, rows.c.state != MessageState.SENDING, rows.c.next_at <= now)
        .order_by(rows.c.next_at, rows.c.id)
    )
    values = {"state": MessageState.SENDING, "lease_owner": owner, "lease_until": now + lease}
    with unit_of_work(engine) as work:
        found = _claim(
            work,
            rows,
            due=due.limit(limit),
            values={**values, "first_at": func.coalesce(rows.c.first_at, literal(now, tables.Instant()))},
        )
    return tuple(_as_message({**row, **values, "first_at": row["first_at"] or now}) for row in found)


def reason(engine: Engine, message: Message) -> Notification | None:
    """Read again why a claimed message was written, under the message's own lease; None when no case asked for it."""
    rows = tables.notifications
    with reading(engine) as connection:
        row = connection.execute(select(rows).where(rows.c.id == message.notification_id)).mappings().one_or_none()
    lease = {"lease_owner": message.lease_owner, "lease_until": message.lease_until}
    return None if row is None else _as_notification({**row, **lease})


def settle(engine: Engine, message: Message, *, attempt: Attempt, now: datetime) -> bool:
    """Write down what became of a claimed message; tell whether the lease was still held.

    The delivery is recorded in any case: it happened. The message itself moves only under the lease.
    """
    rows = tables.messages
    mine = (
        rows.c.id == message.id,
        rows.c.state == MessageState.SENDING,
        rows.c.lease_owner == message.lease_owner,
        rows.c.lease_until == message.lease_until,
        rows.c.attempts == message.attempts,
    )
    values = {
        "state": attempt.state,
        "next_at": attempt.next_at,
        "settled_at": now if attempt.state in _OVER else None,
        **_NO_LEASE,
    }
    with unit_of_work(engine) as work:
        held = work.execute(update(rows).where(*mine).values(**values)).rowcount == 1
        work.execute(insert(tables.deliveries), _delivery(message.id, attempt, now))
    return held


def cancel_message(engine: Engine, message: Message, *, why: str, now: datetime) -> bool:
    """Withdraw a claimed message that its recipient may no longer get; tell whether the lease was still held."""
    withdrawn = Attempt(state=MessageState.CANCELLED, outcome="cancelled", reply=why)
    return settle(engine, message, attempt=withdrawn, now=now)


def retry(engine: Engine, message_id: int, *, now: datetime) -> None:
    """Queue a dead letter again in a transaction of its own; raises as `queue_again` does."""
    with unit_of_work(engine) as work:
        queue_again(work, message_id, now=now)


def queue_again(work: Connection, message_id: int, *, now: datetime) -> None:
    """Queue a dead letter again, as the same bytes and with all its tries before it.

    Raises `NotFound` for an unknown message and `Conflict` for one that is not a dead letter.
    """
    state = _queue_again(work, message_id, among=(*DEAD, MessageState.HELD), now=now)
    if state is not None:
        raise errors.Conflict(
            say(
                "message %(id)s is %(state)s; only one that was refused, parked or held waits for you",
                id=str(message_id),
                state=word(state),
            )
        )


def send_again(engine: Engine, message_id: int, *, now: datetime) -> None:
    """Queue a mail that was sent once more, as the same bytes, for somebody who cannot find it.

    Raises `NotFound` for an unknown message and `Conflict` for one that was not sent.
    """
    with unit_of_work(engine) as work:
        state = _queue_again(work, message_id, among=(MessageState.SENT,), now=now)
    if state is not None:
        raise errors.Conflict(
            say(
                "message %(id)s is %(state)s; only one that was sent is sent once more",
                id=str(message_id),
                state=word(state),
            )
        )


def _queue_again(work: Connection, message_id: int, *, among: tuple[MessageState, ...], now: datetime) -> str | None:
    """Queue a message anew where it is in one of these states; else return the state in which it is."""
    rows = tables.messages
    again = {"state": MessageState.QUEUED, "attempts": 0, "first_at": None, "next_at": now, "settled_at": None}
    state = work.execute(select(rows.c.state).where(rows.c.id == message_id).with_for_update()).scalar_one_or_none()
    if state is None:
        raise errors.NotFound(say("there is no message %(id)s", id=str(message_id)))
    if state not in among:
        return str(state)
    work.execute(update(rows).where(rows.c.id == message_id).values(**again))
    return None


def rescue_expired(engine: Engine, *, now: datetime) -> int:
    """Free what a dead worker left behind, and say how many rows.

    A message found half sent may have arrived: it is of unknown fate and is sent again as the same bytes. A
    notification that was taken up too often without an end is parked.
    """
    with unit_of_work(engine) as work:
        return _rescue_messages(work, now) + _give_up_notifications(work, now)


def counts(engine: Engine) -> Counts:
    """Count the outbox by state."""
    with reading(engine) as connection:
        notifications, messages = (_by_state(connection, table) for table in (tables.notifications, tables.messages))
        queued = select(func.min(tables.notifications.c.created_at)).where(_QUEUED)
        waiting = select(func.min(tables.messages.c.created_at)).where(tables.WAITING)
        oldest = [connection.execute(wanted).scalar() for wanted in (queued, waiting)]
    since = min((instant for instant in oldest if instant is not None), default=None)
    return Counts(notifications=notifications, messages=messages, oldest_waiting_at=since)


def dead_letters(engine: Engine, *, limit: int = 100) -> tuple[DeadLetter, ...]:
    """List the newest messages that were refused or given up, with the server's last words."""
    messages, deliveries, every = tables.messages, tables.deliveries, tables.deliveries.alias()
    last = select(func.max(every.c.id)).where(every.c.message_id == messages.c.id).correlate(messages).scalar_subquery()
    wanted = (
        select(*(messages.c[name] for name in _DEAD_COLUMNS), deliveries.c.code, deliveries.c.reply)
        .select_from(messages)
        .outerjoin(deliveries, deliveries.c.id == last)
        .where(messages.c.state.in_(DEAD))
        .order_by(messages.c.id.desc())
        .limit(limit)
    )
    with reading(engine) as connection:
        return tuple(
            DeadLetter(**{**row, "reply": row["reply"] or ""}) for row in connection.execute(wanted).mappings()
        )


def _claim(
    work: Connection, table: Table, *, due: Select[Any], values: Mapping[str, object]
) -> tuple[dict[str, Any], ...]:
    """Lock the due rows, leaving those another claimer holds, and write the lease; SQLite locks the whole file."""
    found = work.execute(due.with_for_update(skip_locked=True)).mappings().all()
    if found:
        taken = update(table).where(table.c.id.in_([row["id"] for row in found]))
        work.execute(taken.values(attempts=table.c.attempts + 1, **values))
    return tuple({**row, "attempts": row["attempts"] + 1} for row in found)


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
    done = update(rows).where(*mine).values(**values, **_NO_LEASE)
    return work.execute(done).rowcount == 1


def _insert_once(work: Connection, rows: list[dict[str, Any]]) -> None:
    """Insert messages, leaving out those that stand there already."""
    work.execute(inserting.unless_there(work, tables.messages), rows)


def _keep_links(work: Connection, messages: Sequence[NewMessage]) -> None:
    for message in messages:
        if message.link is not None:
            decision_links.keep(work, message.link)


def _new_row(message: NewMessage, mail: str, now: datetime) -> dict[str, Any]:
    row = {name: getattr(message, name) for name in NewMessage.__slots__ if name != "link"}
    return {**row, "mail": mail, "state": MessageState.QUEUED, "next_at": now, "created_at": now}


def _delivery(message_id: int, attempt: Attempt, now: datetime) -> dict[str, Any]:
    said = {"outcome": attempt.outcome, "code": attempt.code, "reply": attempt.reply}
    return {"message_id": message_id, "at": now, **said}


def _as_notification(row: Mapping[str, Any]) -> Notification:
    known = {name: row[name] for name in Notification.__slots__}
    return Notification(**{**known, "to": tuple(codec.parse(row["to"]))})


def _as_message(row: Mapping[str, Any]) -> Message:
    return Message(**{name: row[name] for name in Message.__slots__})


def _rescue_messages(work: Connection, now: datetime) -> int:
    rows = tables.messages
    left = (tables.WAITING, rows.c.state == MessageState.SENDING, rows.c.lease_until <= now)
    found = work.execute(select(rows.c.id).where(*left).with_for_update(skip_locked=True)).scalars().all()
    if not found:
        return 0
    free = update(rows).where(rows.c.id.in_(found))
    work.execute(free.values(state=MessageState.UNKNOWN, next_at=now, **_NO_LEASE))
    lost = Attempt(
        state=MessageState.UNKNOWN, outcome="unknown", reply=say("the worker stopped before the server answered")
    )
    work.execute(insert(tables.deliveries), [_delivery(message_id, lost, now) for message_id in found])
    return len(found)


def _give_up_notifications(work: Connection, now: datetime) -> int:
    rows = tables.notifications
    hopeless = (_QUEUED, rows.c.lease_until <= now, rows.c.attempts >= TOO_OFTEN)
    error = f"taken up {TOO_OFTEN} times, and each time the worker stopped before it was done"
    parked = update(rows).where(*hopeless).values(state=NotificationState.PARKED, error=error, **_NO_LEASE)
    return work.execute(parked).rowcount


def _by_state(connection: Connection, table: Table) -> dict[str, int]:
    counted = connection.execute(select(table.c.state, func.count()).group_by(table.c.state))
    return {row[0]: row[1] for row in counted}
