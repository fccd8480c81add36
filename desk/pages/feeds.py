"""The private calendar of a person: made, renewed and ended by its owner, and fetched by whoever knows its address."""

from __future__ import annotations

from hashlib import sha256
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from cases import feeds
from cases.queries import Viewer
from desk.access import DeclaredRoute, Fed, Form, Signed
from desk.pages import calendar
from desk.visits import Visit
from notifications import ics
from notifications.ics import Entry
from states.said import say

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)

# A program may keep what it fetched, and asks before each use whether it is still so.
_KEPT = {"cache-control": "private, no-cache"}
_TAG_LENGTH = 32


@router.post("/calendar/feed")
def renew(visit: Signed, request: Request, _form: Form) -> HTMLResponse:
    """Give the calendar a new address, and show it this once."""
    return calendar.shown(visit, request, address=renewed(visit))


@router.post("/calendar/feed/end")
def end(visit: Signed, _form: Form) -> RedirectResponse:
    """End the calendar: its address is good for nothing from now on."""
    feeds.end(visit.desk.record.engine, visit.person.id)
    return RedirectResponse("/calendar#feed", HTTPStatus.SEE_OTHER)


@router.get("/feeds/{token}.ics")
def feed(token: str, visit: Fed, request: Request) -> Response:  # noqa: ARG001 - the access reads it
    """Answer with the coming dates of whose calendar it is, or that nothing has changed."""
    content = _calendar(visit)
    tag = f'"{sha256(content).hexdigest()[:_TAG_LENGTH]}"'
    known = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    if known & {tag, "*"}:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={**_KEPT, "etag": tag})
    return Response(content, media_type=ics.MEDIA_TYPE, headers={**_KEPT, "etag": tag})


def renewed(visit: Visit) -> str:
    """Give the calendar of whoever asks a new address, and return it."""
    token = feeds.renew(visit.desk.record.engine, visit.person.id, now=visit.words.now)
    return f"{visit.desk.settings.base_url}/feeds/{token}.ics"


def _calendar(visit: Visit) -> bytes:
    """Write the calendar. Like a mail it lies in other hands, so it never tells of what is private to a party."""
    settings, words = visit.desk.settings, visit.words
    found = feeds.dates(visit.desk.record, Viewer(visit.actor, by_mail=True), now=words.now)
    entries = (
        Entry(
            uid=f"{one.uid}@{settings.message_domain}",
            summary=words.tell(say("%(number)s: %(what)s", number=one.number, what=one.label)),
            at=one.at,
            url=f"{settings.base_url}/cases/{one.number}",
            sequence=one.sequence,
            changed_at=one.changed_at,
        )
        for one in found
    )
    name = words.tell(say("Coming dates, %(desk)s", desk=settings.mail_from_name))
    return ics.calendar(entries, name=name, product=settings.mail_from_name)
