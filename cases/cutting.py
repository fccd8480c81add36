"""Cuts any text into the words by which it is found again: the same words however a letter was typed.

Case, accents and the marks of Arabic vowels make no difference, nor do the variants of Arabic letters. Chinese, which
is written without spaces, is cut into overlapping pairs of signs; a number is one word however it is grouped. No word
is shortened to a stem, so both databases find alike, in every language.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

LONGEST = 64
"""Of a longer run of letters only so many are compared."""

# Signs that are written without spaces: Chinese characters, and the kana that stand among them in Japanese.
_SIGNS = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# What stands inside words without being a letter: accents set apart, vowel marks, and signs that nobody sees.
_MARKS = (
    "\u00ad\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u061c\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u0900-\u0963\u200b-\u200f\u202a-\u202e\u2060-\u2069\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufeff"
)
_GROUPED = r"\d{1,3}(?:[.,'’٬\u00a0\u202f]\d{3})+(?!\d)"  # noqa: RUF001 - the apostrophe that French and Swiss type
_RUNS = re.compile(rf"(?P<number>(?<!\d){_GROUPED})|(?P<signs>[{_SIGNS}]+)|(?P<word>(?:[^\W_{_SIGNS}]|[{_MARKS}])+)")
_PIECES = re.compile(r"[^\W_]+")
_FOLDED = str.maketrans(
    {
        "\u0671": "\u0627",  # alef wasla
        "\u0649": "\u064a",  # alef maksura, typed for ya
        "\u06cc": "\u064a",  # the ya of Persian keyboards
        "\u0629": "\u0647",  # ta marbuta, typed as ha
        "\u06a9": "\u0643",  # the kaf of Persian keyboards
        "\u0640": None,  # tatweel, which only stretches a word
        "\u0131": "i",  # the dotless i of Turkish
        "ł": "l",
        "ø": "o",
        "đ": "d",
    }
)


@dataclass(frozen=True, slots=True)
class Slot:
    """One place in a text: the words that are found there, the most telling one last, and where they stand."""

    words: tuple[str, ...]
    start: int
    end: int

    @property
    def told(self) -> str:
        """The word that a search for this very text asks for."""
        return self.words[-1]


def slots(text: str) -> Iterator[Slot]:
    """Cut a text into its places, in order."""
    for run in _RUNS.finditer(text):
        if run["signs"]:
            yield from _signs(run["signs"], run.start())
        else:
            for piece in _PIECES.findall(fold(run[0] if run["word"] else _ungrouped(run[0]))):
                yield Slot((piece[:LONGEST],), run.start(), run.end())


def words_of(texts: Iterable[str]) -> frozenset[str]:
    """Collect every word by which some texts are found."""
    return frozenset(word for text in texts for slot in slots(text) for word in slot.words)


def stored(word: str) -> str:
    """Return what the index keeps for a word: the one place to put a keyed hash in its stead."""
    return word


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """Spell a text as it is compared: compatible signs made one, small letters, no accents, plain Arabic letters."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    kept = "".join(_plain(sign) for sign in plain)
    return unicodedata.normalize("NFC", kept.translate(_FOLDED))


def _plain(sign: str) -> str:
    category = unicodedata.category(sign)
    if category == "Nd":
        return str(unicodedata.digit(sign))
    return "" if category in {"Mn", "Me", "Cf"} else sign


def _ungrouped(number: str) -> str:
    return "".join(sign for sign in number if sign.isdigit())


def _signs(run: str, start: int) -> Iterator[Slot]:
    """Cut a run of signs into pairs, each found by its first sign as well."""
    plain = fold(run) if len(fold(run)) == len(run) else run
    for place, sign in enumerate(plain):
        pair = plain[place : place + 2]
        words = (sign,) if pair == sign else (sign, pair)
        yield Slot(words, start + place, start + place + len(pair))
