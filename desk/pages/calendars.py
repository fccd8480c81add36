"""The working calendars, for administrators: a year of each, and the office's own, with a look at what they move."""

from __future__ import annotations

import calendar as civil
import re
from dataclasses import dataclass
from datetime import date, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from cases import own_calendars
from config import working_time
from desk.access import DeclaredRoute, Form
from desk.administration import Administering
from desk.pages.answers import page
from states import errors
from states.calendar import WEEKDAYS, Calendar
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cases.own_calendars import Moved
    from desk.visits import Visit

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)

TEXT, USE = "text", "use"
_DAYS = {
    "mon": say("Monday"),
    "tue": say("Tuesday"),
    "wed": say("Wednesday"),
    "thu": say("Thursday"),
    "fri": say("Friday"),
    "sat": say("Saturday"),
    "sun": say("Sunday"),
}
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_MOST = 100
_DRAFT = "calendar"


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a calendar: its first day, how many days work is done, and the holidays that fall on such days."""

    first: date
    working: int
    holidays: tuple[tuple[date, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a calendar would change: days on which work begins or ends, and dates of open cases, a hundred of each."""

    replaces: bool
    days: tuple[tuple[date, bool, str], ...]
    moved: tuple[Moved, ...]
    all_moved: int
    cases: int


NO_CHANGE = Change(replaces=False, days=(), moved=(), all_moved=0, cases=0)


@router.get("/calendars")
def all_of_them(visit: Administering, request: Request, recorded: str = "") -> HTMLResponse:
    """List the calendars, each with where it comes from and who works by it."""
    record = visit.desk.record
    bodies = visit.desk.directory.organisations()
    rows = [(record.calendars[name], [one.name for one in bodies if one.calendar == name]) for name in record.calendars]
    shipped = working_time.shipped_calendars()
    return page(
        visit,
        "calendars.html",
        request=request,
        zone=visit.person.timezone,
        rows=rows,
        own={one.name for one, _ in rows if is_own(one, shipped)},
        recorded=bool(recorded),
    )


@router.get("/calendars/change")
def write(visit: Administering, name: str = "") -> HTMLResponse:
    """Show the form for a calendar of the office's own, which begins as the one that is named."""
    found = find(visit, name) if name else next(iter(visit.desk.record.calendars.values()))
    return _draft_page(visit, working_time.text_of(found))


@router.post("/calendars/change")
def check(visit: Administering, form: Form) -> Response:
    """Check a calendar and tell which dates it moves, or put it into use, as the pressed button says."""
    text = form.get(TEXT, "")
    made, findings = drafted(text)
    if made is None or USE not in form:
        return _draft_page(visit, text, findings=findings, made=made)
    own_calendars.store(visit.desk.service, made)
    return RedirectResponse("/calendars?recorded=yes", HTTPStatus.SEE_OTHER)


@router.get("/calendars/{name}")
def one(name: str, visit: Administering, year: int = 0) -> HTMLResponse:
    """Show a year of a calendar: hours of the week, working days by month, and holidays."""
    found = find(visit, name)
    years = range(found.valid_from.year, found.valid_until.year + 1)
    shown = year if year in years else min(max(visit.words.now.year, years[0]), years[-1])
    return page(
        visit,
        "calendar_year.html",
        zone=found.timezone,
        calendar=found,
        week=[
            (_DAYS[day], [str(window) for window in windows]) for day, windows in zip(WEEKDAYS, found.week, strict=True)
        ],
        months=tuple(_months(found, shown)),
        year=shown,
        earlier=shown - 1 if shown - 1 in years else None,
        later=shown + 1 if shown + 1 in years else None,
    )


def is_own(one: Calendar, shipped: Mapping[str, Calendar]) -> bool:
    """Tell whether a calendar is the office's own, and not one that came with Parley."""
    return one.name not in shipped or shipped[one.name].version != one.version


def drafted(text: str) -> tuple[Calendar | None, tuple[str, ...]]:
    """Read a calendar as it would be used here, or say what must be mended."""
    try:
        made = working_time.load_text(text, name=_DRAFT)
    except errors.DefinitionError as fault:
        return None, tuple(_told(fault))
    if not _NAME.fullmatch(made.name):
        return None, (say("the name of a calendar is one word of small letters, such as mission_juba"),)
    return made, ()


def change(visit: Visit, made: Calendar) -> Change:
    """Tell what a calendar would change."""
    known, moved = visit.desk.record.calendars, own_calendars.moved(visit.desk.record, made)
    return Change(
        replaces=made.name in known,
        days=_days_changed(known[made.name], made) if made.name in known else (),
        moved=moved[:_MOST],
        all_moved=len(moved),
        cases=len({one.number for one in moved}),
    )


def find(visit: Visit, name: str) -> Calendar:
    """Find a calendar. Raises `NotFound`."""
    calendars = visit.desk.record.calendars
    if name not in calendars:
        raise errors.NotFound(say("there is no such working calendar; the list shows all there are"))
    return calendars[name]


def _months(found: Calendar, year: int) -> Iterator[Month]:
    for month in range(1, 13):
        first = max(date(year, month, 1), found.valid_from)
        last = min(date(year, month, civil.monthrange(year, month)[1]), found.valid_until)
        if first <= last:
            off = found.days_off(first, last)
            named = tuple((day, name) for day, name in off.items() if name)
            yield Month(first, (last - first) // timedelta(days=1) + 1 - len(off), named)


def _draft_page(
    visit: Visit, text: str, *, findings: tuple[str, ...] = (), made: Calendar | None = None
) -> HTMLResponse:
    return page(
        visit,
        "calendar_draft.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if findings else HTTPStatus.OK,
        zone=visit.person.timezone,
        text=text,
        problems=[("text", one) for one in findings],
        made=made,
        change=change(visit, made) if made else NO_CHANGE,
    )


def _days_changed(old: Calendar, new: Calendar) -> tuple[tuple[date, bool, str], ...]:
    """List the days that become working days or days off, with the name of a holiday."""
    first, last = max(old.valid_from, new.valid_from), min(old.valid_until, new.valid_until)
    if first > last:
        return ()
    before, after = old.days_off(first, last), new.days_off(first, last)
    changed = sorted(before.keys() ^ after.keys())
    return tuple((day, day in before, after.get(day) or before.get(day) or "") for day in changed[:_MOST])


def _told(fault: errors.DefinitionError) -> Iterator[str]:
    for line in str(fault).splitlines():
        found = re.fullmatch(rf"{_DRAFT}:(\d+): (.*)", line)
        yield say("line %(line)s: %(what)s", line=found[1], what=found[2]) if found else line
