"""The language in which the portal and the mails speak to a person, chosen by the person."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from config.settings import PORTAL
from desk.access import AtPortal, DeclaredRoute, PortalForm
from desk.portal.answers import languages, page
from desk.strangers import LANGUAGE
from notifications import tongues
from states.said import say

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)
ADDRESS = f"{PORTAL}/language"


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
