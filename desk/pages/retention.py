"""For how long data is kept, for administrators: a period for each class, with what it would delete and when."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from cases import retention
from cases.retention import DataClass, Period
from desk.access import DeclaredRoute, Form
from desk.administration import Administering
from desk.office_forms import OfficeForm, Values, Wrong
from desk.pages.answers import page
from desk.visits import Visit
from states import errors
from states.fields import Field, FieldType
from states.said import say

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)

PAGE = "/retention"
LIST = (PAGE, say("How long data is kept"))
CLASSES = {
    DataClass.CONFIDENCES: (
        say("What parties said in confidence"),
        say("Notes, offers and files in the rooms of one party, counted from the day the case is closed."),
    ),
    DataClass.CASES: (say("Closed cases"), say("The whole file, counted from the day the case is closed.")),
    DataClass.MAILS: (
        say("Texts of mails"),
        say("What was written to whom, counted from when it was sent or given up."),
    ),
    DataClass.LOOKS: (say("Who looked at a case"), say("Counted from each look.")),
}


@router.get(PAGE)
def all_of_them(visit: Administering, request: Request, recorded: str = "") -> HTMLResponse:
    """List the classes, each with its period and what that would delete."""
    engine, now = visit.desk.record.engine, visit.words.now
    rows = [(one, *CLASSES[one.data], retention.outlook(engine, one, now=now)) for one in retention.periods(engine)]
    return page(
        visit,
        "retention.html",
        request=request,
        zone=visit.person.timezone,
        rows=rows,
        names={one.id: one.name for one in visit.desk.directory.everyone()},
        recorded=bool(recorded),
    )


@router.get(f"{PAGE}/{{data}}")
def ask(data: str, visit: Administering) -> HTMLResponse:
    """Show the form for the period of a class."""
    return _form(visit, _find(visit, data)).answer()


@router.post(f"{PAGE}/{{data}}")
def decide(data: str, visit: Administering, form: Form) -> Response:
    """Keep a class for another period."""
    period = _find(visit, data)

    def kept(values: Values) -> Response:
        days = values["days"]
        try:
            retention.decide(
                visit.desk.record.engine,
                period.data,
                days if isinstance(days, int) else None,
                by=visit.person.id,
                now=visit.words.now,
            )
        except errors.Refused as refusal:
            raise Wrong(refusal.sentence, at="days") from None
        return RedirectResponse(f"{PAGE}?recorded=yes", HTTPStatus.SEE_OTHER)

    return _form(visit, period).keep(form, by=kept)


def _find(visit: Visit, data: str) -> Period:
    found = next((one for one in retention.periods(visit.desk.record.engine) if one.data == data), None)
    if found is None:
        raise errors.NotFound(say("there is no such class of data"))
    return found


def _form(visit: Visit, period: Period) -> OfficeForm:
    name, what = CLASSES[period.data]
    hint = say("Empty to keep it for ever.")
    return OfficeForm(
        visit=visit,
        title=name,
        button=say("Keep it so long"),
        address=f"{PAGE}/{period.data}",
        back=LIST,
        asked=(Field(name="days", type=FieldType.INTEGER, label=say("Days"), required=False, help=hint),),
        initial={"days": "" if period.days is None else str(period.days)},
        notes=(what, say("Nothing is deleted by this version of Parley; the page tells what would be.")),
    )
