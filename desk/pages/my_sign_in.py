"""Where I am signed in, and what I sign in with: seen and changed by the person alone."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from cases import begun, factors, identities, passwords, recovery_codes, sessions
from cases import passkeys as kept_passkeys
from cases.sessions import Means
from config.settings import Proof
from desk import devices, fresh_proof, oidc, passkeys, password_rules, signing_in, totp
from desk.access import DeclaredRoute, Form, Signed
from desk.pages.answers import page
from notifications import account_notices, mailroom
from states import errors
from states.said import say

if TYPE_CHECKING:
    from desk.visits import Visit
    from states.said import Said

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)

ADDRESS = "/me/sign-in"
NEW_PASSKEY = "new passkey"
LONGEST_NAME = 60
NOT_THE_VALUE = say("these are not the six figures that the app shows now; wait for the next ones and type those")


@router.get(ADDRESS)
def read(visit: Signed, changed: str = "") -> HTMLResponse:
    """Show where I am signed in and what I sign in with."""
    desk, engine = visit.desk, visit.desk.record.engine
    issuer = desk.settings.oidc_issuer
    known = factors.of(engine, visit.person.id)
    return page(
        visit,
        "my_sign_in.html",
        zone=visit.person.timezone,
        known=known,
        going=sessions.going(engine, visit.person.id, now=desk.clock.now(), idle=desk.idle),
        device=devices.told,
        this_one=visit.session.id if visit.session else 0,
        passkeys=passkeys.possible(desk.settings),
        provider=oidc.name_of(desk.settings),
        linked=identities.linked_at(engine, visit.person.id, issuer=issuer) if issuer else None,
        duty=desk.settings.second_factor_required,
        owed=desk.settings.second_factor_required and not known.second,
        changed=bool(changed),
    )


@router.post(f"{ADDRESS}/sessions/{{session_id}}/end")
def end_session(session_id: int, visit: Signed, _form: Form) -> Response:
    """End one of my sessions."""
    sessions.end_one(visit.desk.record.engine, visit.person.id, session_id, now=visit.desk.clock.now())
    return _back()


@router.post(f"{ADDRESS}/end-others")
def end_others(visit: Signed, _form: Form) -> Response:
    """End all of my sessions but this one."""
    sessions.end_others(visit.desk.record.engine, visit.person.id, but=visit.token, now=visit.desk.clock.now())
    return _back()


@router.get(f"{ADDRESS}/password")
def ask_for_password(visit: Signed) -> HTMLResponse:
    """Ask for a new password."""
    fresh_proof.ask(visit, Proof.ACCESS)
    return _password_page(visit)


@router.post(f"{ADDRESS}/password")
def set_password(visit: Signed, form: Form) -> Response:
    """Keep a new password; all my other sessions end."""
    fresh_proof.ask(visit, Proof.ACCESS)
    typed = form.get("password", "")
    problem = password_rules.problem(typed, visit.person)
    if problem:
        return _password_page(visit, problem=problem)
    engine, now = visit.desk.record.engine, visit.desk.clock.now()
    passwords.keep(engine, visit.person.id, typed, now=now)
    sessions.end_others(engine, visit.person.id, but=visit.token, now=now)
    tell_of_change(visit)
    return _back()


@router.get(f"{ADDRESS}/totp")
def show_totp(visit: Signed) -> Response:
    """Show the secret that I am to put into an app on my telephone."""
    fresh_proof.ask(visit, Proof.ACCESS)
    return _totp_page(visit)


@router.post(f"{ADDRESS}/totp")
def propose_totp(visit: Signed, _form: Form) -> Response:
    """Make a secret for an app on my telephone."""
    fresh_proof.ask(visit, Proof.ACCESS)
    totp.propose(visit.desk, visit.person)
    return RedirectResponse(f"{ADDRESS}/totp", HTTPStatus.SEE_OTHER)


@router.post(f"{ADDRESS}/totp/confirm")
def accept_totp(visit: Signed, form: Form, request: Request) -> Response:
    """Take the secret into use once the figures that were typed show that my telephone has it."""
    fresh_proof.ask(visit, Proof.ACCESS)
    if not totp.accept(visit.desk, visit.person, form.get("figures", "")):
        return _totp_page(visit, problem=NOT_THE_VALUE)
    return _with_factor(visit, request, means=Means.TOTP)


@router.post(f"{ADDRESS}/totp/remove")
def remove_totp(visit: Signed, _form: Form) -> Response:
    """Forget the secret of my telephone."""
    fresh_proof.ask(visit, Proof.ACCESS)
    factors.remove_totp(visit.desk.record.engine, visit.person.id)
    tell_of_change(visit)
    return _back()


@router.post(f"{ADDRESS}/passkeys")
def ask_for_passkey(visit: Signed, form: Form) -> Response:
    """Ask my browser to make a passkey."""
    fresh_proof.ask(visit, Proof.ACCESS)
    desk, options = visit.desk, passkeys.ask_for_new(visit)
    name = form.get("name", "").strip()[:LONGEST_NAME] or visit.words.civil_day(visit.words.now.date())
    payload = {"challenge": passkeys.challenge_of(options), "name": name}
    now = desk.clock.now()
    token = begun.begin(desk.record.engine, NEW_PASSKEY, person_id=visit.person.id, payload=payload, now=now)
    address = f"{ADDRESS}/passkeys/add"
    answer = page(visit, "passkey.html", options=options, address=address, new=True, back=ADDRESS)
    desk.give(answer, desk.begun_cookie, token, lifetime=begun.LIFETIME)
    return answer


@router.post(f"{ADDRESS}/passkeys/add")
def keep_passkey(visit: Signed, form: Form, request: Request) -> Response:
    """Keep the passkey that my browser made."""
    desk, one = visit.desk, signing_in.begun_of(visit.desk, request, NEW_PASSKEY)
    if one is None or one.person_id != visit.person.id or not begun.finish(desk.record.engine, one):
        raise errors.Refused(say("it took more than ten minutes; begin once more to make a passkey"))
    signed, asked = form.get(passkeys.SIGNED, ""), one.payload
    passkeys.keep_new(visit, signed, challenge=asked["challenge"], name=asked["name"])
    return _with_factor(visit, request, means=Means.PASSKEY)


@router.post(f"{ADDRESS}/passkeys/{{key_id}}/remove")
def remove_passkey(key_id: str, visit: Signed, _form: Form) -> Response:
    """Take one of my passkeys off file."""
    fresh_proof.ask(visit, Proof.ACCESS)
    kept_passkeys.remove(visit.desk.record.engine, visit.person.id, key_id)
    tell_of_change(visit)
    return _back()


@router.post(f"{ADDRESS}/recovery")
def make_recovery_codes(visit: Signed, _form: Form, request: Request) -> Response:
    """Make new recovery codes, and show them this once."""
    fresh_proof.ask(visit, Proof.ACCESS)
    return _codes_page(visit, request)


def tell_of_change(visit: Visit) -> None:
    """Queue the mail that tells somebody of a change of their ways in."""
    desk = visit.desk
    room = mailroom.open_mailroom(desk.record, desk.settings, clock=desk.clock)
    account_notices.tell_of_new_ways_in(room, visit.person)


def _with_factor(visit: Visit, request: Request, *, means: Means) -> Response:
    """Lead on from a new second factor: this session has it, all others end, and the first brings recovery codes."""
    engine, now = visit.desk.record.engine, visit.desk.clock.now()
    token = sessions.renew(engine, visit.token, means=means, now=now) or ""
    sessions.end_others(engine, visit.person.id, but=token, now=now)
    tell_of_change(visit)
    has_codes = factors.of(engine, visit.person.id).recovery_codes
    answer = _back() if has_codes else _codes_page(replace(visit, token=token), request)
    visit.desk.give(answer, visit.desk.cookie, token)
    visit.desk.take_back(answer, visit.desk.begun_cookie)
    return answer


def _codes_page(visit: Visit, request: Request) -> HTMLResponse:
    codes = recovery_codes.make(visit.desk.record.engine, visit.person.id)
    onward = "/me/kept" if signing_in.has_kept(visit.desk, request, visit.person.id) else signing_in.HOME
    return page(visit, "recovery_codes.html", codes=codes, onward=onward)


def _password_page(visit: Visit, *, problem: Said | None = None) -> HTMLResponse:
    return page(
        visit,
        "my_password.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        known=factors.of(visit.desk.record.engine, visit.person.id),
        least=password_rules.SHORTEST,
        problem=problem or "",
    )


def _totp_page(visit: Visit, *, problem: Said | None = None) -> Response:
    proposal = totp.proposal(visit.desk, visit.person)
    if proposal is None:
        return RedirectResponse(ADDRESS, HTTPStatus.SEE_OTHER)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    return page(visit, "my_totp.html", status=status, proposal=proposal, problem=problem or "")


def _back() -> RedirectResponse:
    return RedirectResponse(f"{ADDRESS}?changed=yes", HTTPStatus.SEE_OTHER)
