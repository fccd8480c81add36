"""`parley case print` and `parley case versions`: papers of a case, and what changed in its agreement."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.cli import front, output
from desk.cli.front import As, CaseRef
from desk.cli.output import AsJson

if TYPE_CHECKING:
    from cases.comparison import FieldChange, Piece
    from cases.queries import Difference

_MARKS = {"inserted": "{+%s+}", "deleted": "[-%s-]", "kept": "%s"}


def print_(  # noqa: PLR0913 - each is an option of the command
    case: CaseRef,
    paper: Annotated[
        str, typer.Argument(metavar="PAPER", help="agreement, file, closure, brief, handover or service.")
    ],
    *,
    viewer: As,
    to: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write it.", dir_okay=False)],
    zones: Annotated[
        list[str] | None, typer.Option("--zone", help="A room that goes into it; may be repeated. Without: shared.")
    ] = None,
    item: Annotated[str, typer.Option(help="Which of several agreements, by its id.")] = "",
    pdf: Annotated[bool, typer.Option("--pdf", help="Draw it as PDF instead of HTML.")] = False,
    as_json: AsJson = False,
) -> None:
    """Print a paper of a case as HTML or PDF, as a person may read it: nothing of a room that was not chosen."""
    from desk import printing
    from desk.rendering import make_renderer

    at = front.office()
    press = printing.Press(
        record=at.record,
        directory=at.directory,
        renderer=make_renderer(),
        name=at.settings.mail_from_name,
        now=at.clock.now(),
        alone=True,
    )
    asked = printing.wanted(paper, zones or (), item)
    made = printing.compose(press, front.person(at, viewer), case, asked=asked)
    output.write_bytes(printing.as_pdf(press, made) if pdf else made.html.encode(), to)
    if as_json:
        output.emit({"number": made.number, "paper": asked.title, "file": str(to)})
        return
    output.say(f"{made.number}: {asked.title} written to {to}")


def versions(
    case: CaseRef,
    *,
    viewer: As,
    before: Annotated[int | None, typer.Option(help="Compare this version …")] = None,
    after: Annotated[int | None, typer.Option(help="… with this one; without it, with the newest.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the versions of a case's agreement and compare two: what was {+added+} and what was [-taken out-]."""
    from cases import queries
    from cases import versions as compared

    at = front.office()
    found = queries.versions(at.record, front.viewer(at, viewer), case)
    difference = compared.difference(*compared.pair(found, before=before, after=after))
    if as_json:
        output.emit({"versions": found, "difference": difference})
        return
    zone = at.settings.timezone
    rows = [
        (
            one.number,
            output.stamp(one.entry.at, zone),
            one.entry.actor_name,
            one.entry.label,
            ", ".join(one.changed) or "the whole text",
            one.seal[:16] or "a draft",
        )
        for one in found
    ]
    columns = ("Version", f"When ({zone})", "Who", "Act", "What is new", "Seal")
    output.table(columns, rows)
    _print_difference(difference)


def _print_difference(found: Difference) -> None:
    output.heading(f"From version {found.before.number} to version {found.after.number}")
    if found.nothing:
        output.say("the two read alike")
    for part in found.text:
        _print_part(part)
    for term in found.terms:
        output.say(f"term {term.id}: {term.fate}")
        for part in term.fields:
            _print_part(part, indent="  ")


def _print_part(part: FieldChange, *, indent: str = "") -> None:
    output.say(f"{indent}{part.name}: {''.join(map(_marked, part.pieces))}")


def _marked(piece: Piece) -> str:
    return _MARKS[piece.fate] % piece.text
