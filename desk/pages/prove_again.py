"""A fresh proof of who somebody is who is signed in, and forms that were kept until they had given it."""

from __future__ import annotations

import json
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse

from cases import begun, factors, identities, kept_forms, passwords
from cases.sessions import Means
from desk import form_bodies, oidc, passkeys, signing_in, uploads
from desk.access import TOKEN_FIELD, DeclaredRoute, Form, Signed, refuse_foreign
from desk.pages import sign_in
from desk.pages.answers import page
from desk.problems import ForeignForm
from states import errors
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk.visits import Desk, Visit
    from states.said import Said

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)

AGAIN = "/me/sign-in/again"
PURPOSE = "passkey again"
WRONG = say("this is not right, or was used before; type it once more, or wait for the next six figures")
_AT_STEP_UP = timedelta(minutes=10)


@router.get(AGAIN)
def ask(visit: Signed, request: Request, to: str = signing_in.HOME) -> HTMLResponse:
    """Ask somebody to prove once more who they are."""
    return _page(visit, request, to=signing_in.local(to))


@router.post(AGAIN)
def prove(visit: Signed, form: Form, request: Request) -> Response:
    """Take a fresh proof: figures or a recovery code where there is a second factor, else the password."""
    desk, to = visit.desk, signing_in.local(form.get(signing_in.TO, signing_in.HOME))
    guess = signing_in.guessing(request, f"again {visit.person.id}")
    waiting = sign_in.wait(desk, guess)
    if waiting:
        return sign_in.too_many(desk, waiting)
    means = signing_in.second_proof(desk, visit.person.id, form) or _password(visit, form.get("password", ""))
    if means is None:
        guess.failed(desk.tries, now=desk.clock.now())
        return _page(visit, request, to=to, problem=WRONG)
    return signing_in.prove_again(visit, request, means=means, to=to)


@router.post(f"{AGAIN}/passkey")
def ask_for_passkey(visit: Signed, form: Form) -> Response:
    """Ask the browser of somebody who is signed in to sign with a passkey."""
    desk, options = visit.desk, passkeys.ask_to_sign(visit.desk)
    to = signing_in.local(form.get(signing_in.TO, signing_in.HOME))
    payload = {"challenge": passkeys.challenge_of(options), signing_in.TO: to}
    token = begun.begin(desk.record.engine, PURPOSE, person_id=visit.person.id, payload=payload, now=desk.clock.now())
    answer = page(visit, "passkey.html", options=options, address=f"{AGAIN}/passkey/proof", new=False, back=AGAIN)
    desk.give(answer, desk.begun_cookie, token, lifetime=begun.LIFETIME)
    return answer


@router.post(f"{AGAIN}/passkey/proof")
def take_passkey(visit: Signed, form: Form, request: Request) -> Response:
    """Take a passkey of this very person as a fresh proof."""
    desk, one = visit.desk, signing_in.begun_of(visit.desk, request, PURPOSE)
    if one is None or one.person_id != visit.person.id or not begun.finish(desk.record.engine, one):
        return RedirectResponse(AGAIN, HTTPStatus.SEE_OTHER)
    to = one.payload[signing_in.TO]
    signer = passkeys.signer(desk, form.get(passkeys.SIGNED, ""), challenge=one.payload["challenge"])
    if signer != visit.person.id:
        return _page(visit, request, to=to, problem=say("this is not a passkey of yours; take another one"))
    return signing_in.prove_again(visit, request, means=Means.PASSKEY, to=to)


@router.get("/me/kept")
def show_kept(visit: Signed, request: Request) -> Response:
    """Show the form that was kept, with one button that sends it where it was going."""
    desk = visit.desk
    kept = kept_forms.find(
        desk.record.engine, request.cookies.get(desk.kept_cookie, ""), visit.person.id, now=desk.clock.now()
    )
    if kept is None:
        return RedirectResponse(signing_in.HOME, HTTPStatus.SEE_OTHER)
    content = json.loads(kept)
    words = [value for _, value in content["fields"] if any(sign.isspace() for sign in value.strip())]
    return page(visit, "kept_form.html", address=content["address"], fields=content["fields"], typed=words)


@router.post("/me/kept/forget")
def forget_kept(visit: Signed, _form: Form, request: Request) -> Response:
    """Throw a kept form away."""
    desk = visit.desk
    kept_forms.forget(desk.record.engine, request.cookies.get(desk.kept_cookie, ""))
    answer = RedirectResponse(signing_in.HOME, HTTPStatus.SEE_OTHER)
    desk.take_back(answer, desk.kept_cookie)
    return answer


def lead_on(visit: Visit, request: Request) -> Response:
    """Answer somebody whose request needs a fresh proof: keep the form they sent, and ask for the proof."""
    if request.method != "POST":
        return RedirectResponse(f"{AGAIN}?{urlencode({signing_in.TO: _address(request)})}", HTTPStatus.SEE_OTHER)
    answer = RedirectResponse(AGAIN, HTTPStatus.SEE_OTHER)
    key = _keep(visit, request, request.state.given, lifetime=_AT_STEP_UP)
    visit.desk.give(answer, visit.desk.kept_cookie, key, lifetime=_AT_STEP_UP)
    return answer


async def keep_of_lapsed(visit: Visit, request: Request) -> str | None:
    """Keep the form of somebody who was signed out while they typed; return the key to it.

    None for a form that was not made for their visit. Files do not come along; texts do.
    """
    try:
        refuse_foreign(request)
        pairs = await _pairs(request)
    except (ForeignForm, errors.Refused):
        return None
    if not visit.made(dict(pairs).get(TOKEN_FIELD, "")):
        return None
    return await run_in_threadpool(_keep, visit, request, form_bodies.together(pairs), lifetime=kept_for(visit.desk))


def kept_for(desk: Desk) -> timedelta:
    """Return how long the form of somebody who was signed out is kept."""
    return timedelta(minutes=desk.settings.kept_form_minutes)


def _keep(visit: Visit, request: Request, given: Mapping[str, str], *, lifetime: timedelta) -> str:
    desk, fields = visit.desk, [[name, value] for name, value in given.items() if name != TOKEN_FIELD]
    content = json.dumps({"address": _address(request), "fields": fields})
    return kept_forms.keep(desk.record.engine, visit.person.id, content, now=desk.clock.now(), lifetime=lifetime)


async def _pairs(request: Request) -> list[tuple[str, str]]:
    if not request.headers.get("content-type", "").startswith(uploads.MEDIA_TYPE):
        return await form_bodies.pairs(request)
    async with uploads.form_with_files(request, largest=form_bodies.LARGEST) as parts:
        return parts.texts


def _address(request: Request) -> str:
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{request.url.path}{query}"


def _password(visit: Visit, typed: str) -> Means | None:
    """Take a password as a proof where somebody has nothing stronger."""
    engine, person_id = visit.desk.record.engine, visit.person.id
    if not typed or factors.of(engine, person_id).second:
        return None
    return Means.PASSWORD if passwords.proves(engine, person_id, typed) else None


def _page(visit: Visit, request: Request, *, to: str, problem: Said | None = None) -> HTMLResponse:
    desk, settings = visit.desk, visit.desk.settings
    known = factors.of(desk.record.engine, visit.person.id)
    linked = bool(settings.oidc_issuer) and identities.linked_at(
        desk.record.engine, visit.person.id, issuer=settings.oidc_issuer
    )
    return page(
        visit,
        "prove_again.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        known=known,
        passkeys=passkeys.possible(settings) and bool(known.passkeys),
        provider=oidc.name_of(settings) if linked else "",
        kept=signing_in.has_kept(desk, request, visit.person.id),
        minutes=settings.fresh_proof_minutes,
        to=to,
        problem=problem or "",
    )
