"""A sentence of Parley's own: English text that remembers its pattern, so that it can be told in any language.

The rules say everything in English. Whoever shows a sentence to somebody tells it in that reader's language: the
pattern is looked up in the catalogues and the values are put in last, so no sentence is ever built out of pieces.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence


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
        made = super().__new__(cls, _filled(chosen, values, spelled))
        made.pattern, made.plural, made.values = pattern, plural, values
        return made

    def __getnewargs__(self) -> tuple[str, str | None, Mapping[str, object]]:  # type: ignore[override]  # made of more than its text
        """Return what it is made of, so that a copy remembers it too."""
        return self.pattern, self.plural, self.values


class Shaped(Said):
    """A sentence that is told first and then shaped, such as begun with a capital letter or cut to one line."""

    __slots__ = ("shape", "text")

    text: Said
    shape: Callable[[str], str]

    def __new__(cls, text: Said, shape: Callable[[str], str]) -> Self:
        """Shape what is said in English, and remember how."""
        made = str.__new__(cls, shape(text))
        made.pattern, made.plural, made.values = text.pattern, text.plural, text.values
        made.text, made.shape = text, shape
        return made

    def __getnewargs__(self) -> tuple[Said, Callable[[str], str]]:  # type: ignore[override]  # made of other parts
        """Return what it is made of."""
        return self.text, self.shape


def say(pattern: str, /, **values: object) -> Said:
    """Say a sentence: a pattern with named places such as `%(party)s`, and what stands in them."""
    return Said(pattern, None, values)


def count(singular: str, plural: str, /, *, count: int, **values: object) -> Said:
    """Say a sentence about a number of things, in which `%(count)s` stands for the number."""
    return Said(singular, plural, {"count": count, **values})


def word(value: str) -> Said:
    """Say a word of the rules, such as the state of an item or a choice; those of Parley stand in `states.terms`."""
    return Said(value.replace("_", " "), None, {})


def shaped(text: str, shape: Callable[[str], str]) -> str:
    """Say something that is shaped after it was told."""
    return Shaped(text, shape) if isinstance(text, Said) else shape(text)


def listed(words: Iterable[str]) -> str:
    """Say several things after one another: “a, b, c”."""
    return _folded(tuple(words), lambda first, more: say("%(first)s, %(more)s", first=first, more=more))


def both(words: Iterable[str]) -> str:
    """Say several things that belong together: “a and b”."""
    return _folded(tuple(words), lambda first, more: say("%(first)s and %(more)s", first=first, more=more))


def either(words: Iterable[str]) -> str:
    """Say several things of which one will do: “a or b”."""
    return _folded(tuple(words), lambda first, more: say("%(first)s or %(more)s", first=first, more=more))


def together(sentences: Iterable[str]) -> str:
    """Say several sentences as one: “this is so; that is so”."""
    return _folded(tuple(sentences), lambda first, more: say("%(first)s; %(more)s", first=first, more=more))


def under(label: str, words: str) -> str:
    """Say something under a label: “Ruling: the objection stands”."""
    return say("%(label)s: %(words)s", label=label, words=words)


def lines(words: Iterable[str]) -> str:
    """Say several things, each on a line of its own."""
    return _folded(tuple(words), lambda first, more: say("%(first)s\n%(more)s", first=first, more=more))


def spelled(value: object) -> object:
    """Spell a value of a sentence in English: an instant in figures with its zone; most others read as they are."""
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return value.isoformat() if isinstance(value, date) else value


def tell(text: str, catalogue: Catalogue, *, spell: Callable[[object], object] = spelled) -> str:
    """Tell a sentence in the language of a catalogue; words that are not Parley's own stay as they are.

    `spell` spells dates and numbers as the language does.
    """
    if not isinstance(text, Said) or not text:
        return text
    if isinstance(text, Shaped):
        return text.shape(tell(text.text, catalogue, spell=spell))
    if text.plural is None:
        pattern = catalogue.gettext(text.pattern)
    else:
        pattern = catalogue.ngettext(text.pattern, text.plural, int(str(text.values["count"])))
    return _filled(
        pattern,
        text.values,
        lambda one: tell(one, catalogue, spell=spell) if isinstance(one, str) else spell(one),
    )


def _filled(pattern: str, values: Mapping[str, object], spell: Callable[[object], object]) -> str:
    """Put values into a pattern; in one that takes none, a per cent sign stands for itself."""
    return pattern % {name: spell(one) for name, one in values.items()} if values else pattern


def _folded(words: Sequence[str], join: Callable[[str, str], str]) -> str:
    """Join words two by two, halves first, so that a long list is no deep sentence."""
    if len(words) <= 1:
        return words[0] if words else ""
    half = len(words) // 2
    return join(_folded(words[:half], join), _folded(words[half:], join))
