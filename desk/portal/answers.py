"""Makes the pages of the portal out of their templates: small ones, with a way out on each."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi.responses import HTMLResponse

from config.settings import PORTAL
from desk import strangers
from desk.pages.answers import token_field
from desk.words import Words, locale_of
from notifications import tongues

if TYPE_CHECKING:
    from fastapi import Request

    from desk.visits import Desk, Visit


def page(
    visit: Visit,
    template: str,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    zone: str | None = None,
    **content: Any,  # noqa: ANN401 - whatever the template shows
) -> HTMLResponse:
    """Answer a person of a party with a page; `zone` is the place its times are told in."""
    around = {
        **_around(visit.desk, visit.words, zone or visit.desk.settings.timezone),
        "visit": visit,
        "token": lambda: token_field(visit),
    }
    return HTMLResponse(visit.desk.renderer.page(f"portal/{template}", around | content), status)


def open_page(
    desk: Desk,
    template: str,
    *,
    request: Request,
    status: HTTPStatus = HTTPStatus.OK,
    words: Words | None = None,
    **content: Any,  # noqa: ANN401 - a template's own
) -> HTMLResponse:
    """Answer somebody who is not signed in, in `words`, or in the language they chose or their browser asks for."""
    told = words or Words(
        language=strangers.language_of(request), timezone=desk.settings.timezone, now=desk.clock.now()
    )
    around = {**_around(desk, told, desk.settings.timezone), "visit": None}
    return HTMLResponse(desk.renderer.page(f"portal/{template}", around | content), status)


def languages() -> list[tuple[str, str]]:
    """List the languages to choose from, each by its own name."""
    return [(one, locale_of(one).get_language_name() or one) for one in tongues.LANGUAGES]


def _around(desk: Desk, words: Words, zone: str) -> dict[str, object]:
    return {
        "desk_name": desk.settings.mail_from_name,
        "telephone": desk.settings.telephone,
        "assets": desk.renderer.addresses,
        "words": words,
        "zone": zone,
        "portal": PORTAL,
    }
