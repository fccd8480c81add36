"""Putting somebody on file, and changing what is on file about them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import uuid4

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from cases.addresses import BadAddress
from cases.people import Audience, Person
from config.settings import Proof
from desk import administration, fresh_proof, office_forms
from desk.access import DeclaredRoute, Form
from desk.administration import OFFICES, Administering
from desk.office_forms import OfficeForm, Wrong, words_of
from notifications import account_notices, mailroom, tongues
from states import errors, fields
from states.fields import Field, FieldType
from states.process import RoleScope
from states.roles import ADMINISTRATOR
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk.office_forms import Values
    from desk.visits import Visit

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)

LIST = ("/people", say("People"))
DOORS = {Audience.DESK.value: say("The desk"), Audience.PORTAL.value: say("The portal")}
LANGUAGES = ("en", *(one for one in tongues.LANGUAGES if one != "en"))


@router.get("/people/new")
def ask(visit: Administering) -> HTMLResponse:
    """Show the form for somebody new."""
    return _new(visit).answer()


@router.post("/people/new")
def add(visit: Administering, form: Form) -> Response:
    """Put somebody on file."""

    def kept(values: Values) -> Response:
        new = _person(values, Person(id=uuid4().hex[:12], name="", email=""))
        person = _refusing(lambda: visit.desk.directory.add(new))
        return RedirectResponse(f"/people/{person.id}?recorded=yes", HTTPStatus.SEE_OTHER)

    return _new(visit).keep(form, by=kept)


@router.get("/people/{person_id}/change")
def show(person_id: str, visit: Administering) -> HTMLResponse:
    """Show what is on file about somebody, to be changed."""
    return _changing(visit, visit.desk.directory.person(person_id)).answer()


@router.post("/people/{person_id}/change")
def change(person_id: str, visit: Administering, form: Form) -> Response:
    """Change what is on file about somebody; a changed address is told to the old one too."""
    fresh_proof.ask(visit, Proof.ACCESS)
    before = visit.desk.directory.person(person_id)

    def kept(values: Values) -> Response:
        if ADMINISTRATOR not in fields.each(values["offices"]) or values["audience"] != Audience.DESK:
            _refuse_last(visit, before)
        after = _refusing(lambda: visit.desk.directory.change(_person(values, before)))
        if after.email != before.email and after.active:
            room = mailroom.open_mailroom(visit.desk.record, visit.desk.settings, clock=visit.desk.clock)
            account_notices.tell_of_new_address(room, before, after)
        return RedirectResponse(f"/people/{after.id}?recorded=yes", HTTPStatus.SEE_OTHER)

    return _changing(visit, before).keep(form, by=kept)


def offices(visit: Visit) -> dict[str, str]:
    """Name the offices somebody may hold outside every case."""
    registry = visit.desk.record.registry
    processes = (registry.current(name) for name in registry.names())
    roles = (role for process in processes for role in process.roles.values())
    return {**{one.name: one.label for one in roles if one.scope is RoleScope.OFFICE}, **OFFICES}


def _new(visit: Visit) -> OfficeForm:
    initial = {"audience": Audience.DESK, "language": "en", "timezone": visit.desk.settings.timezone}
    return _form(visit, title=say("Put somebody on file"), address="/people/new", back=LIST, initial=initial)


def _changing(visit: Visit, person: Person) -> OfficeForm:
    initial = {
        "name": person.name,
        "email": person.email,
        "organisation": person.organisation_id or "",
        "offices": "\n".join(person.offices),
        "language": person.language,
        "timezone": person.timezone,
        "telephone": person.telephone,
        "manager": person.manager_id or "",
        "audience": person.audience,
        "leaves_on": person.leaves_on.isoformat() if person.leaves_on else "",
    }
    address, back = f"/people/{person.id}/change", (f"/people/{person.id}", person.name)
    return _form(visit, title=say("Change what is on file"), address=address, back=back, initial=initial, who=person)


def _form(  # noqa: PLR0913 - what differs between the two forms, each by its name
    visit: Visit, *, title: str, address: str, back: tuple[str, str], initial: dict[str, str], who: Person | None = None
) -> OfficeForm:
    bodies = {body.id: body.name for body in visit.desk.directory.organisations()}
    held = offices(visit) | {one: one for one in (who.offices if who else ())}
    held = {name: OFFICES.get(name, label) for name, label in held.items()}
    everyone = tuple(one for one in visit.desk.directory.everyone() if who is None or one.id != who.id)
    return OfficeForm(
        visit=visit,
        title=title,
        button=say("Put it on file"),
        address=address,
        back=back,
        asked=(*_about_them(bodies), *_about_their_work(held)),
        labels={
            "organisation": bodies,
            "offices": held,
            "audience": DOORS,
            "language": {one: visit.words.language_name(one) for one in LANGUAGES},
        },
        people=everyone,
        initial=initial,
    )


def _about_them(bodies: dict[str, str]) -> tuple[Field, ...]:
    zone = say("Where the person is, such as Africa/Juba; their mails and pages tell times there.")
    return (
        office_forms.text("name", say("Name"), hint=say("As others know the person.")),
        office_forms.text("email", say("E-mail address"), hint=say("One bare address; nobody else has it.")),
        office_forms.choice("organisation", say("Organisation"), bodies),
        office_forms.choice("language", say("Language of mails and pages"), LANGUAGES, required=True),
        office_forms.text("timezone", say("Time zone"), hint=zone),
    )


def _about_their_work(held: dict[str, str]) -> tuple[Field, ...]:
    office = say("Roles outside every case. Administrators read no case.")
    door = say("The portal is for people of parties who have no account; they come in with a personal code.")
    manager = say("Whom the person answers to, of the same organisation.")
    return (
        office_forms.text("telephone", say("Telephone"), required=False, hint=say("A way without the internet.")),
        office_forms.choice("audience", say("Where they come in"), DOORS, required=True, hint=door),
        office_forms.choices("offices", say("Offices"), held, hint=office),
        Field(name="manager", type=FieldType.PERSON, label=say("Manager"), required=False, help=manager),
        Field(name="leaves_on", type=FieldType.DATE, label=say("Last day of the tour"), required=False),
    )


def _person(values: Values, before: Person) -> Person:
    leaves_on = values["leaves_on"]
    return replace(
        before,
        name=words_of(values["name"]),
        email=words_of(values["email"]),
        organisation_id=words_of(values["organisation"]) or None,
        offices=fields.each(values["offices"]),
        language=words_of(values["language"]),
        timezone=words_of(values["timezone"]),
        telephone=words_of(values["telephone"]),
        audience=Audience(words_of(values["audience"])),
        manager_id=words_of(values["manager"]) or None,
        leaves_on=leaves_on if isinstance(leaves_on, date) else None,
    )


def _refuse_last(visit: Visit, person: Person) -> None:
    try:
        administration.refuse_last(visit, person.id)
    except errors.Conflict as refusal:
        raise Wrong(refusal.sentence, at="offices") from None


def _refusing(write: Callable[[], Person]) -> Person:
    """Write an entry; what the record refuses is told at the field where it can be mended."""
    try:
        return write()
    except (BadAddress, errors.Conflict) as refusal:
        raise Wrong(refusal.sentence, at="email") from None
    except errors.NotFound as refusal:
        raise Wrong(refusal.sentence, at="manager") from None
    except errors.Refused as refusal:
        place = "timezone" if "zone" in str(refusal) else "manager" if "manager" in str(refusal) else ""
        raise Wrong(refusal.sentence, at=place) from None
