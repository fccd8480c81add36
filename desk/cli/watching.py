"""`parley watchdog`: does every open case wait for a date, do the hearts beat, and how late do clocks fire."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from desk.cli import front, output
from desk.cli.output import AsJson

if TYPE_CHECKING:
    from cases.watchdog import Lateness, Watch

LATE_CODE = 1


def watchdog(
    *,
    mark: Annotated[
        Path | None,
        typer.Option("--mark", help="Write the time into this file when all is well, for a monitor that looks at it."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Look whether every open case has its next date and the clockwork keeps time; exit code 1 if something is late."""
    from cases import watchdog as dogs

    at = front.office()
    found = dogs.watch(at.record, now=at.clock.now())
    if as_json:
        output.emit(_data(found))
    else:
        _tell(found, at.settings.timezone)
    if found.late:
        raise typer.Exit(LATE_CODE)
    if mark is not None:
        output.write_text(f"{found.at.isoformat()}\n", mark)


def _data(found: Watch) -> dict[str, Any]:
    return {
        "at": found.at,
        "well": not found.late,
        "late": found.late,
        "open_cases": found.open_cases,
        "hearts": found.hearts,
        "without_date": found.undated,
        "missing_timers": found.gaps,
        "overdue": found.overdue,
        "parked": found.parked,
        "lateness": [_lateness(one) for one in found.lateness],
    }


def _lateness(one: Lateness) -> dict[str, float | None]:
    """Say a lateness in seconds."""
    p50, p99 = (None if span is None else span.total_seconds() for span in (one.p50, one.p99))
    return {"window": one.window.total_seconds(), "fired": one.fired, "p50": p50, "p99": p99}


def _tell(found: Watch, zone: str) -> None:
    from desk import lateness_words

    rows = [
        *_troubles(found, zone),
        *(("lateness", f"last {one.window.days} d", lateness_words.told(one)) for one in found.lateness),
    ]
    output.table(("What", "Where", "Found"), rows)
    late = (
        f"late: {', '.join(found.late)}" if found.late else "well: every heart beats and every open case has its dates"
    )
    output.say(f"{late}; {found.open_cases} open cases")


def _troubles(found: Watch, zone: str) -> Iterator[tuple[str, str, str]]:
    for heart in found.hearts:
        beat = f"last beat {output.stamp(heart.last_at, zone)}" if heart.last_at else "it never beat here"
        yield "heart", heart.name, f"{beat}; it stands still: parley up" if heart.late else beat
    for case in found.undated:
        shown = f", though it shows {output.stamp(case.promised_at, zone)}" if case.promised_at else ""
        yield "no next date", case.number, f"nothing is armed{shown}; the follow-up sweep arms it anew: parley tick"
    for gap in found.gaps:
        when = output.stamp(gap.due_at, zone)
        yield "missing", gap.number, f"“{gap.key}” of {when} is not armed; the follow-up sweep arms it: parley tick"
    for one in found.overdue:
        yield "overdue", one.number, f"“{one.key}” was due {output.stamp(one.due_at, zone)}: parley tick"
    for one in found.parked:
        yield "parked", one.number, f"“{one.key}” ({one.error}): parley case retry {one.number} '{one.key}'"
