"""The page of coming dates: everything that has a date in the cases of the signed-in person, day by day."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from cases import queries
from desk import date_words
from desk.access import DeclaredRoute, Signed
from desk.pages.answers import page

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)

MOST = 200
"""How many dates the page shows at most."""


@router.get("/calendar")
def calendar(visit: Signed, request: Request) -> HTMLResponse:
    """List the coming dates of the signed-in person's cases, what is overdue first."""
    now, zone = visit.words.now, visit.person.timezone
    found = queries.calendar(visit.desk.record, visit.viewer, wanted=queries.Window(limit=MOST), now=now)
    days = date_words.coming(found.dates, visit.words, zone=zone)
    return page(visit, "calendar.html", request=request, zone=zone, days=days, more=found.more)
