"""What a person of the portal chooses for themselves: the language, and how they are written to."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from config.settings import PORTAL
from desk import mail_wishes_form
from desk.access import AtPortal, DeclaredRoute, PortalForm
from desk.portal.answers import languages, page
from desk.strangers import LANGUAGE
from notifications import tongues
from states.said import say

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)
ADDRESS = f"{PORTAL}/language"
MAILS = f"{PORTAL}/mails"


@router.get("/language")
def ask(visit: AtPortal, changed: str = "") -> HTMLResponse:
    """Show the languages to choose from, each by its own name."""
    return page(visit, "language.html", languages=languages(), changed=bool(changed), problem="")


@router.post("/language")
def choose(visit: AtPortal, form: PortalForm) -> Response:
    """Keep the language on the person, for pages and mails."""
    chosen = form.get(LANGUAGE, "")
    if chosen not in tongues.LANGUAGES:
        problem = say("Choose one of the languages")
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return page(visit, "language.html", status=status, languages=languages(), changed=False, problem=problem)
    directory = visit.desk.directory
    directory.change(replace(directory.person(visit.person.id), language=chosen))
    return RedirectResponse(f"{ADDRESS}?changed=yes", HTTPStatus.SEE_OTHER)


@router.get("/mails")
def read_wishes(visit: AtPortal, recorded: str = "") -> HTMLResponse:
    """Show how somebody is written to, and the form to change it."""
    sheet = mail_wishes_form.filled(mail_wishes_form.wishes_of(visit))
    return page(visit, "mails.html", sheet=sheet, recorded=bool(recorded))


@router.post("/mails")
def choose_wishes(visit: AtPortal, form: PortalForm) -> Response:
    """Keep how somebody wants to be written to."""
    wrong = mail_wishes_form.keep(visit, form)
    if wrong is None:
        return RedirectResponse(f"{MAILS}?recorded=yes", HTTPStatus.SEE_OTHER)
    return page(visit, "mails.html", status=HTTPStatus.UNPROCESSABLE_ENTITY, sheet=wrong, recorded=False)
