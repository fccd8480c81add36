"""Absences and deputies of people as JSON: their own, or for an administrator anybody's."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Response
from pydantic import Field

from cases import deputies
from cases.deputies import Deputies, Kept
from desk.api import schemas
from desk.api.bounds import MOST_OF_ANYTHING, ItemId, Name, PersonId
from desk.api.route import ONCE, ApiRoute
from desk.api.scopes import ReadsPeople, WritesPeople
from desk.visits import Visit
from states.directory import Away, Delegation

router = APIRouter(prefix="/api/people", route_class=ApiRoute, tags=["people"], responses=schemas.PROBLEMS)

ME = "me"


class DaysAway(schemas.Model):
    """Civil days on which somebody is away, in their own zone, the first and the last included."""

    since: date
    until: date


class NewDeputy(schemas.Model):
    """Somebody to stand in; without a scope for everything, without a last day until it is ended."""

    deputy: Name
    scope: list[Name] = Field([], max_length=MOST_OF_ANYTHING, examples=[["T3", "senior_representative"]])
    since: date
    until: date | None = None
    priority: int = Field(
        1, ge=1, le=MOST_OF_ANYTHING, description="of several deputies the lowest number is asked first"
    )


class Deputy(NewDeputy):
    """A deputy on file, with the id by which it is ended."""

    id: str


class Presence(schemas.Model):
    """When somebody is away, and who stands in for them."""

    person: str
    away: list[DaysAway]
    deputies: list[Deputy]


@router.get("/{person}/presence")
def show_presence(person: PersonId, visit: ReadsPeople) -> Presence:
    """Tell when somebody is away and who stands in for them; `me` is whoever asks."""
    return _presence(visit, _allowed(visit, person))


@router.post("/{person}/absences", status_code=201, dependencies=ONCE)
def go_away(person: PersonId, visit: WritesPeople, days: DaysAway) -> Presence:
    """Record that somebody is away on these days."""
    who = _allowed(visit, person)
    Deputies(visit.desk.record.engine).go_away(who, Away(days.since, days.until))
    return _presence(visit, who)


@router.post("/{person}/return", dependencies=ONCE)
def come_back(person: PersonId, visit: WritesPeople, on: date) -> Presence:
    """Record that somebody is back on a day, before what was recorded."""
    who = _allowed(visit, person)
    Deputies(visit.desk.record.engine).come_back(who, on)
    return _presence(visit, who)


@router.post("/{person}/deputies", status_code=201, dependencies=ONCE)
def name_deputy(person: PersonId, visit: WritesPeople, new: NewDeputy) -> Deputy:
    """Name a deputy."""
    who = _allowed(visit, person)
    kept = Deputies(visit.desk.record.engine).name(
        Delegation(
            person=who,
            deputy=new.deputy,
            scope=frozenset(new.scope),
            since=new.since,
            until=new.until,
            priority=new.priority,
        )
    )
    return _deputy(kept)


@router.delete("/{person}/deputies/{deputy_id}", status_code=204)
def end_deputy(person: PersonId, deputy_id: ItemId, visit: WritesPeople) -> Response:
    """Take a deputy off file."""
    kept = Deputies(visit.desk.record.engine)
    # Another person's deputy is refused as theirs, whatever the address says.
    for who in (_allowed(visit, person), kept.kept(deputy_id).delegation.person):
        deputies.refuse_others(visit.actor, who)
    kept.end(deputy_id)
    return Response(status_code=204)


def _allowed(visit: Visit, person: str) -> str:
    who = visit.actor.person if person == ME else person
    deputies.refuse_others(visit.actor, who)
    return visit.desk.directory.person(who).id


def _presence(visit: Visit, person: str) -> Presence:
    kept = Deputies(visit.desk.record.engine)
    return Presence(
        person=person,
        away=[DaysAway(since=days.since, until=days.until) for days in kept.absences(person)],
        deputies=[_deputy(one) for one in kept.all(person)],
    )


def _deputy(kept: Kept) -> Deputy:
    one = kept.delegation
    return Deputy(
        id=kept.id,
        deputy=one.deputy,
        scope=sorted(one.scope),
        since=one.since,
        until=one.until,
        priority=one.priority,
    )
