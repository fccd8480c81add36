"""`parley case similar`, and what `parley case open` asks before it opens what may be there already."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from desk.cli import front, imports, output
from desk.cli.front import By
from desk.cli.output import AsJson
from states import errors

if TYPE_CHECKING:
    from cases.commands import OpenCase
    from cases.queries import Comparison
    from notifications.office import Office

INCOMPLETE = "The registry checks the new case against the cases that you have no part in."


def similar(  # noqa: PLR0913 - each is an option of the command
    file: Annotated[
        Path | None, typer.Argument(help="A YAML or JSON file that tells of one case.", dir_okay=False, exists=True)
    ] = None,
    *,
    by: By,
    title: Annotated[str, typer.Option(help="What the dispute is about, in a line.")] = "",
    process: Annotated[str, typer.Option(help="The definition to follow; without it, dispute.")] = "",
    details: Annotated[
        list[str] | None, typer.Option("--set", "-i", metavar="NAME=VALUE", help="As in a file: “issue”, “place” …")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the cases that a case, told as for opening it, looks like, with the reasons; nothing is opened."""
    options = {"title": title, "process": process, **output.pairs(details or [])}
    told = imports.one_entry(file, {name: value for name, value in options.items() if value})
    at = front.office()
    actor = at.directory.actor(front.person(at, by).id)
    found = _compared(at, imports.command(at, told, known=imports.known(at), actor=actor, key=uuid4().hex))
    if as_json:
        output.emit({"cases": found.cases, "complete": found.complete})
        return
    _tell(at, found)


def ask_before(at: Office, asked: OpenCase, *, anyway: bool, quiet: bool) -> None:
    """Show what a new case looks like; raise `Refused` when it is likely to be there already and nobody insists."""
    from cases import receipts, unit_of_work

    with unit_of_work.reading(at.record.engine) as connection:
        if receipts.find(connection, asked) is not None:
            return
    found = _compared(at, asked)
    if found.cases and not quiet:
        _tell(at, found)
    if found.likely and not anyway:
        like = ", ".join(one.number for one in found.cases if one.likely)
        raise errors.Refused(f"this looks like {like}: go on there, or open it all the same with --anyway")


def _compared(at: Office, asked: OpenCase) -> Comparison:
    from cases import opening, queries

    now = at.clock.now()
    draft = opening.draft(asked, at.record.registry.current(asked.process), now=now)
    return queries.similar(at.record, queries.Viewer(asked.actor), draft, now=now)


def _tell(at: Office, found: Comparison) -> None:
    zone = at.settings.timezone
    rows = [
        (
            one.number,
            one.title or "",
            output.stamp(one.opened_at, zone),
            output.stamp(one.closed_at, zone) or "open",
            f"{one.score}{' likely the same' if one.likely else ''}",
            "\n".join(one.reasons),
        )
        for one in found.cases
    ]
    columns = ("Number", "Title", "Opened", "Closed", "Alike", "Because")
    output.table(columns, rows, title="Cases like this one", empty="none was found")
    if not found.complete:
        output.say(INCOMPLETE)
