"""The mails: what was sent to whom, how it fared, and trying again."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from cases import outbox, queries
from cases.queries import MessageFilter, MessageRow
from desk import mail_text
from desk.access import DeclaredRoute, Form, Signed, Visit
from desk.pages import mail_words
from desk.pages.answers import page

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)
UNDELIVERED = "undelivered"
RETRIABLE = (*outbox.DEAD, outbox.MessageState.HELD)


@router.get("/mails")
def mails(visit: Signed, request: Request, *, state: str = "", case: str = "", after: str = "") -> HTMLResponse:
    """List the mails the signed-in person may know of, the newest first."""
    rows, mark = _undelivered(visit, case) if state == UNDELIVERED else _listed(visit, state, case, after)
    said = {name: value for name, value in {"state": state, "case": case}.items() if value}
    states = {one.value: mail_words.state_words(one) for one in outbox.MessageState}
    return page(
        visit,
        "mails.html",
        request=request,
        zone=visit.person.timezone,
        rows=rows,
        next=f"/mails?{urlencode(said | {'after': mark})}" if mark else "",
        chosen={"state": state, "case": case},
        states={UNDELIVERED: "Not delivered", **states},
        state_words=mail_words.state_words,
        tone_of=mail_words.tone_of,
    )


@router.get("/mails/{message_id}")
def mail(message_id: int, visit: Signed) -> HTMLResponse:
    """Show one mail: its tries, and its words where they are for this person."""
    shown = queries.message(visit.desk.record, visit.viewer, message_id)
    return page(
        visit,
        "mail.html",
        zone=visit.person.timezone,
        row=shown.row,
        tries=shown.deliveries,
        text=mail_text.plain_text(shown, who=visit.person.id),
        may_retry=shown.row.state in RETRIABLE,
        state_words=mail_words.state_words,
        tone_of=mail_words.tone_of,
    )


@router.post("/mails/{message_id}/retry")
def retry(message_id: int, visit: Signed, _form: Form) -> RedirectResponse:
    """Let a mail that was given up be tried again, as the same bytes."""
    queries.message(visit.desk.record, visit.viewer, message_id)
    outbox.retry(visit.desk.record.engine, message_id, now=visit.words.now)
    return RedirectResponse(f"/mails/{message_id}", HTTPStatus.SEE_OTHER)


def _listed(visit: Visit, state: str, case: str, after: str) -> tuple[tuple[MessageRow, ...], str | None]:
    wanted = MessageFilter(state=state or None, case=case or None)
    found = queries.list_messages(visit.desk.record, visit.viewer, wanted=wanted, after=after or None)
    return found.rows, found.next


def _undelivered(visit: Visit, case: str) -> tuple[tuple[MessageRow, ...], None]:
    """List what waits for a person, of each kind a page."""
    filters = (MessageFilter(state=state, case=case or None) for state in outbox.DEAD)
    pages = [queries.list_messages(visit.desk.record, visit.viewer, wanted=wanted) for wanted in filters]
    return tuple(sorted((row for one in pages for row in one.rows), key=lambda row: row.id, reverse=True)), None
