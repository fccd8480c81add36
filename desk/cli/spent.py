"""`parley case time`: whose clock it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.cli import front, output
from desk.cli.front import As, CaseRef
from desk.cli.output import AsJson

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cases.spent import TimeSpent


def time(case: CaseRef, *, viewer: As, as_json: AsJson = False) -> None:
    """Tell whose clock it was: how the time of a case was shared, and which clocks ran out before the act came."""
    from cases import queries
    from desk import spent_words

    at = front.office()
    found = queries.time_spent(at.record, front.viewer(at, viewer), case, now=at.clock.now())
    if as_json:
        output.emit(_data(found))
        return
    zone = at.settings.timezone
    output.say(f"{case}: {spent_words.length(found.elapsed)} since {output.stamp(found.since, zone)}")
    rows = [
        (one.label, spent_words.length(one.elapsed), spent_words.length(one.working), f"{one.percent:.1f} %")
        for one in found.shares
    ]
    output.table(("Whose clock", "Time", "Working time in it", "Of the whole"), rows, empty="no time has passed")
    output.table(
        ("What was due", "Whose", f"First due ({zone})", "Extended to", "How late"),
        tuple(_late(found, zone)),
        title="Clocks that ran out before the act came",
        empty="none",
    )


def _late(found: TimeSpent, zone: str) -> Iterator[tuple[str, ...]]:
    from desk import spent_words

    for one in found.late:
        extended = output.stamp(one.due_at, zone) if one.extended else ""
        yield one.label, one.who, output.stamp(one.first_due_at, zone), extended, spent_words.late(one)


def _data(found: TimeSpent) -> dict[str, object]:
    from desk import spent_words

    return {
        "since": found.since,
        "until": found.until,
        "seconds": found.elapsed.total_seconds(),
        "shares": [
            {
                "who": one.who,
                "names": one.names,
                "label": one.label,
                "seconds": one.elapsed.total_seconds(),
                "working_seconds": one.working.total_seconds(),
                "percent": round(one.percent, 3),
                "words": spent_words.share(one),
            }
            for one in found.shares
        ],
        "late": [
            {
                "label": one.label,
                "who": one.who,
                "first_due_at": one.first_due_at,
                "due_at": one.due_at,
                "ran_out_at": one.ran_out_at,
                "ended_at": one.ended_at,
                "late_by_seconds": one.late_by.total_seconds(),
            }
            for one in found.late
        ],
    }
