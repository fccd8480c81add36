"""The link in a mail that asks for a decision: to look at it changes nothing, and its holder proves who they are."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from cases import decision_links, personal_codes, queries, token_hashes
from cases.people import Audience
from desk.access import DeclaredRoute, Open, OpenForm
from desk.pages.answers import open_page
from desk.visits import Desk, visit_of
from desk.words import Words
from notifications import links, mailroom
from states import errors
from states.said import count, say

if TYPE_CHECKING:
    from cases.decision_links import Link
    from cases.people import Person

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)
log = logging.getLogger(__name__)

CODE = "code"
UNKNOWN = say("there is no such page, or it is not yours to see")
"""What everybody reads for a link that is unknown, revoked or another's by now."""
WRONG = say(
    "this is not the code, or there is none for this link; after five wrong tries the desk must make a new one: ask it"
)
NOT_A_CODE = say("type the 16 figures of your personal code, or sign in")


@dataclass(frozen=True, slots=True)
class Opened:
    """A link as it was opened; `waits` tells that its person is still asked, `changed` that it is of something else."""

    desk: Desk
    token: str
    link: Link
    person: Person
    waits: bool
    changed: bool

    @property
    def expired(self) -> bool:
        """Tell whether its time is over, whatever became of what is asked."""
        return self.link.expires_at <= self.desk.clock.now()

    @property
    def words(self) -> Words:
        """How the person of the link is told of things."""
        return Words(language=self.person.language, timezone=self.person.timezone, now=self.desk.clock.now())

    @property
    def over(self) -> bool:
        """Tell whether only a fresh link leads on: this one has expired, or what is asked has changed since."""
        return self.waits and (self.changed or self.expired)


@router.get("/t/{token}")
def look(token: str, desk: Open, request: Request) -> HTMLResponse:
    """Say that somebody is asked for a decision, and nothing of the matter: mail scanners look at every link."""
    return _cover(open_link(desk, token), request)


@router.post("/t/{token}")
def prove(token: str, desk: Open, form: OpenForm, request: Request) -> Response:
    """Let the person of the link in, by the session of that very person or by their personal code."""
    now, sources = desk.clock.now(), tried_from(request, token)
    wait = desk.tries.wait(*sources, now=now)
    if wait:
        seconds = math.ceil(wait.total_seconds())
        return open_page(
            desk,
            "signed_out.html",
            status=HTTPStatus.TOO_MANY_REQUESTS,
            heading=say("Please wait a moment"),
            sentence=count(
                "Too many tries were wrong; wait %(count)s second, then try again.",
                "Too many tries were wrong; wait %(count)s seconds, then try again.",
                count=seconds,
            ),
            how=False,
        )
    try:
        opened = open_link(desk, token)
    except errors.NotFound:
        desk.tries.failed(*sources, now=now)
        raise
    if opened.over:
        return _cover(opened, request, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _let_in(opened, form.get(CODE, ""), request)


@router.post("/t/{token}/fresh")
def renew(token: str, desk: Open, _form: OpenForm, request: Request) -> HTMLResponse:
    """Mail a link in the place of one that is over, to the address on file and to no other."""
    opened = open_link(desk, token)
    if opened.over:
        room = mailroom.open_mailroom(desk.record, desk.settings, clock=desk.clock)
        links.send_fresh_link(room, opened.link)
    return _cover(opened, request, sent=opened.over)


def open_link(desk: Desk, token: str, audience: Audience = Audience.DESK) -> Opened:
    """Find what a link leads to at a door; raise the same `NotFound` whatever is wrong with it."""
    now = desk.clock.now()
    link = decision_links.find(desk.record.engine, token)
    if link is None:
        raise errors.NotFound(UNKNOWN)
    person = desk.directory.person(link.person_id)
    if person.audience is not audience:
        raise errors.NotFound(UNKNOWN)
    viewer = queries.Viewer(desk.directory.actor(link.person_id))
    try:
        asked = queries.asked_of(desk.record, viewer, link.case_id, link.item_id, now=now)
    except errors.NotFound:
        raise errors.NotFound(UNKNOWN) from None
    changed = asked.version != link.item_version
    return Opened(desk, token, link, person, waits=bool(asked.answers), changed=changed)


def _let_in(opened: Opened, typed: str, request: Request) -> Response:
    desk, link, now = opened.desk, opened.link, opened.desk.clock.now()
    inside = RedirectResponse(f"/decide/{link.case_id}/{link.item_id}", HTTPStatus.SEE_OTHER)
    if _is_signed_in(opened, request):
        return inside
    if not personal_codes.read(typed):
        log.warning("a link was posted without a code (/t/***): automated?")
        return _cover(opened, request, problem=NOT_A_CODE, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if not personal_codes.proves(desk.record.engine, link.person_id, typed):
        desk.tries.failed(*tried_from(request, opened.token), now=now)
        log.warning("a wrong code was tried on a link (/t/***) of person %s", link.person_id)
        return _cover(opened, request, problem=WRONG, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    visit = decision_links.begin_visit(desk.record.engine, link, now=now)
    lifetime = int(decision_links.VISIT.total_seconds())
    inside.set_cookie(
        desk.decision_cookie, visit, max_age=lifetime, path="/", secure=desk.secure, httponly=True, samesite="lax"
    )
    return inside


def _is_signed_in(opened: Opened, request: Request) -> bool:
    visit = visit_of(request)
    return visit is not None and visit.person.id == opened.person.id


def tried_from(request: Request, token: str) -> tuple[str, str]:
    """Name where a try comes from, and what it is on, without keeping the token."""
    return request.client.host if request.client else "", token_hashes.hash_of(token)


def _cover(opened: Opened, request: Request, *, status: HTTPStatus = HTTPStatus.OK, **told: Any) -> HTMLResponse:  # noqa: ANN401 - what the template shows
    desk, person = opened.desk, opened.person
    return open_page(
        desk,
        "decision_link.html",
        status=status,
        words=opened.words,
        address=f"/t/{opened.token}",
        initials=initials(person.name),
        over=opened.over,
        changed=opened.changed,
        until=opened.link.expires_at,
        inside=f"/decide/{opened.link.case_id}/{opened.link.item_id}" if _is_signed_in(opened, request) else "",
        **{"problem": "", "sent": False} | told,
    )


def initials(name: str) -> str:
    """Shorten a name, so that only those who know the person learn who is asked."""
    return " ".join(f"{part[0].upper()}." for part in name.split())
