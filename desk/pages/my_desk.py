"""My desk: what needs me, what waits on others and what the clock will do then, and decisions asked of me."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from cases import queries
from desk import date_words, equal_words, file_words
from desk.access import DeclaredRoute, Signed
from desk.pages import absence, notebook
from desk.pages.answers import page
from states import decidable
from states.said import say

if TYPE_CHECKING:
    from cases.queries import Desk
    from desk.date_words import Day
    from desk.visits import Visit
    from states.case import Case
    from states.items import Item

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)

COMING = timedelta(days=14)
MOST_COMING = 8


@router.get("/")
def my_desk(visit: Signed, request: Request) -> HTMLResponse:
    """Show the signed-in person's desk."""
    mine = queries.my_desk(visit.desk.record, visit.viewer, now=visit.words.now)
    items = _items(mine, visit)
    decided_at = {item.id: f"/decide/{case.id}/{item.id}" for item, case in items if item.kind in decidable.KINDS}
    return page(
        visit,
        "my_desk.html",
        request=request,
        zone=visit.person.timezone,
        mine=mine,
        about={item.id: file_words.item_line(item, case, {}) for item, case in items},
        decided_at=decided_at,
        next_date=_next_date(mine),
        days=_coming(visit),
        left_behind=notebook.of(visit).left_behind(),
        lacks=tuple(equal_words.warned(mine.unequal, visit.words)),
        away=next(iter(absence.days_away(visit)), None),
    )


def _coming(visit: Visit) -> tuple[Day, ...]:
    """Group by day what is coming in the next weeks."""
    now = visit.words.now
    wanted = queries.Window(since=now, until=now + COMING, limit=MOST_COMING)
    found = queries.calendar(visit.desk.record, visit.viewer, wanted=wanted, now=now)
    return date_words.coming(found.dates, visit.words, zone=visit.person.timezone)


def _items(mine: Desk, visit: Visit) -> list[tuple[Item, Case]]:
    """Find each item that needs this person, with its case."""
    wanted = {need.item: need.case.id for need in mine.needs_me if need.item}
    record, viewer = visit.desk.record, visit.viewer
    cases = {case_id: queries.case_for(record, viewer, case_id)[1] for case_id in dict.fromkeys(wanted.values())}
    found = ((cases[case_id].item(item), cases[case_id]) for item, case_id in wanted.items())
    return [(item, case) for item, case in found if item is not None]


def _next_date(mine: Desk) -> tuple[object, str] | None:
    """Name what the clock does next, for a person whom nothing needs."""
    soonest = min(mine.waits_on_others, key=lambda wait: wait.then_at, default=None)
    return (soonest.then_at, say("%(what)s, %(case)s", what=soonest.what, case=soonest.case.title)) if soonest else None
