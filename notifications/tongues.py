"""Knows the languages Parley speaks: one catalogue for each, read from the `locale` folders of the rooms."""

from __future__ import annotations

import functools
import io
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib import resources
from typing import TYPE_CHECKING

from babel import Locale, UnknownLocaleError, dates, numbers
from babel.messages import mofile, pofile
from babel.support import NullTranslations, Translations

from states import said

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = "en"
LANGUAGES = (SOURCE, "fr", "es", "ar", "ru", "zh")
"""The languages of the United Nations; English comes first, for the sentences are written in it."""

ROOMS = ("config", "notifications", "desk")
"""The rooms with catalogues: the words of rules and processes, of mails, and of pages."""


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language: its tag, and its sentences; one that it lacks reads as it was written, in English."""

    language: str
    catalogue: NullTranslations = field(default_factory=NullTranslations)

    def tell(self, text: str) -> str:
        """Tell a sentence of Parley's own in this language; other words stay as they are."""
        return said.tell(text, self.catalogue, spell=self.spell)

    def spell(self, value: object) -> object:
        """Spell a date or a number in a sentence as the language does; English ones are in figures that sort."""
        if self.language == SOURCE:
            return said.spelled(value)
        if isinstance(value, datetime):
            day = dates.format_date(value.astimezone(UTC), "long", locale=self.language)
            time = dates.format_time(value, "HH:mm", tzinfo=UTC, locale=self.language)
            return self.tell(said.say("%(day)s, %(time)s UTC", day=day, time=time))
        if isinstance(value, date):
            return dates.format_date(value, "long", locale=self.language)
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return numbers.format_decimal(value, locale=self.language)
        return value


@functools.cache
def tongue(wanted: str) -> Tongue:
    """Return the language for a tag such as `fr` or `fr-CD`, or English for one that Parley does not speak."""
    language = spoken_for(wanted)
    kept = list(_catalogues(language))
    for further in kept[1:]:
        kept[0].merge(further)
    return Tongue(language, kept[0]) if kept else Tongue(SOURCE)


def spoken_for(wanted: str) -> str:
    """Return the language in which a reader of another one is written to: theirs where Parley speaks it, or English."""
    try:
        asked = Locale.parse(wanted.replace("-", "_")).language
    except (UnknownLocaleError, ValueError):
        return SOURCE
    return asked if asked in LANGUAGES else SOURCE


def _catalogues(language: str) -> Iterator[Translations]:
    """Read what each room has in a language; sentences marked as doubtful are left out."""
    for room in ROOMS:
        kept = resources.files(room) / "locale" / language / "LC_MESSAGES" / f"{room}.po"
        if kept.is_file():
            compiled = io.BytesIO()
            with kept.open("rb") as text:
                mofile.write_mo(compiled, pofile.read_po(text, locale=language))
            compiled.seek(0)
            yield Translations(compiled)
