"""Cases as JSON: listed, shown, and opened."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query

from cases import opening, queries
from cases.commands import OpenCase
from cases.queries import CaseFilter, Waits, Window
from desk.access import Visit
from desk.api import said, schemas
from desk.api.route import ApiRoute, Key
from desk.api.scopes import ActsOnCases, ReadsCases
from states import board

router = APIRouter(prefix="/api", route_class=ApiRoute, tags=["cases"], responses=schemas.PROBLEMS)

MOST = 100
Limit = Annotated[int, Query(ge=1, le=500)]


@router.get("/cases")
def list_cases(visit: ReadsCases, asked: Annotated[schemas.CasesAsked, Query()]) -> schemas.CaseList:
    """List the cases in which the signed-in person has a part, the latest moved first."""
    wanted = asked.model_dump(exclude={"open", "waits_on", "sort", "after", "limit"})
    waits = Waits(asked.waits_on) if asked.waits_on else None
    found = queries.list_cases(
        visit.desk.record,
        visit.viewer,
        wanted=CaseFilter(**wanted, open_only=asked.open, waits_on=waits),
        sort=asked.sort,
        after=asked.after,
        limit=asked.limit,
    )
    return schemas.CaseList(cases=[said.case_line(row) for row in found.rows], next=found.next)


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


@router.get("/cases/{case_ref}")
def show_case(case_ref: str, visit: ReadsCases) -> schemas.Case:
    """Show a case by its number or id, as far as the signed-in person may see it."""
    return said.whole_case(queries.case_file(visit.desk.record, visit.viewer, case_ref, now=visit.words.now))


@router.get("/cases/{case_ref}/calendar")
def list_dates(
    case_ref: str, visit: ReadsCases, *, since: datetime | None = None, until: datetime | None = None, limit: Limit = 50
) -> schemas.Calendar:
    """List the dates that are coming in a case, with whom each waits for and what silence means."""
    wanted = Window(case=case_ref, since=_aware(since), until=_aware(until), limit=limit)
    return said.calendar(queries.calendar(visit.desk.record, visit.viewer, wanted=wanted, now=visit.words.now))


@router.get("/calendar")
def list_my_dates(
    visit: ReadsCases, *, since: datetime | None = None, until: datetime | None = None, limit: Limit = 50
) -> schemas.Calendar:
    """List the dates that are coming in all cases of the signed-in person, what is overdue first."""
    wanted = Window(since=_aware(since), until=_aware(until), limit=limit)
    return said.calendar(queries.calendar(visit.desk.record, visit.viewer, wanted=wanted, now=visit.words.now))


def _aware(instant: datetime | None) -> datetime | None:
    """Read an instant that names no zone as one in UTC."""
    return instant.replace(tzinfo=UTC) if instant is not None and instant.tzinfo is None else instant


@router.get("/cases/{case_ref}/board")
def show_board(case_ref: str, visit: ReadsCases) -> schemas.Board:
    """Show the options of a case against its criteria, and the harm each may do."""
    _, case = queries.case_for(visit.desk.record, visit.viewer, case_ref)
    return said.board(board.of(case))


@router.get("/cases/{case_ref}/collisions")
def list_contested(case_ref: str, visit: ReadsCases) -> list[schemas.Contested]:
    """List the windows of a case that other open cases contest."""
    return [said.contested(one) for one in queries.contested(visit.desk.record, visit.viewer, case_ref)]


@router.get("/collisions")
def list_collisions(visit: ReadsCases) -> list[schemas.Collision]:
    """List the windows of all open cases that collide; for those who keep the register."""
    found = queries.collisions(visit.desk.record, visit.viewer, now=visit.words.now)
    return [said.collision(one) for one in found]


@router.get("/clauses")
def list_clauses(visit: ReadsCases) -> list[schemas.ClauseLine]:
    """List the clauses that the processes on offer put into agreements, with the blanks to fill in."""
    registry = visit.desk.record.registry
    offered = {name: one for process in registry.names() for name, one in registry.current(process).clauses.items()}
    return [said.clause_line(one) for one in offered.values()]


@router.get("/processes")
def list_processes(visit: ReadsCases) -> list[schemas.ProcessLine]:
    """List the processes that new cases may follow."""
    registry = visit.desk.record.registry
    return [said.process_line(registry.current(name)) for name in registry.names()]
