"""`parley case attach` and `parley case fetch`: put a file into a case, and take it out again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, BinaryIO
from uuid import uuid4

import typer

from desk.cli import front, output
from desk.cli.front import As, By, CaseRef, Key
from desk.cli.output import AsJson
from states import errors

_PIECE = 65_536


def attach(  # noqa: PLR0913 - each is an option of the command
    case: CaseRef,
    file: Annotated[Path, typer.Argument(help="The file to put into the case.", dir_okay=False, exists=True)],
    *,
    by: By,
    shows: Annotated[str, typer.Option(help="What it shows, in a line.")],
    zone: Annotated[str, typer.Option(help="Who may read it: shared, team, caucus:A …")] = "",
    issue: Annotated[str, typer.Option(help="The id of the issue it belongs to.")] = "",
    act: Annotated[str, typer.Option(help="The act of the process that takes it.")] = "add_document",
    key: Key = "",
    as_json: AsJson = False,
) -> None:
    """Put a file into a case in the name of a person, with what it shows."""
    from cases import commands, reference

    at = front.office()
    actor = at.directory.actor(front.person(at, by).id)
    case_id = reference.case_id(at.record.engine, case)
    with _opened(file) as source:
        kept = at.record.files.add(_pieces(source), file.name, by=actor.person, now=at.clock.now())
    optional = {name: value for name, value in (("zone", zone), ("issue", issue)) if value}
    asked = commands.ActOnCase(
        case_id=case_id,
        trigger=act,
        actor=actor,
        key=key or f"cli:{uuid4().hex}",
        inputs={"file": str(kept), "shows": shows, **optional},
    )
    output.confirm(at, at.service.act(asked), f"{kept.name} put on file by {by}", as_json=as_json)


def fetch(
    case: CaseRef,
    document: Annotated[str, typer.Argument(help="The document's id, as parley case show --json gives it.")],
    *,
    viewer: As,
    to: Annotated[Path | None, typer.Option(help="Where to save it; without it, here under its own name.")] = None,
    as_json: AsJson = False,
) -> None:
    """Save the file of a document that a person may read; what lies there already is left alone."""
    from cases import documents

    at = front.office()
    kept = documents.document(at.record, front.viewer(at, viewer), case, document)
    target = to or Path(kept.name)
    with at.record.files.open(kept.sha256) as source:
        _save(source, target)
    if as_json:
        output.emit({"name": kept.name, "sha256": kept.sha256, "size": kept.size, "saved": target})
        return
    output.say(f"{kept.name} ({kept.size} bytes) saved as {target}")


def _save(source: BinaryIO, target: Path) -> None:
    try:
        with target.open("xb") as file:
            shutil.copyfileobj(source, file)
    except OSError as fault:
        raise errors.ParleyError(f"{target} cannot be written ({fault.strerror}); choose another place: --to") from None


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as fault:
        raise errors.ParleyError(f"{path} cannot be read ({fault.strerror}); choose another file") from None


def _pieces(source: BinaryIO) -> Iterator[bytes]:
    while piece := source.read(_PIECE):
        yield piece
