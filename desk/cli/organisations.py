"""`parley organisation`: the organisations on file, their kind, zone and working calendar."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from desk.cli import front, output
from desk.cli.output import AsJson
from states import errors

if TYPE_CHECKING:
    from cases.people import Organisation
    from notifications.office import Office

app = typer.Typer(no_args_is_help=True, help="The organisations on file.")


@app.command("add")
def add_organisation(  # noqa: PLR0913 - each is an option of the command
    name: Annotated[str, typer.Argument(help="The organisation's name.")],
    *,
    timezone: Annotated[str, typer.Option(help="Where it works; without it, the office's own zone.")] = "",
    calendar: Annotated[str, typer.Option(help="Its working calendar; without it, that of the process.")] = "",
    kind: Annotated[str, typer.Option(help="A word such as mission or ngo, by which tiers find their posts.")] = "",
    id_: front.NewId = "",
    as_json: AsJson = False,
) -> None:
    """Put an organisation on file."""
    from cases.people import Organisation

    at = front.office()
    body = Organisation(
        id=id_ or uuid4().hex[:12],
        name=name,
        timezone=timezone or at.settings.timezone,
        calendar=_known_calendar(at, calendar),
        kind=kind,
    )
    at.directory.add_organisation(body)
    if as_json:
        output.emit(body)
        return
    output.say(f"{body.name} is on file with the id {body.id}")


@app.command("change")
def change_organisation(  # noqa: PLR0913 - each is an option of the command
    which: Annotated[str, typer.Argument(metavar="ORGANISATION", help="The organisation's name or id.")],
    *,
    name: Annotated[str | None, typer.Option(help="Another name.")] = None,
    timezone: Annotated[str | None, typer.Option(help="Where it works.")] = None,
    calendar: Annotated[
        str | None, typer.Option(help="Its working calendar for cases opened from now on; an empty text for none.")
    ] = None,
    kind: Annotated[str | None, typer.Option(help="A word such as mission or ngo.")] = None,
    as_json: AsJson = False,
) -> None:
    """Change what is on file about an organisation; what is not given stays."""
    at = front.office()
    body = find(at.directory.organisations(), which)
    given = {"name": name, "timezone": timezone, "kind": kind}
    changed = replace(body, **{word: value for word, value in given.items() if value is not None})
    if calendar is not None:
        changed = replace(changed, calendar=_known_calendar(at, calendar))
    at.directory.change_organisation(changed)
    if as_json:
        output.emit(changed)
        return
    output.say(f"what is on file about {changed.name} is changed")


@app.command("list")
def list_organisations(*, as_json: AsJson = False) -> None:
    """List the organisations on file."""
    bodies = front.office().directory.organisations()
    if as_json:
        output.emit(bodies)
        return
    rows = [(body.name, body.kind, body.calendar or "the process's own", body.timezone, body.id) for body in bodies]
    empty = "none is on file yet: parley organisation add NAME"
    output.table(("Name", "Kind", "Working calendar", "Time zone", "Id"), rows, empty=empty)


def find(bodies: tuple[Organisation, ...], wanted: str) -> Organisation:
    """Find an organisation by name or id. Raises `NotFound`."""
    for body in bodies:
        if wanted in {body.id, body.name}:
            return body
    raise errors.NotFound(f"there is no organisation “{wanted}” on file; add it first: parley organisation add")


def _known_calendar(at: Office, name: str) -> str | None:
    from states import findings

    if name and name not in at.record.calendars:
        near = findings.nearest(name, at.record.calendars)
        raise errors.NotFound(f"there is no working calendar “{name}”; {near}")
    return name or None
