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

from sqlalchemy import ColumnElement, Connection, Engine, Row, Select, Table, func, insert, literal, or_, select, update

from cases import addresses, decision_links, inserting, reachability, tables
from cases.decision_links import Link, NewLink
from cases.reachability import Lost
from cases.unit_of_work import reading, unit_of_work
from states import reach
from states.said import say

LEASE = timedelta(minutes=5)
TOO_OFTEN = 5


class MessageState(StrEnum):
    """Where a message stands between the outbox and the relay."""

    QUEUED = "queued"
    SENDING = "sending"
    CARRIED = "carried"
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
_LEFT = {
    MessageState.UNKNOWN: say("the worker stopped before the server answered"),
    MessageState.QUEUED: say("the worker stopped before the mail was written"),
    MessageState.PARKED: say("taken up again and again, and each time the worker stopped before the mail was written"),
}
TRIED = ("accepted", "retry", "refused", "unknown", "halted")
"""Outcomes of deliveries that went as far as the relay, or tried to."""
NO_LEASE: Mapping[str, None] = {"lease_owner": None, "lease_until": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """A mail to one person, with its `content` or to be written when it is sent; its `message_id` never changes.

    It waits until `next_at`, or not at all, and may `gather` with others that wait for the same person. A `link` that
    it brings is kept with it. `sender` is where it comes back, and `reply_to` where its answers
    go.
    """

    person_id: str
    address: str
    kind: str
    language: str
    message_id: str
    sender: str
    reply_to: str = ""
    subject: str = ""
    content: bytes | None = None
    next_at: datetime | None = None
    gather: str = ""
    state: MessageState = MessageState.QUEUED
    link: NewLink | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A mail as claimed for sending; `attempts` counts this one, `first_at` is when the first one began.

    `content` is None until it is put into words, and never changes after that.
    """

    id: int
    notification_id: int | None
    case_id: str | None
    person_id: str
    address: str
    mail: str
    message_id: str
    sender: str
    content: bytes | None
    attempts: int
    first_at: datetime
    lease_owner: str
    lease_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A mail in words, as its reader may read them now, with the address and the link that hold now."""

    address: str
    language: str
    subject: str
    sender: str
    reply_to: str
    content: bytes
    reasons: str | None = None
    link: NewLink | None = None


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


def put_in_words(engine: Engine, message: Message, written: Written) -> bool:
    """Keep the words of a claimed message, once and for ever; tell whether the lease was still held."""
    words = {name: getattr(written, name) for name in Written.__slots__ if name != "link"}
    with unit_of_work(engine) as work:
        unwritten = (*_held(message), tables.messages.c.content.is_(None))
        held = work.execute(update(tables.messages).where(*unwritten).values(**words)).rowcount == 1
        if held and written.link is not None:
            decision_links.keep(work, written.link)
    return held


def keep_reasons(engine: Engine, reasons: Mapping[int, str | None]) -> None:
    """Keep why messages came that go out in the words of another one, by their numbers."""
    rows = tables.messages
    with unit_of_work(engine) as work:
        for message_id, why in reasons.items():
            work.execute(update(rows).where(rows.c.id == message_id).values(reasons=why))


def settle(engine: Engine, message: Message, *, attempt: Attempt, now: datetime) -> bool:
    """Write down what became of a claimed message; tell whether the lease was still held.

    The delivery is recorded in any case: it happened. The message itself moves only under the lease.
    """
    rows, over = tables.messages, attempt.state in _OVER
    ended = {"state": attempt.state, "settled_at": _end_of(attempt.state, now)}
    with unit_of_work(engine) as work:
        settled = update(rows).where(*_held(message)).values(next_at=attempt.next_at, **ended, **NO_LEASE)
        held = work.execute(settled).rowcount == 1
        work.execute(insert(tables.deliveries), delivery(message.id, attempt, now))
        if held and over and message.notification_id is None:
            work.execute(update(rows).where(*carried_in(message.id)).values(**ended))
        if held and attempt.state == MessageState.REFUSED:
            reachability.note(work, _lost(message, attempt), now=now)
    return held


def carried_in(message_id: int) -> tuple[ColumnElement[bool], ...]:
    """Return what tells the messages that go out in another one, until that one is over."""
    return (tables.messages.c.carried_by == message_id, tables.messages.c.state == MessageState.CARRIED)


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
        .where(deliveries.c.outcome.in_(TRIED))
        .order_by(deliveries.c.id.desc())
        .limit(at_most)
    )
    with reading(engine) as connection:
        found = connection.execute(newest).all()
    return tuple((row.at, addresses.domain(row.address)) for row in reversed(found) if row.at > since)


def came_back(work: Connection, message_id: int, *, attempt: Attempt, now: datetime) -> None:
    """Write down within a transaction what was heard of a message after it was sent; one that is lost is dead."""
    rows = tables.messages
    work.execute(insert(tables.deliveries), delivery(message_id, attempt, now))
    if attempt.state in DEAD:
        it = or_(rows.c.id == message_id, rows.c.carried_by == message_id)
        lost = update(rows).where(it, rows.c.state == MessageState.SENT)
        work.execute(lost.values(state=attempt.state, settled_at=now))


def written_to(engine: Engine, person_id: str, *, since: datetime) -> int:
    """Count the mails that were planned for a person since an instant, those that go out in others left out."""
    rows = tables.messages.c
    theirs = (rows.person_id == person_id, rows.created_at >= since, rows.carried_by.is_(None))
    with reading(engine) as connection:
        wanted = select(func.count()).where(*theirs, rows.state != MessageState.CANCELLED)
        return connection.execute(wanted).scalar_one()


def held_since(engine: Engine, since: datetime) -> int:
    """Count the messages that have been held for an administrator since an instant."""
    rows = tables.messages.c
    with reading(engine) as connection:
        wanted = select(func.count()).where(tables.HELD, rows.created_at >= since)
        return connection.execute(wanted).scalar_one()


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


def _new_row(message: NewMessage, mail: str, now: datetime) -> dict[str, Any]:
    row = {name: getattr(message, name) for name in NewMessage.__slots__ if name != "link"}
    return {**row, "mail": mail, "next_at": message.next_at or now, "created_at": now}


def _end_of(state: str, now: datetime) -> datetime | None:
    return now if state in _OVER else None


def _held(message: Message) -> tuple[ColumnElement[bool], ...]:
    """Return what tells the row of a claimed message, as long as the lease is held."""
    rows = tables.messages
    return (
        rows.c.id == message.id,
        rows.c.state == MessageState.SENDING,
        rows.c.lease_owner == message.lease_owner,
        rows.c.lease_until == message.lease_until,
        rows.c.attempts == message.attempts,
    )


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


def delivery(message_id: int, attempt: Attempt, now: datetime) -> dict[str, Any]:
    """Return the row that says what became of one try."""
    said = {"outcome": attempt.outcome, "code": attempt.code, "reply": attempt.reply}
    return {"message_id": message_id, "at": now, **said}


def _as_message(row: Mapping[str, Any]) -> Message:
    return Message(**{name: row[name] for name in Message.__slots__})


def _rescue_messages(work: Connection, now: datetime) -> int:
    rows = tables.messages
    left = (tables.WAITING, rows.c.state == MessageState.SENDING, rows.c.lease_until <= now)
    wanted = select(rows.c.id, rows.c.attempts, rows.c.content.is_(None).label("unwritten")).where(*left)
    found = work.execute(wanted.with_for_update(skip_locked=True)).all()
    for state, reply in _LEFT.items():
        ids = [row.id for row in found if _left_as(row) is state]
        if ids:
            free = update(rows).where(rows.c.id.in_(ids))
            work.execute(free.values(state=state, next_at=now, settled_at=_end_of(state, now), **NO_LEASE))
            lost = Attempt(state=state, outcome=state, reply=reply)
            work.execute(insert(tables.deliveries), [delivery(message_id, lost, now) for message_id in ids])
    return len(found)


def _left_as(row: Row[Any]) -> MessageState:
    """Return the state of what a dead worker left: one that was not written yet cannot have been sent."""
    if not row.unwritten:
        return MessageState.UNKNOWN
    return MessageState.PARKED if row.attempts >= TOO_OFTEN else MessageState.QUEUED
