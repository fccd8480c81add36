"""What is known of people's addresses: mails that did not arrive, and whom somebody must reach by telephone instead.

An address speaks for itself alone: another one on file begins anew.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, select, update

from cases import inserting, tables
from cases.unit_of_work import reading, unit_of_work
from states import errors, reach
from states.reach import Fault, Reach, Trouble
from states.said import say

_faults, _unreached = tables.address_faults, tables.unreached


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A mail that did not arrive: whose it was, at which address, and what their server said."""

    message_id: int
    person_id: str
    address: str
    trouble: Trouble
    code: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreached:
    """Somebody in a case whom mails do not reach, so that they are to be telephoned."""

    id: int
    case_id: str
    person_id: str
    address: str
    since: datetime
    code: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """Who reached somebody by telephone, what was said, and whether mails reach them again."""

    by: str
    note: str
    works_again: bool


def note(work: Connection, lost: Lost, *, now: datetime) -> Reach:
    """Count a lost mail against its address, once whatever is told of it, and say who must be telephoned if need be."""
    values = {name: getattr(lost, name) for name in Lost.__slots__}
    work.execute(inserting.unless_there(work, _faults), {**values, "at": now})
    worse = update(_faults).where(_faults.c.message_id == lost.message_id, _faults.c.trouble == Trouble.SOFT)
    if lost.trouble is Trouble.HARD:
        work.execute(worse.values(trouble=lost.trouble, code=lost.code, said=lost.said, at=now))
    found = state_of(work, lost.person_id, lost.address, now=now)
    if found is Reach.UNREACHABLE:
        _ask_to_telephone(work, lost, now=now)
    return found


def state_of(connection: Connection, person_id: str, address: str, *, now: datetime) -> Reach:
    """Say what is known of an address of somebody."""
    counted = (_faults.c.person_id == person_id, _faults.c.address == address, _faults.c.cleared_at.is_(None))
    rows = connection.execute(select(_faults.c.trouble, _faults.c.at).where(*counted))
    return reach.of([Fault(Trouble(row.trouble), row.at) for row in rows], now=now)


def read_state(engine: Engine, person_id: str, address: str, *, now: datetime) -> Reach:
    """Say what is known of an address of somebody, in a transaction of its own."""
    with reading(engine) as connection:
        return state_of(connection, person_id, address, now=now)


def forgive(work: Connection, person_id: str, *, now: datetime) -> None:
    """Take it that mails reach somebody again, because they answered one, or told somebody so."""
    held = update(_faults).where(_faults.c.person_id == person_id, _faults.c.cleared_at.is_(None))
    work.execute(held.values(cleared_at=now))


def forgive_one(work: Connection, message_id: int, *, now: datetime) -> None:
    """Take back what counted because of a mail that arrived after all."""
    held = update(_faults).where(_faults.c.message_id == message_id, _faults.c.cleared_at.is_(None))
    work.execute(held.values(cleared_at=now))


def waiting(connection: Connection, case_ids: Collection[str]) -> tuple[Unreached, ...]:
    """List who is to be telephoned in these cases, the longest waiting first."""
    wanted = select(*(_unreached.c[name] for name in Unreached.__slots__))
    rows = wanted.where(_unreached.c.case_id.in_(case_ids), _unreached.c.reached_at.is_(None))
    return tuple(Unreached(**row) for row in connection.execute(rows.order_by(_unreached.c.id)).mappings())


def reached(engine: Engine, task: Unreached, how: Reached, *, now: datetime) -> None:
    """Record that somebody was reached by telephone.

    Raises `Conflict` when somebody else recorded it first.
    """
    still = update(_unreached).where(_unreached.c.id == task.id, _unreached.c.reached_at.is_(None))
    with unit_of_work(engine) as work:
        if not work.execute(still.values(reached_at=now, reached_by=how.by, note=how.note)).rowcount:
            raise errors.Conflict(say("somebody has done this already; look again"))
        if how.works_again:
            forgive(work, task.person_id, now=now)


def _ask_to_telephone(work: Connection, lost: Lost, *, now: datetime) -> None:
    """Ask those who run each open case in which somebody has a part, and of the lost mail's own, to telephone them."""
    parts, cases = tables.case_people, tables.cases
    still_open = select(parts.c.case_id).join(cases, cases.c.id == parts.c.case_id).where(cases.c.closed_at.is_(None))
    own = select(tables.messages.c.case_id).where(tables.messages.c.id == lost.message_id)
    found = {
        *work.execute(still_open.where(parts.c.person_id == lost.person_id)).scalars(),
        *work.execute(own.where(tables.messages.c.case_id.is_not(None))).scalars(),
    }
    told = {"person_id": lost.person_id, "address": lost.address, "code": lost.code, "said": lost.said, "since": now}
    if found:
        work.execute(inserting.unless_there(work, _unreached), [{**told, "case_id": one} for one in sorted(found)])
