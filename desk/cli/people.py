"""`parley person`, `parley organisation` and `parley signin-link`: who is on file, and how they get in."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from desk.cli import front, output
from desk.cli.output import AsJson
from states import errors

if TYPE_CHECKING:
    from cases.people import Organisation

persons = typer.Typer(no_args_is_help=True, help="The people on file.")
organisations = typer.Typer(no_args_is_help=True, help="The organisations on file.")


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
    id_: Annotated[str, typer.Option("--id", help="An id of your own; without it, one is made.")] = "",
    as_json: AsJson = False,
) -> None:
    """Put a person on file."""
    from cases.people import Person

    at = front.office()
    body = _organisation_id(at.directory.organisations(), organisation) if organisation else None
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
        )
    )
    if as_json:
        output.emit(kept)
        return
    output.say(f"{kept.name} is on file with the id {kept.id}; parley signin-link {kept.email} lets them in")


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


@organisations.command("add")
def add_organisation(
    name: Annotated[str, typer.Argument(help="The organisation's name.")],
    *,
    timezone: Annotated[str, typer.Option(help="Where it works; without it, the office's own zone.")] = "",
    calendar: Annotated[str, typer.Option(help="Its working calendar; without it, that of the process.")] = "",
    id_: Annotated[str, typer.Option("--id", help="An id of your own; without it, one is made.")] = "",
    as_json: AsJson = False,
) -> None:
    """Put an organisation on file."""
    from cases.people import Organisation
    from states import findings

    at = front.office()
    if calendar and calendar not in at.record.calendars:
        near = findings.nearest(calendar, at.record.calendars)
        raise errors.NotFound(f"there is no working calendar “{calendar}”; {near}")
    body = Organisation(
        id=id_ or uuid4().hex[:12],
        name=name,
        timezone=timezone or at.settings.timezone,
        calendar=calendar or None,
    )
    at.directory.add_organisation(body)
    if as_json:
        output.emit(body)
        return
    output.say(f"{body.name} is on file with the id {body.id}")


@organisations.command("list")
def list_organisations(*, as_json: AsJson = False) -> None:
    """List the organisations on file."""
    bodies = front.office().directory.organisations()
    if as_json:
        output.emit(bodies)
        return
    rows = [(body.name, body.calendar or "the process's own", body.timezone, body.id) for body in bodies]
    empty = "none is on file yet: parley organisation add NAME"
    output.table(("Name", "Working calendar", "Time zone", "Id"), rows, empty=empty)


def signin_link(
    who: Annotated[str, typer.Argument(metavar="PERSON", help="An e-mail address or id on file.")],
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


def _organisation_id(bodies: tuple[Organisation, ...], wanted: str) -> str:
    for body in bodies:
        if wanted in {body.id, body.name}:
            return body.id
    raise errors.NotFound(f"there is no organisation “{wanted}” on file; add it first: parley organisation add")
