"""Cases as JSON: listed, shown, and opened."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from cases import opening, queries
from cases.commands import OpenCase
from cases.queries import CaseFilter, ComingDate, Waits, Window
from desk.api import match, paging, said, schemas
from desk.api.bounds import CaseRef
from desk.api.paging import Paging
from desk.api.route import ApiRoute, Key
from desk.api.scopes import ActsOnCases, ReadsCases
from desk.visits import Visit
from desk.words import as_utc
from states import board, marks

router = APIRouter(prefix="/api", route_class=ApiRoute, tags=["cases"], responses=schemas.PROBLEMS)

MOST_DATES = 500
"""How many coming dates are looked at for one page of them."""


@router.get("/cases")
def list_cases(
    visit: ReadsCases, asked: Annotated[schemas.CasesAsked, Query()], request: Request, response: Response
) -> schemas.CaseList:
    """List the cases in which the signed-in person has a part, the latest moved first."""
    page = paging.Asked(request, response, asked.limit, asked.after)
    found = queries.list_cases(
        visit.desk.record,
        visit.viewer,
        wanted=filter_of(asked),
        sort=asked.sort,
        after=page.after,
        limit=page.limit,
    )
    return schemas.CaseList(cases=[said.case_line(row) for row in found.rows], next=page.link(found.next))


def filter_of(asked: schemas.CasesWanted) -> CaseFilter:
    """Read which cases are wanted."""
    wanted = asked.model_dump(exclude={"open", "waits_on", "sort", "after", "limit"})
    waits = Waits(asked.waits_on) if asked.waits_on else None
    return CaseFilter(**wanted, open_only=asked.open, waits_on=waits)


@router.post("/cases", status_code=201)
def open_case(visit: ActsOnCases, notice: schemas.Opening, key: Key) -> schemas.Receipt:
    """Open a case."""
    command = _command(visit, notice, key=f"api:{visit.person.id}:{key}")
    return said.receipt(visit.desk.service.open(command))


@router.post("/cases/similar")
def list_similar(visit: ReadsCases, notice: schemas.Opening) -> schemas.Similar:
    """List the cases a notice looks like, before it is opened; nothing is recorded."""
    command, record, now = _command(visit, notice, key="similar"), visit.desk.record, visit.words.now
    draft = opening.draft(command, record.registry.current(notice.process), now=now)
    return said.similar(queries.similar(record, visit.viewer, draft, now=now))


def _command(visit: Visit, notice: schemas.Opening, *, key: str) -> OpenCase:
    return OpenCase(
        process=notice.process,
        title=notice.title,
        actor=visit.actor,
        key=key,
        urgency=notice.urgency,
        parties=tuple(said.case_party(one) for one in notice.parties),
        roles={role: tuple(people) for role, people in notice.roles.items()},
        issues=tuple(notice.issues),
        fields=notice.fields,
    )


@router.get("/cases/{case_ref}", responses=match.TOLD)
def show_case(case_ref: CaseRef, visit: ReadsCases, response: Response) -> schemas.Case:
    """Show a case by its number or id, as far as the signed-in person may see it."""
    file = queries.case_file(visit.desk.record, visit.viewer, case_ref, now=visit.words.now)
    response.headers["etag"] = match.tag_of_case(file, visit.actor)
    return said.whole_case(file)


@router.get("/cases/{case_ref}/calendar")
def list_dates(
    case_ref: CaseRef, visit: ReadsCases, page: Paging, *, since: datetime | None = None, until: datetime | None = None
) -> schemas.Calendar:
    """List the dates that are coming in a case, with whom each waits for and what silence means."""
    return _dates(visit, page, Window(case=case_ref, since=_aware(since), until=_aware(until), limit=MOST_DATES))


@router.get("/calendar")
def list_my_dates(
    visit: ReadsCases, page: Paging, *, since: datetime | None = None, until: datetime | None = None
) -> schemas.Calendar:
    """List the dates that are coming in all cases of the signed-in person, what is overdue first."""
    return _dates(visit, page, Window(since=_aware(since), until=_aware(until), limit=MOST_DATES))


def _dates(visit: Visit, page: paging.Asked, wanted: Window) -> schemas.Calendar:
    found = queries.calendar(visit.desk.record, visit.viewer, wanted=wanted, now=visit.words.now)
    cut = paging.cut(page, found.dates, key=_place)
    return schemas.Calendar(dates=[said.coming_date(one) for one in cut.rows], next=cut.next)


def _place(one: ComingDate) -> tuple[str, ...]:
    """Tell where a date stands in the order of dates; no two of a case have the same name, item and instant."""
    item = one.date.item.id if one.date.item else ""
    return (as_utc(one.date.due_at), one.case.number, one.date.name, one.date.label, item)


def _aware(instant: datetime | None) -> datetime | None:
    """Read an instant that names no zone as one in UTC."""
    return instant.replace(tzinfo=UTC) if instant is not None and instant.tzinfo is None else instant


@router.get("/cases/{case_ref}/board")
def show_board(case_ref: CaseRef, visit: ReadsCases) -> schemas.Board:
    """Show the options of a case against its criteria, and the harm each may do."""
    _, case = queries.case_for(visit.desk.record, visit.viewer, case_ref)
    return said.board(board.of(case))


@router.get("/cases/{case_ref}/collisions")
def list_contested(case_ref: CaseRef, visit: ReadsCases, page: Paging) -> schemas.ContestedWindows:
    """List the windows of a case that other open cases contest."""
    found = queries.contested(visit.desk.record, visit.viewer, case_ref)
    cut = paging.cut(page, found, key=lambda one: _window(one.window))
    return schemas.ContestedWindows(windows=[said.contested(one) for one in cut.rows], next=cut.next)


@router.get("/collisions")
def list_collisions(visit: ReadsCases, page: Paging) -> schemas.Collisions:
    """List the windows of all open cases that collide; for those who keep the register."""
    found = queries.collisions(visit.desk.record, visit.viewer, now=visit.words.now)
    cut = paging.cut(page, found, key=lambda one: (*_window(one.one.window), *_window(one.other.window)))
    return schemas.Collisions(collisions=[said.collision(one) for one in cut.rows], next=cut.next)


def _window(one: marks.Window) -> tuple[str, ...]:
    return (as_utc(one.from_at), as_utc(one.until_at), one.asset, one.place, str(one))


@router.get("/clauses")
def list_clauses(visit: ReadsCases, page: Paging) -> schemas.Clauses:
    """List the clauses that the processes on offer put into agreements, with the blanks to fill in."""
    registry = visit.desk.record.registry
    offered = {name: one for process in registry.names() for name, one in registry.current(process).clauses.items()}
    cut = paging.cut(page, offered.values(), key=lambda one: one.id)
    return schemas.Clauses(clauses=[said.clause_line(one) for one in cut.rows], next=cut.next)


@router.get("/processes")
def list_processes(visit: ReadsCases, page: Paging) -> schemas.Processes:
    """List the processes that new cases may follow."""
    registry = visit.desk.record.registry
    cut = paging.cut(page, registry.names(), key=str)
    return schemas.Processes(processes=[said.process_line(registry.current(name)) for name in cut.rows], next=cut.next)
