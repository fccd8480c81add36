"""The list of cases, the page of one case, and the drawing of its process."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from cases import queries
from cases.queries import CaseFilter
from desk import spent_words
from desk.access import DeclaredRoute, Signed
from desk.asked_lists import CasesAsked
from desk.pages import case_pictures, case_view, list_words, served
from desk.pages.answers import page
from states import errors

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)


@router.get("/cases")
def cases(visit: Signed, request: Request, asked: Annotated[CasesAsked, Query()]) -> HTMLResponse:
    """List the cases in which the signed-in person has a part."""
    record, viewer, problem = visit.desk.record, visit.viewer, ""
    wanted = CaseFilter()
    try:
        wanted = asked.wanted(visit.words)
    except errors.NeedsMissing as refusal:
        problem = refusal.missing[0]
    found = queries.list_cases(record, viewer, wanted=wanted, sort=asked.sort, after=asked.after or None)
    counted = queries.count_cases(record, viewer, wanted=wanted)
    return page(
        visit,
        "cases.html",
        request=request,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        zone=visit.person.timezone,
        rows=found.rows,
        asked=asked,
        problem=problem,
        total=list_words.total_of_cases(counted),
        choices=list_words.choices(visit),
        key=secrets.token_urlsafe(16),
        bar=list_words.bar(visit, "/cases", asked, after=found.next),
    )


@router.get("/cases/{case_ref}")
def case(case_ref: str, visit: Signed, *, zone: str = "", everything: bool = False, recorded: int = 0) -> HTMLResponse:
    """Show one case; `zone` narrows the timeline, `everything` shows all of it, `recorded` is the entry just made."""
    file = queries.case_file(visit.desk.record, visit.viewer, case_ref, now=visit.words.now)
    shown = case_view.of(file, visit, zone=zone, everything=everything, recorded=recorded)
    contested = queries.contested(visit.desk.record, visit.viewer, case_ref)
    return page(
        visit,
        "case.html",
        zone=file.process.timezone,
        file=file,
        case=file.case,
        view=shown,
        strip=case_pictures.strip(visit, queries.way(visit.desk.record, visit.viewer, case_ref)),
        contested=contested,
        lacks=served.lacks(visit, case_ref),
        spent=queries.time_known(visit.desk.record, visit.viewer, case_ref, now=visit.words.now),
        spans=spent_words,
    )
