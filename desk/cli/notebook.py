"""`parley notebook`: a mediator's own notes on a case, outside its file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from desk.cli import front, output
from desk.cli.front import By, CaseRef
from desk.cli.output import AsJson

if TYPE_CHECKING:
    from cases.notebook import Notebook
    from notifications.office import Office

app = typer.Typer(no_args_is_help=True, help="A mediator's own notes on a case, read by nobody else.")

Sure = Annotated[bool, typer.Option("--yes", help="Do not ask again.")]


@app.command()
def show(case: CaseRef, *, by: By, as_json: AsJson = False) -> None:
    """Show one's own notes on a case, the newest first."""
    at = front.office()
    pages = _own(at, by).read(case)
    if as_json:
        output.emit(pages)
        return
    if not pages.writable:
        output.warn("you no longer mediate this case; please delete the notes when you do not need them any more")
    for note in pages.notes:
        output.heading(f"{note.id}  {output.stamp(note.written_at, at.settings.timezone)}")
        output.say(note.text)
    if not pages.notes:
        output.say("nothing is in it yet: parley notebook write CASE TEXT")


@app.command()
def write(case: CaseRef, text: str, *, by: By, as_json: AsJson = False) -> None:
    """Add a note."""
    at = front.office()
    note = _own(at, by).write(case, text, now=at.clock.now())
    if as_json:
        output.emit(note)
        return
    output.say(f"note {note.id} is kept; only its author reads it")


@app.command()
def rewrite(case: CaseRef, note: int, text: str, *, by: By, as_json: AsJson = False) -> None:
    """Put other words in the place of a note."""
    at = front.office()
    own = _own(at, by)
    seen = next((one.version for one in own.read(case).notes if one.id == note), 0)
    kept = own.rewrite(note, text, seen=seen, now=at.clock.now())
    if as_json:
        output.emit(kept)
        return
    output.say(f"note {kept.id} is changed")


@app.command()
def delete(
    case: CaseRef,
    note: Annotated[int | None, typer.Argument(help="One note; without it, the whole notebook of the case.")] = None,
    *,
    by: By,
    yes: Sure = False,
    as_json: AsJson = False,
) -> None:
    """Delete a note, or all notes on a case, for good."""
    own = _own(front.office(), by)
    count = len(own.read(case).notes) if note is None else 1
    if not yes:
        typer.confirm(f"Delete {count} of your notes on {case} for good?", abort=True)
    if note is None:
        count = own.burn(case)
    else:
        own.tear_out(note)
    if as_json:
        output.emit({"deleted": count})
        return
    output.say(f"{count} deleted for good")


def _own(at: Office, by: str) -> Notebook:
    from cases.notebook import Notebook

    return Notebook(at.record.engine, at.directory.actor(front.person(at, by).id))
