"""The outbox of webhooks: what is to be told, written in the transaction of the event, and every try to tell it.

A row holds no content, only which event it tells of. Whether its owner may read that is asked when it is told. It is
claimed under a lease, and told again with the same id, by which a receiver knows the copy for what it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Engine, Row, bindparam, insert, select, update

from cases import inserting, tables, webhooks
from cases.unit_of_work import unit_of_work
from cases.webhooks import TRIAL, Webhook
from states import errors, roles
from states.case import Case
from states.events import Event
from states.process import Process
from states.said import say

LEASE = timedelta(minutes=2)
KEPT = timedelta(days=30)
"""For how long what was told is kept, and may be told again."""

_table, _tries = tables.webhook_deliveries, tables.webhook_tries


class State(StrEnum):
    """Where something to be told stands."""

    QUEUED = "queued"
    SENDING = "sending"
    RETRY = "retry"
    SENT = "sent"
    GIVEN_UP = "given up"
    WITHDRAWN = "withdrawn"


_OVER = (State.SENT, State.GIVEN_UP, State.WITHDRAWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Something to be told, or told already; `event_id` is None for a trial."""

    id: int
    webhook_id: int
    event_id: int | None
    kind: str
    message_id: str
    state: State
    attempts: int
    created_at: datetime
    first_at: datetime | None
    next_at: datetime
    settled_at: datetime | None
    lease_owner: str | None
    lease_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """What became of one try: the status that was answered, if any, and words for people."""

    at: datetime
    status: int | None
    words: str


def ask(connection: Connection, process: Process, case: Case, happened: Mapping[int, Event], *, now: datetime) -> None:
    """Ask in the transaction of the events that whoever listens, and may read of them, be told of them."""
    rows = [
        _new(webhook, event_id, kind, now)
        for webhook, actor in webhooks.listening(connection, case.people)
        for event_id, kind in _told_to(webhook, roles.mailable(roles.readable_zones(process, case, actor)), happened)
    ]
    if rows:
        connection.execute(insert(_table), rows)


def _told_to(
    webhook: Webhook, zones: frozenset[str], happened: Mapping[int, Event]
) -> Iterator[tuple[int, webhooks.Kind]]:
    """Yield the events, with their kinds, that are to be told to somebody who reads these zones."""
    for event_id, event in happened.items():
        if event.zone in zones:
            yield from ((event_id, kind) for kind in webhooks.kinds_of(event, zones) if kind in webhook.kinds)


def trial(engine: Engine, webhook: Webhook, *, now: datetime) -> Delivery:
    """Ask that something be sent to a webhook that tells of nothing, to see whether it arrives."""
    with unit_of_work(engine) as work:
        row = work.execute(insert(_table).returning(*_table.c), _new(webhook, None, TRIAL, now)).one()
    return read(row)


def claim(engine: Engine, *, now: datetime, owner: str, limit: int) -> tuple[Delivery, ...]:
    """Take what is due under a lease, soonest first; what a dead worker held is taken up again."""
    free = (_table.c.state != State.SENDING) | (_table.c.lease_until <= now)
    due = select(_table.c.id).where(tables.UNTOLD, free, _table.c.next_at <= now)
    with unit_of_work(engine) as work:
        ordered = due.order_by(_table.c.next_at, _table.c.id).limit(limit).with_for_update(skip_locked=True)
        ids = work.execute(ordered).scalars().all()
        mine = update(_table).where(_table.c.id.in_(ids))
        work.execute(mine.where(_table.c.first_at.is_(None)).values(first_at=now))
        taken = {"state": State.SENDING, "lease_owner": owner, "lease_until": now + LEASE}
        work.execute(mine.values(attempts=_table.c.attempts + 1, **taken))
        rows = work.execute(select(_table).where(_table.c.id.in_(ids)).order_by(_table.c.next_at, _table.c.id)).all()
    return tuple(map(read, rows))


def settle(engine: Engine, delivery: Delivery, done: Try, *, state: State, next_at: datetime | None = None) -> bool:
    """Write down what became of a try; tell whether the lease was still held. The try is kept in any case."""
    held = (_table.c.id == delivery.id, _table.c.state == State.SENDING, _table.c.attempts == delivery.attempts)
    values = {
        "state": state,
        "next_at": next_at or delivery.next_at,
        "settled_at": done.at if state in _OVER else None,
        "lease_owner": None,
        "lease_until": None,
    }
    with unit_of_work(engine) as work:
        moved = work.execute(update(_table).where(*held).values(**values)).rowcount == 1
        work.execute(
            insert(_tries), {"delivery_id": delivery.id, "at": done.at, "status": done.status, "words": done.words}
        )
        if done.status is not None or state in {State.RETRY, State.GIVEN_UP}:
            webhooks.fared(work, delivery.webhook_id, well=state is State.SENT, now=done.at)
    return moved


def put_off(engine: Engine, delivery: Delivery, *, until: datetime) -> None:
    """Give back what was taken and not tried."""
    held = (_table.c.id == delivery.id, _table.c.state == State.SENDING, _table.c.attempts == delivery.attempts)
    back = {"state": State.RETRY, "attempts": delivery.attempts - 1, "next_at": until, "lease_owner": None}
    with unit_of_work(engine) as work:
        work.execute(update(_table).where(*held).values(**back, lease_until=None))


def replay(engine: Engine, webhook: Webhook, delivery_id: int, *, now: datetime) -> Delivery:
    """Tell something once more, with the same id; raise `NotFound` where it is no longer kept, or was withdrawn."""
    mine = (_table.c.id == delivery_id, _table.c.webhook_id == webhook.id, _table.c.state != State.WITHDRAWN)
    with unit_of_work(engine) as work:
        row = work.execute(update(_table).where(*mine).values(**_again(now)).returning(*_table.c)).one_or_none()
    if row is None:
        raise errors.NotFound(say("there is nothing of this id that was told to this webhook"))
    return read(row)


def queue_again(engine: Engine, webhook: Webhook, happened: Mapping[int, tuple[str, ...]], *, now: datetime) -> int:
    """Tell a webhook of events once more, or for the first time, each with its kinds; say how much that is."""
    rows = [_new(webhook, event_id, kind, now) for event_id, kinds in happened.items() for kind in kinds]
    if not rows:
        return 0
    # "whose", "about" and "what" are not columns.
    mine = (
        _table.c.webhook_id == bindparam("whose"),
        _table.c.event_id == bindparam("about"),
        _table.c.kind == bindparam("what"),
    )
    told = [{"whose": webhook.id, "about": row["event_id"], "what": row["kind"]} for row in rows]
    with unit_of_work(engine) as work:
        work.execute(inserting.unless_there(work, _table), rows)
        work.execute(update(_table).where(*mine).values(**_again(now)), told)
    return len(rows)


def forget_old(engine: Engine, *, now: datetime) -> int:
    """Delete what was told long enough ago, with its tries, and say how much."""
    old = _table.c.settled_at < now - KEPT
    with unit_of_work(engine) as work:
        work.execute(_tries.delete().where(_tries.c.delivery_id.in_(select(_table.c.id).where(old))))
        return work.execute(_table.delete().where(old)).rowcount


def _new(webhook: Webhook, event_id: int | None, kind: str, now: datetime) -> dict[str, Any]:
    return {
        "webhook_id": webhook.id,
        "event_id": event_id,
        "kind": kind,
        "message_id": f"msg_{uuid4().hex}",
        "state": State.QUEUED,
        "created_at": now,
        "next_at": now,
    }


def _again(now: datetime) -> dict[str, Any]:
    return {
        "state": State.QUEUED,
        "attempts": 0,
        "first_at": None,
        "next_at": now,
        "settled_at": None,
        "lease_owner": None,
        "lease_until": None,
    }


def read(row: Row[Any]) -> Delivery:
    """Read a row."""
    return Delivery(
        **{name: getattr(row, name) for name in Delivery.__slots__ if name != "state"}, state=State(row.state)
    )
