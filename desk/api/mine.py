"""What is one's own at the desk, as JSON: views kept under a name, long work, and where one is signed in."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Response
from pydantic import Field

from cases import jobs, sessions
from cases.jobs import Job
from cases.saved_views import SavedViews
from desk.api import paging, schemas
from desk.api.bounds import LONGEST_LINE, ItemId, Name, RowId
from desk.api.paging import Paging
from desk.api.route import ONCE, ApiRoute
from desk.api.scopes import AsMyself
from desk.visits import Visit

router = APIRouter(prefix="/api/me", route_class=ApiRoute, tags=["me"], responses=schemas.PROBLEMS)


class NewView(schemas.Model):
    """A list kept under a name: the address of its page with everything it is narrowed by."""

    name: Name = Field(examples=["Overdue in the north"])
    address: str = Field(min_length=1, max_length=LONGEST_LINE, examples=["/cases?waits_on=me"])


class KeptView(NewView):
    """A view on file; `start` tells that the desk begins there."""

    id: str
    start: bool


class Views(schemas.Page):
    """A page of views, by name."""

    views: list[KeptView]


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


class LongWorks(schemas.Page):
    """A page of one's own jobs."""

    jobs: list[LongWork]


class SignedIn(schemas.Model):
    """Where one is signed in."""

    id: int
    device: str
    means: str = Field(examples=["link"])
    created_at: datetime
    seen_at: datetime


class Sessions(schemas.Page):
    """A page of one's own sessions."""

    sessions: list[SignedIn]


@router.get("/views")
def list_views(visit: AsMyself, page: Paging) -> Views:
    """List one's own views."""
    cut = paging.cut(page, _views(visit).every(), key=lambda one: (one.name.lower(), one.id))
    told = [KeptView(id=one.id, name=one.name, address=one.address, start=one.start) for one in cut.rows]
    return Views(views=told, next=cut.next)


@router.post("/views", status_code=201, dependencies=ONCE)
def add_view(visit: AsMyself, new: NewView) -> KeptView:
    """Keep a list under a name."""
    one = _views(visit).add(new.name, new.address)
    return KeptView(id=one.id, name=one.name, address=one.address, start=one.start)


@router.post("/views/{view_id}/start", status_code=204, dependencies=ONCE)
def begin_at_view(view_id: ItemId, visit: AsMyself) -> Response:
    """Let the desk begin at a view."""
    _views(visit).begin_at(view_id)
    return Response(status_code=204)


@router.delete("/views/{view_id}", status_code=204)
def delete_view(view_id: ItemId, visit: AsMyself) -> Response:
    """Forget a view."""
    _views(visit).remove(view_id)
    return Response(status_code=204)


@router.get("/jobs")
def list_jobs(visit: AsMyself, page: Paging) -> LongWorks:
    """List one's own jobs, the newest first."""
    mine = jobs.of_person(visit.desk.record.engine, visit.person.id)
    cut = paging.cut(page, mine, key=lambda one: (-one.made_at.timestamp(), one.id))
    return LongWorks(jobs=[_job(one) for one in cut.rows], next=cut.next)


@router.get("/jobs/{job_id}")
def show_job(job_id: ItemId, visit: AsMyself) -> LongWork:
    """Show how far a job of one's own has come."""
    return _job(jobs.read(visit.desk.record.engine, visit.person.id, job_id))


@router.get("/sessions")
def list_sessions(visit: AsMyself, page: Paging) -> Sessions:
    """List where one is signed in."""
    desk = visit.desk
    going = sessions.going(desk.record.engine, visit.person.id, now=visit.words.now, idle=desk.idle)
    cut = paging.cut(page, going, key=lambda one: one.id)
    told = [
        SignedIn(id=one.id, device=one.device, means=one.means, created_at=one.created_at, seen_at=one.seen_at)
        for one in cut.rows
    ]
    return Sessions(sessions=told, next=cut.next)


@router.delete("/sessions/{session_id}", status_code=204)
def end_session(session_id: RowId, visit: AsMyself) -> Response:
    """Sign out somewhere else."""
    sessions.end_one(visit.desk.record.engine, visit.person.id, session_id, now=visit.words.now)
    return Response(status_code=204)


def _views(visit: Visit) -> SavedViews:
    return SavedViews(visit.desk.record.engine, visit.person.id)


def _job(one: Job) -> LongWork:
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
