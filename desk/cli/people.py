"""`parley person` and `parley signin-link`: who is on file, and how they get in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any
from uuid import uuid4

import typer

from desk.cli import front, organisations, output
from desk.cli.output import AsJson

Who = Annotated[str, typer.Argument(metavar="PERSON", help="An e-mail address or id on file.")]

MOST_NAMED = 50

persons = typer.Typer(no_args_is_help=True, help="The people on file.")


@persons.command("add")
def add_person(  # noqa: PLR0913 - each is an option of the command
    name: Annotated[str, typer.Argument(help="The person's name, as others know it.")],
    email: Annotated[str, typer.Argument(help="One bare e-mail address.")],
    *,
    organisation: Annotated[str, typer.Option(help="The organisation's name or id.")] = "",
    office: Annotated[
        list[str] | None, typer.Option(help="A role outside every case: registry, administrator; may be repeated.")
    ] = None,
    language: Annotated[str, typer.Option(help="The language of mails and pages.")] = "en",
    timezone: Annotated[str, typer.Option(help="Where the person is; without it, the office's own.")] = "",
    telephone: Annotated[str, typer.Option(help="A way without the internet.")] = "",
    manager: Annotated[str, typer.Option(help="Whom the person answers to: an address or id on file.")] = "",
    leaves_on: Annotated[str, typer.Option(help="The last day of the tour, as 2026-12-31.")] = "",
    portal: Annotated[bool, typer.Option("--portal", help="Comes in at the portal, by a personal code.")] = False,
    id_: front.NewId = "",
    as_json: AsJson = False,
) -> None:
    """Put a person on file."""
    from cases.people import Audience, Person

    at = front.office()
    body = organisations.find(at.directory.organisations(), organisation).id if organisation else None
    kept = at.directory.add(
        Person(
            id=id_ or uuid4().hex[:12],
            name=name,
            email=email,
            language=language,
            timezone=timezone or at.settings.timezone,
            organisation_id=body,
            offices=tuple(office or ()),
            telephone=telephone,
            manager_id=front.person(at, manager).id if manager else None,
            leaves_on=front.day(leaves_on) if leaves_on else None,
            audience=Audience.PORTAL if portal else Audience.DESK,
        )
    )
    if as_json:
        output.emit(kept)
        return
    way_in = "parley person code" if portal else "parley signin-link"
    output.say(f"{kept.name} is on file with the id {kept.id}; {way_in} {kept.email} lets them in")


@persons.command("change")
def change_person(  # noqa: PLR0913 - each is an option of the command
    who: Who,
    *,
    name: Annotated[str | None, typer.Option(help="The name, as others know it.")] = None,
    email: Annotated[str | None, typer.Option(help="One bare e-mail address; mails not yet sent go there too.")] = None,
    organisation: Annotated[
        str | None, typer.Option(help="The organisation's name or id; an empty text for none.")
    ] = None,
    office: Annotated[list[str] | None, typer.Option(help="The offices held; an empty text for none.")] = None,
    language: Annotated[str | None, typer.Option(help="The language of mails and pages.")] = None,
    timezone: Annotated[str | None, typer.Option(help="Where the person is.")] = None,
    telephone: Annotated[str | None, typer.Option(help="A way without the internet.")] = None,
    manager: Annotated[str | None, typer.Option(help="Whom the person answers to; an empty text for nobody.")] = None,
    leaves_on: Annotated[str | None, typer.Option(help="The last day of the tour; an empty text for none.")] = None,
    portal: Annotated[bool | None, typer.Option("--portal/--desk", help="Which door the person comes in by.")] = None,
    as_json: AsJson = False,
) -> None:
    """Change what is on file about a person; what is not given stays."""
    from cases.people import Audience

    at = front.office()
    found = front.person(at, who)
    given: dict[str, Any] = {
        "name": name,
        "email": email,
        "organisation_id": organisations.find(at.directory.organisations(), organisation).id if organisation else None,
        "offices": tuple(one for one in office if one) if office is not None else None,
        "language": language,
        "timezone": timezone,
        "telephone": telephone,
        "audience": None if portal is None else Audience.PORTAL if portal else Audience.DESK,
    }
    changed = replace(found, **{word: value for word, value in given.items() if value is not None})
    if organisation == "":
        changed = replace(changed, organisation_id=None)
    if manager is not None:
        changed = replace(changed, manager_id=front.person(at, manager).id if manager else None)
    if leaves_on is not None:
        changed = replace(changed, leaves_on=front.day(leaves_on) if leaves_on else None)
    kept = at.directory.change(changed)
    if as_json:
        output.emit(kept)
        return
    output.say(f"what is on file about {kept.name} is changed")


@persons.command("leave")
def leave(who: Who, *, as_json: AsJson = False) -> None:
    """Record that a person left: no more mails, no way in, and their notebook is deleted."""
    from cases import queries

    at = front.office()
    found = front.person(at, who)
    theirs = queries.list_cases(
        at.record, front.viewer(at, found.id), wanted=queries.CaseFilter(open_only=True), limit=MOST_NAMED
    )
    at.directory.leave(found.id, now=at.clock.now())
    named = [row.number for row in theirs.rows]
    if as_json:
        output.emit({"person": found.id, "still_named_in": named, "more": theirs.next is not None})
        return
    output.say(f"{found.name} left: no mail goes there and nobody signs in as them")
    if named:
        more = " and more" if theirs.next else ""
        output.say(f"somebody else must take their part in {', '.join(named)}{more}")


@persons.command("code")
def personal_code(who: Who, *, as_json: AsJson = False) -> None:
    """Print a new personal code, which proves who opens a link in a mail; an older one is worth nothing from now on."""
    from cases import personal_codes

    at = front.office()
    found = front.person(at, who)
    code = personal_codes.make(at.record.engine, found.id, now=at.clock.now())
    reference = personal_codes.reference(at.record.engine, found.id)
    if as_json:
        output.emit({"person": found.id, "name": found.name, "code": code, "reference": reference})
        return
    output.say(f"the code of {found.name}; hand it over by voice or on paper, never by mail. It is shown this once:")
    typer.echo(code)
    output.say(f"the reference {reference} names {found.name} at {at.settings.portal_base}/ in the place of an address")


@persons.command("list")
def list_persons(*, as_json: AsJson = False) -> None:
    """List everybody on file."""
    at = front.office()
    everyone = at.directory.everyone()
    if as_json:
        output.emit(everyone)
        return
    bodies = {body.id: body.name for body in at.directory.organisations()}
    rows = [
        (
            one.name if one.active else f"{one.name} (left)",
            one.email,
            bodies.get(one.organisation_id or "", ""),
            ", ".join(one.offices),
            one.language,
            one.timezone,
            one.id,
        )
        for one in everyone
    ]
    columns = ("Name", "E-mail", "Organisation", "Offices", "Language", "Time zone", "Id")
    output.table(columns, rows, empty="nobody is on file yet: parley person add NAME E-MAIL")


def signin_link(
    who: Who,
    *,
    minutes: Annotated[int, typer.Option(min=1, max=1440, help="How long the link is good.")] = 30,
    as_json: AsJson = False,
) -> None:
    """Print a link that signs a person in, once."""
    from cases import sign_in

    at = front.office()
    found, now, lifetime = front.person(at, who), at.clock.now(), timedelta(minutes=minutes)
    token = sign_in.make_link(at.record.engine, found.id, now=now, lifetime=lifetime)
    link = f"{at.settings.base_url}/sign-in/{token}"
    if as_json:
        output.emit({"person": found.id, "name": found.name, "link": link, "expires_at": now + lifetime})
        return
    output.say(f"{found.name} may sign in once within {minutes} minutes at:")
    typer.echo(link)
