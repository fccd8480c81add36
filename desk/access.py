"""Who may use a route, and whose visit it is: sessions, cookies, and forms that only this desk can have made."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlsplit

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from cases import sign_in
from cases.people import Directory, Person
from cases.queries import Viewer
from cases.record import Record
from cases.service import CaseService
from config.clock import Clock
from config.settings import Settings
from desk import uploads
from desk.problems import ForeignForm, SignInNeeded
from desk.rendering import Renderer
from desk.uploads import Given
from desk.words import Words
from states import errors
from states.roles import Actor

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
TOKEN_FIELD = "form_token"  # noqa: S105 - the name of a field, not a secret
LARGEST_FORM = 1_000_000
MOST_FIELDS = 200
_NONCE_BYTES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the front door was given when it was built."""

    record: Record
    service: CaseService
    directory: Directory
    settings: Settings
    clock: Clock
    renderer: Renderer

    @property
    def cookie(self) -> str:
        """The name of the one cookie; browsers hold the prefix to https, so a desk on loopback goes without it."""
        return "__Host-parley" if self.secure else "parley"

    @property
    def secure(self) -> bool:
        """Tell whether people reach the desk over https."""
        return self.settings.base_url.startswith("https:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A signed-in person at the desk; `token` is the session's, and `by_cookie` tells a browser from a program."""

    desk: Desk
    person: Person
    actor: Actor
    token: str
    by_cookie: bool = True

    @property
    def viewer(self) -> Viewer:
        """Who is looking, as the record asks."""
        return Viewer(self.actor)

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
    """Return the desk a request came to."""
    desk: Desk = request.app.state.desk
    return desk


def visit_of(request: Request) -> Visit | None:
    """Find whose visit a request belongs to, by its bearer token or its cookie; None when nobody is signed in."""
    desk = desk_of(request)
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    token = bearer if scheme.lower() == "bearer" else request.cookies.get(desk.cookie, "")
    person_id = sign_in.session_person(desk.record.engine, token, now=desk.clock.now()) if token else None
    if person_id is None:
        return None
    try:
        actor = desk.directory.actor(person_id)
    except errors.NotFound:
        return None
    person = desk.directory.person(person_id)
    return Visit(desk=desk, person=person, actor=actor, token=token, by_cookie=not bearer)


def public(request: Request) -> Desk:
    """Let anybody use the route, from this desk's own pages where it changes something."""
    if request.method not in SAFE:
        _refuse_foreign(request)
    return desk_of(request)


def signed_in(request: Request) -> Visit:
    """Let signed-in people use the route; a browser must come from this desk's own pages where it changes something."""
    visit = visit_of(request)
    if visit is None:
        sentence = "you are not signed in, or were signed out after 30 minutes; sign in with a fresh link from the desk"
        raise SignInNeeded(sentence)
    if request.method not in SAFE and visit.by_cookie:
        _refuse_foreign(request)
    return visit


async def signed_form(request: Request, visit: Annotated[Visit, Depends(signed_in)]) -> Given:
    """Read the form a signed-in person sent; refuse one that was not made for this very visit.

    A file that comes with it is kept, and its reference stands in its place.
    """
    if request.headers.get("content-type", "").startswith(uploads.MEDIA_TYPE):
        store = visit.desk.record.files
        async with uploads.form_with_files(request, largest=store.largest + LARGEST_FORM) as parts:
            given = _joined(visit, parts.texts)
            await run_in_threadpool(uploads.keep, visit, parts.files, into=given)
            if parts.refused:
                given.refused[uploads.ANY] = parts.refused
            return given
    return _joined(visit, parse_qsl(await _body(request), keep_blank_values=True, max_num_fields=MOST_FIELDS))


def _joined(visit: Visit, pairs: Iterable[tuple[str, str]]) -> Given:
    """Put what was sent under its names, without the token, which must be this visit's."""
    given = Given()
    for name, value in pairs:
        # A box that may be ticked several times comes several times; the values are kept one a line.
        given[name] = f"{given[name]}\n{value}" if name in given else value
    if not visit.made(given.pop(TOKEN_FIELD, "")):
        sentence = "the form was made before you signed in; nothing was changed. Open the page again"
        raise ForeignForm(sentence)
    return given


Open = Annotated[Desk, Depends(public)]
Signed = Annotated[Visit, Depends(signed_in)]
Form = Annotated[Given, Depends(signed_form)]

ACCESS: Mapping[Callable[..., Any], str] = {public: "public", signed_in: "signed in"}


class DeclaredRoute(APIRoute):
    """A route that says who may use it; one that does not, or that takes a form unseen, cannot be built."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - what FastAPI passes on is its own affair
        """Build the route and look at what it declares."""
        super().__init__(*args, **kwargs)
        self.access, self.takes_forms = declared(self)
        changes = not set(self.methods or ()) <= SAFE
        if self.access == "signed in" and changes and not self.takes_forms and not self.path.startswith("/api/"):
            sentence = f"the page {self.path} changes something and does not ask for a form of this desk"
            raise TypeError(sentence)


def declared(route: APIRoute) -> tuple[str, bool]:
    """Return who may use a route, and whether it asks for a form; raise `TypeError` when it does not say."""
    asked = set(_calls(route.dependant))
    access = {name for call, name in ACCESS.items() if call in asked}
    if len(access) != 1:
        sentence = f"the route {route.path} must say who may use it: {' or '.join(ACCESS.values())}"
        raise TypeError(sentence)
    return access.pop(), signed_form in asked


def _calls(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    for inner in dependant.dependencies:
        if inner.call is not None:
            yield inner.call
        yield from _calls(inner)


def _refuse_foreign(request: Request) -> None:
    """Refuse a request that a page of another origin may have sent; what says nothing of its origin is refused too."""
    site = request.headers.get("sec-fetch-site")
    if site is None:
        origin = urlsplit(request.headers.get("origin", "")).netloc
        site = "same-origin" if origin and origin == request.headers.get("host") else "unknown"
    if site != "same-origin":
        sentence = "the form did not come from this desk, so nothing was changed. Open the page here and send it again"
        raise ForeignForm(sentence)


async def _body(request: Request) -> str:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            sentence = "the form holds more than a million characters; attach long texts as documents"
            raise errors.Refused(sentence)
    return body.decode("utf-8", errors="replace").replace("%0D%0A", "%0A")
