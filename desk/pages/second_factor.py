"""The second factor: figures of a telephone, a recovery code, or a passkey, which alone is enough."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from cases import begun, factors
from cases.sessions import Means
from desk import passkeys, signing_in
from desk.access import DeclaredRoute, Open, OpenForm
from desk.pages import sign_in
from desk.pages.answers import open_page
from desk.visits import Desk
from desk.words import Words
from states.said import say

if TYPE_CHECKING:
    from desk.signing_in import Half
    from states.said import Said

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)

PASSKEY = "passkey"
TOO_LATE = say("it took more than ten minutes, or five tries were wrong, so please begin once more")
WRONG = say("this is not right, or was used before; wait for the next six figures, or take another recovery code")


@router.get("/sign-in/second")
def ask(desk: Open, request: Request) -> HTMLResponse:
    """Ask for the second factor of somebody who gave the first."""
    half = signing_in.half_of(desk, request)
    return _begin_anew(desk) if half is None else _page(desk, half)


@router.post("/sign-in/second")
def prove(desk: Open, form: OpenForm, request: Request) -> Response:
    """Take the second factor, each try of five counted before it is looked at."""
    half = signing_in.half_of(desk, request)
    if half is None:
        return _begin_anew(desk)
    guess = signing_in.guessing(request, f"second {half.person_id}")
    waiting = sign_in.wait(desk, guess)
    if waiting:
        return sign_in.too_many(desk, waiting)
    if not begun.take_try(desk.record.engine, half.begun):
        return _begin_anew(desk)
    means = signing_in.second_proof(desk, half.person_id, form)
    if means is None:
        guess.failed(desk.tries, now=desk.clock.now())
        return _page(desk, half, problem=WRONG)
    if not begun.finish(desk.record.engine, half.begun):
        return _begin_anew(desk)
    return signing_in.finish(desk, request, half.person_id, means=means, to=half.to)


@router.post("/sign-in/passkey")
def ask_for_passkey(desk: Open, form: OpenForm, request: Request) -> Response:
    """Ask a browser to sign with a passkey, whoever's it is."""
    half = signing_in.half_of(desk, request)
    to = half.to if half else signing_in.local(form.get(signing_in.TO, signing_in.HOME))
    options = passkeys.ask_to_sign(desk)
    payload = {"challenge": passkeys.challenge_of(options), signing_in.TO: to}
    token = begun.begin(desk.record.engine, PASSKEY, payload=payload, now=desk.clock.now())
    answer = open_page(
        desk, "passkey.html", options=options, address="/sign-in/passkey/proof", new=False, back="/sign-in"
    )
    desk.give(answer, desk.begun_cookie, token, lifetime=begun.LIFETIME)
    return answer


@router.post("/sign-in/passkey/proof")
def take_passkey(desk: Open, form: OpenForm, request: Request) -> Response:
    """Sign somebody in whose passkey signed what this desk asked; it counts as both factors."""
    one = signing_in.begun_of(desk, request, PASSKEY)
    if one is None or not begun.finish(desk.record.engine, one):
        return _begin_anew(desk)
    person_id = passkeys.signer(desk, form.get(passkeys.SIGNED, ""), challenge=one.payload["challenge"])
    person = desk.directory.people([person_id]).get(person_id) if person_id else None
    if signing_in.may_sign_in(person) is None or person is None:
        unknown = say("this passkey is not one of ours any more; sign in another way, and make a new one")
        return sign_in.door(desk, status=HTTPStatus.UNPROCESSABLE_ENTITY, problem=unknown, to=one.payload["to"])
    return signing_in.finish(desk, request, person.id, means=Means.PASSKEY, to=one.payload["to"])


def _page(desk: Desk, half: Half, *, problem: Said | None = None) -> HTMLResponse:
    person, known = desk.directory.person(half.person_id), factors.of(desk.record.engine, half.person_id)
    return open_page(
        desk,
        "second_factor.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        words=Words(language=person.language, timezone=person.timezone, now=desk.clock.now()),
        known=known,
        passkeys=passkeys.possible(desk.settings) and bool(known.passkeys),
        problem=problem or "",
    )


def _begin_anew(desk: Desk) -> HTMLResponse:
    answer = sign_in.door(desk, status=HTTPStatus.UNPROCESSABLE_ENTITY, problem=TOO_LATE)
    desk.take_back(answer, desk.begun_cookie)
    return answer
