"""Lines of work on several cases or mails: what would become of each, and the job that does them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cases import errands, jobs, outbox, queries
from cases.errands import Workshop
from cases.jobs import Kind, NewJob
from desk import rehearsal
from desk.pages import check_view
from states import errors
from states.said import count, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cases.bulk import Chosen, Offer
    from cases.queries import MessageRow
    from desk.visits import Visit

FEW = 10
"""So many lines are done before the desk answers; more are left to the clockwork."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What would become of one case or mail; `missing` says why nothing would."""

    id: str
    name: str
    title: str
    changes: tuple[str, ...] = ()
    mails: str = ""
    missing: tuple[str, ...] = ()
    version: int | None = None


def of_case(visit: Visit, chosen: Chosen, offer: Offer, inputs: Mapping[str, object]) -> Line:
    """Rehearse an act on one case."""
    case, desk = chosen.seen.case, visit.desk
    intent = rehearsal.Intent(trigger=offer.trigger.name, inputs=inputs, at=visit.words.now)
    try:
        found = rehearsal.rehearse_act(desk.record, visit.viewer, case.id, intent=intent, directory=desk.directory)
    except errors.Refused as refusal:
        return Line(id=case.id, name=case.number, title=case.title, missing=refusal.missing)
    told = {recipient.person.id for mail in found.mails for recipient in mail.to}
    return Line(
        id=case.id,
        name=case.number,
        title=case.title,
        changes=tuple(check_view.moves(found, visit)),
        mails=count("%(count)s person gets a mail", "%(count)s people get a mail", count=len(told)) if told else "",
        version=case.version,
    )


def of_mail(visit: Visit, message_id: str) -> Line:
    """Tell whether a mail would be tried again, and if not why."""
    try:
        row: MessageRow = queries.message(visit.desk.record, visit.viewer, int(message_id)).row
    except errors.NotFound as unknown:
        return Line(id=message_id, name=message_id, title="", missing=(unknown.sentence,))
    if row.state not in (*outbox.DEAD, outbox.MessageState.HELD):
        why = say("only a mail that was refused, given up or held is tried again")
        return Line(id=message_id, name=row.person_name, title=row.subject, missing=(why,))
    return Line(id=message_id, name=row.person_name, title=row.subject)


def begin(visit: Visit, wanted: NewJob) -> str:
    """Keep a job, do it now if it is small, and return its id."""
    desk = visit.desk
    job_id = jobs.ask(desk.record.engine, visit.person.id, wanted, now=visit.words.now)
    if len(wanted.lines) <= FEW and wanted.kind is not Kind.EXPORT:
        at = Workshop(record=desk.record, service=desk.service, directory=desk.directory, worker="the desk")
        errands.do_at_once(at, job_id)
    return job_id
