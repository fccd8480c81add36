"""Reads and writes the case itself: its row, its words, its items, and who is in it. Nothing here commits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from cases import codec, tables
from states import errors
from states.case import Case
from states.items import KINDS, Item
from states.process import Urgency
from states.said import say

UNKNOWN = say("there is no such case, or it is not yours to see")

_readers = codec.readers_of(Case)

_ITEMS_AT_HAND = 10_000
"""How many items that were read are kept, of all cases; a case has some fifty, and is read for every page and mail."""

Person = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Stored:
    """A case as it stands, and the end of its chain."""

    case: Case
    head: str


_HOT = (
    "number",
    "stage",
    "stage_since",
    "stage_round",
    "tier",
    "tier_since",
    "tier_round",
    "urgency",
    "owner",
    "outcome",
    "closed_at",
    "cycle",
    "opened_at",
    "version",
)

# Everything of a case that has no column or table of its own.
_DETAILS = tuple(name for name in _readers if name not in {"id", "process", "title", "items", *_HOT})

_one = (
    select(tables.cases, tables.case_texts.c.title, tables.case_texts.c.details)
    .join(tables.case_texts, tables.case_texts.c.case_id == tables.cases.c.id)
    .where(tables.cases.c.id == bindparam("wanted"))
)
_one_locked = _one.with_for_update(of=tables.cases)
_items = (
    select(tables.items.c.kind, tables.items.c.data)
    .where(tables.items.c.case_id == bindparam("of"))
    .order_by(tables.items.c.position)
)
_many = (
    select(tables.cases, tables.case_texts.c.title, tables.case_texts.c.details)
    .join(tables.case_texts, tables.case_texts.c.case_id == tables.cases.c.id)
    .where(tables.cases.c.id.in_(bindparam("wanted", expanding=True)))
)
_items_of_many = (
    select(tables.items.c.case_id, tables.items.c.kind, tables.items.c.data)
    .where(tables.items.c.case_id.in_(bindparam("wanted", expanding=True)))
    .order_by(tables.items.c.case_id, tables.items.c.position)
)
# These set the columns they are given; "of", "seen" and "which" are not columns.
_change = update(tables.cases).where(tables.cases.c.id == bindparam("of"), tables.cases.c.version == bindparam("seen"))
_promise = update(tables.cases).where(tables.cases.c.id == bindparam("of"))
_add, _add_text, _add_items, _add_people = map(
    insert, (tables.cases, tables.case_texts, tables.items, tables.case_people)
)
_change_text = update(tables.case_texts).where(tables.case_texts.c.case_id == bindparam("of"))
_change_item = update(tables.items).where(
    tables.items.c.case_id == bindparam("of"), tables.items.c.id == bindparam("which")
)
_remove_person = delete(tables.case_people).where(
    tables.case_people.c.case_id == bindparam("of"),
    tables.case_people.c.person_id == bindparam("person"),
    tables.case_people.c.role == bindparam("part"),
    tables.case_people.c.party_id == bindparam("party"),
)


def load(connection: Connection, case_id: str, *, lock: bool = False) -> Stored:
    """Read a case for a decision; with `lock`, others who would change it wait (SQLite lets only one write anyway).

    Raises `NotFound`.
    """
    row = connection.execute(_one_locked if lock else _one, {"wanted": case_id}).first()
    if row is None:
        raise errors.NotFound(UNKNOWN)
    kept = connection.execute(_items, {"of": case_id})
    return Stored(_case(row, tuple(read_item(item.kind, item.data) for item in kept)), row.head)


def load_many(connection: Connection, case_ids: Sequence[str]) -> tuple[Stored, ...]:
    """Read several cases with two statements, in the order of their ids as given; unknown ids are left out."""
    wanted = {"wanted": list(case_ids)}
    items: dict[str, list[Item]] = {case_id: [] for case_id in case_ids}
    for row in connection.execute(_items_of_many, wanted):
        items[row.case_id].append(read_item(row.kind, row.data))
    found = {row.id: Stored(_case(row, tuple(items[row.id])), row.head) for row in connection.execute(_many, wanted)}
    return tuple(found[case_id] for case_id in case_ids if case_id in found)


def add(connection: Connection, case: Case, *, head: str, due_at: datetime | None, now: datetime) -> None:
    """Write a case that was just opened."""
    hot = _hot(case) | {"head": head, "due_at": due_at, "updated_at": now}
    connection.execute(_add, {"id": case.id} | hot)
    connection.execute(_add_text, {"case_id": case.id} | _words(case))
    _write_items(connection, None, case)
    _write_people(connection, None, case)


def change(connection: Connection, before: Case, after: Case, *, hot: Mapping[str, Any]) -> bool:
    """Write what changed in a case; return False, with nothing written, when somebody else was first.

    `hot` holds the new head, due_at and updated_at.
    """
    changed = connection.execute(_change, {"of": after.id, "seen": before.version, **_hot(after), **hot})
    if changed.rowcount != 1:
        return False
    if any(getattr(before, name) != getattr(after, name) for name in ("title", *_DETAILS)):
        connection.execute(_change_text, {"of": after.id} | _words(after))
    _write_items(connection, before, after)
    _write_people(connection, before, after)
    return True


def promise(connection: Connection, case_id: str, *, due_at: datetime | None) -> None:
    """Write down when something will next happen by itself to a case that has not changed."""
    connection.execute(_promise, {"of": case_id, "due_at": due_at})


def people_of(case: Case) -> frozenset[Person]:
    """List who is in a case: person, role, and party or nothing; who stood for a party that left is in it no more."""
    own = {(person, role, "") for role, holders in case.roles.items() for person in holders}
    of_parties = {
        (person, role, party.id)
        for party in case.parties
        if party.left_at is None
        for role, holders in party.people.items()
        for person in holders
    }
    return frozenset(own | of_parties)


def _case(row: Row[Any], kept: tuple[Item, ...]) -> Case:
    details = {name: _readers[name](value) for name, value in codec.parse(row.details).items()}
    hot = {name: getattr(row, name) for name in _HOT}
    hot["urgency"] = Urgency(row.urgency)
    return Case(id=row.id, process=row.process_hash, title=row.title, items=kept, **hot, **details)


def _hot(case: Case) -> dict[str, Any]:
    return {"process_hash": case.process} | {name: getattr(case, name) for name in _HOT}


def _words(case: Case) -> dict[str, str]:
    return {"title": case.title, "details": codec.dump({name: getattr(case, name) for name in _DETAILS})}


@lru_cache(maxsize=_ITEMS_AT_HAND)
def read_item(kind: str, data: str) -> Item:
    """Read an item of a kind from what its row holds; nothing about it can change, so one that was read is kept."""
    item: Item = codec.load(KINDS[kind], data)
    return item


def _write_items(connection: Connection, before: Case | None, after: Case) -> None:
    known = {item.id: item for item in before.items} if before else {}
    touched = [(position, item) for position, item in enumerate(after.items) if known.get(item.id) != item]
    new = [
        {"case_id": after.id, "id": item.id, "kind": item.kind, "position": position} | _item_facts(after, item)
        for position, item in touched
        if item.id not in known
    ]
    changed = [{"of": after.id, "which": item.id} | _item_facts(after, item) for _, item in touched if item.id in known]
    if new:
        connection.execute(_add_items, new)
    if changed:
        connection.execute(_change_item, changed)


def _item_facts(case: Case, item: Item) -> dict[str, Any]:
    return {"zone": item.zone, "state": item.state, "seq": case.version, "data": codec.dump(item)}


def _write_people(connection: Connection, before: Case | None, after: Case) -> None:
    old, new = people_of(before) if before else frozenset(), people_of(after)
    if gone := old - new:
        connection.execute(_remove_person, list(_person_rows(after.id, gone, ("of", "person", "part", "party"))))
    if come := new - old:
        names = ("case_id", "person_id", "role", "party_id")
        connection.execute(_add_people, list(_person_rows(after.id, come, names)))


def _person_rows(case_id: str, people: Iterable[Person], names: tuple[str, ...]) -> Iterable[dict[str, str]]:
    return (dict(zip(names, (case_id, *person), strict=True)) for person in sorted(people))
