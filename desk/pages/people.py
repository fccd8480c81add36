"""The people on file, for administrators: who they are, how they get in, and that they left; of cases nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from cases import personal_codes, roll, sessions, sign_in
from cases.people import Audience
from cases.posts import Posts
from cases.roll import RollFilter
from config.settings import Proof
from desk import fresh_proof
from desk.access import DeclaredRoute, Form
from desk.administration import Administering, refuse_last
from desk.pages import people_forms
from desk.pages.answers import page
from notifications import account_notices, links, mailroom
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cases.people import Person
    from desk.visits import Visit
    from notifications.mailroom import Mailroom
    from states.said import Said

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)

RECORDED: Mapping[str, Said] = {
    "yes": say("It is on file as you see it here."),
    "link": say("A link to sign in is on its way to the address on file; it is good once, for 30 minutes."),
    "ended": say("Every session of this person has ended; whoever uses the desk as them must sign in again."),
    "back": say("This person is on file again and gets mails; make them a new code or send a link to sign in."),
    "left": say("It is on file that this person left: no mails, no way in, and their notebook is deleted."),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """Somebody as the list shows them, with the names of their organisation and offices."""

    person: Person
    organisation: str
    offices: tuple[str, ...]


@router.get("/people")
def everybody(  # noqa: PLR0913 - each is a filter that stands in the address
    visit: Administering,
    request: Request,
    *,
    words: str = "",
    organisation: str = "",
    office: str = "",
    left: str = "",
    after: str = "",
) -> HTMLResponse:
    """List the people on file that fit, by name."""
    wanted = RollFilter(words=words, organisation=organisation, office=office, left=left == "yes")
    found = roll.roll(visit.desk.directory, wanted, after=after)
    chosen = {"words": words, "organisation": organisation, "office": office, "left": left}
    said = {name: value for name, value in chosen.items() if value}
    bodies, held = _organisations(visit), people_forms.offices(visit)
    return page(
        visit,
        "people.html",
        request=request,
        zone=visit.person.timezone,
        rows=[_shown(one, bodies, held) for one in found.rows],
        organisations=bodies,
        offices=held,
        chosen=chosen,
        next=f"/people?{urlencode(said | {'after': found.next})}" if found.next else "",
    )


@router.get("/people/{person_id}")
def one(person_id: str, visit: Administering, recorded: str = "") -> HTMLResponse:
    """Show one person: what is on file, and what may be done about it."""
    return _person_page(visit, visit.desk.directory.person(person_id), said=RECORDED.get(recorded))


@router.get("/people/{person_id}/leave")
def ask_to_leave(person_id: str, visit: Administering) -> HTMLResponse:
    """Show what follows when it is recorded that somebody left."""
    person = visit.desk.directory.person(person_id)
    return page(
        visit,
        "person_leaves.html",
        zone=visit.person.timezone,
        person=person,
        parts=roll.open_parts(visit.desk.record.engine, person.id),
        posts=[post.name for post in Posts(visit.desk.record.engine).all() if person.id in post.people],
        answers_to=[other.name for other in visit.desk.directory.everyone() if other.manager_id == person.id],
    )


@router.post("/people/{person_id}/leave")
def leave(person_id: str, visit: Administering, _form: Form) -> RedirectResponse:
    """Record that somebody left; the last administrator stays."""
    refuse_last(visit, person_id)
    visit.desk.directory.leave(person_id, now=visit.words.now)
    return _back(person_id, "left")


@router.post("/people/{person_id}/return")
def come_back(person_id: str, visit: Administering, _form: Form) -> RedirectResponse:
    """Put somebody who left on file again, as they were; the ways in are made anew."""
    visit.desk.directory.change(replace(visit.desk.directory.person(person_id), active=True))
    return _back(person_id, "back")


@router.post("/people/{person_id}/code")
def make_code(person_id: str, visit: Administering, _form: Form) -> HTMLResponse:
    """Make a new personal code and show it this once; the person is told that there is one."""
    code = new_code(visit, person_id)
    return _person_page(visit, visit.desk.directory.person(person_id), code=code)


@router.post("/people/{person_id}/link")
def send_link(person_id: str, visit: Administering, _form: Form) -> RedirectResponse:
    """Send a one-time link to sign in to the address on file; nobody but its owner is shown it."""
    mail_link(visit, person_id)
    return _back(person_id, "link")


def new_code(visit: Visit, person_id: str) -> str:
    """Make a new personal code, tell its person by mail that there is one, and return it."""
    fresh_proof.ask(visit, Proof.ACCESS)
    person = visit.desk.directory.actor(person_id)
    code = personal_codes.make(visit.desk.record.engine, person.person, now=visit.words.now)
    account_notices.tell_of_new_code(_mailroom(visit), visit.desk.directory.person(person_id))
    return code


def mail_link(visit: Visit, person_id: str) -> None:
    """Send somebody a one-time link to sign in, to the address on file."""
    desk, now = visit.desk, visit.words.now
    person = desk.directory.person(person_id)
    token = sign_in.make_link(desk.record.engine, person.id, now=now)
    address = f"{desk.settings.base_url}/sign-in/{token}"
    links.send_sign_in_link(_mailroom(visit), person, address, until=now + sign_in.LIFETIME)


@router.post("/people/{person_id}/end-sessions")
def end_sessions(person_id: str, visit: Administering, _form: Form) -> Response:
    """Sign somebody out everywhere."""
    person = visit.desk.directory.person(person_id)
    sessions.end_all(visit.desk.record.engine, person.id, now=visit.words.now)
    return (
        RedirectResponse("/sign-in", HTTPStatus.SEE_OTHER)
        if person.id == visit.person.id
        else _back(person_id, "ended")
    )


def _person_page(visit: Visit, person: Person, *, said: str | None = None, code: str = "") -> HTMLResponse:
    known = visit.desk.directory
    manager = known.person(person.manager_id).name if person.manager_id else ""
    shown = _shown(person, _organisations(visit), people_forms.offices(visit))
    return page(
        visit,
        "person.html",
        zone=visit.person.timezone,
        shown=shown,
        person=person,
        manager=manager,
        door=people_forms.DOORS[person.audience],
        said=said,
        code=code,
        reference=personal_codes.reference(visit.desk.record.engine, person.id)
        if person.audience is Audience.PORTAL
        else "",
    )


def _shown(person: Person, bodies: Mapping[str, str], held: Mapping[str, str]) -> Shown:
    return Shown(
        person, bodies.get(person.organisation_id or "", ""), tuple(held.get(one, one) for one in person.offices)
    )


def _organisations(visit: Visit) -> dict[str, str]:
    return {body.id: body.name for body in visit.desk.directory.organisations()}


def _mailroom(visit: Visit) -> Mailroom:
    return mailroom.open_mailroom(visit.desk.record, visit.desk.settings, clock=visit.desk.clock)


def _back(person_id: str, recorded: str) -> RedirectResponse:
    return RedirectResponse(f"/people/{person_id}?recorded={recorded}", HTTPStatus.SEE_OTHER)
