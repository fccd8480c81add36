"""The organisations on file, for administrators: their names, zones, kinds and working calendars."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import uuid4

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from cases.people import Organisation
from desk import office_forms
from desk.access import DeclaredRoute, Form
from desk.administration import Administering
from desk.office_forms import OfficeForm, Wrong, words_of
from desk.pages.answers import page
from states import errors
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk.office_forms import Values
    from desk.visits import Visit

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)

LIST = ("/organisations", say("Organisations"))


@router.get("/organisations")
def all_of_them(visit: Administering, request: Request, recorded: str = "") -> HTMLResponse:
    """List the organisations, each with how many people of it are on file."""
    directory = visit.desk.directory
    people = [one for one in directory.everyone() if one.active]
    bodies = directory.organisations()
    counts = {body.id: sum(one.organisation_id == body.id for one in people) for body in bodies}
    return page(
        visit,
        "organisations.html",
        request=request,
        zone=visit.person.timezone,
        rows=bodies,
        counts=counts,
        recorded=bool(recorded),
    )


@router.get("/organisations/new")
def ask(visit: Administering) -> HTMLResponse:
    """Show the form for a new organisation."""
    return _form(visit, None).answer()


@router.post("/organisations/new")
def add(visit: Administering, form: Form) -> Response:
    """Put an organisation on file."""
    new = uuid4().hex[:12]
    write = visit.desk.directory.add_organisation
    return _form(visit, None).keep(form, by=lambda values: _kept(lambda: write(_read(values, new))))


@router.get("/organisations/{body_id}")
def show(body_id: str, visit: Administering) -> HTMLResponse:
    """Show what is on file about an organisation, to be changed."""
    return _form(visit, _find(visit, body_id)).answer()


@router.post("/organisations/{body_id}")
def change(body_id: str, visit: Administering, form: Form) -> Response:
    """Change what is on file about an organisation; its calendar counts for cases opened from now on."""
    body, write = _find(visit, body_id), visit.desk.directory.change_organisation
    return _form(visit, body).keep(form, by=lambda values: _kept(lambda: write(_read(values, body.id))))


def _find(visit: Visit, body_id: str) -> Organisation:
    found = next((one for one in visit.desk.directory.organisations() if one.id == body_id), None)
    if found is None:
        raise errors.NotFound(say("there is no such organisation on file"))
    return found


def _form(visit: Visit, body: Organisation | None) -> OfficeForm:
    hint = say("Counts for cases opened from now on; with none chosen, that of the process.")
    kind = say("A word such as mission or ngo, by which the tiers of a process find their posts.")
    calendars = tuple(visit.desk.record.calendars)
    known = body or Organisation(id="", name="", timezone=visit.desk.settings.timezone)
    calendar = office_forms.choice("calendar", say("Working calendar"), calendars, hint=hint)
    return OfficeForm(
        visit=visit,
        title=say("Change an organisation") if body else say("Put an organisation on file"),
        button=say("Put it on file"),
        address=f"/organisations/{body.id}" if body else "/organisations/new",
        back=LIST,
        asked=(
            office_forms.text("name", say("Name")),
            office_forms.text("kind", say("Kind"), required=False, hint=kind),
            office_forms.text("timezone", say("Time zone"), hint=say("Where it works, such as Africa/Juba.")),
            calendar,
        ),
        initial={
            "name": known.name,
            "kind": known.kind,
            "timezone": known.timezone,
            "calendar": known.calendar or "",
        },
    )


def _read(values: Values, body_id: str) -> Organisation:
    told = {name: words_of(values[name]) for name in ("name", "kind", "timezone")}
    return Organisation(id=body_id, calendar=words_of(values["calendar"]) or None, **told)


def _kept(write: Callable[[], None]) -> Response:
    try:
        write()
    except errors.Conflict as refusal:
        raise Wrong(refusal.sentence, at="name") from None
    except errors.Refused as refusal:
        raise Wrong(refusal.sentence, at="timezone" if "zone" in str(refusal) else "name") from None
    return RedirectResponse("/organisations?recorded=yes", HTTPStatus.SEE_OTHER)
