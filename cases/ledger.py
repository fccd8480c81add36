"""The chained record of each case: how an event is added to it, and how anyone can check that nothing was changed.

Each event stores a salted commitment to its words, and a hash over the hash before it, its own facts and that
commitment. The newest hash stands on the case row. Changing, removing or adding anything afterwards breaks the chain.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select

from cases import codec, repository, tables
from states import case as cases
from states import errors, events
from states.events import Event
from states.fields import Value
from states.said import say

GENESIS = "0" * 64
_SALT_BYTES = 16
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where a record does not hold: the case's number, the event's place in it, and what is wrong."""

    number: str
    seq: int
    what: str

    def __str__(self) -> str:
        """Say it in a sentence."""
        return f"case {self.number}, event {self.seq}: {self.what}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a check found; `erased` counts the events whose words were taken away on purpose."""

    cases: int = 0
    events: int = 0
    erased: int = 0
    first_break: Break | None = None

    @property
    def consistent(self) -> bool:
        """Tell whether the whole record holds."""
        return self.first_break is None


@dataclass(frozen=True, slots=True)
class Entry:
    """Where an event was recorded: its place in the feed of all cases, and its hash."""

    id: int
    hash: str


_add = insert(tables.events).returning(tables.events.c.id)
_add_body = insert(tables.event_bodies)
_of_case = (
    select(tables.events, tables.event_bodies.c.body, tables.event_bodies.c.salt)
    .outerjoin(tables.event_bodies, tables.event_bodies.c.event_id == tables.events.c.id)
    .where(tables.events.c.case_id == bindparam("of"))
    .order_by(tables.events.c.seq)
)
_head = select(tables.cases.c.id, tables.cases.c.number, tables.cases.c.version, tables.cases.c.head)
_orphans = (
    select(tables.events.c.case_id, tables.events.c.seq)
    .outerjoin(tables.cases, tables.cases.c.id == tables.events.c.case_id)
    .where(tables.cases.c.id.is_(None))
    .limit(1)
)


def chain(case_id: str, happened: Sequence[Event], *, after: int, head: str) -> tuple[list[dict[str, Any]], str]:
    """Prepare rows for events that follow event number `after`, whose hash is `head`; return them and the new head."""
    rows = []
    for seq, event in enumerate(happened, start=after + 1):
        body, salt = codec.dump({"inputs": event.inputs, "changes": event.changes}), secrets.token_bytes(_SALT_BYTES)
        facts = {
            "case_id": case_id,
            "seq": seq,
            "trigger": event.trigger,
            "actor": event.actor,
            "on_behalf_of": event.on_behalf_of,
            "at": event.at,
            "recorded_at": event.recorded_at,
            "zone": event.zone,
            "timer": event.timer,
            "commitment": commitment(body, salt),
        }
        head = link(head, facts)
        rows.append(facts | {"hash": head, "body": body, "salt": salt})
    return rows, head


def append(connection: Connection, rows: Sequence[dict[str, Any]]) -> tuple[int, ...]:
    """Add prepared rows to the record; return their places in the feed of all cases."""
    ids = []
    for row in rows:
        facts = {name: value for name, value in row.items() if name not in {"body", "salt"}}
        added = connection.execute(_add, facts).scalar_one()
        connection.execute(_add_body, {"event_id": added, "body": row["body"], "salt": row["salt"]})
        ids.append(added)
    return tuple(ids)


def commitment(body: str, salt: bytes) -> str:
    """Bind an event to its words without giving them away: HMAC-SHA256 under the event's own salt."""
    return hmac.digest(salt, body.encode(), "sha256").hex()


def link(before: str, facts: dict[str, Any]) -> str:
    """Return the hash of an event: SHA-256 over the hash before it and its facts."""
    return hashlib.sha256((before + codec.dump(facts)).encode()).hexdigest()


def history(connection: Connection, case_id: str, *, zone: str | None = None) -> tuple[Event, ...]:
    """Read the events of a case back, oldest first, those of one zone if it is named; erased ones have no changes."""
    wanted = _of_case if zone is None else _of_case.where(tables.events.c.zone == zone)
    return tuple(read_event(row) for row in connection.execute(wanted, {"of": case_id}))


def numbered(connection: Connection, case_id: str) -> dict[int, Event]:
    """Read the events of a case back by their places in the feed of all cases, oldest first."""
    return {row.id: read_event(row) for row in connection.execute(_of_case, {"of": case_id})}


def verify(connection: Connection, case_id: str | None = None) -> Report:
    """Check one case, or all of them, up to the first break."""
    checked = events_seen = erased = 0
    for case in _heads(connection, case_id):
        rows = connection.execute(_of_case, {"of": case.id}).all()
        checked, events_seen = checked + 1, events_seen + len(rows)
        erased += sum(row.body is None for row in rows)
        found = _first_break(connection, case, rows)
        if found is not None:
            return Report(cases=checked, events=events_seen, erased=erased, first_break=found)
    orphan = connection.execute(_orphans).first() if case_id is None else None
    lost = Break(orphan.case_id, orphan.seq, say("the case it belongs to is gone")) if orphan else None
    return Report(cases=checked, events=events_seen, erased=erased, first_break=lost)


def _heads(connection: Connection, case_id: str | None) -> Iterator[Row[Any]]:
    if case_id is not None:
        yield from connection.execute(_head.where(tables.cases.c.id == case_id)).all()
        return
    last = ""
    while page := connection.execute(
        _head.where(tables.cases.c.id > last).order_by(tables.cases.c.id).limit(_PAGE)
    ).all():
        yield from page
        last = page[-1].id


def _first_break(connection: Connection, case: Row[Any], rows: Sequence[Row[Any]]) -> Break | None:
    head = GENESIS
    for seq, row in enumerate(rows, start=1):
        what = _wrong_with(row, seq=seq, head=head)
        if what is not None:
            return Break(case.number, seq, what)
        head = row.hash
    if case.version != len(rows):
        place = min(case.version, len(rows)) + 1
        return Break(
            case.number,
            place,
            say("the case counts %(counted)s events, the record holds %(held)s", counted=case.version, held=len(rows)),
        )
    if case.head != head:
        return Break(case.number, len(rows), say("the hash on the case is not that of its newest event"))
    return _replayed_otherwise(connection, case, rows)


def _wrong_with(row: Row[Any], *, seq: int, head: str) -> str | None:
    if row.seq != seq:
        return say("it is missing; the next one found is %(seq)s", seq=row.seq)
    facts = {name: getattr(row, name) for name in _FACTS}
    if link(head, facts) != row.hash:
        return say("its facts, or the hash before it, were changed")
    if row.body is not None and commitment(row.body, row.salt) != row.commitment:
        return say("its words were changed")
    return None


def _replayed_otherwise(connection: Connection, case: Row[Any], rows: Sequence[Row[Any]]) -> Break | None:
    """Compare the stored case with what its events make of it; impossible once words were erased."""
    if not rows or any(row.body is None for row in rows):
        return None
    try:
        stored = repository.load(connection, case.id).case
    except (errors.ParleyError, KeyError, TypeError, ValueError):
        return Break(case.number, len(rows), say("the stored case cannot be read"))
    if stored != cases.replay(read_event(row) for row in rows):
        return Break(case.number, len(rows), say("the stored case is not what its events make of it"))
    return None


def read_event(row: Row[Any]) -> Event:
    """Read an event from its row and its body's; without its words it has no inputs and no changes."""
    words = codec.parse(row.body) if row.body is not None else {"inputs": {}, "changes": []}
    return Event(
        trigger=row.trigger,
        actor=row.actor,
        on_behalf_of=row.on_behalf_of,
        at=row.at,
        recorded_at=row.recorded_at,
        zone=row.zone,
        timer=row.timer,
        inputs=_read_inputs(words["inputs"]),
        changes=_read_changes(words["changes"]),
    )


_FACTS = tuple(column.name for column in tables.events.columns if column.name not in {"id", "hash"})
_read_inputs = codec.reader(Mapping[str, Value])
_read_changes = codec.reader(tuple[events.Change, ...])
