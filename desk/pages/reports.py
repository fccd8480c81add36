"""The reports: what is counted over many cases, narrowed by the address, each picture with its table and file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse

from cases import report_scope, reports
from cases.report_scope import Look, Wanted
from cases.unit_of_work import reading
from desk import csv_files
from desk.access import DeclaredRoute, Signed
from desk.pages import fate_sheets, report_sheets
from desk.pages.answers import page
from states import errors, roles
from states.said import say

if TYPE_CHECKING:
    from cases.report_scope import Choices
    from desk.drawing.sheet import Sheet
    from desk.visits import Visit
    from desk.words import Words

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)

ALL = "all"
_PERIOD = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?")
_MONTHS, _QUARTERS, _IN_A_YEAR, _IN_A_QUARTER = 12, 8, 12, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the address asks for, as it stands there: empty for everything."""

    scope: str = ""
    period: str = ""
    process: str = ""
    office: str = ""
    organisation: str = ""

    @property
    def query(self) -> str:
        """The part of an address that asks for this."""
        given = {name: getattr(self, name) for name in self.__slots__ if getattr(self, name)}
        return f"?{urlencode(given)}" if given else ""


def asked_of(
    *, scope: str = "", period: str = "", process: str = "", office: str = "", organisation: str = ""
) -> Asked:
    """Read what the address asks for."""
    return Asked(scope=scope, period=period, process=process, office=office, organisation=organisation)


AskedOf = Annotated[Asked, Depends(asked_of)]


@router.get("/reports")
def read(visit: Signed, request: Request, asked: AskedOf) -> HTMLResponse:
    """Show every report."""
    zone = visit.desk.settings.timezone
    wanted = _wanted(asked, zone)
    with _look(visit) as look:
        known = report_scope.choices(look, everything=wanted.everything)
        number = reports.how_many(reports.basis(look, wanted))
    return page(
        visit,
        "reports.html",
        request=request,
        zone=zone,
        asked=asked,
        known=known,
        periods=tuple(_periods(known, visit.words, zone)),
        number=number,
        sheets=sheets_of(visit, asked),
        may_see_all=report_scope.may_ask_for_everything(visit.viewer),
    )


@router.get("/reports/{name}.csv")
def table(name: str, visit: Signed, asked: AskedOf) -> Response:
    """Answer with the table of one report."""
    found = next((one for one in sheets_of(visit, asked) if one.name == name), None)
    if found is None:
        raise errors.NotFound(say("there is no such report"))
    kept = "-".join(filter(None, (name, asked.scope, asked.period)))
    return csv_files.answer(kept, found.columns, found.rows, visit.words)


def sheets_of(visit: Visit, asked: Asked) -> tuple[Sheet, ...]:
    """Draw every report that the address asks for, with its table."""
    wanted = _wanted(asked, visit.desk.settings.timezone)
    with _look(visit) as look:
        of_cases, of_mails = reports.basis(look, wanted), reports.basis(look, wanted, zone=roles.TEAM)
        return (*report_sheets.case_sheets(of_cases, visit.words), fate_sheets.deliveries(of_mails, visit.words))


@contextmanager
def _look(visit: Visit) -> Iterator[Look]:
    record = visit.desk.record
    with reading(record.engine) as connection:
        yield Look(record=record, connection=connection, who=visit.viewer, now=visit.words.now)


def _wanted(asked: Asked, zone: str) -> Wanted:
    wanted = Wanted(
        process=asked.process or None,
        office=asked.office or None,
        organisation=asked.organisation or None,
        everything=asked.scope == ALL,
    )
    if not asked.period:
        return wanted
    found = _PERIOD.fullmatch(asked.period)
    if found is None or int(found[1]) < date.min.year + 1:
        sentence = say("there is no period “%(period)s”: name a year, or a quarter or month of it", period=asked.period)
        raise errors.NotFound(sentence)
    year, quarter, month = int(found[1]), int(found[2] or 0), int(found[3] or 0)
    first = month or (quarter - 1) * _IN_A_QUARTER + 1 if quarter or month else 1
    length = 1 if month else _IN_A_QUARTER if quarter else _IN_A_YEAR
    return replace(wanted, since=_begin(year, first, zone), until=_begin(year, first + length, zone))


def _begin(year: int, month: int, zone: str) -> datetime:
    """Return when a month begins at a place; the thirteenth is the first of the next year."""
    further, rest = divmod(month - 1, _IN_A_YEAR)
    return datetime.combine(date(min(year + further, date.max.year), rest + 1, 1), time.min, ZoneInfo(zone))


def _periods(known: Choices, words: Words, zone: str) -> Iterator[tuple[str, str]]:
    """Yield the last months, quarters and years that have cases, each with its name in an address."""
    today = words.now.astimezone(ZoneInfo(zone)).date()
    first = known.first_at.astimezone(ZoneInfo(zone)).date() if known.first_at else today
    for day in _back(today, first, step=1, most=_MONTHS):
        yield f"{day:%Y-%m}", words.month(day)
    quarter_of = today.replace(month=(today.month - 1) // _IN_A_QUARTER * _IN_A_QUARTER + 1)
    for day in _back(quarter_of, first, step=_IN_A_QUARTER, most=_QUARTERS):
        yield f"{day.year}-Q{(day.month - 1) // _IN_A_QUARTER + 1}", words.quarter(day)
    for year in range(today.year, first.year - 1, -1):
        yield str(year), str(year)


def _back(today: date, first: date, *, step: int, most: int) -> Iterator[date]:
    for number in range(most):
        months = today.year * _IN_A_YEAR + today.month - 1 - number * step
        day = date(months // _IN_A_YEAR, months % _IN_A_YEAR + 1, 1)
        if number and _after(day, step) <= first:
            return
        yield day


def _after(day: date, months: int) -> date:
    further = day.year * _IN_A_YEAR + day.month - 1 + months
    return date(further // _IN_A_YEAR, further % _IN_A_YEAR + 1, 1)
