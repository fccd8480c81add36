"""Mails that reached nobody, for administrators: whom, why, and another try. Of cases and words nothing is shown."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from cases import messages, notifying, resending, undelivered
from cases.outbox import MessageState
from desk.access import DeclaredRoute, Form
from desk.administration import Administering
from desk.pages import mail_why, mail_words
from desk.pages.answers import page
from desk.visits import Visit

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)

PAGE = "/undelivered"
WITHDRAW = "withdraw"


@router.get(PAGE)
def all_of_them(visit: Administering, request: Request) -> HTMLResponse:
    """List the newest mails that were refused or given up, and count all mails by how they fared."""
    engine = visit.desk.record.engine
    letters, counts = undelivered.dead_letters(engine), undelivered.counts(engine)
    people = visit.desk.directory.people({one.person_id for one in letters})
    return page(
        visit,
        "undelivered.html",
        request=request,
        zone=visit.person.timezone,
        letters=letters,
        names={one.id: one.name for one in people.values()},
        counts=[(mail_words.state_words(state), count) for state, count in sorted(counts.messages.items())],
        unwritten=len(notifying.parked(engine)),
        held=counts.messages.get(MessageState.HELD, 0),
        why=mail_words.why,
        state_words=mail_words.state_words,
    )


@router.get(f"{PAGE}/{{message_id}}")
def why(message_id: int, visit: Administering) -> HTMLResponse:
    """Show because of which part a mail came and from what rooms its lines are, without a case or words."""
    reasons = messages.reasons_for_keepers(visit.desk.record.engine, message_id)
    lines = mail_why.for_keepers(reasons)
    return page(visit, "undelivered_why.html", lines=lines, role=reasons.role if reasons else "", number=message_id)


@router.post(f"{PAGE}/retry")
def retry(visit: Administering, form: Form) -> RedirectResponse:
    """Let one be tried again, or all of them, with those that could not be written."""
    named = form.get("message", "")
    queue_again(visit, [int(named)] if messages.is_id(named) else None)
    return RedirectResponse(PAGE, HTTPStatus.SEE_OTHER)


@router.post(f"{PAGE}/held")
def decide_on_held(visit: Administering, form: Form) -> RedirectResponse:
    """Let the reminders go that came late all at once, or withdraw them."""
    engine, now = visit.desk.record.engine, visit.words.now
    act = resending.withdraw_held if form.get("what") == WITHDRAW else resending.release_held
    act(engine, now=now)
    return RedirectResponse(PAGE, HTTPStatus.SEE_OTHER)


def queue_again(visit: Visit, wanted: Sequence[int] | None) -> int:
    """Queue some of these mails again, or without a choice all of them and those that could not be written.

    Returns how many those are.
    """
    engine, now = visit.desk.record.engine, visit.words.now
    unwritten = notifying.parked(engine) if wanted is None else ()
    letters = [one.id for one in undelivered.dead_letters(engine)] if wanted is None else wanted
    for one in letters:
        resending.retry(engine, one, now=now)
    for one in unwritten:
        notifying.unpark(engine, one)
    return len(letters) + len(unwritten)
