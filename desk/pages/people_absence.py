"""When somebody else is away, and who stands in for them, said by an administrator who was asked to."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from cases.deputies import Deputies
from desk import office_forms
from desk.access import DeclaredRoute, Form
from desk.administration import Administering
from desk.office_forms import OfficeForm, Wrong, words_of
from desk.pages import absence
from desk.pages.answers import page
from states import errors, fields, wall_time
from states.directory import Away, Delegation
from states.fields import Field, FieldType
from states.said import say

if TYPE_CHECKING:
    from cases.people import Person
    from desk.office_forms import Values
    from desk.visits import Visit

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)


@router.get("/people/{person_id}/absence")
def read(person_id: str, visit: Administering, recorded: str = "") -> HTMLResponse:
    """Show when somebody is away and who stands in for them."""
    person, kept = visit.desk.directory.person(person_id), Deputies(visit.desk.record.engine)
    today = _today(visit, person)
    labels = absence.scopes(visit)
    deputies = [one for one in kept.all(person_id) if one.delegation.until is None or one.delegation.until >= today]
    names = visit.desk.directory.people([one.delegation.deputy for one in deputies])
    return page(
        visit,
        "people_absence.html",
        zone=person.timezone,
        person=person,
        days=[one for one in kept.absences(person_id) if one.until >= today],
        deputies=[
            (one, names[one.delegation.deputy].name, [labels.get(tier, tier) for tier in sorted(one.delegation.scope)])
            for one in deputies
        ],
        recorded=bool(recorded),
    )


@router.get("/people/{person_id}/absence/new")
def ask(person_id: str, visit: Administering) -> HTMLResponse:
    """Show the form that says when somebody is away."""
    return _form(visit, visit.desk.directory.person(person_id)).answer()


@router.post("/people/{person_id}/absence/new")
def go_away(person_id: str, visit: Administering, form: Form) -> Response:
    """Record when somebody is away, and who stands in for them if anybody is named: both or neither."""
    person = visit.desk.directory.person(person_id)

    def kept(values: Values) -> Response:
        days = Away(_day(values, "since"), _day(values, "until"))
        deputy = words_of(values["deputy"])
        named = Delegation(
            person=person.id,
            deputy=deputy,
            scope=frozenset(fields.each(values["scope"])),
            since=days.since,
            until=days.until,
        )
        try:
            Deputies(visit.desk.record.engine).go_away(person.id, days, deputy=named if deputy else None)
        except (errors.Refused, errors.NotFound) as refusal:
            raise Wrong(refusal.sentence, at="until" if days.until < days.since else "deputy") from None
        return _back(person.id)

    return _form(visit, person).keep(form, by=kept)


@router.post("/people/{person_id}/absence/{since}/back")
def come_back(person_id: str, since: date, visit: Administering, _form: Form) -> RedirectResponse:
    """Take days back that have not begun; end those that have, from today on."""
    person = visit.desk.directory.person(person_id)
    Deputies(visit.desk.record.engine).come_back(person.id, max(since, _today(visit, person)))
    return _back(person.id)


@router.post("/people/{person_id}/deputies/{deputy_id}/end")
def end_deputy(person_id: str, deputy_id: str, visit: Administering, _form: Form) -> RedirectResponse:
    """Let somebody no longer stand in."""
    Deputies(visit.desk.record.engine).end(deputy_id)
    return _back(person_id)


def _form(visit: Visit, person: Person) -> OfficeForm:
    labels = absence.scopes(visit)
    colleagues = [one for one in visit.desk.directory.everyone() if one.organisation_id == person.organisation_id]
    who = say("Of the same organisation. With nobody named, the next of the post is asked, then the manager.")
    return OfficeForm(
        visit=visit,
        title=say("Say when %(name)s is away", name=person.name),
        button=say("Put it on file"),
        address=f"/people/{person.id}/absence/new",
        back=(f"/people/{person.id}/absence", person.name),
        asked=(
            Field(name="since", type=FieldType.DATE, label=say("First day away")),
            Field(name="until", type=FieldType.DATE, label=say("Last day away")),
            Field(name="deputy", type=FieldType.PERSON, label=say("Who stands in"), required=False, help=who),
            office_forms.choices(
                "scope", say("What they stand in for"), labels, hint=say("Nothing ticked means for everything.")
            ),
        ),
        labels={"scope": labels},
        people=tuple(one for one in colleagues if one.id != person.id),
    )


def _day(values: Values, name: str) -> date:
    return date.fromisoformat(str(values[name]))


def _today(visit: Visit, person: Person) -> date:
    return visit.words.now.astimezone(wall_time.find_zone(person.timezone)).date()


def _back(person_id: str) -> RedirectResponse:
    return RedirectResponse(f"/people/{person_id}/absence?recorded=yes", HTTPStatus.SEE_OTHER)
