"""Knows the languages Parley speaks: one catalogue for each, read from the `locale` folders of the rooms."""

from __future__ import annotations

import functools
import io
import re
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


PSEUDO = "qps"
"""A language that nobody speaks: every sentence stands in ⟦brackets⟧ and is longer, so that one without is seen."""

# The sentences are written in international English: the day before the month.
_SPELLED_AS = {SOURCE: "en_GB", PSEUDO: "en_GB"}
_PLACES = re.compile(r"(%\([a-z_0-9]+\)[sd]|%%|<[^>]+>|&\w+;|\{\w+\})")
_ACCENTS = str.maketrans("AEIOUaeiou", "ÅÉÎÖÛåéîöû")


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language: its tag, and its sentences; one that it lacks reads as it was written, in English."""

    language: str
    catalogue: NullTranslations = field(default_factory=NullTranslations)

    @property
    def locale(self) -> Locale:
        """How the language spells dates and numbers, and which way it runs."""
        return Locale.parse(_SPELLED_AS.get(self.language, self.language))

    def tell(self, text: str) -> str:
        """Tell a sentence of Parley's own in this language; other words stay as they are."""
        return said.tell(text, self.catalogue, spell=self.spell)

    def spell(self, value: object) -> object:
        """Spell a date or a number in a sentence as the language does; English numbers stay as they are."""
        if isinstance(value, datetime):
            day = dates.format_date(value.astimezone(UTC), "long", locale=self.locale)
            time = dates.format_time(value, "HH:mm", tzinfo=UTC, locale=self.locale)
            return self.tell(said.say("%(day)s, %(time)s UTC", day=day, time=time))
        if isinstance(value, date):
            return dates.format_date(value, "long", locale=self.locale)
        if self.language != SOURCE and isinstance(value, int | Decimal) and not isinstance(value, bool):
            return numbers.format_decimal(value, locale=self.locale)
        return value


@functools.cache
def tongue(wanted: str) -> Tongue:
    """Return the language for a tag such as `fr` or `fr-CD`, or English for one that Parley does not speak."""
    if wanted == PSEUDO:
        return Tongue(PSEUDO, Pseudo())
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


class Pseudo(NullTranslations):
    """Every sentence, told so that it is seen to have been told."""

    def gettext(self, message: str) -> str:
        """Wrap a pattern."""
        return _wrapped(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Wrap the English form for a number."""
        return _wrapped(msgid1 if n == 1 else msgid2)

    ugettext, ungettext = gettext, ngettext


def _wrapped(pattern: str) -> str:
    """Put accents on a pattern and make it two fifths longer, but for its places and marks."""
    parts = _PLACES.split(pattern)
    told = "".join(part if place % 2 else part.translate(_ACCENTS) for place, part in enumerate(parts))
    return f"⟦{told}{'~' * (len(pattern) * 2 // 5)}⟧"


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
