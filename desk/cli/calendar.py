"""`parley case calendar`: the dates that are coming in one case, or in all cases of a person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from desk.cli import front, output, silence_words
from desk.cli.front import As
from desk.cli.output import AsJson

if TYPE_CHECKING:
    from cases.queries import ComingDate


def calendar(  # noqa: PLR0913 - each is an option of the command
    case: Annotated[str | None, typer.Argument(metavar="[CASE]", help="One case; without it, all of theirs.")] = None,
    *,
    viewer: As,
    since: Annotated[str, typer.Option("--from", help="Only from then on, like 2026-12-03T16:00.")] = "",
    until: Annotated[str, typer.Option("--to", help="Only before then.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=500, help="At most so many.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List the dates that are coming: for whom each waits, and what happens if nothing is done."""
    from cases import queries

    at = front.office()
    zone = at.settings.timezone
    first, last = (output.instant(one, zone) if one else None for one in (since, until))
    wanted = queries.Window(case=case, since=first, until=last, limit=limit)
    found = queries.calendar(at.record, front.viewer(at, viewer), wanted=wanted, now=at.clock.now())
    if as_json:
        output.emit({"dates": [_data(one) for one in found.dates], "more": found.more})
        return
    columns = (f"When ({zone})", "Case", "What", "For whom", "If nothing is done")
    output.table(columns, (tuple(_row(one, zone)) for one in found.dates), empty="no date is coming")
    if found.more:
        output.say(f"There are more: --from {found.dates[-1].date.due_at.isoformat()}")


def _row(one: ComingDate, zone: str) -> Iterator[str]:
    from states import completeness

    date = one.date
    yield output.stamp(date.due_at, zone)
    yield one.case.number
    yield f"{date.label}: {completeness.line(date.item)}" if date.item else date.label
    yield ", ".join(holder.name for holder in date.holders) or date.duty
    yield silence_words.meaning(date, zone)


def _data(one: ComingDate) -> dict[str, Any]:
    date = one.date
    return {
        "case": one.case.number,
        "title": one.case.title,
        "what": date.label,
        "due_at": date.due_at,
        "duty": date.duty,
        "holders": date.holders,
        "means": date.means,
        "means_at": date.means_at,
        "item": date.item.id if date.item else None,
        "mine": one.mine,
        "overdue": date.overdue,
    }
