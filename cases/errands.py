"""Does jobs: each line by the same use case, under the same rules and for the same person, as if it were alone.

An act has a key made of the job and the case, and a mail is queued in the transaction that settles its line; so a
worker that dies in the middle leaves nothing done twice to whoever goes on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from cases import finding, jobs, lists, messages, resending
from cases.commands import ActOnCase
from cases.filters import CaseFilter, Waits
from cases.jobs import Claim, Kind, Line, LineState
from cases.people import Directory
from cases.record import Record
from cases.service import CaseService
from cases.unit_of_work import unit_of_work
from cases.viewer import Viewer
from states import errors
from states.roles import Actor
from states.said import say

log = logging.getLogger(__name__)

PAGE = 100
TOO_OFTEN = 5
"""How often a job is taken up that Parley itself cannot do, each time when its lease has run out."""
DONE = say("done")
LEFT = say("whoever asked for this has left, so nothing more is done")
FAILED = say("the desk could not do this; tell the people who run the desk")


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What jobs are done with: the record, its writing side, who is on file, and who works."""

    record: Record
    service: CaseService
    directory: Directory
    worker: str

    @property
    def now(self) -> datetime:
        """The present instant."""
        return self.service.clock.now()


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What one heartbeat did: jobs that came to their end, and lines by what became of them."""

    ended: int = 0
    done: int = 0
    refused: int = 0
    failed: int = 0


def work_off(at: Workshop) -> Counts:
    """Do every job that waits, until none does."""
    ended, settled = 0, dict.fromkeys(LineState, 0)
    while (held := jobs.claim(at.record.engine, worker=at.worker, now=at.now)) is not None:
        ended += _carry_out(at, held, settled)
    return Counts(
        ended=ended,
        done=settled[LineState.DONE],
        refused=settled[LineState.REFUSED],
        failed=settled[LineState.FAILED],
    )


def do_at_once(at: Workshop, job_id: str) -> None:
    """Do one small job now, unless somebody is at work on it already; what is left over is for the clockwork."""
    held = jobs.claim(at.record.engine, worker=at.worker, now=at.now, job_id=job_id)
    if held is not None:
        _carry_out(at, held, dict.fromkeys(LineState, 0))


def _carry_out(at: Workshop, held: Claim, settled: dict[LineState, int]) -> bool:
    """Do what is left of a job; tell whether it ended in these hands."""
    try:
        actor = _actor(at, held)
        while (line := jobs.next_line(at.record.engine, held)) is not None:
            state = _do(at, held, line, actor)
            if state is None:
                return False
            settled[state] += 1
        rows = _exported(at, held, actor) if held.kind is Kind.EXPORT and actor else None
        jobs.end(at.record.engine, held, now=at.now, rows=rows)
    except errors.Unavailable:
        # Not the job's fault: it is taken up again when its lease has run out.
        log.warning("job %s waits for the record", held.id)
        return False
    except Exception:  # the heartbeat: one poisoned job must not stop the others
        log.exception("job %s failed", held.id)
        if held.fence < TOO_OFTEN:
            return False
        jobs.end(at.record.engine, held, now=at.now)
    return True


def _actor(at: Workshop, held: Claim) -> Actor | None:
    """Return the owner with the offices they hold now; None when they have left."""
    try:
        return at.directory.actor(held.owner)
    except errors.NotFound:
        return None


def _do(at: Workshop, held: Claim, line: Line, actor: Actor | None) -> LineState | None:
    """Do one line and settle it; None when another worker has taken the job over."""
    settled = replace(line, state=LineState.REFUSED, told=LEFT)
    try:
        if actor is not None:
            told = _DOING[held.kind](at, held, line, actor)
            if told is None:
                return LineState.DONE
            settled = replace(line, state=LineState.DONE, told=told)
    except errors.Unavailable:
        raise
    except errors.ParleyError as refusal:
        settled = replace(line, state=LineState.REFUSED, told=refusal.sentence)
    except Exception:  # one poisoned line must not stop the others
        log.exception("line %s of job %s failed", line.place, held.id)
        settled = replace(line, state=LineState.FAILED, told=FAILED)
    with unit_of_work(at.record.engine) as work:
        return settled.state if jobs.settle(work, held, settled, now=at.now) else None


def _act(at: Workshop, held: Claim, line: Line, actor: Actor) -> str:
    """Do the act on one case, with a key of its own."""
    command = ActOnCase(
        case_id=line.subject,
        trigger=held.what["trigger"],
        actor=actor,
        key=f"job:{held.id}:{line.subject}",
        inputs=held.what["inputs"],
        expected_version=line.seen,
    )
    receipt = at.service.act(command)
    return say("done: entry %(entry)s of the record", entry=str(next(iter(receipt.entries), receipt.version)))


def _renew(at: Workshop, held: Claim, line: Line, actor: Actor) -> str:
    """Write the index of one case anew."""
    del held, actor
    finding.renew_case(at.record.engine, at.record.registry, line.subject, calendars=at.record.calendars)
    return DONE


def _nothing(at: Workshop, held: Claim, line: Line, actor: Actor) -> str:
    """Count a line whose work is done at the end, with all others."""
    del at, held, line, actor
    return DONE


def _queue_mail(at: Workshop, held: Claim, line: Line, actor: Actor) -> None:
    """Queue a mail again and settle its line, both or neither."""
    message_id = int(line.subject)
    messages.message(at.record, Viewer(actor), message_id)
    settled = replace(line, state=LineState.DONE, told=say("queued again"))
    with unit_of_work(at.record.engine) as work:
        if jobs.settle(work, held, settled, now=at.now):
            resending.queue_again(work, message_id, now=at.now)


# Each does one line and says what came of it, or settles the line itself and says nothing.
_DOING: Mapping[Kind, Callable[[Workshop, Claim, Line, Actor], str | None]] = {
    Kind.ACTS: _act,
    Kind.MAILS: _queue_mail,
    Kind.INDEX: _renew,
    Kind.EXPORT: _nothing,
}


EXPORTED = ("number", "title", "process", "stage", "urgency", "opened_at", "due_at", "closed_at", "outcome")


def _exported(at: Workshop, held: Claim, actor: Actor) -> list[list[str]]:
    """Read the whole of a list as its owner may read it now."""
    wanted, rows, mark = _filter(held.what["wanted"]), [], None
    while True:
        page = lists.list_cases(at.record, Viewer(actor), wanted=wanted, sort="number", after=mark, limit=PAGE)
        rows += [[_cell(getattr(row, name)) for name in EXPORTED] for row in page.rows]
        if (mark := page.next) is None:
            return rows


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return "" if value is None else str(value)


def wanted_as_kept(wanted: CaseFilter) -> dict[str, object]:
    """Write down which cases an export is to hold."""
    return {name: getattr(wanted, name) for name in CaseFilter.__slots__}


def _filter(kept: Mapping[str, object]) -> CaseFilter:
    read = {name: _instant(value) if isinstance(value, dict) else value for name, value in kept.items()}
    waits = read.pop("waits_on", None)
    return CaseFilter(**read, waits_on=Waits(str(waits)) if waits else None)  # type: ignore[arg-type] # as it was kept


def _instant(kept: Mapping[str, str]) -> datetime:
    return datetime.fromisoformat(kept["instant"])
