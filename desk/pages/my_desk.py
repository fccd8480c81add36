"""My desk: what needs me, what waits on others and what the clock will do then, and decisions asked of me."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from cases import queries
from desk.access import DeclaredRoute, Signed
from desk.pages.answers import page

if TYPE_CHECKING:
    from cases.queries import Desk

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)


@router.get("/")
def my_desk(visit: Signed, request: Request) -> HTMLResponse:
    """Show the signed-in person's desk."""
    mine = queries.my_desk(visit.desk.record, visit.viewer, now=visit.words.now)
    return page(
        visit,
        "my_desk.html",
        request=request,
        zone=visit.person.timezone,
        mine=mine,
        next_date=_next_date(mine),
    )


def _next_date(mine: Desk) -> tuple[object, str] | None:
    """Name what the clock does next, for a person whom nothing needs."""
    soonest = min(mine.waits_on_others, key=lambda wait: wait.then_at, default=None)
    return (soonest.then_at, f"{soonest.what}, {soonest.case.title}") if soonest else None
