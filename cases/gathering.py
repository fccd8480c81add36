"""Gathering: messages that wait for the same person go out together in one mail, which carries them.

A message that is carried shares the fate of the mail that carries it: sent with it, refused with it, tried again with
it. Only messages that were not written yet are gathered, so nothing that a server may have taken goes out twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Engine, func, insert, select, update

from cases import outbox, tables
from cases.outbox import Attempt, MessageState, NewMessage
from cases.unit_of_work import reading, unit_of_work
from states.said import say

ANOTHER = say("a later reminder says the same")
LIMIT = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A message whose time has come and that may go out with others; `clock` is what a reminder reminds of."""

    id: int
    person_id: str
    case_id: str | None
    gather: str
    message_id: str
    notification_id: int | None
    timer_key: str | None
    due_at: datetime | None

    @property
    def clock(self) -> str:
        """The occurrence of a clock that it reminds of; empty for what reminds of none."""
        return (self.timer_key or "").rpartition(":")[0]


def waiting(engine: Engine, *, now: datetime, limit: int = LIMIT) -> tuple[Waiting, ...]:
    """List the unwritten messages whose time has come and that may go out with others, those of one reader together."""
    rows, notices = tables.messages, tables.notifications
    own = (rows.c[name] for name in ("id", "person_id", "case_id", "gather", "message_id", "notification_id"))
    mine = (rows.c.state == MessageState.QUEUED, rows.c.next_at <= now, rows.c.content.is_(None), rows.c.gather != "")
    # A query of its own, because the condition of the index names its column alone.
    due = select(*own).where(tables.WAITING, *mine).order_by(rows.c.next_at).limit(limit).subquery()
    wanted = select(due, notices.c.timer_key, notices.c.due_at).join(notices, notices.c.id == due.c.notification_id)
    wanted = wanted.order_by(due.c.person_id, due.c.id)
    with reading(engine) as connection:
        return tuple(Waiting(**row) for row in connection.execute(wanted).mappings())


def carry(engine: Engine, parts: Sequence[Waiting], carrier: NewMessage, *, mail: str, now: datetime) -> bool:
    """Let one mail carry these messages, all or none; tell whether all of them still waited."""
    cases = {part.case_id for part in parts}
    case_id = cases.pop() if len(cases) == 1 else None
    rows = tables.messages
    with unit_of_work(engine) as work:
        wanted = select(rows.c.id).where(*_still_wait(parts)).with_for_update(skip_locked=True)
        if len(work.execute(wanted).all()) != len(parts):
            return False
        outbox.write(work, [carrier], mail=mail, now=now, case_id=case_id)
        of_it = select(rows.c.id).where(rows.c.message_id == carrier.message_id).scalar_subquery()
        work.execute(
            update(rows).where(*_still_wait(parts)).values(state=MessageState.CARRIED, carried_by=of_it, next_at=None)
        )
    return True


def drop(engine: Engine, parts: Iterable[Waiting | Part], *, why: str, now: datetime) -> None:
    """Withdraw messages that wait, alone or in another mail."""
    rows, ids = tables.messages, [part.id for part in parts]
    withdrawn = Attempt(state=MessageState.CANCELLED, outcome="cancelled", reply=why)
    with unit_of_work(engine) as work:
        waits = rows.c.state.in_((MessageState.QUEUED, MessageState.CARRIED))
        gone = update(rows).where(rows.c.id.in_(ids), waits)
        gone = gone.values(state=MessageState.CANCELLED, settled_at=now, next_at=None).returning(rows.c.id)
        lines = [outbox.delivery(one, withdrawn, now) for one in work.execute(gone).scalars()]
        if lines:
            work.execute(insert(tables.deliveries), lines)


@dataclass(frozen=True, slots=True)
class Part:
    """A message that another one carries, and why it was to be written."""

    id: int
    notification_id: int


def parts(engine: Engine, carrier_id: int) -> tuple[Part, ...]:
    """List what a mail carries, the soonest due first."""
    rows, notices = tables.messages, tables.notifications
    wanted = (
        select(rows.c.id, rows.c.notification_id)
        .join(notices, notices.c.id == rows.c.notification_id)
        .where(*outbox.carried_in(carrier_id))
        .order_by(func.coalesce(notices.c.due_at, notices.c.created_at), rows.c.id)
    )
    with reading(engine) as connection:
        return tuple(Part(row.id, row.notification_id) for row in connection.execute(wanted))


def put_off(engine: Engine, part: Part, *, until: datetime) -> None:
    """Take one message out of the mail that carries it, because its time has not come after all."""
    later = {"state": MessageState.QUEUED, "carried_by": None, "next_at": until}
    mine = (tables.messages.c.id == part.id, tables.messages.c.state == MessageState.CARRIED)
    with unit_of_work(engine) as work:
        work.execute(update(tables.messages).where(*mine).values(**later))


def let_go(engine: Engine, carrier_id: int, *, now: datetime) -> None:
    """Let each message that a mail carries go by itself, because that mail does not."""
    alone = {"state": MessageState.QUEUED, "gather": "", "carried_by": None, "next_at": now}
    with unit_of_work(engine) as work:
        work.execute(update(tables.messages).where(*outbox.carried_in(carrier_id)).values(**alone))


def _still_wait(parts: Sequence[Waiting]) -> tuple[ColumnElement[bool], ...]:
    rows = tables.messages.c
    ids = [part.id for part in parts]
    return (rows.id.in_(ids), rows.state == MessageState.QUEUED, rows.content.is_(None))
