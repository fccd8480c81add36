"""Says when a notice counts as served on its recipient, and whether all sides were told of it in time of each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from states import durations
from states.durations import DayEnds, Roll, Rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from states.calendar import Calendar
    from states.case import Case
    from states.process import Process


@dataclass(frozen=True, slots=True)
class Lacking:
    """A party that a notice has not reached; `since` is when it came to lack it, None where nobody there can be."""

    party: str
    since: datetime | None


def calendar_of(process: Process, case: Case, party_id: str, calendars: Mapping[str, Calendar]) -> Calendar:
    """Return the working calendar of a recipient: that of the party, else that of the definition."""
    party = case.party(party_id)
    return calendars[(party.calendar if party else None) or process.calendar]


def counts_at(process: Process, method: str, at: datetime, *, calendar: Calendar) -> datetime | None:
    """Return when a notice that was served in this way counts as served, by its recipient's own `calendar`.

    What is served after the cut-off or on a day off counts as served at the opening of the next working day, and its
    span runs from there; a civil day that is none moves as the rules of the definition have it. It is None where the
    definition has no span for the method.
    """
    span = process.deemed_served.get(method)
    if span is None:
        return None
    if process.service is None:
        return durations.shift(at, span, calendar=calendar, timezone=process.timezone)
    rules = Rules(
        cut_off=process.service.cut_off,
        roll=process.rules.roll if process.rules else Roll.NONE,
        day_ends=DayEnds.SAME_TIME,
    )
    return durations.due(at, span, calendar=calendar, timezone=process.timezone, rules=rules).at


def told_by(process: Process, first: datetime, *, calendar: Calendar) -> datetime | None:
    """Return until when every side is to be told of what the `first` was told of; None where nothing is said of it."""
    if process.service is None:
        return None
    return durations.due(
        first, process.service.equal_notice, calendar=calendar, timezone=process.timezone, rules=Rules()
    ).at


def lacking(
    process: Process,
    told: Mapping[str, datetime | None],
    *,
    unreachable: frozenset[str],
    calendar: Calendar,
    now: datetime,
) -> Iterator[Lacking]:
    """Name the parties that lack a notice others were `told` of, each by the instant of its first telling or None.

    A party in which nobody can be reached lacks it at once, any other once the time for equal notice is over.
    """
    first = min((at for at in told.values() if at is not None), default=None)
    until = told_by(process, first, calendar=calendar) if first is not None else None
    for party, at in told.items():
        if at is None and party in unreachable:
            yield Lacking(party, None)
        elif at is None and until is not None and now > until:
            yield Lacking(party, until)


def apart(process: Process, told: Mapping[str, datetime | None], *, calendar: Calendar) -> bool:
    """Tell whether some side was told later than the time for equal notice allows."""
    times = sorted(at for at in told.values() if at is not None)
    until = told_by(process, times[0], calendar=calendar) if times else None
    return until is not None and times[-1] > until
