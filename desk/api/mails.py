"""Mails as JSON."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import AwareDatetime, Field

from cases import queries, resending
from cases.api_tokens import Scope
from cases.mail_reasons import Reasons
from cases.outbox import MessageState
from cases.queries import MessageFilter
from desk import mail_text
from desk.api import said, schemas
from desk.api.bounds import Name, RowId, Wanted
from desk.api.paging import Paging
from desk.api.route import ONCE, ApiRoute
from desk.api.scopes import ReadsMails, SendsMails
from desk.pages import mails as mails_page
from desk.visits import Visit

router = APIRouter(prefix="/api", route_class=ApiRoute, tags=["mails"], responses=schemas.PROBLEMS)


class Which(schemas.Model):
    """Whose mails are tried again: those of one case, or of all."""

    case: Name | None = Field(None, examples=["D-2026-0042"])


class Queued(schemas.Model):
    """How many mails wait to be sent again."""

    queued: int


@router.get("/messages")
def list_messages(  # noqa: PLR0913 - the filters of the list
    visit: ReadsMails,
    *,
    state: MessageState | None = None,
    case: Wanted = None,
    words: Wanted = None,
    since: AwareDatetime | None = None,
    before: AwareDatetime | None = None,
    page: Paging,
) -> schemas.MessageList:
    """List the mails the signed-in person may know of, the newest first."""
    wanted = MessageFilter(state=state, case=case, words=words, since=since, before=before)
    found = queries.list_messages(visit.desk.record, visit.viewer, wanted=wanted, after=page.after, limit=page.limit)
    return schemas.MessageList(messages=[said.message(row) for row in found.rows], next=page.link(found.next))


@router.get("/messages/{message_id}")
def show_message(message_id: RowId, visit: ReadsMails) -> schemas.WholeMessage:
    """Show one mail: its tries, and its words where they are for this person."""
    return _whole(visit, message_id)


@router.post("/messages/{message_id}/retry", dependencies=ONCE)
def retry_message(message_id: RowId, visit: SendsMails) -> schemas.WholeMessage:
    """Let a mail that was given up be tried again, as the same bytes."""
    queries.message(visit.desk.record, visit.viewer, message_id)
    resending.retry(visit.desk.record.engine, message_id, now=visit.words.now)
    return _whole(visit, message_id)


@router.post("/messages/{message_id}/again", dependencies=ONCE)
def send_again(message_id: RowId, visit: SendsMails) -> schemas.WholeMessage:
    """Send a mail that was sent once more, as the same bytes, where its reader cannot find it."""
    queries.message(visit.desk.record, visit.viewer, message_id)
    resending.send_again(visit.desk.record.engine, message_id, now=visit.words.now)
    return _whole(visit, message_id)


@router.post("/messages/retry", dependencies=ONCE)
def retry_undelivered(visit: SendsMails, which: Which) -> Queued:
    """Let every mail that was given up be tried again, of those that the signed-in person may know of."""
    return Queued(queued=mails_page.queue_undelivered(visit, case=which.case))


def _whole(visit: Visit, message_id: int) -> schemas.WholeMessage:
    shown, held = queries.message(visit.desk.record, visit.viewer, message_id), visit.api_token
    # Whoever may only send reads no words by it.
    reads = held is None or Scope.MAILS_READ in held.scopes
    return schemas.WholeMessage(
        **said.message(shown.row).model_dump(),
        tries=[schemas.Try(at=one.at, outcome=one.outcome, code=one.code, reply=one.reply) for one in shown.deliveries],
        why=why_of(shown.reasons),
        text=mail_text.plain_text(shown, who=visit.person.id) if reads else None,
        may_be_tried_again=shown.row.state in mails_page.RETRIABLE,
    )


def why_of(reasons: Reasons | None) -> schemas.MailWhy | None:
    """Say why a mail came; where a line is from is told by ids, which the case has in words."""
    if reasons is None:
        return None
    return schemas.MailWhy(
        role=reasons.role,
        to=list(reasons.to),
        event=reasons.event,
        clock=reasons.clock,
        lines=[
            schemas.MailLine(
                name=line.name,
                sources=[schemas.MailSource(of=one.of, id=one.id, zone=one.zone) for one in line.sources],
            )
            for line in reasons.lines
        ],
        by={zone: list(held) for zone, held in reasons.by.items()},
    )
