"""`parley person away`, `back` and `leaving`, and `parley deputy`: who is not there, and who stands in."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from desk.cli import front, output
from desk.cli.output import AsJson
from desk.cli.people import Who, persons

if TYPE_CHECKING:
    from cases.deputies import Kept
    from notifications.office import Office

app = typer.Typer(no_args_is_help=True, help="Who stands in for whom, and for what.")

Since = Annotated[str, typer.Option(help="The first day, as 2026-12-31; without it, today.")]
_DAYS_AHEAD = 60


@persons.command("away")
def go_away(
    who: Who,
    *,
    until: Annotated[str, typer.Option(help="The last day, as 2026-12-31, in the person's own zone.")],
    since: Since = "",
    as_json: AsJson = False,
) -> None:
    """Record that a person is away; whoever is asked in the meantime gets a deputy beside them."""
    from cases.deputies import Deputies
    from states.directory import Away

    at = front.office()
    found = front.person(at, who)
    days = Away(front.day(since) if since else front.today(at, found.timezone), front.day(until))
    Deputies(at.record.engine).go_away(found.id, days)
    if as_json:
        output.emit({"person": found.id, "away": days})
        return
    output.say(f"{found.name} is away from {days.since} to {days.until}")


@persons.command("back")
def come_back(
    who: Who,
    *,
    on: Annotated[str, typer.Option(help="The first day back, as 2026-12-31; without it, today.")] = "",
    as_json: AsJson = False,
) -> None:
    """Record that a person is back before the last day that was recorded."""
    from cases.deputies import Deputies

    at = front.office()
    found = front.person(at, who)
    day = front.day(on) if on else front.today(at, found.timezone)
    kept = Deputies(at.record.engine)
    kept.come_back(found.id, day)
    if as_json:
        output.emit({"person": found.id, "away": kept.absences(found.id)})
        return
    output.say(f"{found.name} is back on {day}")


@persons.command("leaving")
def list_leaving(
    *,
    within: Annotated[int, typer.Option(min=1, help="How many days ahead to look.")] = _DAYS_AHEAD,
    as_json: AsJson = False,
) -> None:
    """List whose tour ends soon, with the open cases in which they have a part."""
    from cases import queries

    at = front.office()
    last = front.today(at) + timedelta(days=within)
    leaving = [one for one in at.directory.everyone() if one.active and one.leaves_on and one.leaves_on <= last]
    wanted = queries.CaseFilter(open_only=True)
    held = {
        one.id: [row.number for row in queries.list_cases(at.record, front.viewer(at, one.id), wanted=wanted).rows]
        for one in leaving
    }
    leaving.sort(key=lambda one: (str(one.leaves_on), one.name))
    if as_json:
        output.emit([{"person": one.id, "leaves_on": one.leaves_on, "cases": held[one.id]} for one in leaving])
        return
    rows = [(one.name, one.leaves_on, ", ".join(held[one.id]) or "none", one.id) for one in leaving]
    columns = ("Name", "Last day", "Open cases", "Id")
    output.table(columns, rows, empty=f"nobody's tour ends within {within} days, as far as it is on file")


@app.command("set")
def set_deputy(  # noqa: PLR0913 - each is an option of the command
    who: Who,
    deputy: Annotated[str, typer.Argument(help="Who stands in: an e-mail address or id on file.")],
    *,
    since: Since = "",
    until: Annotated[str, typer.Option(help="The last day; without it, until it is ended.")] = "",
    scope: Annotated[list[str] | None, typer.Option("--for", help="A role or tier, such as T3.")] = None,
    priority: Annotated[int, typer.Option(min=1, help="Of several deputies the lowest number is asked first.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Name a deputy, who is called beside the person while they are away or do not answer."""
    from cases.deputies import Deputies
    from states.directory import Delegation

    at = front.office()
    found = front.person(at, who)
    kept = Deputies(at.record.engine).name(
        Delegation(
            person=found.id,
            deputy=front.person(at, deputy).id,
            since=front.day(since) if since else front.today(at, found.timezone),
            until=front.day(until) if until else None,
            scope=frozenset(scope or ()),
            priority=priority,
        )
    )
    if as_json:
        output.emit(kept)
        return
    output.say(f"{_named(at, kept)}; parley deputy end {kept.id} ends it")


@app.command("list")
def list_deputies(*, as_json: AsJson = False) -> None:
    """List everybody who stands in for somebody."""
    from cases.deputies import Deputies

    at = front.office()
    found = Deputies(at.record.engine).all()
    if as_json:
        output.emit(found)
        return
    names = {one.id: one.name for one in at.directory.everyone()}
    rows = [
        (
            names[one.delegation.person],
            names[one.delegation.deputy],
            ", ".join(sorted(one.delegation.scope)) or "everything",
            one.delegation.since,
            one.delegation.until or "until ended",
            one.delegation.priority,
            one.id,
        )
        for one in found
    ]
    columns = ("Person", "Deputy", "For", "From", "To", "Order", "Id")
    output.table(columns, rows, empty="nobody named a deputy yet: parley deputy set PERSON DEPUTY")


@app.command("end")
def end_deputy(
    deputy: Annotated[str, typer.Argument(metavar="ID", help="The id that parley deputy list shows.")],
    *,
    as_json: AsJson = False,
) -> None:
    """End that somebody stands in for another; a part in a case that they were called to ends by itself."""
    from cases.deputies import Deputies

    at = front.office()
    kept = Deputies(at.record.engine)
    found = kept.kept(deputy)
    kept.end(deputy)
    if as_json:
        output.emit({"ended": found.id})
        return
    output.say(f"no longer: {_named(at, found)}")


def _named(at: Office, kept: Kept) -> str:
    one = kept.delegation
    names = {person.id: person.name for person in at.directory.everyone()}
    what = f" for {', '.join(sorted(one.scope))}" if one.scope else ""
    until = f" to {one.until}" if one.until else ""
    return f"{names[one.deputy]} stands in for {names[one.person]}{what} from {one.since}{until}"
