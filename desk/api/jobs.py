"""Long work of one's own as JSON: how far it has come, what became of each line, and what an export came to."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from pydantic import Field

from cases import jobs
from cases.api_tokens import Scope
from cases.errands import EXPORTED
from cases.jobs import Job, LineState
from desk.api import paging, schemas
from desk.api.bounds import ItemId
from desk.api.paging import Paging
from desk.api.route import ApiRoute
from desk.api.scopes import AsMyself, refuse_without
from desk.pages import jobs as jobs_page

router = APIRouter(prefix="/api/me", route_class=ApiRoute, tags=["jobs"], responses=schemas.PROBLEMS)


class LongWork(schemas.Model):
    """A job as its owner sees it: how much of it is settled, and how much of that went wrong."""

    id: str
    kind: str = Field(examples=["acts"])
    title: str
    made_at: datetime
    begun_at: datetime | None
    ended_at: datetime | None
    total: int
    settled: int
    wrong: int


class LineDone(schemas.Model):
    """What became of one case or mail; `name` is the number of either, empty where it is not this person's any more."""

    name: str = Field(examples=["D-2026-0042"])
    title: str
    state: LineState
    told: str = Field(examples=["done: entry 12 of the record"])


class WholeWork(LongWork):
    """A job with its lines, those that went wrong first, 200 at most."""

    lines: list[LineDone]


class Exported(schemas.Model):
    """What an export came to."""

    columns: list[str]
    rows: list[list[str]]


class LongWorks(schemas.Page):
    """A page of one's own jobs."""

    jobs: list[LongWork]


@router.get("/jobs")
def list_jobs(visit: AsMyself, page: Paging) -> LongWorks:
    """List one's own jobs, the newest first."""
    mine = jobs.of_person(visit.desk.record.engine, visit.person.id)
    cut = paging.cut(page, mine, key=lambda one: (-one.made_at.timestamp(), one.id))
    return LongWorks(jobs=[said(one) for one in cut.rows], next=cut.next)


@router.get("/jobs/{job_id}")
def show_job(job_id: ItemId, visit: AsMyself) -> WholeWork:
    """Show how far a job of one's own has come, and what became of each line.

    It names cases, so it takes a token that is good for `cases:read` as well.
    """
    refuse_without(Scope.CASES_READ, visit)
    found = jobs.read(visit.desk.record.engine, visit.person.id, job_id)
    shown = jobs_page.lines(visit, found)
    lines = [LineDone(name=one.name, title=one.title, state=one.became, told=one.told) for one in shown]
    return WholeWork(**said(found).model_dump(), lines=lines)


@router.get("/jobs/{job_id}/export")
def show_export(job_id: ItemId, visit: AsMyself) -> Exported:
    """Answer with what an export of one's own came to; it is kept for a day.

    It names cases, so it takes a token that is good for `cases:read` as well.
    """
    refuse_without(Scope.CASES_READ, visit)
    rows = jobs.result(visit.desk.record.engine, visit.person.id, job_id)
    return Exported(columns=list(EXPORTED), rows=rows)


def said(one: Job) -> LongWork:
    """Say how far a job has come."""
    return LongWork(
        id=one.id,
        kind=one.kind,
        title=one.title,
        made_at=one.made_at,
        begun_at=one.begun_at,
        ended_at=one.ended_at,
        total=one.total,
        settled=one.settled,
        wrong=one.wrong,
    )
