"""Signing in with a one-time link, and out again."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from cases import sign_in
from desk.access import DeclaredRoute, Form, Open, Signed
from desk.pages.answers import open_page
from states import errors

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)


@router.get("/sign-in")
def how(desk: Open) -> HTMLResponse:
    """Say how one signs in."""
    sentence = "You are signed out. What you had recorded is kept."
    return open_page(desk, "signed_out.html", heading="Sign in to the desk", sentence=sentence, how=True)


@router.get("/sign-in/{link}")
def offer(link: str, desk: Open) -> HTMLResponse:
    """Show a button and use nothing up: mail scanners look at every link."""
    return open_page(desk, "sign_in.html", link=link)


@router.post("/sign-in/{link}")
def begin(link: str, desk: Open) -> Response:
    """Use the link up and open a session."""
    try:
        token = sign_in.use_link(desk.record.engine, link, now=desk.clock.now())
    except errors.NotFound as error:
        sentence = f"{str(error)[:1].upper()}{str(error)[1:]}."
        return open_page(
            desk,
            "signed_out.html",
            status=HTTPStatus.GONE,
            heading="This link cannot be used",
            sentence=sentence,
            how=True,
        )
    answer = RedirectResponse("/", HTTPStatus.SEE_OTHER)
    answer.set_cookie(desk.cookie, token, path="/", secure=desk.secure, httponly=True, samesite="lax")
    return answer


@router.post("/sign-out")
def end(visit: Signed, _form: Form) -> Response:
    """End the session and let the browser forget everything it kept."""
    desk = visit.desk
    sign_in.end_session(desk.record.engine, visit.token, now=desk.clock.now())
    answer = RedirectResponse("/sign-in", HTTPStatus.SEE_OTHER)
    answer.delete_cookie(desk.cookie, path="/", secure=desk.secure, httponly=True, samesite="lax")
    answer.headers["clear-site-data"] = '"cache", "storage"'
    return answer
