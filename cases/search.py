"""Finds what one viewer may read by the words in it.

The index names entries in the zones the viewer reads, and no others; what is shown is then made of what the viewer
reads of the case, and an entry of which they read nothing is passed over. The order goes by what an entry is and how
old it is, so it tells nothing of any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, select, tuple_

from cases import cutting, findable, full_text, paging, search_words, tables, timeline, viewer
from cases.findable import Entry, Source
from cases.paging import PAGE, Key, Page
from cases.record import Record
from cases.search_words import Part, Search, Term
from cases.timeline import Happened
from cases.unit_of_work import reading
from cases.viewer import Seen, Viewer
from states.items import Item

_entries, _readers = tables.search_entries, tables.case_readers
_ORDER = (
    Key(_entries.c.fit, int, falling=True),
    Key(_entries.c.at, datetime, falling=True),
    Key(_entries.c.case_id, str),
    Key(_entries.c.source, str),
    Key(_entries.c.ref, str),
)


_READ = [_entries.c[name] for name in ("case_id", "source", "ref", "fit", "at")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One entry that was found: in which case, where in it, and an excerpt of what the viewer may read.

    `item` is the item it stands on; `act` names the act in which it was said, the entry `seq` of the timeline.
    """

    seen: Seen
    source: Source
    zone: str
    at: datetime
    excerpt: tuple[Part, ...]
    item: Item | None = None
    act: str = ""
    seq: int | None = None


@dataclass(frozen=True, slots=True)
class _Look:
    """One viewer's look for something, within one reading of the record."""

    record: Record
    who: Viewer
    connection: Connection
    asked: Search


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchFilter:
    """What is looked for: words as they were typed, in all cases or in the one of an id or number."""

    words: str
    case: str | None = None


def search(
    record: Record, who: Viewer, wanted: SearchFilter, *, after: str | None = None, limit: int = PAGE
) -> Page[Found]:
    """Find entries that hold everything that is asked: titles first, then the newest.

    Raises `NeedsMissing` for a search without words, and `NotFound` for a case or a page that is not there.
    """
    asked = search_words.parse(wanted.words)
    with reading(record.engine) as connection:
        look = _Look(record, who, connection, asked)
        rows = _candidates(look)
        if wanted.case is not None:
            rows = rows.where(_entries.c.case_id == viewer.find(record, who, connection, wanted.case).case.id)
        return _filled(look, rows, after=after, limit=limit)


def _filled(look: _Look, wanted: Select[Any], *, after: str | None, limit: int) -> Page[Found]:
    """Read on until the page is full, for some entries hold the words of a phrase in another order."""
    found: list[tuple[Row[Any], Found]] = []
    batch = wanted if after is None else wanted.where(paging.after(after, _ORDER))
    while rows := look.connection.execute(batch.limit(limit + 1)).all():
        found += _read(look, rows)
        if len(found) > limit or len(rows) <= limit:
            break
        batch = wanted.where(paging.after(_mark(rows[-1]), _ORDER))
    mark = _mark(found[limit - 1][0]) if len(found) > limit else None
    return Page(tuple(one for _, one in found[:limit]), mark)


def _mark(row: Row[Any]) -> str:
    return paging.write((row.fit, row.at, row.case_id, row.source, row.ref))


def _candidates(look: _Look) -> Select[Any]:
    """Select the entries in the viewer's zones that hold the words, the best and newest first."""
    mine = select(_readers.c.case_id, _readers.c.zone).where(_readers.c.person_id == look.who.person)
    return (
        select(*_READ)
        .where(_holds(look.connection, look.asked), tuple_(_entries.c.case_id, _entries.c.zone).in_(mine))
        .order_by(*(key.ordered for key in _ORDER))
    )


def _holds(connection: Connection, asked: Search) -> ColumnElement[bool]:
    """Ask the full-text index for the words; whether they stand side by side is seen in the text itself."""
    wanted = [word for term in asked.terms if term.wanted for word in _index_words(term)]
    unwanted = [word for term in asked.terms if not term.wanted and len(term.words) == 1 for word in _index_words(term)]
    return full_text.holds(connection, wanted, unwanted=unwanted)


def _index_words(term: Term) -> Iterator[full_text.Word]:
    *before, last = term.words
    yield from ((cutting.stored(word), False) for word in before)
    yield cutting.stored(last), term.begins


def _read(look: _Look, rows: Sequence[Row[Any]]) -> Iterator[tuple[Row[Any], Found]]:
    """Yield what the viewer may read of the entries, in their order."""
    ids = list(dict.fromkeys(row.case_id for row in rows))
    cases = {seen.case.id: seen for seen in viewer.see_many(look.record, look.who, look.connection, ids)}
    entries: dict[tuple[str, str, str], _Read] = {}
    for case_id, seen in cases.items():
        refs = [(row.source, row.ref) for row in rows if row.case_id == case_id]
        entries |= {(case_id, one.source, one.ref): (one, found) for one, found in _readable(look, seen, refs)}
    for row in rows:
        entry, found = entries.get((row.case_id, row.source, row.ref), (None, None))
        if entry and found and look.asked.finds(entry.texts):
            yield row, replace(found, excerpt=look.asked.excerpt(entry.texts))


_Read = tuple[Entry, Found]


def _readable(look: _Look, seen: Seen, refs: Sequence[tuple[str, str]]) -> Iterator[_Read]:
    """Yield the entries that the viewer reads, made anew of what they may see of the case."""
    wanted = set(refs)
    yield from (_found(entry, seen) for entry in findable.of_case(seen.process, seen.case))
    for item in seen.case.items:
        if (Source.ITEM, item.id) in wanted:
            yield _found(findable.of_item(item), seen, item=item)
    event_ids = [int(ref) for source, ref in refs if source == Source.EVENT]
    if event_ids:
        told = timeline.read_events(look.connection, seen, tables.events.c.id.in_(event_ids))
        yield from (_of_event(seen, one) for one in told if not _still_stands(seen, one))


def _of_event(seen: Seen, happened: Happened) -> _Read:
    entry = findable.of_event(seen.process, happened.event, event_id=happened.id)
    return _found(entry, seen, act=timeline.label(seen.process, happened.event), seq=happened.seq)


def _found(entry: Entry, seen: Seen, **more: Any) -> _Read:  # noqa: ANN401 - further fields of what was found
    return entry, Found(seen=seen, source=entry.source, zone=entry.zone, at=entry.at, excerpt=(), **more)


def _still_stands(seen: Seen, happened: Happened) -> bool:
    """Tell whether all that was said in an act still stands on an item it recorded, which is found itself."""
    said = findable.of_event(seen.process, happened.event, event_id=happened.id).texts
    items = (seen.case.item(item.id) for item in timeline.recorded(seen, happened.event))
    return any(set(said) <= set(findable.of_item(item).texts) for item in items if item is not None)
