"""What is one's own at the desk, as JSON: views kept under a name, one's calendar, and where one is signed in."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Response
from pydantic import Field

from cases import feeds as kept_feeds
from cases import sessions
from cases.api_tokens import Scope
from cases.saved_views import LONGEST_NAME, SavedView, SavedViews
from desk.api import paging, schemas
from desk.api.bounds import LONGEST_LINE, ItemId, Name, RowId
from desk.api.paging import Paging
from desk.api.route import ONCE, ApiRoute
from desk.api.scopes import AsMyself, refuse_without
from desk.pages import feeds
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


class NewName(schemas.Model):
    """Another name for a view."""

    name: str = Field(min_length=1, max_length=LONGEST_NAME, examples=["Overdue in the south"])


class Views(schemas.Page):
    """A page of views, by name."""

    views: list[KeptView]


class Feed(schemas.Model):
    """One's private calendar for other programs: since when it has the address it has, null where there is none."""

    since: datetime | None


class MadeFeed(schemas.Model):
    """The address of one's calendar, which opens it to whoever knows it, and is told this once."""

    address: str = Field(examples=["https://desk.example/feeds/3q2-7wEBAAAAAAAAAAAAAA.ics"])


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
    return Views(views=[_view(one) for one in cut.rows], next=cut.next)


@router.post("/views", status_code=201, dependencies=ONCE)
def add_view(visit: AsMyself, new: NewView) -> KeptView:
    """Keep a list under a name."""
    return _view(_views(visit).add(new.name, new.address))


@router.put("/views/{view_id}")
def rename_view(view_id: ItemId, visit: AsMyself, named: NewName) -> KeptView:
    """Give a view another name."""
    kept = _views(visit)
    kept.rename(view_id, named.name)
    return _view(next(one for one in kept.every() if one.id == view_id))


@router.post("/views/{view_id}/start", status_code=204, dependencies=ONCE)
def begin_at_view(view_id: ItemId, visit: AsMyself) -> Response:
    """Let the desk begin at a view."""
    _views(visit).begin_at(view_id)
    return Response(status_code=204)


@router.delete("/start", status_code=204)
def begin_at_desk(visit: AsMyself) -> Response:
    """Let the desk begin at its own page again."""
    _views(visit).begin_at(None)
    return Response(status_code=204)


@router.delete("/views/{view_id}", status_code=204)
def delete_view(view_id: ItemId, visit: AsMyself) -> Response:
    """Forget a view."""
    _views(visit).remove(view_id)
    return Response(status_code=204)


@router.get("/feed")
def show_feed(visit: AsMyself) -> Feed:
    """Tell whether one has a private calendar, and since when."""
    return Feed(since=kept_feeds.made_at(visit.desk.record.engine, visit.person.id))


@router.post("/feed", status_code=201, dependencies=ONCE)
def renew_feed(visit: AsMyself) -> MadeFeed:
    """Give one's calendar a new address; the one before is good for nothing from now on.

    It names cases, so it takes a token that is good for `cases:read` as well.
    """
    refuse_without(Scope.CASES_READ, visit)
    return MadeFeed(address=feeds.renewed(visit))


@router.delete("/feed", status_code=204)
def end_feed(visit: AsMyself) -> Response:
    """End one's calendar."""
    kept_feeds.end(visit.desk.record.engine, visit.person.id)
    return Response(status_code=204)


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


@router.delete("/sessions", status_code=204)
def end_other_sessions(visit: AsMyself) -> Response:
    """Sign out everywhere else; tokens stay good until they are ended."""
    sessions.end_others(visit.desk.record.engine, visit.person.id, but=visit.token, now=visit.words.now)
    return Response(status_code=204)


def _views(visit: Visit) -> SavedViews:
    return SavedViews(visit.desk.record.engine, visit.person.id)


def _view(one: SavedView) -> KeptView:
    return KeptView(id=one.id, name=one.name, address=one.address, start=one.start)
