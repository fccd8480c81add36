"""The pages of coming dates: those in all cases of the signed-in person, and all that comes in one case by itself."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from cases import queries
from desk import date_words, preview
from desk.access import DeclaredRoute, Signed
from desk.pages.answers import page

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)

MOST = 200
MOST_STEPS = 60
"""How many dates the page shows at most."""


@router.get("/calendar")
def calendar(visit: Signed, request: Request) -> HTMLResponse:
    """List the coming dates of the signed-in person's cases, what is overdue first."""
    now, zone = visit.words.now, visit.person.timezone
    found = queries.calendar(visit.desk.record, visit.viewer, wanted=queries.Window(limit=MOST), now=now)
    days = date_words.coming(found.dates, visit.words, zone=zone)
    return page(visit, "calendar.html", request=request, zone=zone, days=days, more=found.more)


@router.get("/cases/{case_ref}/coming")
def coming(case_ref: str, visit: Signed) -> HTMLResponse:
    """Show everything that comes in a case if nobody does anything: each date, each mail, and where it leads."""
    found = preview.of(visit.desk.record, visit.viewer, case_ref, now=visit.words.now, most=MOST_STEPS)
    return page(visit, "coming.html", zone=found.zone, case=found.case, found=found)
