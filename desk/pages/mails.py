"""The mails: what was sent to whom, how it fared, and trying again."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from cases import outbox, queries
from cases.queries import MessageFilter
from desk import mail_text
from desk.access import DeclaredRoute, Form, Signed
from desk.asked_lists import UNDELIVERED, MailsAsked
from desk.pages import list_words, mail_words
from desk.pages.answers import page
from states import errors
from states.said import say

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)
RETRIABLE = (*outbox.DEAD, outbox.MessageState.HELD)


@router.get("/mails")
def mails(visit: Signed, request: Request, asked: Annotated[MailsAsked, Query()]) -> HTMLResponse:
    """List the mails the signed-in person may know of, the newest first."""
    problem, wanted = "", MessageFilter()
    try:
        wanted = asked.wanted(visit.words)
    except errors.NeedsMissing as refusal:
        problem = refusal.missing[0]
    found = queries.list_messages(visit.desk.record, visit.viewer, wanted=wanted, after=asked.after or None)
    return page(
        visit,
        "mails.html",
        request=request,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        zone=visit.person.timezone,
        rows=found.rows,
        asked=asked,
        problem=problem,
        bar=list_words.bar(visit, "/mails", asked, after=found.next),
        states=_STATES,
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


_STATES = {
    UNDELIVERED: say("Not delivered"),
    **{one.value: mail_words.state_words(one) for one in outbox.MessageState},
}
