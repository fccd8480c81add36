"""Whose visit at a door it is: what the desk was given when it was built, and who came with which cookie or token."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from cases import decision_links, emergencies, sessions
from cases.people import Audience, Directory, Person
from cases.queries import Viewer
from desk import strangers
from desk.pace import Pace
from desk.tries import Tries
from desk.words import Words
from notifications import tongues
from states import errors
from states.roles import ADMINISTRATOR

if TYPE_CHECKING:
    from fastapi import Request, Response

    from cases.api_tokens import Token
    from cases.decision_links import Link
    from cases.emergencies import Request as Opened
    from cases.record import Record
    from cases.service import CaseService
    from cases.sessions import Session
    from config.clock import Clock
    from config.settings import Settings
    from desk.rendering import Renderer
    from states.roles import Actor

_NONCE_BYTES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the front door was given when it was built; `language` is that of whoever is not signed in."""

    record: Record
    service: CaseService
    directory: Directory
    settings: Settings
    clock: Clock
    renderer: Renderer
    tries: Tries = field(default_factory=Tries, repr=False)
    pace: Pace = field(default_factory=Pace, repr=False)
    language: str = tongues.SOURCE

    @property
    def cookie(self) -> str:
        """The name of the desk's cookie; browsers hold the prefix to https, so a desk on loopback goes without it."""
        return "__Host-parley" if self.secure else "parley"

    def cookie_at(self, audience: Audience) -> str:
        """Return the name of the cookie at a door; each door reads its own and no other."""
        if audience is Audience.DESK:
            return self.cookie
        return f"{'__Host-' if self.secure_at(audience) else ''}parley-{audience.value}"

    @property
    def decision_cookie(self) -> str:
        """The name of the cookie of whoever proved to be the person of a link, and may decide one question."""
        return f"{self.cookie}-decision"

    def secure_at(self, audience: Audience) -> bool:
        """Tell whether people reach a door over https."""
        return self.secure if audience is Audience.DESK else self.settings.portal_base.startswith("https:")

    @property
    def begun_cookie(self) -> str:
        """The name of the cookie of a browser that has begun to sign in, and not finished."""
        return f"{self.cookie}-begun"

    @property
    def kept_cookie(self) -> str:
        """The name of the cookie that opens a form which could not be taken yet."""
        return f"{self.cookie}-kept"

    @property
    def secure(self) -> bool:
        """Tell whether people reach the desk over https."""
        return self.settings.base_url.startswith("https:")

    @property
    def idle(self) -> timedelta:
        """After how long without a page somebody is signed out."""
        return timedelta(minutes=self.settings.session_idle_minutes)

    def give(self, answer: Response, cookie: str, token: str, *, lifetime: timedelta | None = None) -> None:
        """Give a browser a cookie that no script and no other site can use; without a lifetime, until it closes."""
        age = None if lifetime is None else int(lifetime.total_seconds())
        answer.set_cookie(cookie, token, max_age=age, path="/", secure=self.secure, httponly=True, samesite="lax")

    def take_back(self, answer: Response, cookie: str) -> None:
        """Let a browser forget a cookie."""
        answer.delete_cookie(cookie, path="/", secure=self.secure, httponly=True, samesite="lax")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A person at the desk; `token` is the session's, and `by_cookie` tells a browser from a program.

    `link` is None for who is signed in; else the visit is good for nothing but what the link asks. `api_token` is what
    a program shows in the place of a session, and None for everybody else. `opened` are the rooms of cases that are
    open to an administrator in an emergency, to be read on pages alone. `session` says how the person signed in.
    """

    desk: Desk
    person: Person
    actor: Actor
    token: str
    by_cookie: bool = True
    link: Link | None = None
    api_token: Token | None = None
    opened: tuple[Opened, ...] = ()
    session: Session | None = None

    @property
    def viewer(self) -> Viewer:
        """Who is looking, as the record asks."""
        rooms: dict[str, frozenset[str]] = {}
        for one in self.opened:
            rooms[one.case_id] = rooms.get(one.case_id, frozenset()) | {one.item.room}
        return Viewer(self.actor, opened=rooms)

    @property
    def words(self) -> Words:
        """How this person is told of times."""
        return Words(language=self.person.language, timezone=self.person.timezone, now=self.desk.clock.now())

    def form_token(self) -> str:
        """Make a token for a form of this visit; no two are alike, so compressed pages do not give it away."""
        nonce = secrets.token_hex(_NONCE_BYTES)
        return f"{nonce}.{self._signature(nonce)}"

    def made(self, form_token: str) -> bool:
        """Tell whether a form's token was made for this visit."""
        nonce, _, signature = form_token.partition(".")
        return hmac.compare_digest(signature.encode(), self._signature(nonce).encode())

    def _signature(self, nonce: str) -> str:
        return hmac.new(self.token.encode(), f"form {nonce}".encode(), sha256).hexdigest()


def desk_of(request: Request) -> Desk:
    """Return the desk a request came to, as it speaks to whoever sent it before it knows them."""
    desk: Desk = request.app.state.desk
    return replace(desk, language=strangers.language_of(request))


def visit_of(request: Request, audience: Audience = Audience.DESK) -> Visit | None:
    """Find whose visit at a door a request belongs to; None when nobody is signed in there.

    A bearer token, as programs show it, is taken at the desk alone; the portal knows only its cookie.
    """
    desk = desk_of(request)
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    by_cookie = audience is not Audience.DESK or scheme.lower() != "bearer"
    token = request.cookies.get(desk.cookie_at(audience), "") if by_cookie else bearer
    if not token:
        return None
    session = sessions.find(desk.record.engine, token, now=desk.clock.now(), idle=desk.idle, audience=audience)
    if session is None:
        return None
    return visit_by(desk, session.person_id, token=token, by_cookie=by_cookie, session=session)


def lapsed_visit(request: Request) -> Visit | None:
    """Find whose visit at the desk a browser's cookie was, now that it has become too old; it may do nothing more."""
    desk = desk_of(request)
    token = request.cookies.get(desk.cookie, "")
    session = sessions.lapsed(desk.record.engine, token) if token else None
    return None if session is None else visit_by(desk, session.person_id, token=token, session=session)


def visit_by(desk: Desk, person_id: str, **known: Any) -> Visit | None:  # noqa: ANN401 - the fields of a visit
    """Return the visit of a person on file, with what else is `known` of it; None when there is no such person."""
    try:
        actor = desk.directory.actor(person_id)
    except errors.NotFound:
        return None
    may_open = ADMINISTRATOR in actor.offices and known.get("by_cookie", True)
    opened = emergencies.opened_to(desk.record.engine, person_id, now=desk.clock.now()) if may_open else ()
    return Visit(desk=desk, person=desk.directory.person(person_id), actor=actor, opened=opened, **known)


def visit_by_link(request: Request) -> Visit | None:
    """Find who proved to be the person of a link, by the cookie they got for it; None when that is over.

    The cookie opens no address but that of the question which the link asks.
    """
    desk = desk_of(request)
    token = request.cookies.get(desk.decision_cookie, "")
    link = decision_links.visited(desk.record.engine, token, now=desk.clock.now()) if token else None
    asked = (request.path_params.get("case_id"), request.path_params.get("item_id"))
    if link is None or asked != (link.case_id, link.item_id):
        return None
    return visit_by(desk, link.person_id, token=token, link=link)
