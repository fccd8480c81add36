"""Acts on several cases or mails at once, as JSON: weighed for each, then a job that does each by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from cases import bulk, errands, jobs
from cases.api_tokens import Scope
from cases.bulk import Chosen
from cases.jobs import Kind, NewJob, NewLine
from config.settings import Proof
from desk import administration, fresh_proof
from desk.api import jobs as api_jobs
from desk.api import schemas
from desk.api.bounds import LARGEST_ID, LARGEST_VERSION, Name, Trigger
from desk.api.cases import filter_of
from desk.api.jobs import LongWork
from desk.api.route import ApiRoute, Key
from desk.api.scopes import ActsOnCases, Administers, ReadsCases, SendsMails, refuse_without
from desk.pages import bulk_lines
from desk.pages import jobs as jobs_page
from desk.visits import Visit
from states import decidable, machine
from states.said import say

router = APIRouter(prefix="/api", route_class=ApiRoute, tags=["jobs"], responses=schemas.PROBLEMS)


class CasesWeighed(schemas.Model):
    """Several cases by number or id, and the inputs of an act, alike for all of them."""

    cases: Annotated[list[Name], Field(min_length=1, max_length=bulk.MOST, examples=[["D-2026-0042"]])]
    inputs: schemas.Inputs = Field({}, examples=[{"reason": "The road is flooded."}])


class WouldBecome(schemas.Model):
    """What would become of one case; `missing` says why nothing would."""

    number: str
    title: str
    version: int | None
    changes: list[str]
    mails: str = Field(examples=["2 people get a mail"])
    missing: list[str]


class Weighed(schemas.Model):
    """What an act would do in each of the cases that whoever asks may see."""

    act: str
    cases: list[WouldBecome]


class CaseChosen(schemas.Model):
    """A case, and the version at which it was weighed, so that it is left alone if it has moved since."""

    case: Name = Field(examples=["D-2026-0042"])
    version: int | None = Field(None, ge=0, le=LARGEST_VERSION)


class ActsWanted(schemas.Model):
    """The cases on which an act is to be done, with its inputs."""

    cases: Annotated[list[CaseChosen], Field(min_length=1, max_length=bulk.MOST)]
    inputs: schemas.Inputs = Field({}, examples=[{"reason": "The road is flooded."}])


class MailsChosen(schemas.Model):
    """The numbers of mails that are to be tried again."""

    messages: Annotated[
        list[Annotated[int, Field(ge=1, le=LARGEST_ID)]], Field(min_length=1, max_length=bulk.MOST, examples=[[12, 15]])
    ]


@router.post("/bulk/acts/{trigger}/check")
def check_acts(trigger: Trigger, visit: ReadsCases, weighed: CasesWeighed) -> Weighed:
    """Tell for each case what an act that is open in all of them would do; nothing is recorded."""
    chosen = bulk.choose(visit.desk.record, visit.viewer, weighed.cases, now=visit.words.now)
    offer = bulk.offer(chosen, trigger)
    lines = [bulk_lines.of_case(visit, one, offer, weighed.inputs) for one in chosen]
    told = [
        WouldBecome(
            number=one.name,
            title=one.title,
            version=one.version,
            changes=list(one.changes),
            mails=one.mails,
            missing=list(one.missing),
        )
        for one in lines
    ]
    return Weighed(act=offer.trigger.label, cases=told)


@router.post("/bulk/acts/{trigger}", status_code=202)
def do_acts(trigger: Trigger, visit: ActsOnCases, wanted: ActsWanted, key: Key) -> LongWork:
    """Do an act on several cases, each by itself under the rules of a single one; what became of each tells the job.

    An act that answers what somebody was asked to decide takes a token that is good for `cases:decide` as well.
    """
    refs = [one.case for one in wanted.cases]
    chosen = bulk.choose(visit.desk.record, visit.viewer, refs, now=visit.words.now)
    kinds = [machine.find_trigger(one.seen.process, trigger) for one in chosen]
    if any(decidable.decides(kind) for kind in kinds):
        refuse_without(Scope.CASES_DECIDE, visit)
    for kind in kinds:
        fresh_proof.ask_for_answer(visit, kind)
    job = NewJob(
        kind=Kind.ACTS,
        key=f"api:{key}",
        title=say("%(act)s: several cases", act=kinds[0].label),
        what={"trigger": trigger, "inputs": wanted.inputs},
        lines=[NewLine(subject=one.seen.case.id, seen=_version(wanted.cases, one)) for one in chosen],
    )
    return _begun(visit, bulk_lines.begin(visit, job))


@router.post("/bulk/mails", status_code=202)
def retry_messages(visit: SendsMails, wanted: MailsChosen, key: Key) -> LongWork:
    """Let several mails be tried again; what became of each tells the job."""
    numbers = dict.fromkeys(wanted.messages)
    job = NewJob(
        kind=Kind.MAILS,
        key=f"api:{key}",
        title=say("Mails to be tried again"),
        what={},
        lines=[NewLine(subject=str(one)) for one in numbers],
    )
    return _begun(visit, bulk_lines.begin(visit, job))


@router.post("/bulk/export", status_code=202)
def export_cases(visit: ReadsCases, asked: schemas.CasesWanted, key: Key) -> LongWork:
    """Write down a list of cases, as whoever asks may read it when the job comes to it."""
    fresh_proof.ask(visit, Proof.EXPORTS)
    job = NewJob(
        kind=Kind.EXPORT,
        key=f"api:{key}",
        title=say("Export of a list of cases"),
        what={"wanted": errands.wanted_as_kept(filter_of(asked))},
        lines=[NewLine(subject="cases")],
    )
    return _begun(visit, bulk_lines.begin(visit, job))


@router.post("/search/index", status_code=202)
def renew_index(visit: Administers, key: Key) -> LongWork:
    """Let the search index of all cases be written anew, of which an administrator reads nothing."""
    administration.administering(visit)
    return _begun(visit, jobs_page.begin_index(visit, key=f"api:{key}"))


def _begun(visit: Visit, job_id: str) -> LongWork:
    return api_jobs.said(jobs.read(visit.desk.record.engine, visit.person.id, job_id))


def _version(wanted: Sequence[CaseChosen], chosen: Chosen) -> int | None:
    case = chosen.seen.case
    return next((one.version for one in wanted if one.case in {case.id, case.number}), None)
