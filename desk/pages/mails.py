"""The mails: what was sent to whom, how it fared, and trying again."""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from cases import outbox, queries, resending
from cases.queries import MessageFilter
from desk import administration, mail_text
from desk.access import DeclaredRoute, Form, Signed
from desk.asked_lists import UNDELIVERED, MailsAsked
from desk.pages import list_words, mail_why, mail_words
from desk.pages.answers import page
from states import errors, roles
from states.said import say

if TYPE_CHECKING:
    from cases.queries import CaseFile, MessageRow
    from desk.visits import Visit

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)
SERVICE = "declare_service"
"""The effect by which a notice is put on file as served."""
TELEPHONE = "read over the telephone"
"""How the shipped process calls this way of serving a notice; where a process calls it otherwise, one chooses."""
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
        keeps_texts=administration.keeps_texts(visit),
        asked=asked,
        problem=problem,
        bar=list_words.bar(visit, "/mails", asked, after=found.next),
        states=_STATES,
        retriable=RETRIABLE,
        state_words=mail_words.state_words,
        tone_of=mail_words.tone_of,
        why=mail_words.why,
        may_retry_all=asked.state == UNDELIVERED and bool(found.rows),
    )


@router.get("/mails/{message_id}")
def mail(message_id: int, visit: Signed) -> HTMLResponse:
    """Show one mail: its tries, and its words where they are for this person."""
    shown = queries.message(visit.desk.record, visit.viewer, message_id)
    file = _file_of(visit, shown.row)
    return page(
        visit,
        "mail.html",
        zone=visit.person.timezone,
        row=shown.row,
        tries=shown.deliveries,
        text=mail_text.plain_text(shown, who=visit.person.id),
        may_retry=shown.row.state in RETRIABLE,
        may_send_again=shown.row.state == outbox.MessageState.SENT,
        by_telephone=_by_telephone(visit, shown.row, file),
        origins=mail_why.of(shown.reasons, file),
        why=mail_words.why,
        state_words=mail_words.state_words,
        tone_of=mail_words.tone_of,
    )


@router.post("/mails/{message_id}/retry")
def retry(message_id: int, visit: Signed, _form: Form) -> RedirectResponse:
    """Let a mail that was given up be tried again, as the same bytes."""
    queries.message(visit.desk.record, visit.viewer, message_id)
    resending.retry(visit.desk.record.engine, message_id, now=visit.words.now)
    return RedirectResponse(f"/mails/{message_id}", HTTPStatus.SEE_OTHER)


@router.post("/mails/{message_id}/again")
def send_again(message_id: int, visit: Signed, _form: Form) -> RedirectResponse:
    """Send a mail that was sent once more, as the same bytes, where its reader cannot find it."""
    queries.message(visit.desk.record, visit.viewer, message_id)
    resending.send_again(visit.desk.record.engine, message_id, now=visit.words.now)
    return RedirectResponse(f"/mails/{message_id}", HTTPStatus.SEE_OTHER)


@router.post("/mails/retry")
def retry_all(visit: Signed, form: Form) -> RedirectResponse:
    """Let every mail that was given up be tried again, of those that the signed-in person may know of."""
    queue_undelivered(visit, case=form.get("case") or None)
    return RedirectResponse("/mails", HTTPStatus.SEE_OTHER)


def queue_undelivered(visit: Visit, *, case: str | None) -> int:
    """Queue again whatever was given up of the mails that somebody may know of; return how many those are."""
    dead, queued = MessageFilter(states=outbox.DEAD, case=case), 0
    # What was queued again is on the list no more, so its first page is the next one.
    while rows := queries.list_messages(visit.desk.record, visit.viewer, wanted=dead).rows:
        for row in rows:
            # One that went out in another mail was queued with that one.
            with suppress(errors.Conflict):
                resending.retry(visit.desk.record.engine, row.id, now=visit.words.now)
        queued += len(rows)
    return queued


def _file_of(visit: Visit, row: MessageRow) -> CaseFile | None:
    """Read the case that a mail is about; None where there is none, or not for this person any more."""
    if row.case_id is None:
        return None
    try:
        return queries.case_file(visit.desk.record, visit.viewer, row.case_id, now=visit.words.now)
    except errors.NotFound:
        return None


def _by_telephone(visit: Visit, row: MessageRow, file: CaseFile | None) -> str:
    """Return the address of the act that records as service that a notice was read out by telephone.

    Empty where the process has no such act, it is not open to this person, or the mail's reader is of no party. Who
    was served with what stands where all parties read it, so a mail about anything else is not put on file like that.
    """
    if file is None or row.person_id == visit.person.id or not row.shared:
        return ""
    party = next((one.id for one in roles.parties_of(file.case, roles.Actor(row.person_id))), "")
    act = next((one.trigger for one in file.options if SERVICE in one.trigger.does), None)
    if not party or act is None:
        return ""
    told = {"what": row.subject, "recipient": party, "person": row.person_id, "mail": str(row.id), "method": TELEPHONE}
    return f"/cases/{file.case.number}/acts/{act.name}?{urlencode(told)}"


_STATES = {
    UNDELIVERED: say("Not delivered"),
    **{one.value: mail_words.state_words(one) for one in outbox.MessageState},
}
