"""The outbox: messages wait to be sent, and deliveries say how each try went.

A row is claimed under a lease, and only the holder of the lease may write what became of it. One that is claimed twice
after a crash is harmless: it is sent again as the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Select, Table, func, insert, literal, select, update

from cases import addresses, decision_links, inserting, reachability, tables
from cases.decision_links import Link, NewLink
from cases.reachability import Lost
from cases.unit_of_work import reading, unit_of_work
from states import errors, reach
from states.said import say, word

LEASE = timedelta(minutes=5)


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
CAME_BACK, DELAYED, DELIVERED = "came back", "delayed", "delivered"
HEARD = (CAME_BACK, DELAYED, DELIVERED)
"""What may be heard of a mail after it was sent."""
NO_LEASE: Mapping[str, None] = {"lease_owner": None, "lease_until": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """A finished mail to one person; `message_id` and `content` never change again, and `link` is kept with them.

    `sender` is where it comes back, and `reply_to` where its answers go.
    """

    person_id: str
    address: str
    kind: str
    language: str
    subject: str
    message_id: str
    sender: str
    content: bytes
    reply_to: str = ""
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


def enqueue(engine: Engine, message: NewMessage, *, mail: str, instead_of: Link | None = None, now: datetime) -> bool:
    """Queue a message that no case asked for, such as a sign-in link; the same `message_id` twice is sent once.

    One that brings a link `instead_of` an expired one is queued once for that; tells whether it was queued.
    """
    with unit_of_work(engine) as work:
        if instead_of is not None and not decision_links.renew(work, instead_of, now=now):
            return False
        write(work, [message], mail=mail, now=now)
    return True


def write(work: Connection, messages: Sequence[NewMessage], *, mail: str, now: datetime, **about: object) -> None:
    """Queue finished mails within a transaction, each once, with what they are `about` and the links they carry."""
    if messages:
        rows = [{**_new_row(message, mail, now), **about} for message in messages]
        work.execute(inserting.unless_there(work, tables.messages), rows)
    for message in messages:
        if message.link is not None:
            decision_links.keep(work, message.link)


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
        found = take(
            work,
            rows,
            due=due.limit(limit),
            values={**values, "first_at": func.coalesce(rows.c.first_at, literal(now, tables.Instant()))},
        )
    return tuple(_as_message({**row, **values, "first_at": row["first_at"] or now}) for row in found)


def settle(engine: Engine, message: Message, *, attempt: Attempt, now: datetime) -> bool:
    """Write down what became of a claimed message; tell whether the lease was still held.

    The delivery is recorded in any case: it happened. The message itself moves only under the lease.
    """
    rows = tables.messages
    values = {
        "state": attempt.state,
        "next_at": attempt.next_at,
        "settled_at": now if attempt.state in _OVER else None,
        **NO_LEASE,
    }
    with unit_of_work(engine) as work:
        held = work.execute(update(rows).where(*_held(message)).values(**values)).rowcount == 1
        work.execute(insert(tables.deliveries), _delivery(message.id, attempt, now))
        if held and attempt.state == MessageState.REFUSED:
            reachability.note(work, _lost(message, attempt), now=now)
    return held


def put_off(engine: Engine, message: Message, *, until: datetime) -> bool:
    """Give back a claimed message that was not tried, so that it waits until then; tell whether the lease was held."""
    tried = message.attempts > 1
    back = {
        "state": MessageState.RETRY if tried else MessageState.QUEUED,
        "attempts": message.attempts - 1,
        "first_at": message.first_at if tried else None,
        "next_at": until,
        **NO_LEASE,
    }
    with unit_of_work(engine) as work:
        return work.execute(update(tables.messages).where(*_held(message)).values(**back)).rowcount == 1


def tried_since(engine: Engine, since: datetime, *, at_most: int) -> tuple[tuple[datetime, str], ...]:
    """Return when and to which domain mail was handed to the relay since then: the last ones, oldest first."""
    messages, deliveries = tables.messages, tables.deliveries
    # Rows are written in the order of time, so the newest are found by their key, without an index on the instant.
    newest = (
        select(deliveries.c.at, messages.c.address)
        .join_from(deliveries, messages)
        .where(deliveries.c.outcome.not_in((MessageState.CANCELLED, *HEARD)))
        .order_by(deliveries.c.id.desc())
        .limit(at_most)
    )
    with reading(engine) as connection:
        found = connection.execute(newest).all()
    return tuple((row.at, addresses.domain(row.address)) for row in reversed(found) if row.at > since)


def came_back(work: Connection, message_id: int, *, attempt: Attempt, now: datetime) -> None:
    """Write down within a transaction what was heard of a message after it was sent; one that is lost is dead."""
    rows = tables.messages
    work.execute(insert(tables.deliveries), _delivery(message_id, attempt, now))
    if attempt.state in DEAD:
        lost = update(rows).where(rows.c.id == message_id, rows.c.state == MessageState.SENT)
        work.execute(lost.values(state=attempt.state, settled_at=now))


def cancel_message(engine: Engine, message: Message, *, why: str, now: datetime) -> bool:
    """Withdraw a claimed message that its recipient may no longer get; tell whether the lease was still held."""
    withdrawn = Attempt(state=MessageState.CANCELLED, outcome=MessageState.CANCELLED, reply=why)
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

    A message found half sent may have arrived: it is of unknown fate and is sent again as the same bytes.
    """
    with unit_of_work(engine) as work:
        return _rescue_messages(work, now)


def take(
    work: Connection, table: Table, *, due: Select[Any], values: Mapping[str, object]
) -> tuple[dict[str, Any], ...]:
    """Lock the due rows, leaving those another claimer holds, and write the lease; SQLite locks the whole file."""
    found = work.execute(due.with_for_update(skip_locked=True)).mappings().all()
    if found:
        taken = update(table).where(table.c.id.in_([row["id"] for row in found]))
        work.execute(taken.values(attempts=table.c.attempts + 1, **values))
    return tuple({**row, "attempts": row["attempts"] + 1} for row in found)


def _held(message: Message) -> tuple[ColumnElement[bool], ...]:
    """Hold only while the lease of whoever claimed the message stands."""
    rows = tables.messages
    return (
        rows.c.id == message.id,
        rows.c.state == MessageState.SENDING,
        rows.c.lease_owner == message.lease_owner,
        rows.c.lease_until == message.lease_until,
        rows.c.attempts == message.attempts,
    )


def _new_row(message: NewMessage, mail: str, now: datetime) -> dict[str, Any]:
    row = {name: getattr(message, name) for name in NewMessage.__slots__ if name != "link"}
    return {**row, "mail": mail, "state": MessageState.QUEUED, "next_at": now, "created_at": now}


def _lost(message: Message, attempt: Attempt) -> Lost:
    words = f"{attempt.code or ''} {attempt.reply}".strip()
    code = reach.code_in(words)
    return Lost(
        message_id=message.id,
        person_id=message.person_id,
        address=message.address,
        trouble=reach.trouble_of(code, words),
        code=code,
        said=attempt.reply,
    )


def _delivery(message_id: int, attempt: Attempt, now: datetime) -> dict[str, Any]:
    said = {"outcome": attempt.outcome, "code": attempt.code, "reply": attempt.reply}
    return {"message_id": message_id, "at": now, **said}


def _as_message(row: Mapping[str, Any]) -> Message:
    return Message(**{name: row[name] for name in Message.__slots__})


def _rescue_messages(work: Connection, now: datetime) -> int:
    rows = tables.messages
    left = (tables.WAITING, rows.c.state == MessageState.SENDING, rows.c.lease_until <= now)
    found = work.execute(select(rows.c.id).where(*left).with_for_update(skip_locked=True)).scalars().all()
    if not found:
        return 0
    free = update(rows).where(rows.c.id.in_(found))
    work.execute(free.values(state=MessageState.UNKNOWN, next_at=now, **NO_LEASE))
    lost = Attempt(
        state=MessageState.UNKNOWN, outcome="unknown", reply=say("the worker stopped before the server answered")
    )
    work.execute(insert(tables.deliveries), [_delivery(message_id, lost, now) for message_id in found])
    return len(found)
