"""Who may use a route, and forms that only this desk can have made."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from typing import Annotated, Any
from urllib.parse import unquote

from fastapi import Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from fastapi.security import SecurityScopes

from cases import api_tokens, feeds
from cases.api_tokens import Scope
from cases.people import Audience
from cases.sessions import Means
from desk import form_bodies, looks, uploads, visits
from desk.problems import BeyondScope, FactorNeeded, ForeignForm, SignInNeeded
from desk.uploads import Given
from desk.visits import Desk, Visit
from states import errors
from states.said import say

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
TOKEN_FIELD = "form_token"  # noqa: S105 - the name of a field, not a secret


def by_feed(request: Request) -> Visit:
    """Let a calendar program use the route by the token in its address, which opens nothing but that calendar."""
    desk, token = visits.desk_of(request), str(request.path_params.get("token", ""))
    person_id = feeds.reader(desk.record.engine, token)
    visit = visits.visit_by(desk, person_id, token=token, by_cookie=False) if person_id else None
    if visit is None:
        sentence = say(
            "there is no calendar at this address, or no longer; its owner can get a new address at the desk"
        )
        raise errors.NotFound(sentence)
    return visit


def public(request: Request) -> Desk:
    """Let anybody use the route, from this desk's own pages where it changes something."""
    if request.method not in SAFE:
        refuse_foreign(request)
    return visits.desk_of(request)


def by_ending(request: Request) -> Desk:
    """Let mail programs use the route from wherever they are: its address opens one thing, and nothing else."""
    return visits.desk_of(request)


def signed_in(request: Request) -> Visit:
    """Let signed-in people use the route; a browser must come from this desk's own pages where it changes something."""
    visit = visits.visit_of(request)
    if visit is None:
        raise SignInNeeded(say("you are not signed in, or were signed out because no page was opened for a while"))
    if request.method not in SAFE and visit.by_cookie:
        refuse_foreign(request)
    if _must_set_up(visit) and not request.url.path.startswith(SETTING_UP):
        raise FactorNeeded(say("set up a second factor first: a passkey, or an app that shows six figures"))
    return _looking(request, visit)


SETTING_UP = ("/me/sign-in", "/sign-out")
"""Where somebody without a second factor may go, so that they can set one up."""


def _must_set_up(visit: Visit) -> bool:
    """Tell whether a second factor is required of somebody who came in without one."""
    settings, session = visit.desk.settings, visit.session
    if not settings.second_factor_required or session is None or session.audience is not Audience.DESK:
        return False
    by_provider = session.means is Means.PROVIDER and settings.oidc_is_second_factor
    return not session.means.is_second and not by_provider


def at_portal(request: Request) -> Visit:
    """Let people of parties use the route who are signed in at the portal, from its own pages where it changes."""
    visit = visits.visit_of(request, Audience.PORTAL)
    if visit is None:
        sentence = say("you are not signed in, or were signed out after 30 minutes; sign in with your personal code")
        raise SignInNeeded(sentence)
    if request.method not in SAFE:
        refuse_foreign(request)
    return _looking(request, visit)


def by_token(request: Request, asked: SecurityScopes) -> Visit:
    """Let programs use the route by a token that is good for it, and signed-in people for whatever they may do."""
    known: Visit | None = getattr(request.state, "visit", None)
    if known is not None:
        return _looking(request, known)
    desk = visits.desk_of(request)
    _, _, shown = request.headers.get("authorization", "").partition(" ")
    if not shown.startswith(api_tokens.PREFIX):
        return signed_in(request)
    held = api_tokens.holder(desk.record.engine, shown, now=desk.clock.now())
    visit = visits.visit_by(desk, held.person_id, token=shown, by_cookie=False, api_token=held) if held else None
    if held is None or visit is None:
        raise SignInNeeded(say("this token is not known, or is over; make another one on the page of your tokens"))
    lacking = sorted({Scope(one) for one in asked.scopes} - held.scopes)
    if lacking:
        sentence = say(
            "this token is not good for %(scope)s; make one that is, on the page of your tokens", scope=lacking[0]
        )
        raise BeyondScope(sentence)
    return _looking(request, visit)


def proven(request: Request) -> Visit:
    """Let signed-in people use the route, and who proved to be the person of a link, for what that link asks alone."""
    by_link, visit = visits.visit_by_link(request), visits.visit_of(request)
    if by_link is None or (visit is not None and visit.person.id == by_link.person.id):
        return signed_in(request)
    if request.method not in SAFE:
        refuse_foreign(request)
    return _looking(request, by_link)


def _looking(request: Request, visit: Visit) -> Visit:
    """Remember with the request who looks, so that it can be noted with what they were shown."""
    request.state.looking = visit
    return visit


async def proven_form(request: Request, visit: Annotated[Visit, Depends(proven)]) -> Given:
    """Read the form of somebody who is signed in or came by a link; refuse one not made for this very visit."""
    return _joined(request, visit, await form_bodies.pairs(request))


async def open_form(request: Request, _desk: Annotated[Desk, Depends(public)]) -> Given:
    """Read the form of somebody who is not signed in, and so cannot have been given one of their own."""
    return form_bodies.together(await form_bodies.pairs(request))


async def signed_form(request: Request, visit: Annotated[Visit, Depends(signed_in)]) -> Given:
    """Read the form a signed-in person sent; refuse one that was not made for this very visit.

    A file that comes with it is kept, and its reference stands in its place.
    """
    return await _form(request, visit)


async def portal_form(request: Request, visit: Annotated[Visit, Depends(at_portal)]) -> Given:
    """Read the form a person of the portal sent, with its files, as `signed_form` does at the desk."""
    return await _form(request, visit)


async def _form(request: Request, visit: Visit) -> Given:
    if request.headers.get("content-type", "").startswith(uploads.MEDIA_TYPE):
        store = visit.desk.record.files
        async with uploads.form_with_files(request, largest=store.largest + form_bodies.LARGEST) as parts:
            given = _joined(request, visit, parts.texts)
            await run_in_threadpool(uploads.keep, visit, parts.files, into=given)
            if parts.refused:
                given.refused[uploads.ANY] = parts.refused
            return given
    return _joined(request, visit, await form_bodies.pairs(request))


def _joined(request: Request, visit: Visit, pairs: Iterable[tuple[str, str]]) -> Given:
    """Put what was sent under its names, without the token, which must be this visit's; the request remembers it."""
    given = form_bodies.together(pairs)
    if not visit.made(given.pop(TOKEN_FIELD, "")):
        sentence = say("the form was made before you signed in; nothing was changed. Open the page again")
        raise ForeignForm(sentence)
    request.state.given = given
    return given


Open = Annotated[Desk, Depends(public)]
Signed = Annotated[Visit, Depends(signed_in)]
Form = Annotated[Given, Depends(signed_form)]
Proven = Annotated[Visit, Depends(proven)]
ProvenForm = Annotated[Given, Depends(proven_form)]
Fed = Annotated[Visit, Depends(by_feed)]
OpenForm = Annotated[Given, Depends(open_form)]
ByEnding = Annotated[Desk, Depends(by_ending)]
AtPortal = Annotated[Visit, Depends(at_portal)]
PortalForm = Annotated[Given, Depends(portal_form)]

ACCESS: Mapping[Callable[..., Any], str] = {
    public: "public",
    signed_in: "signed in",
    proven: "proven",
    at_portal: "portal",
    by_token: "by token",
    by_feed: "by calendar address",
    by_ending: "by ending address",
}
_OWN_FORMS = frozenset({signed_form, proven_form, portal_form})


_MOST_FIGURES = 18

API = "/api/"
"""What the address of every route for programs begins with."""


class DeclaredRoute(APIRoute):
    """A route that says who may use it; one that does not, or that takes a form unseen, cannot be built."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - what FastAPI passes on is its own affair
        """Build the route and look at what it declares."""
        super().__init__(*args, **kwargs)
        self.access, self.takes_forms = declared(self)
        changes = not set(self.methods or ()) <= SAFE
        formless = self.access in {"public", ACCESS[by_ending]} or self.path.startswith(API)
        if changes and not self.takes_forms and not formless:
            sentence = f"the page {self.path} changes something and does not ask for a form of this desk"
            raise TypeError(sentence)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Answer as the route does, and note who was shown something of which case."""
        answer = super().get_route_handler()

        async def answer_and_note(request: Request) -> Response:
            if not self.path.startswith(API):
                refuse_unwritable(request)
            response = await answer(request)
            visit: Visit | None = getattr(request.state, "looking", None)
            case_ref = next((request.path_params[one] for one in looks.HOLES if one in request.path_params), None)
            if visit is not None and case_ref is not None:
                await run_in_threadpool(looks.note, visit, case_ref, self.path)
            return response

        return answer_and_note


def declared(route: APIRoute) -> tuple[str, bool]:
    """Return who may use a route, and whether it asks for a form; raise `TypeError` when it does not say."""
    asked = set(_calls(route.dependant))
    access = {name for call, name in ACCESS.items() if call in asked}
    if len(access) != 1:
        sentence = f"the route {route.path} must say who may use it: {' or '.join(ACCESS.values())}"
        raise TypeError(sentence)
    return access.pop(), bool(_OWN_FORMS & asked)


def _calls(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    for inner in dependant.dependencies:
        if inner.call is not None:
            yield inner.call
        yield from _calls(inner)


def refuse_unwritable(request: Request) -> None:
    """Refuse an address that names what no record can hold: a NUL, or a number beyond all that are ever given out."""
    named = [str(one) for one in request.path_params.values()]
    beyond = any(one.isdecimal() and len(one) > _MOST_FIGURES for one in named)
    if beyond or any("\x00" in one for one in (*named, unquote(request.url.query))):
        raise errors.NotFound(say("there is nothing at this address"))


def refuse_foreign(request: Request) -> None:
    """Refuse a request that a page of another origin may have sent; what says nothing of its origin is refused too."""
    site = request.headers.get("sec-fetch-site")
    if site is None:
        _, _, origin = request.headers.get("origin", "").partition("://")
        site = "same-origin" if origin and origin == request.headers.get("host") else "unknown"
    if site != "same-origin":
        sentence = say(
            "the form did not come from this desk, so nothing was changed. Open the page here and send it again"
        )
        raise ForeignForm(sentence)
