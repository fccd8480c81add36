"""Posts of organisations as JSON, for administrators: who holds which, at which place, and in whose turn."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field

from cases.posts import LONGEST_TURN, Posts
from desk import administration
from desk.api import paging, schemas
from desk.api.bounds import LONGEST_NAME, Line, Name
from desk.api.paging import Paging
from desk.api.route import ApiRoute
from desk.api.scopes import ReadsPeople, WritesPeople
from states.directory import Post

router = APIRouter(prefix="/api/posts", route_class=ApiRoute, tags=["directory"], responses=schemas.PROBLEMS)


class KeptPost(schemas.Model):
    """A post: the first of its people holds it and the next stands in; with `turn_days` they hold it in turn."""

    organisation: Name
    name: Name = Field(examples=["duty officer"])
    people: schemas.Ids = Field(min_length=1)
    since: date
    place: Line = ""
    turn_days: int | None = Field(None, ge=1, le=LONGEST_TURN)


class PostList(schemas.Page):
    """A page of posts."""

    posts: list[KeptPost]


@router.get("")
def list_posts(visit: ReadsPeople, page: Paging) -> PostList:
    """List the posts by organisation, name and place."""
    administration.administering(visit)
    found = Posts(visit.desk.record.engine).all()
    cut = paging.cut(page, found, key=lambda one: (one.organisation, one.name, one.place))
    return PostList(posts=[_said(one) for one in cut.rows], next=cut.next)


@router.put("")
def put_post(visit: WritesPeople, post: KeptPost) -> KeptPost:
    """Put a post on file, or replace the one of this organisation, name and place."""
    administration.administering(visit)
    Posts(visit.desk.record.engine).put(
        Post(
            organisation=post.organisation,
            name=post.name,
            people=tuple(post.people),
            since=post.since,
            place=post.place,
            turn_days=post.turn_days,
        )
    )
    return post


@router.delete("", status_code=204)
def remove_post(
    visit: WritesPeople,
    *,
    organisation: Annotated[str, Query(min_length=1, max_length=LONGEST_NAME)],
    name: Annotated[str, Query(min_length=1, max_length=LONGEST_NAME)],
    place: Annotated[str, Query(max_length=LONGEST_NAME)] = "",
) -> Response:
    """Take a post off file; whoever was called by it keeps what they were called to."""
    administration.administering(visit)
    Posts(visit.desk.record.engine).remove(organisation, name, place=place)
    return Response(status_code=204)


def _said(one: Post) -> KeptPost:
    return KeptPost(
        organisation=one.organisation,
        name=one.name,
        people=list(one.people),
        since=one.since,
        place=one.place,
        turn_days=one.turn_days,
    )
