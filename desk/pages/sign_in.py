"""Signing in with a password or a one-time link, and out again."""

from __future__ import annotations

import math
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.background import BackgroundTask

from cases import passwords, sessions, sign_in
from cases.sessions import Means
from desk import oidc, passkeys, signing_in
from desk.access import DeclaredRoute, Form, Open, OpenForm, Signed
from desk.pages.answers import open_page
from desk.visits import Desk
from desk.words import sentence
from notifications import links, mailroom
from states import errors
from states.said import count, say

if TYPE_CHECKING:
    from cases.people import Person
    from desk.tries import Guessing

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)

EMAIL, PASSWORD = "email", "password"
_SENT_AGAIN = timedelta(minutes=2)
_UNTOLD: dict[str, Any] = {
    "heading": say("Sign in to the desk"),
    "sentence": "",
    "problem": "",
    "email": "",
    "kept": False,
}


@router.get("/sign-in")
def ask(desk: Open, *, left: bool = False) -> HTMLResponse:
    """Ask who somebody is, and for their password, passkey or account."""
    return door(desk, sentence=say("What you had recorded is kept.") if left else "")


@router.post("/sign-in")
def begin_with_password(desk: Open, form: OpenForm, request: Request) -> Response:
    """Take an address and a password; whether the address is known cannot be told from the answer."""
    email, to = form.get(EMAIL, "").strip(), signing_in.local(form.get(signing_in.TO, signing_in.HOME))
    guess, now = signing_in.guessing(request, email), desk.clock.now()
    waiting = wait(desk, guess)
    if waiting:
        return too_many(desk, waiting)
    person = signing_in.may_sign_in(desk.directory.by_email(email))
    if passwords.proves(desk.record.engine, person.id if person else None, form.get(PASSWORD, "")) and person:
        return signing_in.go_on(desk, request, person.id, means=Means.PASSWORD, to=to)
    guess.failed(desk.tries, now=now)
    wrong = say("the address and the password do not belong together; type both once more, or get a link by mail")
    return door(desk, status=HTTPStatus.UNPROCESSABLE_ENTITY, problem=wrong, email=email, to=to)


@router.get("/sign-in/by-mail")
def ask_for_link(desk: Open) -> HTMLResponse:
    """Ask to what address a link is to be sent."""
    return open_page(desk, "sign_in_by_mail.html", problem="", sent=False)


@router.post("/sign-in/by-mail")
def send_link(desk: Open, form: OpenForm, request: Request) -> HTMLResponse:
    """Mail a link to an address on file, after the answer, which is the same for every address."""
    email = form.get(EMAIL, "").strip()
    guess = signing_in.guessing(request, f"mail {email}")
    waiting = wait(desk, guess)
    if waiting:
        return too_many(desk, waiting)
    if "@" not in email:
        problem = say("type the e-mail address at which the desk writes to you")
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return open_page(desk, "sign_in_by_mail.html", status=status, problem=problem, sent=False)
    guess.failed(desk.tries, now=desk.clock.now())
    answer = open_page(desk, "sign_in_by_mail.html", problem="", sent=True)
    answer.background = BackgroundTask(_mail_link, desk, email)
    return answer


@router.get("/sign-in/{link}")
def offer(link: str, desk: Open) -> HTMLResponse:
    """Show a button and use nothing up: mail scanners look at every link."""
    return open_page(desk, "sign_in_link.html", link=link, idle=_idle(desk))


@router.post("/sign-in/{link}")
def begin(link: str, desk: Open, request: Request) -> Response:
    """Use the link up, and open a session once the second factor is given where there is one."""
    try:
        person = sign_in.take_link(desk.record.engine, link, now=desk.clock.now())
    except errors.NotFound as error:
        return _useless(desk, error)
    return signing_in.go_on(desk, request, person, means=Means.LINK)


def _useless(desk: Desk, error: errors.NotFound) -> HTMLResponse:
    return open_page(
        desk,
        "signed_out.html",
        status=HTTPStatus.GONE,
        heading=say("This link cannot be used"),
        sentence=sentence(error.sentence),
        how=True,
    )


@router.post("/sign-out")
def end(visit: Signed, _form: Form) -> Response:
    """End the session and let the browser forget everything it kept."""
    desk = visit.desk
    sessions.end(desk.record.engine, visit.token, now=desk.clock.now())
    answer = RedirectResponse("/sign-in?left=yes", HTTPStatus.SEE_OTHER)
    for cookie in (desk.cookie, desk.begun_cookie, desk.kept_cookie):
        desk.take_back(answer, cookie)
    answer.headers["clear-site-data"] = '"cache", "storage"'
    return answer


def door(
    desk: Desk,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    to: str = signing_in.HOME,
    **told: Any,  # noqa: ANN401 - what the page says besides
) -> HTMLResponse:
    """Show the ways to sign in; `to` is where somebody was going."""
    return open_page(
        desk,
        "sign_in.html",
        status=status,
        to=to,
        passkeys=passkeys.possible(desk.settings),
        provider=oidc.name_of(desk.settings),
        duty=desk.settings.second_factor_required,
        **_UNTOLD | told,
    )


def wait(desk: Desk, guess: Guessing) -> timedelta:
    """Return how long whoever tries must wait."""
    return guess.wait(desk.tries, signing_in.limits(desk), now=desk.clock.now())


def too_many(desk: Desk, waiting: timedelta) -> HTMLResponse:
    """Ask somebody to wait, in the same words whoever they try to be."""
    seconds = math.ceil(waiting.total_seconds())
    return open_page(
        desk,
        "signed_out.html",
        status=HTTPStatus.TOO_MANY_REQUESTS,
        heading=say("Please wait a moment"),
        sentence=count(
            "Too many tries were wrong. Wait one second, then go back and try again.",
            "Too many tries were wrong. Wait %(count)s seconds, then go back and try again.",
            count=seconds,
        ),
        how=False,
    )


def _mail_link(desk: Desk, email: str) -> None:
    """Send a link to somebody on file, unless one is on its way."""
    person: Person | None = signing_in.may_sign_in(desk.directory.by_email(email))
    now = desk.clock.now()
    if person is None or sign_in.was_sent_link(desk.record.engine, person.id, since=now - _SENT_AGAIN):
        return
    token = sign_in.make_link(desk.record.engine, person.id, now=now)
    room = mailroom.open_mailroom(desk.record, desk.settings, clock=desk.clock)
    address = f"{desk.settings.base_url}/sign-in/{token}"
    links.send_sign_in_link(room, person, address, until=now + sign_in.LIFETIME)


def _idle(desk: Desk) -> int:
    return desk.settings.session_idle_minutes
