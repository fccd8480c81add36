"""What somebody looks over, as JSON: obligations, figures, and who may see and has seen a case."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime, Field

from cases import looks, queries
from cases.queries import OwedFilter
from desk.api import paging, schemas
from desk.api.bounds import LONGEST_NAME, CaseRef
from desk.api.paging import Paging
from desk.api.route import ApiRoute
from desk.api.scopes import ReadsCases
from desk.asked_lists import EVERY
from desk.drawing.sheet import Sheet
from desk.pages import reports
from desk.pages.obligations import STATES
from states import errors, obligations
from states.said import say

router = APIRouter(prefix="/api", route_class=ApiRoute, tags=["oversight"], responses=schemas.PROBLEMS)

_Word = Annotated[str, Query(max_length=LONGEST_NAME)]


class OwedLine(schemas.Model):
    """A promise of an agreement; `mine` tells that whoever asks stands for who owes it, `acts` what they may do now."""

    number: str
    id: str
    action: str = Field(examples=["Open the wells at eight"])
    bearer: str
    due_at: datetime
    state: str = Field(examples=["due"])
    evidence: str
    mine: bool
    acts: list[str]


class OwedAsked(schemas.Model):
    """Which obligations are wanted, and how many at a time."""

    state: str | None = Field(None, max_length=LONGEST_NAME, description="without it, whatever is still owed; `every`")
    mine: bool | None = None
    case: str | None = Field(None, max_length=LONGEST_NAME)
    words: str = Field("", max_length=LONGEST_NAME, description="words of what was promised, by whom, or its proof")
    due_from: AwareDatetime | None = None
    due_before: AwareDatetime | None = None
    after: str | None = Field(None, max_length=paging.LONGEST_MARK, description="the mark that `next` of a page holds")
    limit: int = Field(paging.USUAL, ge=1, le=paging.MOST)


class OwedList(schemas.Page):
    """A page of obligations, the soonest first."""

    obligations: list[OwedLine]


class Figures(schemas.Model):
    """One picture as a table; a number that is too small to be told is null."""

    name: str = Field(examples=["caseload"])
    title: str
    note: str
    columns: list[str]
    rows: list[list[str | int | float | None]]


class Reports(schemas.Model):
    """Every report."""

    reports: list[Figures]


class MayRead(schemas.Model):
    """Somebody who may read rooms of a case, and why; `until` where a room is open to them in an emergency."""

    person: str
    name: str
    rooms: list[str]
    why: list[str]
    until: datetime | None


class HasLooked(schemas.Model):
    """A look at a case: whose, when first in its hour, and at what."""

    person: str
    name: str
    at: datetime
    kind: str = Field(examples=["case"])
    opened: bool = Field(description="whether a room was open to them in an emergency")


class AccessLog(schemas.Page):
    """Who may see a case, and a page of who looked, the newest first."""

    readers: list[MayRead]
    looks: list[HasLooked]


@router.get("/obligations")
def list_obligations(
    visit: ReadsCases, asked: Annotated[OwedAsked, Query()], request: Request, response: Response
) -> OwedList:
    """List the obligations of the person's cases that are still owed, or those in a state; `every` takes all."""
    if asked.state not in {None, EVERY, *STATES}:
        raise errors.NeedsMissing(say("there is no state “%(state)s” of obligations", state=asked.state))
    states = {None: obligations.OPEN, EVERY: ()}.get(asked.state, (str(asked.state),))
    wanted = OwedFilter(states=tuple(states), **asked.model_dump(exclude={"state", "after", "limit"}))
    page = paging.Asked(request, response, asked.limit, asked.after)
    found = queries.list_owed(visit.desk.record, visit.viewer, wanted=wanted, after=page.after, limit=page.limit)
    told = [
        OwedLine(
            number=one.case.number,
            id=one.term.id,
            action=one.term.action,
            bearer=one.bearer,
            due_at=one.term.due_at,
            state=one.term.state,
            evidence=one.term.evidence,
            mine=one.mine,
            acts=[act.name for act in one.acts],
        )
        for one in found.rows
    ]
    return OwedList(obligations=told, next=page.link(found.next))


@router.get("/reports")
def show_reports(  # noqa: PLR0913 - what the figures may be narrowed by
    visit: ReadsCases,
    *,
    scope: _Word = "",
    period: Annotated[str, Query(max_length=LONGEST_NAME, examples=["2026-Q4"])] = "",
    process: _Word = "",
    office: _Word = "",
    organisation: _Word = "",
) -> Reports:
    """Show the figures of the person's cases, or with `scope=all` of all, where small numbers are not told."""
    asked = reports.asked_of(scope=scope, period=period, process=process, office=office, organisation=organisation)
    return Reports(reports=[figures(one) for one in reports.sheets_of(visit, asked)])


def figures(one: Sheet) -> Figures:
    """Say the table of a picture."""
    rows = [list(row) for row in one.rows]
    return Figures(name=one.name, title=one.title, note=one.note, columns=list(one.columns), rows=rows)


@router.get("/cases/{case_ref}/access")
def show_access(case_ref: CaseRef, visit: ReadsCases, page: Paging) -> AccessLog:
    """Tell who may see what of a case and why, and who looked; a party of its own rooms alone."""
    desk, now = visit.desk, visit.words.now
    readers = looks.readers(desk.record, visit.viewer, case_ref, now=now)
    looked = looks.of_case(desk.record, visit.viewer, case_ref)
    cut = paging.cut(page, looked, key=lambda one: (-one.at.timestamp(), one.person, one.kind))
    return AccessLog(
        readers=[
            MayRead(person=one.person, name=one.name, rooms=list(one.rooms), why=list(one.why), until=one.until)
            for one in readers
        ],
        looks=[
            HasLooked(person=one.person, name=one.name, at=one.at, kind=one.kind, opened=one.opened) for one in cut.rows
        ],
        next=cut.next,
    )
