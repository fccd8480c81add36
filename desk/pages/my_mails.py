"""How I want to be written to, and the address by which a mail program ends the notices that may be ended."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from cases import mail_wishes
from config.settings import PORTAL
from desk import mail_wishes_form
from desk.access import ByEnding, DeclaredRoute, Form, Open, Signed
from desk.pages.answers import open_page, page
from states import errors

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)

ADDRESS = "/me/mails"


@router.get(ADDRESS)
def read(visit: Signed, recorded: str = "") -> HTMLResponse:
    """Show how I am written to, and the form to change it."""
    sheet = mail_wishes_form.filled(mail_wishes_form.wishes_of(visit))
    return page(visit, "my_mails.html", zone=visit.person.timezone, sheet=sheet, recorded=bool(recorded))


@router.post(ADDRESS)
def choose(visit: Signed, form: Form) -> Response:
    """Keep how I want to be written to."""
    wrong = mail_wishes_form.keep(visit, form)
    if wrong is None:
        return RedirectResponse(f"{ADDRESS}?recorded=yes", HTTPStatus.SEE_OTHER)
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return page(visit, "my_mails.html", status=status, zone=visit.person.timezone, sheet=wrong, recorded=False)


@router.get("/u/{token}")
@router.get(f"{PORTAL}/u/{{token}}")
def ask(token: str, desk: Open) -> HTMLResponse:
    """Ask whether the notices are to end: programs that look at links must end nothing."""
    if not mail_wishes.is_known(desk.record.engine, token):
        raise errors.NotFound(mail_wishes.NOWHERE)
    return open_page(desk, "end_notices.html", done=False)


@router.post("/u/{token}")
@router.post(f"{PORTAL}/u/{{token}}")
def end(token: str, desk: ByEnding) -> HTMLResponse:
    """End the notices that may be ended, whoever asks for it with the address alone (RFC 8058)."""
    mail_wishes.end_notices(desk.record.engine, token)
    return open_page(desk, "end_notices.html", done=True)
