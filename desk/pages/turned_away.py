"""What somebody meets who may not go on yet: the door, with their text kept, or a page that asks for more proof."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi.responses import RedirectResponse

from desk import signing_in
from desk.access import SAFE
from desk.pages import my_sign_in, prove_again, sign_in
from desk.visits import desk_of, lapsed_visit, visit_of
from states.said import count, say

if TYPE_CHECKING:
    from fastapi import Request, Response

    from desk.visits import Visit
    from states.said import Said


async def signed_out(request: Request) -> Response:
    """Show the door to somebody who is not signed in; what they sent is kept for them where it can be."""
    desk, visit = desk_of(request), lapsed_visit(request)
    reads = request.method in SAFE
    kept = None if reads or visit is None else await prove_again.keep_of_lapsed(visit, request)
    answer = sign_in.door(
        desk,
        status=HTTPStatus.UNAUTHORIZED,
        to=_address(request) if reads else signing_in.HOME,
        heading=say("Please sign in"),
        sentence=_why(visit),
        kept=kept is not None,
    )
    if kept is not None:
        desk.give(answer, desk.kept_cookie, kept, lifetime=prove_again.kept_for(desk))
    return answer


def without_factor(_request: Request) -> Response:
    """Lead somebody to where they set up the second factor that they need."""
    return RedirectResponse(my_sign_in.ADDRESS, HTTPStatus.SEE_OTHER)


def without_proof(request: Request) -> Response:
    """Ask somebody who is signed in for a fresh proof."""
    visit = visit_of(request)
    return (
        RedirectResponse(signing_in.HOME, HTTPStatus.SEE_OTHER)
        if visit is None
        else prove_again.lead_on(visit, request)
    )


def _why(visit: Visit | None) -> Said:
    if visit is None or visit.session is None:
        return say("You are not signed in.")
    if visit.words.now - visit.session.seen_at < visit.desk.idle:
        return say("You were signed out, because you had been signed in for long enough.")
    return count(
        "You were signed out after one minute without a page.",
        "You were signed out after %(count)s minutes without a page.",
        count=visit.desk.settings.session_idle_minutes,
    )


def _address(request: Request) -> str:
    query = f"?{request.url.query}" if request.url.query else ""
    return signing_in.local(f"{request.url.path}{query}")
