"""A sentence of Parley's own: English text that remembers its pattern, so that it can be told in any language.

The rules say everything in English. Whoever shows a sentence to somebody tells it in that reader's language: the
pattern is looked up in the catalogues and the values are put in last, so no sentence is ever built out of pieces.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Mapping


class Catalogue(Protocol):
    """What knows the sentences of a language, as gettext does."""

    def gettext(self, message: str, /) -> str:
        """Return a pattern in the language, or as it is where the language lacks it."""

    def ngettext(self, singular: str, plural: str, n: int, /) -> str:
        """Return the form of a pattern that goes with a number."""


class Said(str):
    """An English sentence, and what it was made of: its pattern, its plural pattern if it counts, and its values."""

    __slots__ = ("pattern", "plural", "values")

    pattern: str
    plural: str | None
    values: Mapping[str, object]

    def __new__(cls, pattern: str, plural: str | None, values: Mapping[str, object]) -> Self:
        """Put the values into the pattern; a plural pattern goes by the value `count`."""
        chosen = pattern if plural is None or values["count"] == 1 else plural
        made = super().__new__(cls, chosen % values if values else chosen)
        made.pattern, made.plural, made.values = pattern, plural, values
        return made


def say(pattern: str, /, **values: object) -> Said:
    """Say a sentence: a pattern with named places such as `%(party)s`, and what stands in them."""
    return Said(pattern, None, values)


def count(singular: str, plural: str, /, *, count: int, **values: object) -> Said:
    """Say a sentence about a number of things, in which `%(count)s` stands for the number."""
    return Said(singular, plural, {"count": count, **values})


def tell(text: str, catalogue: Catalogue) -> str:
    """Tell a sentence in the language of a catalogue; words that are not Parley's own stay as they are."""
    if not isinstance(text, Said):
        return text
    if text.plural is None:
        pattern = catalogue.gettext(text.pattern)
    else:
        pattern = catalogue.ngettext(text.pattern, text.plural, int(str(text.values["count"])))
    if not text.values:
        return pattern
    return pattern % {name: tell(one, catalogue) if isinstance(one, str) else one for name, one in text.values.items()}
