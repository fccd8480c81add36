"""Signing in, whatever somebody proves themselves with: from the first proof, by way of a second, to a session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi.responses import RedirectResponse

from cases import begun, factors, kept_forms, recovery_codes, sessions, sign_in
from cases.people import Audience
from cases.saved_views import SavedViews
from cases.sessions import Means, Start
from desk import devices, totp
from desk.tries import Guessing, Limits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import Request, Response

    from cases.begun import Begun
    from cases.people import Person
    from desk.visits import Desk, Visit

SECOND = "second factor"
HOME = "/"
TO = "to"


@dataclass(frozen=True, slots=True)
class Half:
    """Somebody who has given the first proof and owes the second; `to` is where they are going."""

    begun: Begun
    person_id: str
    to: str


def go_on(desk: Desk, request: Request, person_id: str, *, means: Means, to: str = HOME) -> Response:
    """Sign somebody in who has proved who they are, or ask for the second factor where they have one and owe it."""
    by_provider = means is Means.PROVIDER and desk.settings.oidc_is_second_factor
    if means.is_second or by_provider or not factors.of(desk.record.engine, person_id).second:
        return finish(desk, request, person_id, means=means, to=to)
    payload = {TO: to}
    token = begun.begin(desk.record.engine, SECOND, person_id=person_id, payload=payload, now=desk.clock.now())
    answer = RedirectResponse("/sign-in/second", HTTPStatus.SEE_OTHER)
    desk.give(answer, desk.begun_cookie, token, lifetime=begun.LIFETIME)
    return answer


def finish(desk: Desk, request: Request, person_id: str, *, means: Means, to: str = HOME) -> Response:
    """Open a session and lead on: to the form that was kept for this very person, or to where they were going."""
    longest = timedelta(hours=desk.settings.session_longest_hours)
    start = Start(means=means, device=devices.of(request.headers.get("user-agent", "")), longest=longest)
    token = sign_in.begin_session(desk.record.engine, person_id, start=start, now=desk.clock.now())
    old = request.cookies.get(desk.cookie, "")
    if old:
        sessions.end(desk.record.engine, old, now=desk.clock.now())
    onward = to if to != HOME else _start_of(desk, person_id)
    answer = RedirectResponse("/me/kept" if has_kept(desk, request, person_id) else onward, HTTPStatus.SEE_OTHER)
    desk.give(answer, desk.cookie, token)
    desk.take_back(answer, desk.begun_cookie)
    return answer


def _start_of(desk: Desk, person_id: str) -> str:
    """Find where somebody's desk begins: at a view of theirs, or at its own page."""
    view = SavedViews(desk.record.engine, person_id).start()
    return view.address if view else HOME


def prove_again(visit: Visit, request: Request, *, means: Means, to: str = HOME) -> Response:
    """Note a fresh proof of somebody who is signed in, give the session a new id, and lead on."""
    desk, before = visit.desk, visit.session
    answer = RedirectResponse("/me/kept" if has_kept(desk, request, visit.person.id) else to, HTTPStatus.SEE_OTHER)
    # Whoever has given a second factor keeps it, with whatever they prove themselves with later.
    kept = before.means if before and before.means.is_second and not means.is_second else means
    token = sessions.renew(desk.record.engine, visit.token, means=kept, now=desk.clock.now())
    desk.give(answer, desk.cookie, token or "")
    desk.take_back(answer, desk.begun_cookie)
    return answer


def half_of(desk: Desk, request: Request) -> Half | None:
    """Find who owes this desk a second factor in this browser."""
    one = begun_of(desk, request, SECOND)
    if one is None or one.person_id is None:
        return None
    return Half(one, one.person_id, one.payload.get(TO, HOME))


def begun_of(desk: Desk, request: Request, purpose: str) -> Begun | None:
    """Find what a browser has begun for a purpose."""
    token = request.cookies.get(desk.begun_cookie, "")
    return begun.find(desk.record.engine, token, purpose, now=desk.clock.now()) if token else None


def second_proof(desk: Desk, person_id: str, form: Mapping[str, str]) -> Means | None:
    """Tell by what somebody proved themselves who typed the figures of their telephone, or a recovery code."""
    if form.get("figures") and totp.proves(desk, person_id, form["figures"]):
        return Means.TOTP
    typed = form.get("recovery", "")
    if typed and recovery_codes.use(desk.record.engine, person_id, typed, now=desk.clock.now()):
        return Means.RECOVERY
    return None


def has_kept(desk: Desk, request: Request, person_id: str) -> bool:
    """Tell whether a form is kept for this person in this browser."""
    token = request.cookies.get(desk.kept_cookie, "")
    return bool(token) and kept_forms.find(desk.record.engine, token, person_id, now=desk.clock.now()) is not None


def may_sign_in(person: Person | None) -> Person | None:
    """Return a person who comes in at the desk; None for nobody, for who left, and for who comes in elsewhere."""
    return person if person and person.active and person.audience is Audience.DESK else None


def guessing(request: Request, typed: str) -> Guessing:
    """Name who tries, and whom they try to be, without keeping what they typed."""
    origin = request.client.host if request.client else ""
    return Guessing(origin, sha256(typed.strip().lower().encode()).hexdigest())


def limits(desk: Desk) -> Limits:
    """Return how many wrong tries are free."""
    chosen = desk.settings
    return Limits(
        person=chosen.tries_person,
        origin=chosen.tries_origin,
        everywhere=chosen.tries_everywhere,
        desk=chosen.tries_desk,
    )


def local(address: str) -> str:
    """Return an address of this desk to go on to, or the first page for anything else that was sent."""
    plain = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if plain and "\\" not in address else HOME
