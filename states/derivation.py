"""Tells why a deadline falls when it does, as data that every page, mail and answer can show."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from states import wall_time

if TYPE_CHECKING:
    from states import durations


def explain(due: durations.Due) -> dict[str, object]:
    """Returns the derivation of a deadline, ready for JSON.

    `windows` and `pauses` are in seconds; `holidays_skipped` names only holidays on otherwise open weekdays; instants
    are UTC but for `due_local`. What played no part is null, zero or empty.
    """
    off = _days_off(due)
    holidays = {day: name for day, name in off.items() if name is not None}
    return {
        "target": str(due.duration),
        "basis": due.duration.unit.name.lower().replace("_", " "),
        "start": due.start.isoformat(),
        "cut_off": _cut_off(due),
        "counted_from": due.counted_from.isoformat(),
        "windows": _windows(due),
        "holidays_skipped": [{"date": day.isoformat(), "name": name} for day, name in holidays.items()],
        "weekend_days_skipped": len(off) - len(holidays),
        "pauses": _pauses(due),
        "rolled": _rolled(due),
        "due": due.at.isoformat(),
        "due_local": due.at.astimezone(ZoneInfo(due.timezone)).isoformat(),
        "timezone": due.timezone,
        "calendar": {"name": due.calendar.name, "version": due.calendar.version},
    }


def _cut_off(due: durations.Due) -> dict[str, str] | None:
    """Returns the hour that moved the start, when one did."""
    if due.rules.cut_off is None or due.counted_from == due.start:
        return None
    return {"after": due.rules.cut_off.isoformat("minutes"), "from": due.start.isoformat()}


def _windows(due: durations.Due) -> dict[str, object] | None:
    """Returns the working windows between start and due; those of the start day do not count towards days."""
    if not due.duration.unit.working:
        return None
    windows = due.calendar.windows_between(min(_counting_since(due), due.at), due.at)
    seconds = sum(_seconds(end - start) for start, end in windows)
    given_back = sum(_seconds(counted.given_back) for counted in due.pauses)
    return {
        "count": len(windows),
        "first": _pair(windows[0]) if windows else None,
        "last": _pair(windows[-1]) if windows else None,
        "seconds": seconds,
        "counted_seconds": max(seconds - given_back, 0),
    }


def _counting_since(due: durations.Due) -> datetime:
    if due.duration.unit.name != "WORKING_DAY" or due.rules.day_ends != "close":
        return due.counted_from
    next_day = due.counted_from.astimezone(due.calendar.zone).date() + timedelta(days=1)
    return wall_time.at_local(next_day, time.min, due.calendar.zone)


def _days_off(due: durations.Due) -> dict[date, str | None]:
    """Returns the days off that the count passed over; civil days pass over them only at the cut-off and the roll."""
    if due.duration.unit.elapsed:
        return {}
    place = due.calendar.zone
    if due.duration.unit.working:
        return due.calendar.days_off(due.start.astimezone(place).date(), due.at.astimezone(place).date())
    process = ZoneInfo(due.timezone)
    spans = [tuple(sorted(at.astimezone(process).date() for at in move)) for move in due.rolls]
    if due.counted_from != due.start:
        spans.append((due.start.astimezone(place).date(), due.counted_from.astimezone(place).date()))
    return {day: name for first, last in spans for day, name in due.calendar.days_off(first, last).items()}


def _pauses(due: durations.Due) -> list[dict[str, object]]:
    return [
        {
            "reason": counted.pause.reason,
            "from": counted.pause.start.isoformat(),
            "until": counted.pause.end.isoformat(),
            "given_back_seconds": _seconds(counted.given_back),
        }
        for counted in due.pauses
    ]


def _rolled(due: durations.Due) -> list[dict[str, str]]:
    return [
        {"from": before.isoformat(), "to": after.isoformat(), "roll": due.rules.roll.value}
        for before, after in due.rolls
    ]


def _pair(window: tuple[datetime, datetime]) -> list[str]:
    return [edge.isoformat() for edge in window]


def _seconds(span: timedelta) -> float:
    """Returns whole seconds as an integer, so that the figures read well."""
    seconds = span.total_seconds()
    return int(seconds) if seconds.is_integer() else seconds
