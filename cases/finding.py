"""Keeps beside each case who reads which zone of it and by which words its entries are found, in the same transaction.

The words lie in the index without order and apart from the text, each zone in entries of its own; nothing here gives
anything back. `cases.search` reads it, for one viewer at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import Connection, Engine, Text, bindparam, cast, delete, exists, insert, select

from cases import cutting, findable, full_text, ledger, listing, repository, tables
from cases import unit_of_work as work
from cases.findable import COVER, Entry, Source
from cases.registry import ProcessRegistry
from states import roles
from states.calendar import Calendar
from states.case import Case
from states.events import Event
from states.items import Handover
from states.process import Process

_entries, _readers = tables.search_entries, tables.case_readers
Reader = tuple[str, str]

# "of", "kind", "name", "who" and "room" are not columns.
_let_in = insert(_readers)
_add = insert(_entries).values(words=cast(bindparam("said", type_=Text), _entries.c.words.type))
_remove = delete(_entries).where(
    _entries.c.case_id == bindparam("of"),
    _entries.c.source == bindparam("kind"),
    _entries.c.ref == bindparam("name"),
)
_shut_out = delete(_readers).where(
    _readers.c.case_id == bindparam("of"),
    _readers.c.person_id == bindparam("who"),
    _readers.c.zone == bindparam("room"),
)
_unread = select(tables.cases.c.id).where(
    ~exists().where(_entries.c.case_id == tables.cases.c.id, _entries.c.source == Source.CASE)
    | ~exists().where(tables.case_listings.c.case_id == tables.cases.c.id)
)


def keep(
    connection: Connection, process: Process, before: Case | None, after: Case, *, happened: Mapping[int, Event]
) -> None:
    """Bring what a case is found by in line with it; `happened` are the new events by their places in the record."""
    if before is None or _may_read_anew(before, after):
        _keep_readers(connection, process, before, after)
    known = {item.id: item for item in before.items} if before else {}
    changed = [findable.of_item(item) for item in after.items if known.get(item.id) != item]
    written = [*_of_case(process, before, after), *changed]
    if before is not None and written:
        places = [_place(after.id, one) for one in written]
        full_text.forget(connection, places)
        connection.execute(_remove, places)
    _write(connection, after.id, [*written, *_of_events(process, happened)])


def renew(connection: Connection, process: Process, case: Case) -> None:
    """Write anew everything by which a case is found."""
    connection.execute(delete(_readers).where(_readers.c.case_id == case.id))
    kept = connection.execute(select(_entries.c.source, _entries.c.ref).where(_entries.c.case_id == case.id))
    full_text.forget(connection, [{"of": case.id, "kind": row.source, "name": row.ref} for row in kept])
    connection.execute(delete(_entries).where(_entries.c.case_id == case.id))
    keep(connection, process, None, case, happened=ledger.numbered(connection, case.id))


def renew_case(engine: Engine, registry: ProcessRegistry, case_id: str, *, calendars: Mapping[str, Calendar]) -> None:
    """Write anew, in a transaction of its own, everything by which one case is found and listed."""
    with work.unit_of_work(engine) as connection:
        case = repository.load(connection, case_id, lock=True).case
        by = listing.Clocks(registry.get(case.process), calendars)
        renew(connection, by.process, case)
        listing.forget(connection, case_id)
        listing.keep(connection, by, case, happened=ledger.history(connection, case_id))


def every_case(engine: Engine) -> tuple[str, ...]:
    """List the ids of all cases."""
    with work.reading(engine) as connection:
        return tuple(connection.execute(select(tables.cases.c.id).order_by(tables.cases.c.id)).scalars())


def catch_up(engine: Engine, registry: ProcessRegistry, *, calendars: Mapping[str, Calendar]) -> int:
    """Write the index for the cases that were recorded before there was one; return how many."""
    with work.reading(engine) as connection:
        missing = list(connection.execute(_unread).scalars())
    for case_id in missing:
        renew_case(engine, registry, case_id, calendars=calendars)
    return len(missing)


def readers(process: Process, case: Case) -> Iterator[Reader]:
    """Yield who reads which zone of a case; whoever reads anything of it may know that it is there."""
    for person in {person for person, _, _ in repository.people_of(case)}:
        zones = roles.readable_zones(process, case, roles.Actor(person))
        yield from ((person, zone) for zone in zones)
        if zones:
            yield person, COVER


def _may_read_anew(before: Case, after: Case) -> bool:
    """Tell whether anything changed by which the rules say who reads what."""
    same = before.roles == after.roles and before.parties == after.parties and before.stage == after.stage
    return not same or before.all(Handover) != after.all(Handover)


def _keep_readers(connection: Connection, process: Process, before: Case | None, after: Case) -> None:
    old, new = frozenset(readers(process, before)) if before else frozenset(), frozenset(readers(process, after))
    if gone := sorted(old - new):
        connection.execute(_shut_out, [{"of": after.id, "who": who, "room": zone} for who, zone in gone])
    if come := sorted(new - old):
        rows = [{"case_id": after.id, "person_id": who, "zone": zone} for who, zone in come]
        connection.execute(_let_in, rows)


def _of_case(process: Process, before: Case | None, after: Case) -> list[Entry]:
    new = list(findable.of_case(process, after))
    old = list(findable.of_case(process, before)) if before else []
    return [one for one in new if one not in old]


def _of_events(process: Process, happened: Mapping[int, Event]) -> Iterator[Entry]:
    return (findable.of_event(process, event, event_id=event_id) for event_id, event in happened.items())


def _write(connection: Connection, case_id: str, entries: Iterable[Entry]) -> None:
    cut = [(one, words) for one in entries if (words := cutting.words_of(one.texts))]
    if cut:
        connection.execute(_add, [_row(case_id, one, words) for one, words in cut])
        full_text.learn(connection, [_place(case_id, one) for one, _ in cut])


def _row(case_id: str, entry: Entry, words: Iterable[str]) -> dict[str, object]:
    return {
        "case_id": case_id,
        "source": entry.source,
        "ref": entry.ref,
        "zone": entry.zone,
        "fit": entry.fit,
        "at": entry.at,
        "said": " ".join(sorted(map(cutting.stored, words))),
    }


def _place(case_id: str, entry: Entry) -> full_text.Place:
    return {"of": case_id, "kind": entry.source, "name": entry.ref}
