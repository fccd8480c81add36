"""People and organisations on file as JSON, for administrators: the same rules as their pages, and no case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Query, Response
from pydantic import Field

from cases import roll, sessions
from cases.people import Audience, Organisation, Person
from cases.roll import RollFilter
from config.settings import Proof
from desk import administration, fresh_proof
from desk.api import paging, schemas
from desk.api.bounds import LONGEST_NAME, MOST_OF_ANYTHING, ItemId, Line, Name, PersonId
from desk.api.paging import Paging
from desk.api.route import ONCE, ApiRoute
from desk.api.scopes import ReadsPeople, WritesPeople
from desk.pages.people_forms import offices
from desk.visits import Visit
from notifications import account_notices, mailroom
from states import errors
from states.roles import ADMINISTRATOR
from states.said import say

router = APIRouter(prefix="/api", route_class=ApiRoute, tags=["directory"], responses=schemas.PROBLEMS)

_Word = Annotated[str, Query(max_length=LONGEST_NAME)]


class Entry(schemas.Model):
    """What is on file about a person; `leaves_on` is the last day of their tour, in their own zone."""

    name: Name = Field(examples=["Ana Office"])
    email: Name = Field(examples=["ana@example.org"])
    language: Line = Field("en", examples=["fr"])
    timezone: Line = Field("UTC", examples=["Africa/Juba"])
    organisation: Name | None = None
    offices: list[Name] = Field([], max_length=MOST_OF_ANYTHING, examples=[["registry"]])
    telephone: Line = ""
    manager: Name | None = Field(None, description="the id of whom they answer to")
    leaves_on: date | None = None
    audience: Audience = Audience.DESK


class OnFile(Entry):
    """A person on file; `active` is false for who has left."""

    id: str
    active: bool


class Roll(schemas.Page):
    """A page of the people on file, by name."""

    people: list[OnFile]


class Body(schemas.Model):
    """What is on file about an organisation."""

    name: Name = Field(examples=["Herders association"])
    timezone: Line = Field("UTC", examples=["Africa/Juba"])
    calendar: Name | None = Field(None, description="the working calendar that its people keep")
    kind: Line = ""


class KeptBody(Body):
    """An organisation on file."""

    id: str


class Bodies(schemas.Page):
    """A page of the organisations on file."""

    organisations: list[KeptBody]


@router.get("/people")
def list_people(  # noqa: PLR0913 - the filters of the list
    visit: ReadsPeople,
    page: Paging,
    *,
    words: _Word = "",
    organisation: _Word = "",
    office: _Word = "",
    left: bool = False,
) -> Roll:
    """List the people on file that fit, by name; for administrators."""
    administration.administering(visit)
    wanted = RollFilter(words=words, organisation=organisation, office=office, left=left)
    found = roll.roll(visit.desk.directory, wanted, after=page.after or "", limit=page.limit)
    return Roll(people=[_said(one) for one in found.rows], next=page.link(found.next))


@router.post("/people", status_code=201, dependencies=ONCE)
def add_person(visit: WritesPeople, entry: Entry) -> OnFile:
    """Put a person on file."""
    administration.administering(visit)
    _refuse_unknown(visit, entry)
    return _said(visit.desk.directory.add(_person(entry, Person(id=uuid4().hex[:12], name="", email=""))))


@router.get("/people/{person}")
def show_person(person: PersonId, visit: ReadsPeople) -> OnFile:
    """Show what is on file about a person: everybody their own entry as `me`, administrators anybody's."""
    return _said(_found(visit, person))


@router.put("/people/{person}")
def change_person(person: PersonId, visit: WritesPeople, entry: Entry) -> OnFile:
    """Change what is on file about a person; a changed address is told to the old one too."""
    administration.administering(visit)
    fresh_proof.ask(visit, Proof.ACCESS)
    _refuse_unknown(visit, entry)
    before = visit.desk.directory.person(person)
    if ADMINISTRATOR not in entry.offices or entry.audience is not Audience.DESK:
        administration.refuse_last(visit, before.id)
    after = visit.desk.directory.change(_person(entry, before))
    if after.email != before.email and after.active:
        room = mailroom.open_mailroom(visit.desk.record, visit.desk.settings, clock=visit.desk.clock)
        account_notices.tell_of_new_address(room, before, after)
    return _said(after)


@router.post("/people/{person}/leave", dependencies=ONCE)
def record_leaving(person: PersonId, visit: WritesPeople) -> OnFile:
    """Record that a person left: no mails, no way in, and their notebook is deleted; the last administrator stays."""
    administration.administering(visit)
    found = visit.desk.directory.person(person)
    administration.refuse_last(visit, found.id)
    visit.desk.directory.leave(found.id, now=visit.words.now)
    return _said(visit.desk.directory.person(found.id))


@router.post("/people/{person}/reinstate", dependencies=ONCE)
def reinstate_person(person: PersonId, visit: WritesPeople) -> OnFile:
    """Put a person who left on file again, as they were; the ways in are made anew."""
    administration.administering(visit)
    return _said(visit.desk.directory.change(replace(visit.desk.directory.person(person), active=True)))


@router.post("/people/{person}/end-sessions", status_code=204, dependencies=ONCE)
def end_sessions(person: PersonId, visit: WritesPeople) -> Response:
    """Sign a person out everywhere; their tokens stay good until they are ended."""
    administration.administering(visit)
    sessions.end_all(visit.desk.record.engine, visit.desk.directory.person(person).id, now=visit.words.now)
    return Response(status_code=204)


@router.get("/organisations")
def list_organisations(visit: ReadsPeople, page: Paging) -> Bodies:
    """List the organisations on file; for administrators."""
    administration.administering(visit)
    cut = paging.cut(page, visit.desk.directory.organisations(), key=lambda one: (one.name, one.id))
    return Bodies(organisations=[_body(one) for one in cut.rows], next=cut.next)


@router.post("/organisations", status_code=201, dependencies=ONCE)
def add_organisation(visit: WritesPeople, body: Body) -> KeptBody:
    """Put an organisation on file."""
    administration.administering(visit)
    _refuse_unknown_calendar(visit, body)
    new = Organisation(id=uuid4().hex[:12], **body.model_dump())
    visit.desk.directory.add_organisation(new)
    return _body(new)


@router.put("/organisations/{organisation_id}")
def change_organisation(organisation_id: ItemId, visit: WritesPeople, body: Body) -> KeptBody:
    """Change what is on file about an organisation."""
    administration.administering(visit)
    _refuse_unknown_calendar(visit, body)
    changed = Organisation(id=organisation_id, **body.model_dump())
    visit.desk.directory.change_organisation(changed)
    return _body(changed)


def _found(visit: Visit, person: str) -> Person:
    if person in {"me", visit.person.id}:
        return visit.person
    administration.administering(visit)
    return visit.desk.directory.person(person)


def _refuse_unknown(visit: Visit, entry: Entry) -> None:
    """Raise `NeedsMissing` for an organisation, a calendar or an office that there is not."""
    bodies = {one.id for one in visit.desk.directory.organisations()}
    wrong = [say("there is no office “%(office)s”", office=one) for one in entry.offices if one not in offices(visit)]
    if entry.organisation is not None and entry.organisation not in bodies:
        wrong.append(say("there is no organisation of the id “%(id)s”", id=entry.organisation))
    if wrong:
        raise errors.NeedsMissing(say("this cannot be put on file"), missing=tuple(wrong))


def _refuse_unknown_calendar(visit: Visit, body: Body) -> None:
    if body.calendar is not None and body.calendar not in visit.desk.record.calendars:
        raise errors.NeedsMissing(say("there is no calendar “%(name)s”", name=body.calendar))


def _person(entry: Entry, before: Person) -> Person:
    own = entry.model_dump(exclude={"organisation", "manager", "offices"})
    held = tuple(entry.offices)
    return replace(before, organisation_id=entry.organisation, manager_id=entry.manager, offices=held, **own)


def _said(one: Person) -> OnFile:
    return OnFile(
        id=one.id,
        name=one.name,
        email=one.email,
        language=one.language,
        timezone=one.timezone,
        organisation=one.organisation_id,
        offices=list(one.offices),
        telephone=one.telephone,
        manager=one.manager_id,
        leaves_on=one.leaves_on,
        audience=one.audience,
        active=one.active,
    )


def _body(one: Organisation) -> KeptBody:
    return KeptBody(id=one.id, name=one.name, timezone=one.timezone, calendar=one.calendar, kind=one.kind)
