"""The roster of neutrals and the shortlist of a case, as JSON."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field

from cases import roster, shortlists
from cases.roster import Entry, Roster
from desk import shortlist_words
from desk.api import paging, schemas
from desk.api.bounds import MOST_OF_ANYTHING, CaseRef, Name, PersonId
from desk.api.paging import Paging
from desk.api.route import ApiRoute
from desk.api.scopes import ReadsCases, ReadsPeople, WritesPeople
from desk.visits import Visit
from states import errors
from states.directory import Away
from states.said import say
from states.shortlist import Asked, Candidate

router = APIRouter(prefix="/api", route_class=ApiRoute, tags=["neutrals"], responses=schemas.PROBLEMS)

Words = Annotated[list[Name], Query(max_length=50)]


class DaysAway(schemas.Model):
    """Civil days on which somebody does not serve, the first and the last included."""

    since: date
    until: date


class Serving(schemas.Model):
    """What the roster holds about a person; languages are tags such as ar."""

    skills: schemas.Ids = Field([], examples=[["process gap"]])
    languages: schemas.Ids = Field([], examples=[["ar", "en"]])
    places: schemas.Ids = Field([], examples=[["Upper Nile"]])
    answers_to: schemas.Ids = Field([], description="ids of the people and organisations this person answers to")
    away: list[DaysAway] = Field([], max_length=MOST_OF_ANYTHING)
    most_cases: int = Field(3, ge=0, le=MOST_OF_ANYTHING)


class Neutral(Serving):
    """A person of the roster; `load` counts the open cases they mediate now."""

    person: str
    name: str
    organisation: str
    load: int


class Neutrals(schemas.Page):
    """A page of the roster."""

    neutrals: list[Neutral]


class Ranked(schemas.Model):
    """A person who could mediate the case, and what their place is made of."""

    person: str
    name: str
    score: int
    parts: dict[str, int] = Field(examples=[{"language": 6, "skill": 2, "place": 0, "load": -1}])
    because: list[str] = Field(examples=[["speaks Arabic and English", "1 of 4 cases"]])


class Barred(schemas.Model):
    """A person who cannot mediate the case, and why."""

    person: str
    name: str
    because: list[str] = Field(examples=[["works for the organisation of a party"]])


class Shortlist(schemas.Model):
    """Who could mediate a case on the planned days, best first, and who could not."""

    since: date
    until: date
    ranked: list[Ranked]
    barred: list[Barred]


@router.get("/neutrals")
def list_neutrals(visit: ReadsPeople, page: Paging) -> Neutrals:
    """List the roster, for the registry, administrators and conveners."""
    _refuse_strangers(visit)
    cut = paging.cut(page, Roster(visit.desk.record.engine).everyone(), key=lambda one: one.person)
    return Neutrals(neutrals=[_neutral(one) for one in cut.rows], next=cut.next)


@router.get("/neutrals/{person}")
def show_neutral(person: PersonId, visit: ReadsPeople) -> Neutral:
    """Show one person of the roster."""
    _refuse_strangers(visit)
    return _find(visit, person)


@router.put("/neutrals/{person}")
def put_neutral(person: PersonId, visit: WritesPeople, serving: Serving) -> Neutral:
    """Put a person on the roster, or replace what it holds about them, for the registry and administrators."""
    _refuse_all_but_offices(visit)
    away = tuple(Away(one.since, one.until) for one in serving.away)
    lists = {name: tuple(getattr(serving, name)) for name in ("skills", "languages", "places", "answers_to")}
    Roster(visit.desk.record.engine).put(Entry(person=person, away=away, most_cases=serving.most_cases, **lists))
    return _find(visit, person)


@router.delete("/neutrals/{person}", status_code=204)
def remove_neutral(person: PersonId, visit: WritesPeople) -> Response:
    """Take a person off the roster, for the registry and administrators."""
    _refuse_all_but_offices(visit)
    Roster(visit.desk.record.engine).remove(person)
    return Response(status_code=204)


@router.get("/cases/{case_ref}/shortlist")
def list_shortlist(case_ref: CaseRef, visit: ReadsCases, *, skill: Words = [], place: Words = []) -> Shortlist:  # noqa: B006 - FastAPI copies it
    """Rank the roster for a case, for its convener, its committee and the registry."""
    asked = Asked(skills=tuple(skill), places=tuple(place))
    found = shortlists.shortlist_for(visit.desk.record, visit.viewer, case_ref, now=visit.words.now, asked=asked)
    return Shortlist(
        since=found.since,
        until=found.until,
        ranked=[
            Ranked(
                person=one.candidate.person,
                name=one.candidate.name,
                score=one.score,
                parts={part.part.value: part.points for part in one.components},
                because=list(shortlist_words.because(one, visit.words, parties=found.parties)),
            )
            for one in found.ranking.ranked
        ],
        barred=[
            Barred(person=one.candidate.person, name=one.candidate.name, because=[bar.value for bar in one.bars])
            for one in found.ranking.barred
        ],
    )


def _refuse_strangers(visit: Visit) -> None:
    if not roster.may_read(visit.desk.record.engine, visit.actor):
        raise errors.NotYours(say("the roster of neutrals is for the registry, administrators and conveners"))


def _refuse_all_but_offices(visit: Visit) -> None:
    if not visit.actor.offices & roster.READERS:
        raise errors.NotYours(say("the roster of neutrals is kept by the registry and the administrators"))


def _find(visit: Visit, person: str) -> Neutral:
    engine = visit.desk.record.engine
    found = next((one for one in Roster(engine).everyone() if one.person == person), None)
    if found is None:
        raise errors.NotFound(say("there is nobody of this id on the roster of neutrals"))
    return _neutral(found)


def _neutral(one: Candidate) -> Neutral:
    return Neutral(
        person=one.person,
        name=one.name,
        organisation=one.organisation,
        skills=list(one.skills),
        languages=list(one.languages),
        places=list(one.places),
        answers_to=list(one.answers_to),
        away=[DaysAway(since=days.since, until=days.until) for days in one.away],
        most_cases=one.most_cases,
        load=one.load,
    )
