"""`parley committees`: the office's standing committees, and how one is seated on a case."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from desk.cli import front, output
from desk.cli.front import By
from desk.cli.output import AsJson
from states import errors

if TYPE_CHECKING:
    from cases.committees import Committee
    from desk.importing import Entry
    from notifications.office import Office

app = typer.Typer(no_args_is_help=True, help="The standing committees of the office.")


@app.command("list")
def list_committees(*, as_json: AsJson = False) -> None:
    """List the standing committees."""
    from cases.committees import Committees

    at = front.office()
    found = Committees(at.record.engine).all()
    if as_json:
        output.emit([_written(one) for one in found])
        return
    people = at.directory.people({seat.person for one in found for seat in one.seats})
    rows = [
        (
            one.name,
            people[one.chair].name,
            "; ".join(f"{people[seat.person].name} for {seat.body}" for seat in one.seats if not seat.alternate_of),
            f"{one.quorum}, one of each body" if one.each_body else str(one.quorum),
            one.id,
        )
        for one in found
    ]
    columns = ("Name", "Chair", "Members", "Quorum", "Id")
    output.table(columns, rows, empty="none is on file yet: parley committees import FILE")


@app.command("import")
def import_committees(
    file: Annotated[Path, typer.Argument(help="A .yaml, .json or .csv file.", dir_okay=False, exists=True)],
    *,
    as_json: AsJson = False,
) -> None:
    """Put committees on file, each with id, name, chair, members, alternates, quorum and “each body” (yes or no).

    A member is written “PERSON for BODY”, an alternate “PERSON for MEMBER”; people by e-mail address or id.
    """
    from cases.committees import Committees
    from desk import importing

    at = front.office()
    read = [_committee(at, told) for told in importing.read(file)]
    for one in read:
        Committees(at.record.engine).put(one)
    if as_json:
        output.emit([_written(one) for one in read])
        return
    output.say(
        f"{len(read)} committee{'s are' if len(read) != 1 else ' is'} on file: {', '.join(o.name for o in read)}"
    )


@app.command("export")
def export_committees(*, as_json: AsJson = False) -> None:  # noqa: ARG001 - it is JSON in any case
    """Print the committees as JSON, which parley committees import reads again."""
    from cases.committees import Committees

    typer.echo(json.dumps([_written(one) for one in Committees(front.office().record.engine).all()], indent=2))


@app.command("remove")
def remove_committee(
    committee: Annotated[str, typer.Argument(help="Its id or name.")], *, as_json: AsJson = False
) -> None:
    """Take a committee off file; the cases on which it sits keep it."""
    from cases.committees import Committees

    kept = Committees(front.office().record.engine)
    found = kept.find(committee)
    kept.remove(found.id)
    if as_json:
        output.emit({"removed": found.id})
        return
    output.say(f"{found.name} is off file")


@app.command()
def seat(
    committee: Annotated[str, typer.Argument(help="Its id or name.")],
    case: Annotated[str, typer.Argument(help="The number or id of the case.")],
    *,
    by: By,
    as_json: AsJson = False,
) -> None:
    """Convene a standing committee on a case, in the name of its convener."""
    from cases import commands, reference
    from cases.committees import Committees

    at = front.office()
    found = Committees(at.record.engine).find(committee)
    receipt = at.service.act(
        commands.ActOnCase(
            case_id=reference.case_id(at.record.engine, case),
            trigger="convene_panel",
            actor=at.directory.actor(front.person(at, by).id),
            key=f"cli:{uuid4().hex}",
            inputs=found.inputs(),
        )
    )
    if as_json:
        output.emit(receipt)
        return
    output.say(f"{found.name} sits on {receipt.number}, now at version {receipt.version}")


def _committee(at: Office, told: Entry) -> Committee:
    """Read one committee; raise `DefinitionError` with its place where it cannot be one."""
    from cases.committees import Committee
    from states.effects.panels import read_seats

    members = tuple(_named(at, line) for line in told.texts("members"))
    alternates = tuple(_named(at, line, both=True) for line in told.texts("alternates"))
    seats, quorum = read_seats(members, alternates), told.text("quorum")
    if len(seats) < len(members) + len(alternates) or not quorum.isdecimal():
        wanted = "members like “ana for Mission West”, alternates like “dina for ana”, and a whole number as quorum"
        raise errors.DefinitionError(f"{told.place}: write {wanted}")
    return Committee(
        id=told.text("id"),
        name=told.text("name"),
        chair=front.person(at, told.text("chair")).id,
        seats=seats,
        quorum=int(quorum),
        each_body=told.text("each body").lower() in {"", "yes", "true"},
    )


def _named(at: Office, line: str, *, both: bool = False) -> str:
    """Put ids in place of addresses: of the first in “PERSON for WHOM”, and of the second where it is a person too."""
    person, separator, whom = line.partition(" for ")
    if not separator:
        return line
    return f"{front.person(at, person).id} for {front.person(at, whom).id if both else whom}"


def _written(committee: Committee) -> dict[str, object]:
    return {"id": committee.id, **committee.inputs()}
