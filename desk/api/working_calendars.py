"""The working calendars as JSON, for administrators: read, checked with the dates they would move, and put into use."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from fastapi import APIRouter
from pydantic import Field

from cases import own_calendars
from config import working_time
from desk import administration
from desk.api import paging, schemas
from desk.api.bounds import ItemId
from desk.api.paging import Paging
from desk.api.route import ONCE, ApiRoute
from desk.api.scopes import Administers
from desk.pages import calendars
from desk.visits import Visit
from states import errors
from states.calendar import WEEKDAYS, Calendar
from states.said import say

router = APIRouter(
    prefix="/api/working-calendars", route_class=ApiRoute, tags=["calendars"], responses=schemas.PROBLEMS
)

_LONGEST = 200_000
_EXAMPLE = 'name: mission_juba\ntimezone: Africa/Juba\nvalid: [2026-01-01, 2027-12-31]\nweek: {mon: ["08:00-17:00"]}\n'


class CalendarDraft(schemas.Model):
    """A calendar as YAML, under the name that stands in it."""

    definition: str = Field(min_length=1, max_length=_LONGEST, examples=[_EXAMPLE])


class CalendarLine(schemas.Model):
    """A calendar: where it holds and how long, whether it is the office's own, and which organisations work by it."""

    name: str = Field(examples=["mission"])
    version: str
    timezone: str
    valid_from: date
    valid_until: date
    own: bool
    organisations: list[str]


class WholeCalendar(CalendarLine):
    """A calendar with its hours by weekday, its holidays by day, and its text, which can be changed and sent again."""

    week: dict[str, list[str]] = Field(examples=[{"mon": ["08:00-12:30", "13:30-17:00"]}])
    holidays: dict[date, str]
    definition: str


class Calendars(schemas.Page):
    """A page of calendars, by name."""

    calendars: list[CalendarLine]


class DayChanged(schemas.Model):
    """A day that becomes a working day, or a day off, with the name of the holiday if it has one."""

    day: date
    works: bool
    name: str


class DateMoved(schemas.Model):
    """A date of an open case that would move."""

    number: str
    clock: str
    before: datetime
    after: datetime


class CalendarChecked(schemas.Model):
    """What a calendar would change, or the findings because of which it cannot be used; a hundred lines of each."""

    name: str | None
    findings: list[str]
    replaces: bool
    days: list[DayChanged]
    moved: list[DateMoved]
    all_moved: int
    cases: int


@router.get("")
def list_calendars(visit: Administers, page: Paging) -> Calendars:
    """List the calendars."""
    administration.administering(visit)
    cut = paging.cut(page, visit.desk.record.calendars, key=str)
    return Calendars(calendars=[CalendarLine(**_line(visit, name)) for name in cut.rows], next=cut.next)


@router.get("/{name}")
def show_calendar(name: ItemId, visit: Administers) -> WholeCalendar:
    """Show a calendar with its text."""
    administration.administering(visit)
    return _whole(visit, calendars.find(visit, name))


@router.post("/check")
def check_calendar(visit: Administers, draft: CalendarDraft) -> CalendarChecked:
    """Check a calendar, and tell which days and dates of open cases it would move; nothing is recorded."""
    administration.administering(visit)
    made, findings = calendars.drafted(draft.definition)
    change = calendars.change(visit, made) if made else calendars.NO_CHANGE
    return CalendarChecked(
        name=made.name if made else None,
        findings=list(findings),
        replaces=change.replaces,
        days=[DayChanged(day=day, works=works, name=name) for day, works, name in change.days],
        moved=[
            DateMoved(number=one.number, clock=one.clock, before=one.before, after=one.after) for one in change.moved
        ],
        all_moved=change.all_moved,
        cases=change.cases,
    )


@router.post("", status_code=201, dependencies=ONCE)
def put_calendar(visit: Administers, draft: CalendarDraft) -> WholeCalendar:
    """Put a calendar into use, in the place of the one of its name; every open case is dated by it at once."""
    administration.administering(visit)
    made, findings = calendars.drafted(draft.definition)
    if made is None:
        raise errors.NeedsMissing(say("this cannot be put on file"), missing=findings)
    own_calendars.store(visit.desk.service, made)
    return _whole(visit, made)


def _whole(visit: Visit, one: Calendar) -> WholeCalendar:
    week = {day: [str(window) for window in windows] for day, windows in zip(WEEKDAYS, one.week, strict=True)}
    text = working_time.text_of(one)
    return WholeCalendar(**_line(visit, one.name), week=week, holidays=dict(one.holidays), definition=text)


def _line(visit: Visit, name: str) -> dict[str, Any]:
    one, shipped = visit.desk.record.calendars[name], working_time.shipped_calendars()
    return {
        "name": one.name,
        "version": one.version,
        "timezone": one.timezone,
        "valid_from": one.valid_from,
        "valid_until": one.valid_until,
        "own": calendars.is_own(one, shipped),
        "organisations": [body.id for body in visit.desk.directory.organisations() if body.calendar == one.name],
    }
