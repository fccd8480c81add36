"""The list of cases for a viewer, in pages that go on after the last row of the one before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Tuple, and_, false, literal, or_, select, tuple_

from cases import tables, viewer
from cases.paging import PAGE, Page
from cases.record import Record
from cases.unit_of_work import reading
from cases.viewer import Seen, Viewer
from states import errors
from states.process import Urgency
from states.said import say

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """Which cases are wanted; None takes all. `words` are looked for in the number and the title."""

    stage: str | None = None
    phase: str | None = None
    urgency: str | None = None
    words: str | None = None
    open_only: bool | None = None


def list_cases(
    record: Record, who: Viewer, *, wanted: CaseFilter | None = None, after: str | None = None, limit: int = PAGE
) -> Page[CaseRow]:
    """List the cases in which the viewer has a part, the latest moved first."""
    cases, filters = tables.cases, wanted or CaseFilter()
    with reading(record.engine) as connection:
        rows = select(cases.c.id, cases.c.updated_at).join(tables.case_texts, tables.case_texts.c.case_id == cases.c.id)
        rows = rows.where(cases.c.id.in_(_cases_of(who)), *_conditions(record, connection, who, filters))
        if after is not None:
            rows = rows.where(tuple_(cases.c.updated_at, cases.c.id) < _literally(_read_mark(after)))
        found = connection.execute(rows.order_by(cases.c.updated_at.desc(), cases.c.id.desc()).limit(limit + 1)).all()
        page = found[:limit]
        seen = tuple(viewer.see_many(record, who, connection, [row.id for row in page]))
    mark = f"{(page[-1].updated_at - _EPOCH) // _MICROSECOND}.{page[-1].id}" if len(found) > limit else None
    return Page(tuple(_case_row(record, one) for one in seen), mark)


def _cases_of(who: Viewer) -> Select[Any]:
    return select(tables.case_people.c.case_id).where(tables.case_people.c.person_id == who.person)


def _conditions(
    record: Record, connection: Connection, who: Viewer, wanted: CaseFilter
) -> Iterator[ColumnElement[bool]]:
    cases = tables.cases
    if wanted.stage is not None:
        yield cases.c.stage == wanted.stage
    if wanted.phase is not None:
        yield _in_phase(record, connection, who, wanted.phase)
    if wanted.urgency is not None:
        yield cases.c.urgency == wanted.urgency
    if wanted.open_only is not None:
        yield cases.c.closed_at.is_(None) if wanted.open_only else cases.c.closed_at.is_not(None)
    for word in (wanted.words or "").split():
        title, number = tables.case_texts.c.title, cases.c.number
        yield or_(title.icontains(word, autoescape=True), number.icontains(word, autoescape=True))


def _in_phase(record: Record, connection: Connection, who: Viewer, phase: str) -> ColumnElement[bool]:
    """Spell a phase as the stages that make it up, in each definition the viewer's cases follow."""
    cases = tables.cases
    hashes = connection.execute(select(cases.c.process_hash).where(cases.c.id.in_(_cases_of(who))).distinct()).scalars()
    stages = {
        hash_: [stage.name for stage in record.registry.get(hash_).stages.values() if stage.phase == phase]
        for hash_ in hashes
    }
    return or_(
        false(), *(and_(cases.c.process_hash == hash_, cases.c.stage.in_(names)) for hash_, names in stages.items())
    )


def _read_mark(mark: str) -> tuple[datetime, str]:
    instant, dot, case_id = mark.partition(".")
    if not dot or not instant.isdecimal():
        raise errors.NotFound(say("there is no such page of the list; begin again at the first"))
    return _EPOCH + timedelta(microseconds=int(instant)), case_id


def _literally(mark: tuple[datetime, str]) -> Tuple:
    return tuple_(literal(mark[0], tables.Instant()), literal(mark[1]))


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
