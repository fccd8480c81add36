"""Coming dates in words, grouped by the day on which they fall: what each is about, and why it falls then."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk import due_words, file_words
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cases.queries import ComingDate, DeadlineView
    from desk.words import Words
    from states.case import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class DateWords:
    """One date, the case it belongs to, the item it is about in a line, and why it falls when it does."""

    date: DeadlineView
    case: Case
    about: str
    because: tuple[str, ...]
    mine: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The dates of one day, under its name."""

    name: str
    dates: tuple[DateWords, ...]


def of(date: DeadlineView, case: Case, words: Words, *, zone: str, names: Mapping[str, str]) -> DateWords:
    """Put one date of a case into words."""
    about = file_words.item_line(date.item, case, names) if date.item else ""
    because = due_words.because(date.due, words, zone)
    if date.first_due_at is not None:
        because = (
            *because,
            say("Extended by agreement; first due %(moment)s.", moment=words.short(date.first_due_at, zone)),
        )
    return DateWords(date=date, case=case, about=about, because=because)


def coming(dates: Iterable[ComingDate], words: Words, *, zone: str) -> tuple[Day, ...]:
    """Group the dates of several cases by day, at the place of the reader; they come in order."""
    told = (DateWords(date=one.date, case=one.case, about=_about(one), because=(), mine=one.mine) for one in dates)
    return by_day(told, words, zone=zone)


def by_day(dates: Iterable[DateWords], words: Words, *, zone: str) -> tuple[Day, ...]:
    """Group dates, which come in order, by the day on which they fall at a place."""
    days = itertools.groupby(dates, key=lambda one: words.long_day(one.date.due_at, zone))
    return tuple(Day(name=name, dates=tuple(found)) for name, found in days)


def _about(one: ComingDate) -> str:
    return file_words.item_line(one.date.item, one.case, {}) if one.date.item else ""
