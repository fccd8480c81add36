"""The local mailbox: what was sent to the signed-in person while no real mail server is set up."""

from __future__ import annotations

from email.utils import getaddresses

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from desk import framed_mail, headers, up
from desk.access import DeclaredRoute, Signed
from desk.pages.answers import page
from desk.visits import Visit
from notifications.mailbox import KeptMail, read_mailbox
from states import errors
from states.said import say

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)
_MOST = 100


@router.get("/mailbox")
def kept(visit: Signed, request: Request) -> HTMLResponse:
    """List the kept mails of the signed-in person, newest first."""
    return page(visit, "mailbox.html", request=request, zone=visit.person.timezone, mails=_own(visit)[:_MOST])


@router.get("/mailbox/{key}")
def one(key: str, visit: Signed) -> HTMLResponse:
    """Show a kept mail: its text, and its picture in a frame that may do nothing."""
    answer = page(visit, "kept_mail.html", zone=visit.person.timezone, mail=_find(visit, key))
    answer.headers["content-security-policy"] = headers.FRAMING_POLICY
    return answer


@router.get("/mailbox/{key}/picture")
def picture(key: str, visit: Signed) -> HTMLResponse:
    """Answer with the mail's own HTML, shut into a sandbox."""
    html, sheet = framed_mail.with_sheet(_find(visit, key).html)
    return HTMLResponse(html, headers={"content-security-policy": headers.framed_mail_policy(sheet)})


def _own(visit: Visit) -> list[KeptMail]:
    """Read the mails to this person's own address: others' mails may hold what only they may read."""
    if not up.has_mailbox(visit.desk.settings):
        sentence = say("mails go to a real mail server here, so there is no local mailbox")
        raise errors.NotFound(sentence)
    mails = read_mailbox(up.maildir(visit.desk.settings))
    return [mail for mail in mails if visit.person.email in {address.lower() for _, address in getaddresses([mail.to])}]


def _find(visit: Visit, key: str) -> KeptMail:
    found = next((mail for mail in _own(visit) if mail.key == key), None)
    if found is None:
        sentence = say("there is no such mail in your mailbox")
        raise errors.NotFound(sentence)
    return found
