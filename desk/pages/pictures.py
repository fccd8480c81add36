"""The page of a case's pictures, each with its table, and each table as a file."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from cases import queries
from desk import csv_files, headers
from desk.access import DeclaredRoute, Signed
from desk.pages import case_pictures
from desk.pages.answers import page
from states import draw, errors
from states.said import say

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)


@router.get("/cases/{case_ref}/pictures")
def pictures(case_ref: str, visit: Signed) -> HTMLResponse:
    """Show the pictures of a case."""
    way = queries.way(visit.desk.record, visit.viewer, case_ref)
    return page(
        visit,
        "pictures.html",
        zone=way.process.timezone,
        case=way.case,
        process=way.process,
        sheets=case_pictures.sheets(visit, way),
    )


@router.get("/cases/{case_ref}/process.svg")
def drawing(case_ref: str, visit: Signed) -> Response:
    """Draw the process of a case with the way it took, and the stage where it stands."""
    way = queries.way(visit.desk.record, visit.viewer, case_ref)
    words = visit.words
    marks = case_pictures.marks(way, words)
    picture = draw.svg(way.process, marks=marks, rtl=words.direction == "rtl", tell=words.tell)
    policy = {"content-security-policy": headers.DRAWING_POLICY}
    return Response(picture, media_type="image/svg+xml", headers=policy)


@router.get("/cases/{case_ref}/pictures/{name}.csv")
def table(case_ref: str, name: str, visit: Signed) -> Response:
    """Answer with the table of one picture."""
    way = queries.way(visit.desk.record, visit.viewer, case_ref)
    found = next((one for one in case_pictures.sheets(visit, way) if one.name == name), None)
    if found is None:
        raise errors.NotFound(say("this case has no such picture"))
    return csv_files.answer(f"{way.case.number}-{name}", found.columns, found.rows, visit.words)
