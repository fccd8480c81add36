"""The portal's door: a personal code with an address, a reference or the link of a mail lets its person in.

The code was handed over by voice or on paper. Whatever is wrong with what somebody types, they read the same words
after the same time.
"""

from __future__ import annotations

import logging
import math
import re
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from cases import personal_codes, sign_in
from cases.people import Audience
from cases.sessions import Means, Start
from config.settings import PORTAL
from desk.access import AtPortal, DeclaredRoute, Open, OpenForm, PortalForm
from desk.pages import decision_link
from desk.portal.answers import languages, open_page, page
from desk.visits import Desk
from states import errors
from states.said import count, say

if TYPE_CHECKING:
    from desk.uploads import Given

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)
log = logging.getLogger(__name__)

WHO, CODE, NEXT = "who", "code", "next"
WRONG = say(
    "these do not belong together; look at the paper you were given, or telephone the desk, which can make a new code"
)
_OWN_PAGE = re.compile(rf"{PORTAL}/cases(/[\w-]+)*")
_HOME = f"{PORTAL}/"


@router.get("/sign-in")
def ask(desk: Open, request: Request) -> HTMLResponse:
    """Ask who somebody is, and for their code."""
    return _door(desk, request)


@router.post("/sign-in")
def enter(desk: Open, form: OpenForm, request: Request) -> Response:
    """Let somebody in whose code goes with the address or reference they give."""
    now, source = desk.clock.now(), _source(request)
    wait = desk.tries.wait(source, now=now)
    if wait:
        return _wait(desk, request, math.ceil(wait.total_seconds()))
    person_id = _of_portal(desk, personal_codes.claimed(desk.record.engine, form.get(WHO, "")))
    if not personal_codes.fits(desk.record.engine, person_id, form.get(CODE, "")):
        desk.tries.failed(source, now=now)
        log.warning("somebody was not let in at the portal")
        return _door(desk, request, problem=WRONG, typed=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return let_in(desk, person_id, to=own_page(form.get(NEXT, "")))


@router.get("/t/{token}")
def look(token: str, desk: Open, request: Request) -> HTMLResponse:
    """Say that an answer is asked, and nothing of the matter: mail scanners look at every link."""
    return _cover(decision_link.open_link(desk, token, Audience.PORTAL), request)


@router.post("/t/{token}")
def prove(token: str, desk: Open, form: OpenForm, request: Request) -> Response:
    """Let the person of a link in by their code, and lead them to what is asked."""
    now, sources = desk.clock.now(), decision_link.tried_from(request, token)
    wait = desk.tries.wait(*sources, now=now)
    if wait:
        return _wait(desk, request, math.ceil(wait.total_seconds()))
    try:
        opened = decision_link.open_link(desk, token, Audience.PORTAL)
    except errors.NotFound:
        desk.tries.failed(*sources, now=now)
        raise
    if opened.expired:
        return _cover(opened, request, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if not personal_codes.proves(desk.record.engine, opened.person.id, form.get(CODE, "")):
        desk.tries.failed(*sources, now=now)
        log.warning("a wrong code was tried on a link of the portal (/t/***)")
        return _cover(opened, request, problem=decision_link.WRONG, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    link = opened.link
    return let_in(desk, opened.person.id, to=f"{PORTAL}/cases/{link.case_id}/answer/{link.item_id}")


@router.get("/leave")
def how_to_leave(visit: AtPortal) -> HTMLResponse:
    """Say how to leave so that nobody who uses the same telephone finds anything."""
    return page(visit, "leave.html")


@router.post("/leave")
def leave(visit: AtPortal, _form: PortalForm) -> Response:
    """End the session and let the browser forget what it kept."""
    desk = visit.desk
    sign_in.end_session(desk.record.engine, visit.token, now=desk.clock.now())
    answer = RedirectResponse(f"{PORTAL}/sign-in", HTTPStatus.SEE_OTHER)
    _forget(desk, answer)
    answer.headers["clear-site-data"] = '"cache", "storage"'
    return answer


@router.get("/exit")
def exit_at_once(desk: Open) -> Response:
    """Take somebody away from here at once, and leave the browser without the way back in."""
    answer = RedirectResponse(desk.settings.portal_exit_url, HTTPStatus.SEE_OTHER)
    _forget(desk, answer)
    return answer


def let_in(desk: Desk, person_id: str, *, to: str) -> Response:
    """Begin a session at the portal for somebody who proved who they are."""
    longest = timedelta(hours=desk.settings.session_longest_hours)
    start = Start(means=Means.CODE, longest=longest)
    token = sign_in.begin_session(desk.record.engine, person_id, start=start, now=desk.clock.now())
    inside = RedirectResponse(to, HTTPStatus.SEE_OTHER)
    inside.set_cookie(
        desk.cookie_at(Audience.PORTAL),
        token,
        path="/",
        secure=desk.secure_at(Audience.PORTAL),
        httponly=True,
        samesite="lax",
    )
    return inside


def own_page(asked: str) -> str:
    """Return the page somebody wanted before they signed in, if it is one of a case here; else the first page."""
    return asked if _OWN_PAGE.fullmatch(asked) else _HOME


def door(desk: Desk, request: Request, *, wanted: str, status: HTTPStatus) -> HTMLResponse:
    """Show the door in the place of a page that is for signed-in people."""
    return _door(desk, request, status=status, wanted=own_page(wanted))


def _door(
    desk: Desk,
    request: Request,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    typed: Given | None = None,
    wanted: str = "",
    **told: Any,  # noqa: ANN401 - what the template shows
) -> HTMLResponse:
    return open_page(
        desk,
        "sign_in.html",
        request=request,
        status=status,
        who=typed.get(WHO, "") if typed else "",
        wanted=typed.get(NEXT, "") if typed else wanted,
        languages=languages(),
        **{"problem": "", "wait": ""} | told,
    )


def _cover(
    opened: decision_link.Opened,
    request: Request,
    *,
    problem: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HTMLResponse:
    return open_page(
        opened.desk,
        "link.html",
        request=request,
        status=status,
        words=opened.words,
        address=f"{PORTAL}/t/{opened.token}",
        initials=decision_link.initials(opened.person.name),
        expired=opened.expired,
        problem=problem,
    )


def _wait(desk: Desk, request: Request, seconds: int) -> HTMLResponse:
    sentence = count(
        "Too many tries were wrong; wait %(count)s second, then try again.",
        "Too many tries were wrong; wait %(count)s seconds, then try again.",
        count=seconds,
    )
    return _door(desk, request, status=HTTPStatus.TOO_MANY_REQUESTS, wait=sentence)


def _of_portal(desk: Desk, person_id: str) -> str:
    """Return the id of somebody who comes in by this door; empty for anybody else."""
    people = desk.directory.people([person_id])
    return person_id if any(one.audience is Audience.PORTAL for one in people.values()) else ""


def _source(request: Request) -> str:
    return f"portal {request.client.host if request.client else ''}"


def _forget(desk: Desk, answer: Response) -> None:
    answer.delete_cookie(
        desk.cookie_at(Audience.PORTAL), path="/", secure=desk.secure_at(Audience.PORTAL), httponly=True, samesite="lax"
    )
