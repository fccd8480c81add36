"""Sending again: what was refused, kept or held, or what somebody cannot find, goes once more as the same bytes."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, insert, select, update

from cases import outbox, tables
from cases.outbox import DEAD, Attempt, MessageState
from cases.unit_of_work import unit_of_work
from states import errors
from states.said import say, word

_APART = timedelta(seconds=3)
NOT_LATE = say("it came late with many others, and an administrator withdrew it")


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
    """Queue a message anew where it is in one of these states; else return the state in which it is.

    One that went out in another goes again as it went, with that one and whatever else was in it.
    """
    rows = tables.messages
    wanted = select(rows.c.state, rows.c.carried_by).where(rows.c.id == message_id)
    found = work.execute(wanted.with_for_update()).one_or_none()
    if found is None:
        raise errors.NotFound(say("there is no message %(id)s", id=str(message_id)))
    if found.state not in among:
        return str(found.state)
    if found.carried_by is not None:
        return _queue_again(work, found.carried_by, among=among, now=now)
    again = {"attempts": 0, "first_at": None, "next_at": now, "settled_at": None}
    work.execute(update(rows).where(rows.c.id == message_id).values(state=MessageState.QUEUED, **again))
    parts = update(rows).where(rows.c.carried_by == message_id, rows.c.state == found.state)
    work.execute(parts.values(state=MessageState.CARRIED, settled_at=None))
    return None


def release_held(engine: Engine, *, now: datetime) -> int:
    """Let everything that is held go, the oldest first and twenty a minute; return how many mails those are."""
    rows = tables.messages
    with unit_of_work(engine) as work:
        held = select(rows.c.id).where(rows.c.state == MessageState.HELD).order_by(rows.c.id).with_for_update()
        ids = work.execute(held).scalars().all()
        for place, one in enumerate(ids):
            queued = {"state": MessageState.QUEUED, "next_at": now + place * _APART}
            work.execute(update(rows).where(rows.c.id == one).values(**queued))
    return len(ids)


def withdraw_held(engine: Engine, *, now: datetime) -> int:
    """Withdraw everything that is held; return how many mails those are."""
    rows, why = tables.messages, Attempt(state=MessageState.CANCELLED, outcome=MessageState.CANCELLED, reply=NOT_LATE)
    with unit_of_work(engine) as work:
        gone = update(rows).where(rows.c.state == MessageState.HELD)
        ended = gone.values(state=MessageState.CANCELLED, settled_at=now, next_at=None).returning(rows.c.id)
        lines = [outbox.delivery(one, why, now) for one in work.execute(ended).scalars()]
        if lines:
            work.execute(insert(tables.deliveries), lines)
    return len(lines)
