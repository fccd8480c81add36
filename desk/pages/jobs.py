"""Long work: how far it has come and what became of each line, for whoever asked for it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from cases import finding, jobs, queries
from cases.jobs import Job, Kind, LineState, NewJob, NewLine
from desk import csv_files
from desk.access import DeclaredRoute, Form, Signed
from desk.pages.answers import page
from states import errors
from states.roles import ADMINISTRATOR
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desk.visits import Visit

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)
RELOAD_SECONDS = "5"
_TONES = {LineState.DONE: "ok", LineState.REFUSED: "warn", LineState.FAILED: "bad", LineState.WAITING: ""}
_STATES = {
    LineState.DONE: say("Done"),
    LineState.REFUSED: say("Refused"),
    LineState.FAILED: say("Failed"),
    LineState.WAITING: say("Waiting"),
}
_COLUMNS = (
    say("Number"),
    say("Case"),
    say("Process"),
    say("Stage"),
    say("Urgency"),
    say("Opened"),
    say("Due"),
    say("Closed"),
    say("Outcome"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A line as its owner reads it: what it was about and where that lies, and what became of it."""

    name: str
    title: str
    address: str
    became: LineState
    state: str
    tone: str
    told: str


@router.get("/jobs")
def every(visit: Signed) -> HTMLResponse:
    """List one's own jobs."""
    mine = jobs.of_person(visit.desk.record.engine, visit.person.id)
    return page(
        visit,
        "jobs.html",
        zone=visit.person.timezone,
        jobs=mine,
        renews=ADMINISTRATOR in visit.actor.offices,
        key=secrets.token_urlsafe(16),
    )


@router.post("/jobs/index")
def renew_index(visit: Signed, form: Form) -> Response:
    """Let the index of all cases be written anew, of which an administrator reads nothing."""
    if ADMINISTRATOR not in visit.actor.offices:
        raise errors.NotFound(say("there is no such page, or it is not yours to see"))
    job_id = begin_index(visit, key=form.get("request_key", ""))
    return RedirectResponse(f"/jobs/{job_id}", HTTPStatus.SEE_OTHER)


def begin_index(visit: Visit, *, key: str) -> str:
    """Keep the job of writing the index of all cases anew, and return its id."""
    wanted = NewJob(
        kind=Kind.INDEX,
        key=key,
        title=say("The search index, written anew"),
        what={},
        lines=[NewLine(subject=one) for one in finding.every_case(visit.desk.record.engine)],
    )
    return jobs.ask(visit.desk.record.engine, visit.person.id, wanted, now=visit.words.now)


@router.get("/jobs/{job_id}")
def one(job_id: str, visit: Signed, *, follow: bool = False) -> HTMLResponse:
    """Show one job; only for who chose to follow it, the page asks for itself again every few seconds."""
    found = jobs.read(visit.desk.record.engine, visit.person.id, job_id)
    answer = page(
        visit,
        "job.html",
        zone=visit.person.timezone,
        job=found,
        lines=list(lines(visit, found)),
        file=found.kind is Kind.EXPORT and found.ended_at is not None,
        follow=follow,
    )
    if follow and found.ended_at is None:
        answer.headers["refresh"] = RELOAD_SECONDS
    return answer


@router.get("/jobs/{job_id}/cases.csv")
def file(job_id: str, visit: Signed) -> Response:
    """Answer with what an export came to."""
    rows = jobs.result(visit.desk.record.engine, visit.person.id, job_id)
    return csv_files.answer("cases", _COLUMNS, rows, visit.words)


def lines(visit: Visit, job: Job) -> Iterator[Shown]:
    """Yield the lines that say more than how many there are."""
    if job.kind is Kind.ACTS:
        yield from _of_cases(visit, job)
    elif job.kind is Kind.MAILS:
        for line in job.lines:
            yield _shown(line, name=line.subject, address=f"/mails/{line.subject}")


def _of_cases(visit: Visit, job: Job) -> Iterator[Shown]:
    """Name each case as its viewer may know it now; one that is theirs no more is not named."""
    for line in job.lines:
        try:
            _, case = queries.case_for(visit.desk.record, visit.viewer, line.subject)
        except errors.NotFound:
            yield _shown(line, name="", address="")
            continue
        yield _shown(line, name=case.number, title=case.title, address=f"/cases/{case.number}")


def _shown(line: jobs.Line, *, name: str, address: str, title: str = "") -> Shown:
    state = _STATES[line.state]
    return Shown(
        name=name,
        title=title,
        address=address,
        became=line.state,
        state=state,
        tone=_TONES[line.state],
        told=line.told,
    )
