"""The pages of coming dates: those in all cases of the signed-in person, and all that comes in one case by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from cases import feeds, queries
from desk import csv_files, date_words, preview
from desk.access import DeclaredRoute, Signed
from desk.pages import case_pictures
from desk.pages.answers import page
from desk.visits import Visit
from states import wall_time

if TYPE_CHECKING:
    from datetime import date

    from states.calendar import Calendar

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)

MOST = 200
"""How many dates the page shows at most."""
MOST_STEPS = 60
_HOLIDAYS = 8
_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingTime:
    """When the office of the signed-in person works: the hours of each weekday, and the next days off by name."""

    name: str
    timezone: str
    week: tuple[tuple[str, str], ...]
    holidays: tuple[tuple[date, str], ...]


@router.get("/calendar")
def calendar(visit: Signed, request: Request) -> HTMLResponse:
    """List the coming dates of the signed-in person's cases, what is overdue first."""
    return shown(visit, request)


@router.get("/calendar/dates.csv")
def table(visit: Signed) -> Response:
    """Answer with the dates of the line as a file."""
    found = queries.calendar(visit.desk.record, visit.viewer, wanted=queries.Window(limit=MOST), now=visit.words.now)
    sheet = case_pictures.coming(visit, found.dates, zone=visit.person.timezone)
    return csv_files.answer("dates", sheet.columns, sheet.rows, visit.words)


def shown(visit: Visit, request: Request, *, address: str = "") -> HTMLResponse:
    """Show the page; `address` is that of a calendar that was made just now, which is shown this once."""
    now, zone = visit.words.now, visit.person.timezone
    found = queries.calendar(visit.desk.record, visit.viewer, wanted=queries.Window(limit=MOST), now=now)
    return page(
        visit,
        "calendar.html",
        request=request,
        zone=zone,
        days=date_words.coming(found.dates, visit.words, zone=zone),
        more=found.more,
        line=case_pictures.coming(visit, found.dates, zone=zone),
        fed_since=feeds.made_at(visit.desk.record.engine, visit.person.id),
        address=address,
        working=_working(visit),
    )


@router.get("/cases/{case_ref}/coming")
def coming(case_ref: str, visit: Signed) -> HTMLResponse:
    """Show everything that comes in a case if nobody does anything: each date, each mail, and where it leads."""
    found = preview.of(visit.desk.record, visit.viewer, case_ref, now=visit.words.now, most=MOST_STEPS)
    return page(visit, "coming.html", zone=found.zone, case=found.case, found=found)


def _working(visit: Visit) -> WorkingTime | None:
    """Tell of the calendar of the person's organisation; None where it has none of its own."""
    employer = visit.person.organisation_id
    known = {one.id: one for one in visit.desk.directory.organisations()}
    name = known[employer].calendar if employer in known else None
    kept: Calendar | None = visit.desk.record.calendars.get(name) if name else None
    if kept is None:
        return None
    today = visit.words.now.astimezone(wall_time.find_zone(kept.timezone)).date()
    coming_off = ((day, said) for day, said in kept.holidays.items() if today <= day <= today + _YEAR)
    return WorkingTime(
        name=kept.name,
        timezone=kept.timezone,
        week=tuple(
            (visit.words.weekday(number), ", ".join(f"{one.opens:%H:%M}\u2013{one.closes:%H:%M}" for one in windows))
            for number, windows in enumerate(kept.week)
        ),
        holidays=tuple(coming_off)[:_HOLIDAYS],
    )
