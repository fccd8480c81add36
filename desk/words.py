"""Dates, spans and names in words, in the reader's language and always with the zone they are meant in."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError, dates, lists, numbers, units

from notifications import tongues
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from notifications.tongues import Tongue

# English as the missions write it: the day before the month, and the clock of 24 hours.
_HOUSE_ENGLISH = {"en": "en_GB"}
_MEGABYTE = 1_000_000
_ENDS = (".", "…", "!", "?", "\N{IDEOGRAPHIC FULL STOP}", "\N{ARABIC QUESTION MARK}")
_STRONG = frozenset({"L", "R", "AL"})


def locale_of(language: str) -> Locale:
    """Find the locale of a language tag; one that nobody knows reads as English."""
    try:
        return Locale.parse(_HOUSE_ENGLISH.get(language, language).replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_GB")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """How one reader is told of times: in a language, at a present instant, from the reader's own zone."""

    language: str
    timezone: str
    now: datetime

    @property
    def tongue(self) -> Tongue:
        """The sentences of the reader's language."""
        return tongues.tongue(self.language)

    def tell(self, text: str) -> str:
        """Tell a sentence of Parley's own in the reader's language; other words stay as they are."""
        return self.tongue.tell(text)

    @property
    def spoken(self) -> str:
        """The language the page is written in for this reader."""
        return self.tongue.language

    @property
    def locale(self) -> Locale:
        """The locale of the page's language."""
        return locale_of(self.spoken)

    @property
    def direction(self) -> str:
        """The way the reader's language runs: `ltr` or `rtl`."""
        return "rtl" if locale_of(self.language).character_order == "right-to-left" else "ltr"

    def today(self, zone: str) -> str:
        """Spell the present day at a place, such as “Saturday 21 November 2026”."""
        return self.long_day(self.now, zone)

    def long_day(self, instant: datetime, zone: str) -> str:
        """Spell a day with its weekday and year."""
        return dates.format_date(instant.astimezone(ZoneInfo(zone)).date(), "full", locale=self.locale)

    def civil_day(self, day: date) -> str:
        """Spell a civil day with its year, such as “3 December 2026”."""
        return dates.format_date(day, "long", locale=self.locale)

    def month(self, day: date) -> str:
        """Spell the month of a civil day, such as “December 2026”."""
        return dates.format_skeleton("yMMMM", day, locale=self.locale)

    def day(self, instant: datetime, zone: str) -> str:
        """Spell a day shortly, such as “3 December”; another year than the present one is named."""
        local = instant.astimezone(ZoneInfo(zone))
        same = local.year == self.now.astimezone(ZoneInfo(zone)).year
        return dates.format_skeleton("MMMMd" if same else "yMMMd", local, locale=self.locale)

    def month_day(self, day: date) -> str:
        """Spell a civil day as briefly as a drawing asks for: “3 Dec”."""
        return dates.format_skeleton("MMMd", day, locale=self.locale)

    def quarter(self, day: date) -> str:
        """Spell the quarter of a civil day: “Q4 2026”."""
        return dates.format_skeleton("yQQQ", day, locale=self.locale)

    def weekday(self, number: int) -> str:
        """Name a day of the week, of which Monday is 0."""
        return str(self.locale.days["stand-alone"]["wide"][number])

    def hour(self, instant: datetime, zone: str) -> str:
        """Spell the hour and minute at a place, on a clock of 24 hours in every language."""
        return dates.format_time(instant, "HH:mm", tzinfo=ZoneInfo(zone), locale=self.locale)

    def moment(self, instant: datetime, zone: str) -> str:
        """Spell an instant in full: “Thursday 3 December 2026, 16:00 Juba time (UTC+2)”."""
        day, time = self.long_day(instant, zone), self.hour(instant, zone)
        return self.tell(say("%(day)s, %(time)s %(place)s", day=day, time=time, place=self.zone(zone, instant)))

    def short(self, instant: datetime, zone: str) -> str:
        """Spell an instant where the page has already said which zone is meant: “Thu 3 Dec, 16:00”."""
        local = instant.astimezone(ZoneInfo(zone))
        same = local.year == self.now.astimezone(ZoneInfo(zone)).year
        day = dates.format_skeleton("MMMEd" if same else "yMMMd", local, locale=self.locale)
        return self.tell(say("%(day)s, %(time)s", day=day, time=self.hour(instant, zone)))

    def stamp(self, instant: datetime, zone: str) -> str:
        """Write an instant as figures that sort: 2026-12-03 16:00."""
        return f"{instant.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"

    def zone(self, zone: str, instant: datetime | None = None) -> str:
        """Name a place's time: “Juba time (UTC+2)”."""
        offset = utc_offset((instant or self.now).astimezone(ZoneInfo(zone)))
        if zone == "UTC":
            return offset
        city = dates.get_timezone_location(ZoneInfo(zone), locale=self.locale, return_city=True)
        return self.tell(say("%(city)s time (%(offset)s)", city=city, offset=offset))

    def elsewhere(self, instant: datetime, zone: str) -> str:
        """Spell the same instant in the reader's own zone, or nothing where the clocks there read alike."""
        there, here = (instant.astimezone(ZoneInfo(name)) for name in (zone, self.timezone))
        return "" if there.utcoffset() == here.utcoffset() else self.moment(instant, self.timezone)

    def left(self, instant: datetime) -> str:
        """Say how far away an instant is: “in 3 days”, “2 hours ago”."""
        return dates.format_timedelta(
            instant - self.now, granularity="minute", threshold=1.5, add_direction=True, locale=self.locale
        )

    def span(self, span: timedelta) -> str:
        """Spell a length of time in its largest fitting unit."""
        return dates.format_timedelta(abs(span), granularity="minute", threshold=1.5, locale=self.locale)

    def urgency(self, due_at: datetime) -> str:
        """Name how near an instant is: `bad` when it is over, `warn` within two days, else `calm`."""
        if due_at <= self.now:
            return "bad"
        return "warn" if due_at - self.now <= timedelta(days=2) else "calm"

    def size(self, count: int) -> str:
        """Spell how many bytes a file has, so that people know before they load it: “240 kB”."""
        unit, least = ("megabyte", 1_000_000) if count >= _MEGABYTE else ("kilobyte", 1000)
        figure = max(1, round(count / least, 1 if least == _MEGABYTE else None))
        return units.format_unit(figure, f"digital-{unit}", length="short", locale=self.locale)

    def listed(self, several: Iterable[str]) -> str:
        """Join words into one list as the reader's language does: “a, b and c”."""
        return listed(map(self.tell, several), language=self.spoken)

    def number(self, number: float | Decimal) -> str:
        """Write a number with the signs that the reader's language has for it."""
        return numbers.format_decimal(number, locale=self.locale)

    def percent(self, share: float) -> str:
        """Write a share of a hundred without fractions: “37 %”."""
        return numbers.format_percent(share / 100, locale=self.locale)

    def language_name(self, language: str) -> str:
        """Name a language in that of the page."""
        return locale_of(language).get_language_name(self.locale) or language


def runs(text: str) -> str:
    """Name the way a text runs, `ltr` or `rtl`, by its first letter that tells; what draws PDFs cannot find it out."""
    strong = (unicodedata.bidirectional(sign) for sign in text)
    return "rtl" if next((one for one in strong if one in _STRONG), "L") in {"R", "AL"} else "ltr"


def sentence(text: str) -> str:
    """Begin a sentence with a capital letter, and leave the names in it as they are."""
    return text[:1].upper() + text[1:]


def whole_sentence(text: str) -> str:
    """Begin a sentence with a capital letter, and end it with a full stop where it has no end of its own."""
    begun = sentence(text)
    return begun if begun.endswith(_ENDS) else f"{begun}."


def paragraphs(text: str) -> list[str]:
    """Split a text at its empty lines, so that each paragraph runs its own way."""
    return [one for one in re.split(r"\n\s*\n", text) if one.strip()]


def utc_offset(local: datetime) -> str:
    """Spell the distance of an aware instant's zone from UTC: “UTC+2”, “UTC-3:30”."""
    minutes = int((local.utcoffset() or timedelta()) / timedelta(minutes=1))
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '-'}{hours}{f':{rest:02}' if rest else ''}"


def listed(words: Iterable[str], *, language: str = "en") -> str:
    """Join words into one list as the language does: “a, b and c”."""
    return lists.format_list(list(words), locale=locale_of(language))


def as_utc(instant: datetime) -> str:
    """Write an instant for machines."""
    return instant.astimezone(UTC).isoformat(timespec="seconds")
