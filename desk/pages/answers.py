"""Makes whole pages out of templates: what every page shows around its own content."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi.responses import HTMLResponse
from markupsafe import Markup

from desk import up
from desk.access import TOKEN_FIELD
from desk.words import Words
from states.roles import ADMINISTRATOR
from states.said import say

if TYPE_CHECKING:
    from fastapi import Request

    from desk.visits import Desk, Visit


def page(
    visit: Visit,
    template: str,
    *,
    request: Request | None = None,
    status: HTTPStatus = HTTPStatus.OK,
    zone: str | None = None,
    **content: Any,  # noqa: ANN401 - whatever the template shows
) -> HTMLResponse:
    """Answer a signed-in person with a page; `zone` is the place its times are told in."""
    around = {
        **_around(visit.desk, visit.words, zone or visit.desk.settings.timezone),
        "visit": visit,
        "opened": visit.opened,
        "navigation": _navigation(visit),
        "here": request.url.path if request else "",
        "token": lambda: token_field(visit),
    }
    return HTMLResponse(visit.desk.renderer.page(template, around | content), status)


def open_page(
    desk: Desk,
    template: str,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    words: Words | None = None,
    **content: Any,  # noqa: ANN401 - a template's own
) -> HTMLResponse:
    """Answer somebody who is not signed in, in the `words` of whom the page is meant for or as their browser asks."""
    settings = desk.settings
    plain = Words(language=desk.language, timezone=settings.timezone, now=desk.clock.now())
    around = {**_around(desk, words or plain, settings.timezone), "visit": None}
    return HTMLResponse(desk.renderer.page(template, around | content), status)


def token_field(visit: Visit) -> Markup:
    """Make the hidden field that shows a form to be this visit's own."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(TOKEN_FIELD, visit.form_token())


def _around(desk: Desk, words: Words, zone: str) -> dict[str, object]:
    return {
        "desk_name": desk.settings.mail_from_name,
        "telephone": desk.settings.telephone,
        "assets": desk.renderer.addresses,
        "words": words,
        "zone": zone,
    }


def _navigation(visit: Visit) -> list[tuple[str, str]]:
    places: list[tuple[str, str]] = [
        ("/", say("My desk")),
        ("/cases", say("Cases")),
        ("/mails", say("Mails")),
        ("/search", say("Search")),
        ("/reports", say("Reports")),
    ]
    if up.has_mailbox(visit.desk.settings):
        places.append(("/mailbox", say("Mailbox")))
    if ADMINISTRATOR in visit.actor.offices:
        places.append(("/administration", say("Administration")))
    return places
