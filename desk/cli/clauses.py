"""`parley clauses`: the library of ready wordings for agreements."""

from __future__ import annotations

from typing import Annotated

import typer

from desk.cli import output
from desk.cli.output import AsJson
from states import errors, findings

app = typer.Typer(no_args_is_help=True, help="Read the library of clauses for agreements.")


@app.command("list")
def list_(
    *,
    suits: Annotated[str, typer.Option(help="Only those that suit causes of this family.")] = "",
    as_json: AsJson = False,
) -> None:
    """List the clauses, with the families of causes that each suits and the blanks to fill in."""
    from config import clauses

    found = [one for one in clauses.library().values() if not suits or suits in one.suits]
    if as_json:
        output.emit(found)
        return
    rows = [(one.id, one.title, ", ".join(one.suits), ", ".join(one.blanks)) for one in found]
    output.table(("Clause", "Title", "Suits", "Blanks"), rows, empty="no clause suits causes of this family")


@app.command()
def show(
    clause: Annotated[str, typer.Argument(help="Its name, as the list gives it.")], *, as_json: AsJson = False
) -> None:
    """Show one clause with its wording, and the pattern of a promise that goes with it."""
    from config import clauses

    known = clauses.library()
    if clause not in known:
        sentence = f"there is no clause “{clause}”; {findings.nearest(clause, known)}"
        raise errors.NotFound(sentence)
    found = known[clause]
    if as_json:
        output.emit(found)
        return
    output.heading(found.title)
    output.say(found.text)
    for name, words in found.term.items():
        output.say(f"{'Term' if name == 'action' else 'Proof'}: {words}")
