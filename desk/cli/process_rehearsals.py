"""`parley process rehearse`: what a changed process would do to every case, open and past, before anybody uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from desk.cli import front, output, process_versions
from desk.cli.output import AsJson

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from desk.process_rehearsal import Comparison, Tally

app = process_versions.app

_HOURS = 24


@app.command()
def rehearse(
    definition: process_versions.Version,
    *,
    against: Annotated[
        str, typer.Option(metavar="VERSION", help="Compare with this version, and not with that of each case.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Rehearse a changed process on all open and past cases, beside what there is; nothing is written."""
    from desk import process_rehearsal

    at = front.office()
    new = process_versions.version(definition, at)
    other = process_versions.version(against, at) if against else None
    found = process_rehearsal.rehearse(at.record, at.directory, new, against=other, now=at.clock.now())
    if as_json:
        output.emit(found)
        return
    output.say(f"{new.version}: {found.open} open cases played on for ninety days, {found.past} past ones played again")
    output.table(("", "As it is", "Under the change"), _totals(found))
    for title, before, after in _counts(found.before, found.after):
        rows = [(name, before.get(name, 0), after.get(name, 0)) for name in dict.fromkeys((*before, *after))]
        output.table((title, "As it is", "Under the change"), rows, title=title, empty="none")
    columns = ("Case", "", "From (UTC)", "As it is", "Under the change")
    rows_of_cases = [
        (one.number, "open" if one.open else "past", output.stamp(one.since, "UTC"), one.before, one.after)
        for one in found.differ
    ]
    output.table(columns, rows_of_cases, title="Cases that differ", empty="none")
    stays = [(one.number, "\n".join(one.reasons)) for one in found.stay]
    output.table(("Case", "Why"), stays, title="Open cases that would need a choice to move", empty="none")


def _totals(found: Comparison) -> Iterator[tuple[object, ...]]:
    before, after = found.before, found.after
    yield "mails", before.mails, after.mails
    yield "of them at night", before.at_night, after.at_night
    yield "of them on days off", before.on_days_off, after.on_days_off
    yield "escalations", before.escalations.total(), after.escalations.total()
    yield "clocks that ran out", before.ran_out.total(), after.ran_out.total()
    yield "acts of people refused", before.refused.total(), after.refused.total()


def _counts(before: Tally, after: Tally) -> Iterator[tuple[str, Mapping[str, int], Mapping[str, int]]]:
    yield "Mails by reader", before.by_role, after.by_role
    yield "Mails by hour of the reader's day", _by_hour(before), _by_hour(after)
    yield "Escalations to", before.escalations, after.escalations
    yield "Clocks that ran out", before.ran_out, after.ran_out
    yield "Acts of people refused", before.refused, after.refused


def _by_hour(tally: Tally) -> dict[str, int]:
    return {f"{hour:02}:00": tally.by_hour[hour] for hour in range(_HOURS) if tally.by_hour[hour]}
