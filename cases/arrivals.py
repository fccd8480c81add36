"""Mails that came back, each recorded once: what became of a mail of ours, and what people answer.

An answer lies with those who run its case until somebody of them sorts it. It never does anything by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, Engine, delete, insert, or_, select

from cases import inserting, repository, tables
from cases.record import Record
from cases.unit_of_work import reading, unit_of_work
from states import roles

_rows = tables.arrivals


class Kind(StrEnum):
    """What a mail that came back is."""

    BOUNCE = "bounce"
    AUTOMATIC = "automatic"
    ANSWER = "answer"
    STRANGER = "stranger"


class State(StrEnum):
    """Whether somebody has to look at it: an answer is filed or set aside; everything else asks for nothing."""

    TO_SORT = "to sort"
    FILED = "filed"
    SET_ASIDE = "set aside"
    NOTED = "noted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The mail of ours that something came back for, and to whom it went."""

    id: int
    case_id: str | None
    person_id: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFile:
    """Something attached, by its place among the parts of its mail."""

    place: int
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewArrival:
    """A mail that came back. Of one that is not for a case, nothing is kept but that it came."""

    key: str
    kind: Kind
    state: State = State.NOTED
    case_id: str | None = None
    person_id: str | None = None
    message_id: int | None = None
    address: str = ""
    subject: str = ""
    words: str = ""
    whole: str = ""
    original: bytes | None = None


def sent_by(connection: Connection, own_address: str) -> Sent | None:
    """Find the mail that an address of ours was made for; None for one that was never made, or that somebody forged."""
    rows = tables.messages
    wanted = select(*(rows.c[name] for name in Sent.__slots__))
    mine = wanted.where(or_(rows.c.sender == own_address, rows.c.reply_to == own_address)).limit(1)
    found = connection.execute(mine).mappings().first()
    return Sent(**found) if found else None


def knows(engine: Engine, own_address: str) -> bool:
    """Tell whether an address was made for a mail of ours."""
    with reading(engine) as connection:
        return sent_by(connection, own_address) is not None


def keep(work: Connection, new: NewArrival, files: Iterable[NewFile] = (), *, now: datetime) -> int | None:
    """Record a mail within a transaction and return its id; None when it was recorded before."""
    row = {name: getattr(new, name) for name in NewArrival.__slots__}
    added = inserting.unless_there(work, _rows).values(**row, at=now).returning(_rows.c.id)
    arrival_id = work.execute(added).scalar()
    if arrival_id is None:
        return None
    held = [{"arrival_id": arrival_id, **{name: getattr(one, name) for name in NewFile.__slots__}} for one in files]
    if held:
        work.execute(insert(tables.arrival_files), held)
    return int(arrival_id)


def may_answer(record: Record, connection: Connection, sent: Sent, *, sender: str) -> bool:
    """Tell whether somebody may still answer a mail: from their address on file, and reading something of the case."""
    people = tables.people
    wanted = select(people.c.id).where(people.c.id == sent.person_id, people.c.active, people.c.email == sender)
    if sent.case_id is None or connection.execute(wanted).first() is None:
        return False
    case = repository.load(connection, sent.case_id).case
    return bool(
        roles.mailable(roles.readable_zones(record.registry.get(case.process), case, roles.Actor(sent.person_id)))
    )


def forget_noted(engine: Engine, *, before: datetime) -> int:
    """Forget what asked for nothing and came before an instant; count it."""
    with unit_of_work(engine) as work:
        return work.execute(delete(_rows).where(_rows.c.state == State.NOTED, _rows.c.at < before)).rowcount
