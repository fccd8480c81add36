"""Why a deadline falls when it does, in sentences: the working behind every date on the page."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from desk.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desk.words import Words
    from states.durations import Due

_UNITS = {
    "min": ("minute", "minutes"),
    "h": ("hour", "hours"),
    "wh": ("working hour", "working hours"),
    "wd": ("working day", "working days"),
    "cd": ("civil day", "civil days"),
}


def because(due: Due | None, words: Words, zone: str) -> tuple[str, ...]:
    """Tell the derivation of a due instant, step by step."""
    return tuple(_steps(due, words, zone)) if due else ("The date was set on the entry itself.",)


def _steps(due: Due, words: Words, zone: str) -> Iterator[str]:
    told = due.explain()
    yield f"{_duration(due)} from {words.short(due.start, zone)}."
    match told["cut_off"]:
        case {"after": hour}:
            since = words.short(due.counted_from, zone)
            yield f"The start lay outside working time or after the cut-off at {hour}, so it counts from {since}."
    yield from _days_off(told, words)
    for counted in due.pauses:
        why = f"Paused: {counted.pause.reason}" if counted.pause.reason else "Paused"
        yield f"{why}; {words.span(counted.given_back)} given back."
    for before, after in due.rolls:
        yield f"{words.short(before, zone)} is a day off, so it moved to {words.short(after, zone)}."
    yield f"Counted by the calendar “{due.calendar.name}”, version {due.calendar.version[:8]}."


def _duration(due: Due) -> str:
    one, many = _UNITS[due.duration.unit.value]
    return f"{due.duration.amount} {one if due.duration.amount == 1 else many}"


def _days_off(told: dict[str, object], words: Words) -> Iterator[str]:
    holidays, weekend = told["holidays_skipped"], told["weekend_days_skipped"]
    if isinstance(holidays, list) and holidays:
        named = (f"{day['name']} ({_day(day['date'], words)})" for day in holidays)
        yield f"Not counted: {listed(named, language=words.spoken)}."
    if isinstance(weekend, int) and weekend:
        yield f"Not counted: {weekend} {'day' if weekend == 1 else 'days'} of the weekend."


def _day(iso: str, words: Words) -> str:
    noon = datetime.combine(date.fromisoformat(iso), datetime.min.time(), words.now.tzinfo) + timedelta(hours=12)
    return words.day(noon, "UTC")
