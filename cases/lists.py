"""The list of cases for a viewer: filtered, sorted, and in pages that go on after the last row of the one before.

Which cases are listed, how many they are and how they are sorted is all decided by what the viewer may know of each:
the parts and clocks that are kept beside the cases for every reader.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, false, func, literal, or_, select

from cases import full_text, paging, search_words, tables, viewer
from cases.filters import CaseFilter, Waits
from cases.findable import Source
from cases.paging import PAGE, Key, Page
from cases.record import Record
from cases.unit_of_work import reading
from cases.viewer import Seen, Viewer
from states import errors, shortlist
from states.process import Urgency
from states.said import say

MOST_COUNTED = 1000
"""Beyond so many, a list only says that there are more."""
_cases, _listed, _entries = tables.cases, tables.case_listings, tables.search_entries
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """One line of a list of cases; `due_at` is the soonest clock the viewer may see."""

    id: str
    number: str
    title: str
    process: str
    stage: str
    stage_label: str
    stage_since: datetime
    phase: str
    phase_label: str
    tier_label: str | None
    urgency: Urgency
    opened_at: datetime
    closed_at: datetime | None
    outcome: str | None
    due_at: datetime | None
    due_label: str


@dataclass(frozen=True, slots=True)
class _Look:
    """One viewer's look at the list, within one reading of the record."""

    record: Record
    who: Viewer
    connection: Connection
    wanted: CaseFilter


def list_cases(  # noqa: PLR0913 - what is wanted, how, and how much of it
    record: Record,
    who: Viewer,
    *,
    wanted: CaseFilter | None = None,
    sort: str = "",
    after: str | None = None,
    limit: int = PAGE,
) -> Page[CaseRow]:
    """List the cases in which the viewer has a part, the latest moved first unless another of `SORTS` is asked for.

    Raises `NotFound` for a page that is not there, and `NeedsMissing` for an order that no list has.
    """
    keys = _keys(sort)
    with reading(record.engine) as connection:
        columns = (_cases.c.id, *(key.column.label(f"key_{place}") for place, key in enumerate(keys)))
        rows = _wanted(_Look(record, who, connection, wanted or CaseFilter()), *columns)
        if after is not None:
            rows = rows.where(paging.after(after, keys))
        found = connection.execute(rows.order_by(*(key.ordered for key in keys)).limit(limit + 1)).all()
        page = found[:limit]
        seen = tuple(viewer.see_many(record, who, connection, [row.id for row in page]))
    mark = paging.write(page[-1][1:]) if len(found) > limit else None
    return Page(tuple(_case_row(record, one) for one in seen), mark)


def count_cases(record: Record, who: Viewer, *, wanted: CaseFilter | None = None) -> int:
    """Count the cases a list would hold, up to one more than `MOST_COUNTED`."""
    with reading(record.engine) as connection:
        rows = _wanted(_Look(record, who, connection, wanted or CaseFilter()), _cases.c.id)
        counted = select(func.count()).select_from(rows.limit(MOST_COUNTED + 1).subquery())
        return int(connection.execute(counted).scalar_one())


def every_case(record: Record, who: Viewer, *, wanted: CaseFilter, limit: int) -> tuple[str, ...]:
    """Name the numbers of the cases a list would hold, so many of them at most."""
    with reading(record.engine) as connection:
        rows = _wanted(_Look(record, who, connection, wanted), _cases.c.number)
        return tuple(connection.execute(rows.order_by(_cases.c.number).limit(limit)).scalars())


def mediators(record: Record, who: Viewer) -> Mapping[str, str]:
    """Name the people who mediate cases of the viewer, by their ids."""
    people, parts = tables.people, tables.case_people
    named = select(people.c.id, people.c.name).where(
        people.c.id.in_(
            select(parts.c.person_id).where(parts.c.role == shortlist.MEDIATOR, parts.c.case_id.in_(_cases_of(who)))
        )
    )
    with reading(record.engine) as connection:
        return {row.id: row.name for row in connection.execute(named.order_by(people.c.name, people.c.id))}


def _cases_of(who: Viewer) -> Select[Any]:
    return select(_listed.c.case_id).where(_listed.c.person_id == who.person)


def _keys(sort: str) -> tuple[Key, ...]:
    """Order by one column, in which many cases may be alike, and then by the id; a minus turns the order round."""
    name, falling = sort.removeprefix("-") or MOVED, sort.startswith("-") or not sort
    if name not in _COLUMNS:
        raise errors.NeedsMissing(say("no list is sorted by “%(name)s”; choose a column of it", name=name))
    return Key(*_COLUMNS[name], falling=falling), Key(_listed.c.case_id, str, falling=falling)


MOVED = "moved"
_COLUMNS: Mapping[str, tuple[ColumnElement[Any], type]] = {
    MOVED: (_listed.c.moved_at, datetime),
    "number": (_cases.c.number, str),
    "stage": (_cases.c.stage, str),
    "urgency": (_cases.c.urgency, str),
    "opened": (_cases.c.opened_at, datetime),
    # A case without a clock is never due.
    "due": (func.coalesce(_listed.c.due_at, literal(_NEVER, tables.Instant()), type_=tables.Instant()), datetime),
}
SORTS = tuple(_COLUMNS)
"""What a list may be sorted by; a minus before it begins with the last."""


def _wanted(look: _Look, *columns: ColumnElement[Any]) -> Select[Any]:
    """Select some columns of the viewer's cases that are wanted."""
    mine = select(*columns).join(_listed, _listed.c.case_id == _cases.c.id)
    return mine.where(_listed.c.person_id == look.who.person, *_conditions(look))


def _conditions(look: _Look) -> Iterator[ColumnElement[bool]]:
    wanted = look.wanted
    for column, value in (
        (_cases.c.stage, wanted.stage),
        (_cases.c.urgency, wanted.urgency),
        (_cases.c.tier, wanted.tier),
    ):
        if value is not None:
            yield column == value
    if wanted.process is not None:
        named = select(tables.processes.c.hash).where(tables.processes.c.name == wanted.process)
        yield _cases.c.process_hash.in_(named)
    if wanted.phase is not None:
        yield _in_phase(look, wanted.phase)
    if wanted.open_only is not None:
        yield _cases.c.closed_at.is_(None) if wanted.open_only else _cases.c.closed_at.is_not(None)
    yield from _of_people(look.connection, wanted)
    yield from _of_dates(wanted)


def _of_people(connection: Connection, wanted: CaseFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.words is not None:
        yield from _named(connection, wanted.words, (Source.CASE, Source.PARTY))
    if wanted.party is not None:
        yield from _named(connection, wanted.party, (Source.PARTY,))
    if wanted.mediator is not None:
        parts = tables.case_people
        holds = parts.c.role == shortlist.MEDIATOR, parts.c.person_id == wanted.mediator
        yield exists().where(parts.c.case_id == _cases.c.id, *holds)


def _named(connection: Connection, words: str, sources: tuple[Source, ...]) -> Iterator[ColumnElement[bool]]:
    """Ask for cases of which some name begins with each of the words."""
    for word in search_words.beginnings(words):
        holds = full_text.holds(connection, [word], unwanted=())
        yield _cases.c.id.in_(select(_entries.c.case_id).where(_entries.c.source.in_(sources), holds))


def _of_dates(wanted: CaseFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.waits_on is Waits.NOBODY:
        yield _listed.c.due_at.is_(None)
    elif wanted.waits_on is not None:
        yield and_(_listed.c.due_at.is_not(None), _listed.c.mine.is_(wanted.waits_on is Waits.ME))
    for column, first, end in (
        (_listed.c.due_at, wanted.due_from, wanted.due_before),
        (_cases.c.opened_at, wanted.opened_from, wanted.opened_before),
    ):
        if first is not None:
            yield column >= first
        if end is not None:
            yield column < end


def _in_phase(look: _Look, phase: str) -> ColumnElement[bool]:
    """Spell a phase as the stages that make it up, in each definition the viewer's cases follow."""
    mine = select(_cases.c.process_hash).where(_cases.c.id.in_(_cases_of(look.who))).distinct()
    stages = {
        hash_: [stage.name for stage in look.record.registry.get(hash_).stages.values() if stage.phase == phase]
        for hash_ in look.connection.execute(mine).scalars()
    }
    return or_(
        false(), *(and_(_cases.c.process_hash == hash_, _cases.c.stage.in_(names)) for hash_, names in stages.items())
    )


def _case_row(record: Record, seen: Seen) -> CaseRow:
    case, process = seen.case, seen.process
    stage, soonest = process.stages[case.stage], next(iter(viewer.deadlines(record, seen)), None)
    return CaseRow(
        id=case.id,
        number=case.number,
        title=case.title,
        process=process.title,
        stage=stage.name,
        stage_label=stage.label,
        stage_since=case.stage_since,
        phase=stage.phase,
        phase_label=process.phases[stage.phase],
        tier_label=process.tiers[case.tier].label if case.tier else None,
        urgency=case.urgency,
        opened_at=case.opened_at,
        closed_at=case.closed_at,
        outcome=case.outcome,
        due_at=soonest.due_at if soonest else None,
        due_label=soonest.rule.task if soonest else "",
    )
