"""Who asks, and their desk, as JSON: what needs them, what waits on others, what they are asked to decide."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from pydantic import Field

from cases import queries
from cases.api_tokens import Scope
from cases.queries import Ask, Need, Wait
from desk import equal_words
from desk.api import schemas
from desk.api.route import ApiRoute
from desk.api.scopes import AsMyself, ReadsCases

router = APIRouter(prefix="/api/me", route_class=ApiRoute, tags=["me"], responses=schemas.PROBLEMS)


class Me(schemas.Model):
    """The person who asks; `token` is the name of the token they are asked by, and `scopes` what that is good for."""

    id: str = Field(examples=["claire"])
    name: str
    email: str
    language: str
    timezone: str
    organisation: str | None
    offices: list[str] = Field(examples=[["registry"]])
    token: str | None
    scopes: list[Scope] | None


class ToDo(schemas.Model):
    """Something the person has to do; silence means what `means` says at `means_at`, null where it never does."""

    number: str
    title: str
    what: str
    item: str | None = Field(description="the id of what it is about, if it is about one thing")
    due_at: datetime
    overdue: bool
    means: str
    means_at: datetime | None


class Waiting(schemas.Model):
    """Something others have to do; `then` happens at `then_at` if they do not."""

    number: str
    title: str
    what: str
    holders: list[str]
    since: datetime
    due_at: datetime
    overdue: bool
    then: str
    then_at: datetime


class ToDecide(schemas.Model):
    """A decision asked of the person; `item` is the question, null where it is not theirs to read."""

    number: str
    title: str
    tier: str
    may: str
    question: str | None
    item: str | None
    due_at: datetime
    overdue: bool
    means: str
    means_at: datetime | None


class CameIn(schemas.Model):
    """A case for which mail came in: how many answers are to be sorted, and how many people to be telephoned."""

    number: str
    answers: int
    calls: int


class MyDesk(schemas.Model):
    """What a person sees first; `more` tells that there are open cases beyond those looked at."""

    needs_me: list[ToDo]
    decisions: list[ToDecide]
    waits_on_others: list[Waiting]
    overdue: int
    due_soon: int
    open_cases: int
    undelivered: int
    came_in: list[CameIn] = Field(description="the cases one runs for which mail came in that waits")
    lacks: list[str] = Field(description="which side lacks a notice that another one got, and what to do")
    more: bool


@router.get("")
def show_me(visit: AsMyself) -> Me:
    """Tell who asks, and by which token."""
    person, held = visit.person, visit.api_token
    return Me(
        id=person.id,
        name=person.name,
        email=person.email,
        language=person.language,
        timezone=person.timezone,
        organisation=person.organisation_id,
        offices=sorted(visit.actor.offices),
        token=held.name if held else None,
        scopes=sorted(held.scopes) if held else None,
    )


@router.get("/desk")
def show_my_desk(visit: ReadsCases) -> MyDesk:
    """Show the person's desk: what needs them, what they are asked to decide, and what waits on others."""
    found = queries.my_desk(visit.desk.record, visit.viewer, now=visit.words.now)
    return MyDesk(
        needs_me=[_need(one) for one in found.needs_me],
        decisions=[_ask(one) for one in found.decisions],
        waits_on_others=[_wait(one) for one in found.waits_on_others],
        overdue=found.overdue,
        due_soon=found.due_soon,
        open_cases=found.open_cases,
        undelivered=found.undelivered,
        came_in=[CameIn(number=one.number, answers=one.answers, calls=one.calls) for one in found.came_in],
        lacks=[visit.words.tell(one.words) for one in equal_words.warned(found.unequal, visit.words)],
        more=found.more,
    )


def _need(one: Need) -> ToDo:
    return ToDo(
        number=one.case.number,
        title=one.case.title,
        what=one.what,
        item=one.item,
        due_at=one.due_at,
        overdue=one.overdue,
        means=one.means,
        means_at=one.means_at,
    )


def _ask(one: Ask) -> ToDecide:
    return ToDecide(
        number=one.case.number,
        title=one.case.title,
        tier=one.tier_label,
        may=one.may,
        question=one.question,
        item=one.item,
        due_at=one.due_at,
        overdue=one.overdue,
        means=one.means,
        means_at=one.means_at,
    )


def _wait(one: Wait) -> Waiting:
    return Waiting(
        number=one.case.number,
        title=one.case.title,
        what=one.what,
        holders=[holder.name for holder in one.holders],
        since=one.since,
        due_at=one.due_at,
        overdue=one.overdue,
        then=one.then,
        then_at=one.then_at,
    )
