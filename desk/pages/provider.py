"""The trip to an OpenID provider and back: to sign in, to prove anew who one is, or to link one's account there."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from cases import begun, identities
from cases.sessions import Means
from config.settings import Proof
from desk import fresh_proof, oidc, signing_in
from desk.access import DeclaredRoute, Form, Open, OpenForm, Signed
from desk.pages import my_sign_in, sign_in
from desk.pages.answers import open_page
from desk.visits import Desk, visit_of
from states import errors
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cases.begun import Begun

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)

PURPOSE = "provider"
LINK, AGAIN, SIGN_IN = "link", "again", "sign in"
MINE = "/me/sign-in"


@router.post("/sign-in/provider")
def set_out(desk: Open, form: OpenForm) -> Response:
    """Send somebody who wants to sign in to the provider."""
    return _sent(desk, {"why": SIGN_IN, signing_in.TO: signing_in.local(form.get(signing_in.TO, signing_in.HOME))})


@router.post(f"{MINE}/again/provider")
def set_out_again(visit: Signed, form: Form) -> Response:
    """Send somebody to the provider who is to prove anew who they are."""
    to = signing_in.local(form.get(signing_in.TO, signing_in.HOME))
    return _sent(visit.desk, {"why": AGAIN, signing_in.TO: to}, person_id=visit.person.id)


@router.post(f"{MINE}/provider")
def set_out_to_link(visit: Signed, _form: Form) -> Response:
    """Send somebody to the provider who wants to link their account there."""
    fresh_proof.ask(visit, Proof.ACCESS)
    return _sent(visit.desk, {"why": LINK, signing_in.TO: MINE}, person_id=visit.person.id)


@router.post(f"{MINE}/provider/unlink")
def unlink(visit: Signed, _form: Form) -> Response:
    """Take the link of one's account back."""
    fresh_proof.ask(visit, Proof.ACCESS)
    identities.unlink(visit.desk.record.engine, visit.person.id, issuer=visit.desk.settings.oidc_issuer)
    return RedirectResponse(f"{MINE}?changed=yes", HTTPStatus.SEE_OTHER)


@router.get(oidc.BACK)
def arrive(desk: Open, request: Request) -> HTMLResponse:
    """Show a button to whoever comes back, which a script presses: only a page of this desk may sign anybody in."""
    brought = {name: request.query_params.get(name, "") for name in ("state", "code", "iss", "error")}
    return open_page(
        desk,
        "provider_back.html",
        brought={name: one for name, one in brought.items() if one},
        name=oidc.name_of(desk.settings),
    )


@router.post(oidc.BACK)
def finish(desk: Open, form: OpenForm, request: Request) -> Response:
    """Ask the provider who came back with the code, and do what the trip was for."""
    one = signing_in.begun_of(desk, request, PURPOSE)
    if one is None or not begun.finish(desk.record.engine, one):
        return _refused(desk, say("it took more than ten minutes, so please begin once more"))
    fresh = one.payload["why"] == AGAIN
    try:
        subject = oidc.come_back(desk.settings, form, one.payload, now=desk.clock.now(), fresh=fresh)
        return _DOES[one.payload["why"]](desk, request, one, subject)
    except (oidc.NotThere, errors.Conflict) as fault:
        return _refused(desk, fault.sentence)


def _sent(desk: Desk, payload: Mapping[str, str], *, person_id: str | None = None) -> Response:
    """Answer with a page that leads on to the provider: a form may lead to no other site, and a link may."""
    if not desk.settings.oidc_issuer:
        raise errors.NotFound(say("there is no such page, or it is not yours to see"))
    try:
        trip = oidc.set_out(desk.settings, fresh=payload["why"] == AGAIN)
    except oidc.NotThere as fault:
        return _refused(desk, fault.sentence)
    kept = {**payload, "state": trip.state, "nonce": trip.nonce, "verifier": trip.verifier}
    token = begun.begin(desk.record.engine, PURPOSE, person_id=person_id, payload=kept, now=desk.clock.now())
    answer = open_page(desk, "provider.html", address=trip.address, name=oidc.name_of(desk.settings))
    desk.give(answer, desk.begun_cookie, token, lifetime=begun.LIFETIME)
    return answer


def _sign_in(desk: Desk, request: Request, one: Begun, subject: str) -> Response:
    person_id = identities.find(desk.record.engine, issuer=desk.settings.oidc_issuer, subject=subject)
    person = desk.directory.people([person_id]).get(person_id) if person_id else None
    if person is None or signing_in.may_sign_in(person) is None:
        unlinked = say(
            "your account at %(provider)s is not linked to anybody here; sign in another way and link it there, "
            "or give the desk this name of yours: %(subject)s",
            provider=oidc.name_of(desk.settings),
            subject=subject,
        )
        return _refused(desk, unlinked)
    return signing_in.go_on(desk, request, person.id, means=Means.PROVIDER, to=one.payload[signing_in.TO])


def _again(desk: Desk, request: Request, one: Begun, subject: str) -> Response:
    visit = visit_of(request)
    known = identities.find(desk.record.engine, issuer=desk.settings.oidc_issuer, subject=subject)
    if visit is None or not visit.person.id == one.person_id == known:
        return _refused(desk, say("this account is not linked to you; take the one that is"))
    return signing_in.prove_again(visit, request, means=Means.PROVIDER, to=one.payload[signing_in.TO])


def _link(desk: Desk, request: Request, one: Begun, subject: str) -> Response:
    visit = visit_of(request)
    if visit is None or visit.person.id != one.person_id:
        return _refused(desk, say("you were signed out meanwhile; sign in and link the account once more"))
    identities.link(
        desk.record.engine, visit.person.id, issuer=desk.settings.oidc_issuer, subject=subject, now=desk.clock.now()
    )
    my_sign_in.tell_of_change(visit)
    return RedirectResponse(f"{MINE}?changed=yes", HTTPStatus.SEE_OTHER)


_DOES = {SIGN_IN: _sign_in, AGAIN: _again, LINK: _link}


def _refused(desk: Desk, why: str) -> HTMLResponse:
    return sign_in.door(desk, status=HTTPStatus.UNPROCESSABLE_ENTITY, problem=why)
