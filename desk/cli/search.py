"""`parley search`: find what a person may read by its words, and write the index anew."""

from __future__ import annotations

from typing import Annotated

import typer

from desk.cli import front, output
from desk.cli.front import As
from desk.cli.output import AsJson

app = typer.Typer(no_args_is_help=True, help="Find entries by their words.")


@app.command("for")
def for_(  # noqa: PLR0913 - each is an option of the command
    words: Annotated[list[str], typer.Argument(help="Words, “phrases”, beginnings* and -words.")],
    *,
    viewer: As,
    case: Annotated[str | None, typer.Option(help="Only in this case, by number or id.")] = None,
    after: Annotated[str | None, typer.Option(help="Go on after this mark.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="At most so many.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List the entries that hold all these words, among those a person may read."""
    from cases import queries
    from desk.api import said

    at = front.office()
    wanted = queries.SearchFilter(words=" ".join(words), case=case)
    page = queries.search(at.record, front.viewer(at, viewer), wanted, after=after, limit=limit)
    found = [said.found(one) for one in page.rows]
    if as_json:
        output.emit({"found": [one.model_dump() for one in found], "next": page.next})
        return
    zone = at.settings.timezone
    rows = [
        (one.number, one.kind or one.act or one.where, one.zone, output.stamp(one.at, zone), one.excerpt)
        for one in found
    ]
    output.table(("Case", "Where", "Room", f"When ({zone})", "Words"), rows, empty="nothing this person may read")
    if page.next:
        output.say(f"There are more: --after {page.next}")


@app.command()
def renew(*, as_json: AsJson = False) -> None:
    """Write the index anew from the record, case by case; it may be stopped and begun again at any time."""
    from cases import finding

    record = front.office().record
    done = 0
    for case_id in finding.every_case(record.engine):
        finding.renew_case(record.engine, record.registry, case_id, calendars=record.calendars)
        done += 1
    if as_json:
        output.emit({"cases": done})
        return
    output.say(f"the index of {done} cases was written anew")
