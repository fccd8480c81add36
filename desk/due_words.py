"""Why a deadline falls when it does, in sentences: the working behind every date on the page."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from states.durations import Unit
from states.said import count, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desk.words import Words
    from states.durations import Due


def because(due: Due | None, words: Words, zone: str) -> tuple[str, ...]:
    """Tell the derivation of a due instant, step by step."""
    return tuple(_steps(due, words, zone)) if due else (say("The date was set on the entry itself."),)


def _steps(due: Due, words: Words, zone: str) -> Iterator[str]:
    told = due.explain()
    yield say("%(duration)s from %(moment)s.", duration=_duration(due), moment=words.short(due.start, zone))
    match told["cut_off"]:
        case {"after": hour}:
            since = words.short(due.counted_from, zone)
            yield say(
                "The start lay outside working time or after the cut-off at %(hour)s, so it counts from %(moment)s.",
                hour=hour,
                moment=since,
            )
    yield from _days_off(told, words)
    for counted in due.pauses:
        why = say("Paused: %(why)s", why=counted.pause.reason) if counted.pause.reason else say("Paused")
        yield say("%(pause)s; %(time)s given back.", pause=why, time=words.span(counted.given_back))
    for before, after in due.rolls:
        moved = words.short(after, zone)
        yield say("%(before)s is a day off, so it moved to %(after)s.", before=words.short(before, zone), after=moved)
    version = due.calendar.version[:8]
    yield say("Counted by the calendar “%(name)s”, version %(version)s.", name=due.calendar.name, version=version)


def _duration(due: Due) -> str:
    amount = due.duration.amount
    match due.duration.unit:
        case Unit.MINUTE:
            return count("%(count)s minute", "%(count)s minutes", count=amount)
        case Unit.HOUR:
            return count("%(count)s hour", "%(count)s hours", count=amount)
        case Unit.WORKING_HOUR:
            return count("%(count)s working hour", "%(count)s working hours", count=amount)
        case Unit.WORKING_DAY:
            return count("%(count)s working day", "%(count)s working days", count=amount)
        case Unit.CIVIL_DAY:
            return count("%(count)s civil day", "%(count)s civil days", count=amount)


def _days_off(told: dict[str, object], words: Words) -> Iterator[str]:
    holidays, weekend = told["holidays_skipped"], told["weekend_days_skipped"]
    if isinstance(holidays, list) and holidays:
        named = (say("%(holiday)s (%(day)s)", holiday=day["name"], day=_day(day["date"], words)) for day in holidays)
        yield say("Not counted: %(days)s.", days=words.listed(named))
    if isinstance(weekend, int) and weekend:
        yield count(
            "Not counted: %(count)s day of the weekend.", "Not counted: %(count)s days of the weekend.", count=weekend
        )


def _day(iso: str, words: Words) -> str:
    noon = datetime.combine(date.fromisoformat(iso), datetime.min.time(), words.now.tzinfo) + timedelta(hours=12)
    return words.day(noon, "UTC")
